import math

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
