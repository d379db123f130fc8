import random

import mpmath
import numpy as np
import pytest

import autograd as ag
from tests.interop.every_target import evaluator
from tests.interop.programs import CASES

pytestmark = pytest.mark.parity


def named(tensor, index):
    return f"{tensor}[{', '.join(map(str, index))}]" if index else tensor


def numbers_of(case, algebra, sample):
    """Give each symbol's number, of parameters, inputs and replacements, at 50 digits."""
    found = {}
    for tensor, numbers in case.numbers.items():
        for index in np.ndindex(numbers.shape):
            found[algebra.symbols[named(tensor, index)]] = mpmath.mpf(float(numbers[index]))
    chosen = case.fast._chosen(())
    for x, part in zip(chosen.signature.inputs, sample):
        column = np.array(part, float)
        for index in np.ndindex(column.shape):
            found[algebra.symbols[named(x.path, index)]] = mpmath.mpf(float(column[index]))
    return found


@pytest.mark.parametrize("name", ["many_ops", "branches", "network", "lstm"])
def test_the_algebra_gives_the_numbers_of_the_function(name):
    case = CASES[name]()
    algebra = case.fast.to_sympy()
    evaluate = evaluator(algebra)
    with mpmath.workdps(40):
        for sample, loss, gradients in zip(case.samples[:3], case.losses, case.gradients):
            want = [g[index] for g in gradients.values() for index in np.ndindex(g.shape)]
            found = evaluate(numbers_of(case, algebra, sample))
            assert float(found[0]) == pytest.approx(loss, rel=1e-12, abs=1e-14)
            assert [float(x) for x in found[1:]] == pytest.approx(want, rel=1e-12, abs=1e-12)


def test_fifty_points_agree_with_sympys_own_derivative_to_forty_digits():
    import sympy

    w, b = ag.Value(0.7, label="w"), ag.Value(-0.3, label="b")
    fast = ag.record(lambda x: ag.tanh(w * x + b) ** 2 + ag.log(1 + ag.exp(w * x)), params=[w, b])
    algebra, draw = fast.to_sympy(0.5), random.Random(0)
    names = [algebra.symbols[name] for name in ("w", "b", "x")]
    for name in ("w", "b"):
        ours = sympy.lambdify(names, algebra.gradients[name], "mpmath")
        theirs = sympy.lambdify(names, sympy.diff(algebra.expression, algebra.symbols[name]), "mpmath")
        with mpmath.workdps(50):
            for _ in range(50):
                point = [mpmath.mpf(draw.uniform(-2, 2)) for _ in names]
                assert mpmath.almosteq(ours(*point), theirs(*point), rel_eps=mpmath.mpf(10) ** -40)


def test_a_small_program_is_one_expression():
    import sympy

    w = ag.Value(2.0, label="w")
    algebra = ag.record(lambda x, y: (w * x - y) ** 2, params=[w]).to_sympy(3.0, 5.0)
    w, x, y = (algebra.symbols[name] for name in "wxy")
    assert algebra.replacements == []
    assert sympy.simplify(algebra.expression - (w * x - y) ** 2) == 0
    assert sympy.simplify(algebra.gradients["w"] - 2 * x * (w * x - y)) == 0
