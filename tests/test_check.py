import math

import numpy as np
import pytest

import autograd as ag
from autograd import GradientError, Value, check_gradients
from autograd.check import guess_mistake


@pytest.mark.parametrize("name", [n for n, op in ag.TABLE.items() if op.rules and any(op.rules)])
def test_every_entry_passes_inside_its_sampling_range(name):
    op = ag.TABLE[name]
    for part in (0.21, 0.47, 0.83):
        flat = [low + (high - low) * (part + 0.05 * i) for i, (low, high) in enumerate(op.sample)]
        if op.arity is None:
            flat += [0.37, -1.1, 0.9][: 4 - len(flat)]
        inputs = tuple(flat)
        constants = [i for i, rule in enumerate(op.rules) if rule is None] if op.arity else []
        free = tuple(x for i, x in enumerate(inputs) if i not in constants)

        def f(*xs, inputs=inputs, constants=constants, op=op):
            rest = iter(xs)
            return op.on(tuple(x if i in constants else next(rest) for i, x in enumerate(inputs)))

        report = check_gradients(f, free)
        assert report.checked >= 1, (name, report)
        assert report.unmeasured == [], (name, report)


def test_kinks_are_flagged_and_never_skipped_silently():
    report = check_gradients(lambda x: ag.relu(x) + ag.abs(x), 0.0)
    assert not report
    assert len(report.kinks) == 3
    assert report.kinks[0].startswith("relu: x at x = 0.0: slope 0 to the left, 1 to the right")


