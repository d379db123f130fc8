"""Programs of many small steps, which JAX gets as one table of rows."""

import numpy as np
import pytest

import autograd as ag
from tests.interop.every_target import QUICK
from tests.interop.programs import Case, numbers, random_graph

pytestmark = pytest.mark.parity


@pytest.fixture(autouse=True, scope="module")
def _in_float64():
    import jax

    with jax.enable_x64(True):
        yield


def every_sort_of_row():
    """Give a program of small steps with lists, choices and a function that has no value at 1/2."""
    w = [ag.Value(x, label=f"w{k}") for k, x in enumerate((0.3, -0.7, 1.2))]

    def loss(x, k):
        y = x
        for i in range(30):
            y = ag.maximum(ag.sin(w[0] * y + i), ag.cos(w[2] * y)) + abs(y - w[1]) / 3
            y = y + 0.1 * ag.acosh(1.5 + y * y)
        listed = [ag.dot(w, [y, x, 1.0]), ag.sum([y, *w]), ag.logsumexp([y, *w]), ag.pick(w, k)]
        return ag.prod(listed)

    return Case(loss, w, [(numbers(), k % 3) for k in range(5)])


PROGRAMS = {"random_graph": random_graph, "every_sort_of_row": every_sort_of_row}


@pytest.fixture(params=PROGRAMS, scope="module")
def program(request):
    case = PROGRAMS[request.param]()
    made, params = case.fast.to_jax()

    def f(*given):
        found = made(*given)
        return found[0] if isinstance(found, tuple) else found

    return case, f, params, made.source


def test_its_source_is_a_loop_over_the_rows(program):
    *_, source = program
    assert source.count("table(") == 1
    assert source.count("\n") < 40


def test_losses_and_gradients_are_the_functions_under_jit_and_vmap(program):
    import jax

    case, f, params, _ = program

    def total(params):
        found = f(params, *case.columns)
        return found.sum(), found

    (_, found), gradients = jax.jit(jax.value_and_grad(total, has_aux=True))(params)
    np.testing.assert_allclose(found, case.losses, rtol=1e-12)
    every = jax.jit(jax.vmap(jax.grad(f), (None, 0, 0)), compiler_options=QUICK)
    each = every(params, *case.columns)
    for name, g in case.sums.items():
        np.testing.assert_allclose(gradients[name], g, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(each[name].sum(0), g, rtol=1e-12, atol=1e-13)


def test_the_gradients_themselves_are_differentiated_forwards(program):
    import jax

    case, f, params, _ = program
    sample, h = case.samples[0], 1e-5
    leaves = {t.name: case.fast._chosen(()).leaves[int(t.index)] for t in case.tensors}
    start = {name: leaf.data for name, leaf in leaves.items()}

    def gradients_at(step):
        for name, leaf in leaves.items():
            leaf.data, leaf.grad = start[name] + step, 0.0
        case.function(*sample).backward()
        return np.array([leaf.grad for leaf in leaves.values()])

    slope = (gradients_at(h) - gradients_at(-h)) / (2 * h)
    for name, leaf in leaves.items():
        leaf.data = start[name]
    ones = {name: np.ones(()) for name in params}
    both = jax.jit(
        lambda p: jax.jvp(lambda q: jax.grad(f)(q, *sample), (p,), (ones,)), compiler_options=QUICK
    )
    _, along = both(params)
    np.testing.assert_allclose([along[name] for name in leaves], slope, rtol=1e-6, atol=1e-8)
