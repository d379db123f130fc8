"""Functions as users write them, in all six targets: the loss and the gradients of the function itself."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from tests.interop.every_target import TARGETS

pytestmark = [pytest.mark.parity, pytest.mark.program("cc")]
FUNCTIONS = {}
NO_ALGEBRA = {  # points at which algebra, which has no limits, no signs of zero and no nan, has no number
    "minus_zero", "zero_to_a_power", "fractional_power_of_a_negative", "base_zero", "norm_of_nothing",
}  # fmt: skip


def w(*numbers):
    return [ag.Value(x, label=f"w{k}") for k, x in enumerate(numbers)]


def at(numbers, *given):
    """Enter a function of parameters, which have these numbers, and of arguments."""

    def entered(function):
        FUNCTIONS[function.__name__] = function, numbers, given
        return function

    return entered


# -- branches -----------------------------------------------------------------------------------------------


@at((0.5, -0.3), 1.5)
def nested_branches(p, x):
    y = p[0] * x
    if y > 0:
        if y > 1:
            return y * y
        if x > 1:
            return ag.exp(y) * p[1]
        return y
    return -y


@at((0.5, -0.3), 1.5)
def an_error_in_a_branch(p, x):
    if p[0] * x < 0:
        raise ValueError("negative")
    return ag.sqrt(p[0] * x) * p[1]


@at((0.5, -0.3), 1.5)
def an_error_that_is_caught(p, x):
    try:
        return p[0] * {}["scale"]
    except KeyError:
        return p[0] * p[1] * x


@at((0.5, -0.3), 1.5)
def a_while_loop(p, x):
    y, n = p[0] * x, 0
    while y < 10:
        y, n = y * 2, n + 1
    return y + n * p[1]


@at((0.5, 0.5), 1.5)
def pythons_max_and_min(p, x):
    return max(p[0] * x, p[1] * x) + min(p, key=lambda q: q.data)


# -- numbers ------------------------------------------------------------------------------------------------


@at((0.5, -0.3), 1.5)
def an_infinite_constant(p, x):
    best = ag.Value(-math.inf)
    for q in p:
        best = ag.maximum(best, q * x)
    return best * p[0]


@at((0.5, -0.3), math.nan)
def a_nan_that_comes_in(p, x):
    return p[0] * x + p[1]


@at((0.5, -0.3), math.inf)
def infinity_that_comes_in(p, x):
    return ag.tanh(p[0] * x) + p[1] / x


@at((0.5, -0.3), -0.0)
def minus_zero(p, x):
    return ag.copysign(p[1], x) * ag.copysign(p[0], -0.0) + x


@at((0.5, -0.3), 3)
def a_whole_number(p, n):
    return p[0] ** n * n + p[1] * (n % 2)


@at((0.5, -0.3), 2.6)
def rounded_numbers(p, x):
    return p[0] * round(x) + p[1] * math.floor(x) + ag.floor(p[0] * x) * math.sin(x)


@at((5.5, -2.3), 1.5)
def remainders(p, x):
    return p[0] % x + p[1] // x * p[0] + p[1] % -x + ag.remainder(p[0], x) + ag.fmod(p[1], x)


@at((1e308, -1e308, 700.0), 1.0)
def softmax_of_huge_numbers(p, x):
    s = ag.softmax([q * x for q in p])
    return s[0] * 2 + s[1] + s[2] + ag.logsumexp([p[2] * x, p[1]])


@at((1e16, 1e16), 1.0)
def shares_of_equal_large_numbers(p, x):
    s = ag.log_softmax([q * x for q in p])
    return ag.exp(s[0]) * ag.softmax(p)[1] * ag.tanh(ag.logsumexp([p[0] - p[1], 0.0]))


# -- arguments ----------------------------------------------------------------------------------------------


@at((0.5, -0.3, 0.8), [0, 2, 1, 2])
def tokens(p, ts):
    return ag.sum([p[t] * p[t] * (i + 1) for i, t in enumerate(ts)]) + nn.cross_entropy(p, ts[1])


@at((0.5, -0.3, 0.8), -1)
def an_index_from_behind(p, k):
    return p[k] * p[0] + ag.pick(p, 1)


@at((0.5, -0.3), True)
def a_switch(p, flag):
    return p[0] * p[0] if flag else p[1]


@at((0.5, -0.3), 1.5, "tanh", None)
def a_text_and_none(p, x, kind, mask):
    return (ag.tanh if kind == "tanh" else ag.exp)(p[0] * x) + (p[1] if mask is None else 0)


@at((0.5, -0.3), {"x": 1.5, "y": [1.0, 2.0], "z": {"k": 0.5}})
def dicts(p, d):
    return p[0] * d["x"] * d["z"]["k"] + ag.dot(p, d["y"])


@at((0.5, -0.3), ((1.0, [2.0, 3.0]), 4.0), [(1.0, 2.0), (3.0, 4.0)])
def tuples(p, t, pairs):
    return p[0] * t[0][0] * t[0][1][1] + p[1] * t[1] + ag.sum([a * p[0] + b * p[1] for a, b in pairs])


@at((0.5, -0.3), [[1.0], [2.0, 3.0], []])
def rows_of_many_lengths(p, rows):
    return ag.sum([p[0] * x for row in rows for x in row]) + p[1]


@at((0.5, -0.3), 1.0, 2.0, 3.0)
def any_number_of_arguments(p, *xs):
    return p[0] * sum(xs) + p[1] * xs[-1]


@at((0.5, -0.3), np.arange(6.0).reshape(3, 2))
def an_array(p, x):
    return ag.sum([ag.tanh(ag.dot(p, row)) for row in x]) + p[0] * x.sum()


@at((0.5, -0.3), [], 1.5)
def an_empty_list(p, xs, y):
    return p[0] * y + p[1] * len(xs)


@at((0.5, -0.3), 1.0, 2.0)
def an_input_without_use(p, x, y):
    return p[0] * x + p[1]


# -- what a function reads ----------------------------------------------------------------------------------


@at((0.5, 2.0), 1.5)
def a_parameter_twice_and_one_without_use(p, x):
    return p[0] * x + p[0] ** 2 * x + p[0] / p[0]


@at((0.5, 2.0))
def constants_alone(p):
    return 3.0 * p[0] + ag.sin(2.0)


@at((0.5,), 1.5)
def a_constant_result(p, x):
    return ag.Value(3.0)


@at((0.5,), 1.5)
def a_parameter_as_it_is(p, x):
    return p[0]


@at((0.5, 2.0), 1.5)
def parts_without_gradient(p, x):
    with ag.no_grad():
        scale = p[0] * p[0] + x
    return scale * p[1] + p[0].detach() * p[1] + p[0].data * p[1] + float(p[1]) * p[0]


@at((0.5, -0.3), 1.5)
def derivatives_inside(p, x):
    slope = ag.grad(lambda t: ag.sin(p[0] * t) * p[1])(x) + ag.grad(lambda a: ag.exp(a * x) * a)(p[0]) ** 2
    rows = ag.hessian(lambda q: ag.sin(q[0] * x) * q[1] ** 2)(p)
    return slope + ag.sum([h for row in rows for h in row])


@at((0.4, 1.3), 0.7)
def a_third_derivative_inside(p, x):
    def f(t):
        return ag.softplus(p[0] * t) * p[1] * ag.sigmoid(t)

    return ag.grad(ag.grad(ag.grad(f)))(x)


# -- shapes -------------------------------------------------------------------------------------------------


@at((0.5, -0.3), [1.0, 2.0, 0.5, 0.1])
def a_loop_of_the_inputs_length(p, xs):
    h = 0.0
    for x in xs:
        h = ag.tanh(p[0] * h + p[1] * x)
    return h


@at((0.5, -0.3), 1.5)
def a_very_deep_chain(p, x):
    y = p[0] * x
    for _ in range(400):
        y = ag.sin(y + p[1])
    return y


@at((0.5, -0.3), 1.5)
def a_wide_sum(p, x):
    return ag.sum([ag.tanh(p[k % 2] * x + k / 1000) for k in range(400)])


@at((0.7, 0.2), [0.1, -0.2, 0.3, 0.4, -0.5])
def a_triangle(p, xs):
    rows = [ag.sum([p[0] * xs[j] for j in range(i + 1)]) for i in range(len(xs))]
    return ag.sum([ag.tanh(row) * p[1] for row in rows])


@at((0.7, 0.2), [0.1, -0.2, 0.3, 0.4, -0.5])
def attention_of_many_lengths(p, xs):
    rows = [[ag.dot([xs[i], p[0]], [p[1], xs[j]]) for j in range(i + 1)] for i in range(len(xs))]
    shares = [ag.softmax(row) for row in rows]
    mixed = [ag.dot(share, xs[: len(share)]) for share in shares]
    return ag.sum([ag.sqrt(m * m + 1) / (1 + ag.sum([s * s for s in r])) for m, r in zip(mixed, shares)])


@at((0.5,), [2.0])
def lists_of_one(p, xs):
    return ag.sum([p[0] * x for x in xs]) + ag.logsumexp([p[0] * xs[0]]) + ag.prod([p[0]])


# -- kinks and edges ----------------------------------------------------------------------------------------


@at((0.0, 0.0, 0.0), 1.5)
def kinks(p, x):
    sides = ag.relu(p[0] * x) + abs(p[1] * x) + ag.leaky_relu(p[2], 0.1) + ag.clamp(p[0], 0.0, 1.0)
    return sides + ag.maximum(p[0], p[1]) * 2 + ag.minimum(*p) * 3


@at((-0.5, 0.3), 1.5)
def a_choice_beside_nan(p, x):
    return ag.where(p[0] * x > 0, ag.log(p[0] * x), p[1] * x) + ag.where(x > 0, p[0], math.nan)


@at((0.0, 2.0), 1.5)
def zero_to_a_power(p, x):
    return (p[0] * x) ** 2 + (p[0] * x) ** p[1] + p[0] ** 0 + p[0] ** 1


@at((-2.0, 3.0), 1.5)
def a_negative_to_a_power(p, x):
    return (p[0] * x) ** 3 + p[0] ** 2.0 + (p[0] * x) ** -2 + 2 ** p[1]


@at((-2.0, 3.0), 1.5)
def fractional_power_of_a_negative(p, x):
    return p[0] ** 0.5 + p[1] * x


@at((-2.0, 3.0), 1.5)
def base_zero(p, x):
    return 2 ** p[0] * x + 0 ** p[1]


@at((0.0, 0.0), 1.5)
def norm_of_nothing(p, x):
    return ag.norm([q * x for q in p]) + p[0]


@at((1.0, 0.0, 3.0), [1.0, 2.0, 3.0])
def a_product_with_zero(p, xs):
    return ag.prod([q * x for q, x in zip(p, xs)])


@at((0.7, 2.3), 2.5)
def the_gamma_family(p, x):
    return ag.lgamma(p[0] * x) - ag.digamma(p[1]) * x + ag.gamma(p[0]) + ag.polygamma(2, p[1])


@at((0.7, 0.2), -2.5)
def angles_and_errors(p, x):
    angles = ag.atan2(p[0], x) + ag.asin(p[0]) * ag.acos(p[1]) + ag.atanh(p[0])
    return angles + ag.erf(p[0] * x) * ag.erfc(p[1]) + ag.gelu(p[0])


def recorded(function, p, *given):
    fast = ag.record(lambda *x: function(p, *x), params=p, backend="python")
    for _ in range(3):
        fast.value(*given)
    return fast


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_target_has_the_loss_and_the_gradients(name, tmp_path):
    function, numbers, given = FUNCTIONS[name]
    p = w(*numbers)
    fast = recorded(function, p, *given)
    loss = function(p, *given)
    loss.backward()
    chosen = fast._chosen(())
    slopes = {t.name: np.array([leaf.grad for leaf in chosen.leaves])[t.index] for t in chosen.tensors}
    for target, run in TARGETS.items():
        if target == "SymPy" and name in NO_ALGEBRA:
            continue
        found, gradients = run(fast, given, tmp_path)
        assert found == pytest.approx(loss.data, rel=1e-12, nan_ok=True), target
        assert set(gradients) == set(slopes), target
        for key, g in slopes.items():
            assert gradients[key] == pytest.approx(g, rel=1e-12, nan_ok=True), (target, key)


@pytest.mark.parametrize("target", [x for x in TARGETS if x != "SymPy"])
def test_the_logarithm_of_a_share_near_1_has_all_its_digits(target, tmp_path):
    p = w(50.0, 0.0, -3.0)
    fast = recorded(lambda p: ag.log_softmax(p)[0], p)
    found, _ = TARGETS[target](fast, (), tmp_path)
    assert found == pytest.approx(ag.log_softmax(p)[0].data, rel=1e-13, abs=0.0)