def test_what_cannot_be_measured_is_listed():
    report = check_gradients(ag.log, 0.0)
    assert len(report.unmeasured) == 2
    assert not report


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (lambda x, y: 1 - x**2, "0.7864.\n0.75 is 1 - x**2. Did you mean 1 - y**2, with y the result?"),
        (lambda x, y: y**2 - 1, "a minus is missing or too much"),
        (lambda x, y: 2 * (1 - y**2), "It is 2 times the right number"),
        (lambda x, y: 0.0, "Nothing arrives"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_named_with_its_likely_mistake(rule, message):
    my_tanh = ag.op("my_tanh", math.tanh, rule)
    with pytest.raises(GradientError) as error:
        check_gradients(lambda x: my_tanh(x) * 2, 0.5)
    assert str(error.value).startswith("my_tanh to its operand x, at x = 0.5: ")
    assert message in str(error.value)


def by_hand(backward):
    def f(x):
        t = math.tanh(x.data)
        out = Value(t, (x,), "hand_tanh")
        out._backward = lambda: backward(x, out, t)
        return out * 3

    return f


def forgets_upstream(x, out, t):
    x.grad += 1 - t * t


def replaces(x, out, t):
    x.grad = (1 - t * t) * out.grad


def uses_input(x, out, t):
    x.grad += (1 - x.data**2) * out.grad


def right(x, out, t):
    x.grad += (1 - t * t) * out.grad


@pytest.mark.parametrize(
    ("backward", "message"),
    [
        (forgets_upstream, "hands on the same number whatever out.grad is"),
        (replaces, "write += instead of ="),
        (uses_input, "0.75 is 1 - x**2. Did you mean 1 - y**2"),
    ],
)
def test_a_wrong_hand_written_backward_is_named(backward, message):
    with pytest.raises(GradientError) as error:
        check_gradients(by_hand(backward), 0.5)
    assert "hand_tanh" in str(error.value)
    assert message in str(error.value)


def test_a_right_hand_written_backward_passes():
    assert check_gradients(by_hand(right), 0.5)


def test_parameters_of_a_model_are_moved_and_put_back():
    w, b = Value(0.5, label="w"), Value(-0.25, label="b")
    assert check_gradients(lambda *_: (ag.tanh(w * 2 + b) - 1) ** 2, (w, b))
    assert (w.data, b.data) == (0.5, -0.25)


def test_nothing_to_check_is_an_error():
    with pytest.raises(ValueError, match="nothing to check"):
        check_gradients(lambda p: Value(1.0), [])


def test_a_dropped_gradient_is_found():
    with pytest.raises(GradientError, match=r"(?s)gradient of input 0 .*Nothing arrives"):
        check_gradients(lambda x: Value(x.data) * 2, 1.0)


def test_an_unknown_mistake_gets_no_guess():
    assert guess_mistake(0.123, 0.456) == ""


def test_rounding_of_a_large_sum_is_no_wrong_gradient():
    report = check_gradients(lambda x, y: x * 1e12 + y, (1.0, 1.0))
    assert any("does not settle" in line for line in report.unmeasured)


MAGNITUDES = [1.2345 * 10.0**k for k in range(-20, 20)]
RIGHT = {
    "reciprocal": lambda x: 1 / x,
    "log": ag.log,
    "sqrt": ag.sqrt,
    "exp": ag.exp,
    "sin": ag.sin,
    "cos": ag.cos,
    "tan": ag.tan,
    "tanh": ag.tanh,
    "sigmoid": ag.sigmoid,
    "relu": ag.relu,
    "relu of minus": lambda x: ag.relu(-x),
    "abs": ag.abs,
    "square": lambda x: x**2,
    "cube": lambda x: x**3,
    "inverse square": lambda x: x**-2,
    "root of ten": lambda x: x**0.3,
    "softplus": ag.softplus,
    "gelu": ag.gelu,
    "atan": ag.atan,
    "asinh": ag.asinh,
    "log1p": ag.log1p,
    "expm1": ag.expm1,
    "cbrt": ag.cbrt,
    "erf": ag.erf,
    "bell": lambda x: ag.exp(-x * x),
    "entropy": lambda x: x * ag.log(x),
    "steps": lambda x: ag.floor(x) * x,
    "quick": lambda x: ag.sin(1e6 * x),
    "difference": lambda x: 1 - ag.cos(x),
    "clamp": lambda x: ag.clamp(x, -1.0, 1.0),
}


@pytest.mark.parametrize("f", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_rule_is_accused_at_no_magnitude(f):
    for size in MAGNITUDES:
        for x in (size, -size):
            assert check_gradients(f, x).kinks == [], x


def guarded(f, low=-math.inf):
    """`f`, nan below `low` and inf where it overflows, as a value on floats should be."""

    def value(x):
        try:
            return f(x) if x >= low else math.nan
        except (OverflowError, ZeroDivisionError):
            return math.inf

    return value


SIGMOID = guarded(lambda x: 1 / (1 + math.exp(-x)))
# value, a wrong rule, and the right derivative
WRONG = {
    "tanh of x": (math.tanh, lambda x, y: 1 - x**2, ag.tanh),
    "tanh twice": (math.tanh, lambda x, y: 2 * (1 - y**2), ag.tanh),
    "tanh sign": (math.tanh, lambda x, y: y**2 - 1, ag.tanh),
    "tanh nothing": (math.tanh, lambda x, y: 0.0, ag.tanh),
    "tanh no square": (math.tanh, lambda x, y: 1 - y, ag.tanh),
    "sin": (math.sin, lambda x, y: y, ag.sin),
    "sin sign": (math.sin, lambda x, y: -ag.cos(x), ag.sin),
    "cos": (math.cos, lambda x, y: ag.sin(x), ag.cos),
    "cos twice": (math.cos, lambda x, y: -2 * ag.sin(x), ag.cos),
    "exp half": (guarded(math.exp), lambda x, y: 0.5 * y, ag.exp),
    "exp of x": (guarded(math.exp), lambda x, y: x * y, ag.exp),
    "log squared": (guarded(math.log, 1e-300), lambda x, y: 1 / x**2, ag.log),
    "log half": (guarded(math.log, 1e-300), lambda x, y: 0.5 / x, ag.log),
    "inverse sign": (guarded(lambda x: 1 / x), lambda x, y: 1 / x**2, lambda x: 1 / x),
    "inverse": (guarded(lambda x: 1 / x), lambda x, y: -1 / x, lambda x: 1 / x),
    "square half": (lambda x: x * x, lambda x, y: x, lambda x: x * x),
    "square 5 percent": (lambda x: x * x, lambda x, y: 2.1 * x, lambda x: x * x),
    "cube": (lambda x: x**3, lambda x, y: 3 * x, lambda x: x**3),
    "sqrt": (guarded(math.sqrt, 0.0), lambda x, y: 1 / y, ag.sqrt),
    "sqrt of x": (guarded(math.sqrt, 0.0), lambda x, y: 1 / (2 * x), ag.sqrt),
    "sigmoid of x": (SIGMOID, lambda x, y: x * (1 - x), ag.sigmoid),
    "sigmoid": (SIGMOID, lambda x, y: y, ag.sigmoid),
    "relu": (lambda x: max(x, 0.0), lambda x, y: 1.0 if x < 0 else 0.0, ag.relu),
    "small": (lambda x: 1e-9 * x, lambda x, y: 2e-9, lambda x: 1e-9 * x),
    "large": (lambda x: 1e9 * x, lambda x, y: 2e9, lambda x: 1e9 * x),
    "atan": (math.atan, lambda x, y: 1 / (1 - x * x), ag.atan),
}


def written_by_hand(value, rule):
    def f(x):
        out = Value(value(x.data), (x,), "by_hand")

        def backward():
            x.grad += float(rule(x.data, out.data)) * out.grad

        out._backward = backward
        return out * 1.0

    return f


def declared(value, rule):
    return ag.op("planted", value, rule)


@pytest.mark.parametrize("form", [declared, written_by_hand])
@pytest.mark.parametrize(("value", "rule", "right"), WRONG.values(), ids=WRONG.keys())
def test_a_planted_mistake_passes_at_no_magnitude(form, value, rule, right):
    f = form(value, rule)
    named = 0
    for k in range(-12, 7):
        for x in (0.7345 * 10.0**k, -0.7345 * 10.0**k):
            if not math.isfinite(value(x)):
                continue
            want = ag.grad(right)(x)
            if abs(rule(x, value(x)) - want) <= 1e-4 * abs(want):
                continue  # not wrong here: tanh(x) is nearly x
            try:
                assert not check_gradients(f, x), x
            except GradientError:
                named += 1
    assert named > 3


def test_the_outcome_is_the_same_under_no_grad():
    with ag.no_grad():
        assert check_gradients(lambda x, y: x * ag.tanh(y), (0.5, -2.0))
        with pytest.raises(GradientError, match="Nothing arrives"):
            check_gradients(lambda x: Value(x.data) * 2, 1.0)


def test_dicts_and_arrays_can_be_checked():
    assert check_gradients(lambda p: p["w"] * p["b"][0], {"w": 2.0, "b": np.array([3.0])})


def test_reports_speak_chinese():
    ag.language("zh")
    try:
        assert "左侧斜率 0" in check_gradients(ag.relu, 0.0).kinks[0]
    finally:
        ag.language("en")


def test_an_input_that_moves_nothing_is_measured_by_the_others():
    # a softmax does not see what all its scores have in common; rounding makes its slope some 1e-17
    def f(common, x):
        return ag.softmax([x + common, 2.0 * x + common, common])[0]

    for common in (0.1, -0.7, 0.0, 3.0):
        assert check_gradients(f, (common, 0.3))
