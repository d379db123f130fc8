from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.value import UNSET


def test_every_kind_of_real_number_becomes_a_float() -> None:
    for number in (
        2,
        True,
        2.5,
        Fraction(1, 3),
        Decimal("0.1"),
        np.float32(1.5),
        np.int64(7),
        np.float64(0.1),
    ):
        value = Value(number)
        assert type(value.data) is float
        assert value.data == float(number)
    assert Value(10**400).data == math.inf
    assert Value(-(10**400)).data == -math.inf


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("3", "Value needs a number, got the text '3'. Write Value(3), or Value(float(s)) if s is text."),
        ("abc", "got the text 'abc'"),
        ([1, 2, 3], "a Value holds one number, got a list of 3. Write [Value(x) for x in data]."),
        (np.array([1.0, 2.0]), "a Value holds one number, got a ndarray of 2"),
        (None, "Value needs a number, got None"),
        (1j, "Value needs a real number, got 1j"),
        (Value(1.0), "this is a Value already"),
        (object(), "Value needs a number, got an object of type object"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(wrong: object, message: str) -> None:
    with pytest.raises(TypeError) as error:
        Value(wrong)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "number", [3, 3.0, Fraction(3), Decimal(3), np.float64(3.0), np.int64(3), np.float32(3)]
)
def test_numbers_of_every_kind_stand_on_either_side(number: object) -> None:
    v = Value(2.0)
    x = float(number)  # type: ignore[arg-type]  # every listed kind floats
    results = [v + number, number + v, v - number, number - v, v * number, number * v, v / number, number / v,
               v**number, number**v]  # fmt: skip
    expected = [2 + x, x + 2, 2 - x, x - 2, 2 * x, x * 2, 2 / x, x / 2, 2**x, x**2]
    assert all(type(r) is Value for r in results)
    assert [r.data for r in results] == expected


def test_object_arrays_work_on_both_sides() -> None:
    v, array = Value(2.0), np.array([Value(1.0), Value(3.0)])
    assert [x.data for x in v * array] == [2.0, 6.0]
    assert [x.data for x in array * v] == [2.0, 6.0]
    assert [x.data for x in array @ array[:, None]] == [10.0]
    assert [x.data for x in np.tanh(np.array([v]))] == [math.tanh(2.0)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("x", r"\+ has an operand that is no number: Value needs a number, got the text 'x'"),
        (None, "got None. Write Value"),
        (1j, "needs a real number, got 1j"),
        ([1], r"\+ between a Value, which is one number, and a list. Write \[v \+ x for x in xs\]"),
    ],
)
def test_an_operand_that_is_no_number_is_told_with_what_to_write(wrong, message) -> None:
    with pytest.raises(TypeError, match=message):
        Value(1.0) + wrong
    with pytest.raises(TypeError, match=message):
        wrong + Value(1.0)


def test_an_operand_of_an_unknown_kind_may_know_what_to_do() -> None:
    class Meter:
        def __radd__(self, other: object) -> str:
            return "metre"

    assert Value(1.0) + Meter() == "metre"
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) + object()


def test_value_to_the_power_of_value_has_both_gradients() -> None:
    a, b = Value(2.0), Value(3.0)
    (a**b).backward()
    assert (a.grad, b.grad) == (12.0, 8.0 * math.log(2.0))
    (2**b).backward()
    assert b.grad == pytest.approx(16.0 * math.log(2.0), rel=1e-15)


def test_comparisons_compare_numbers_and_equality_is_identity() -> None:
    a, b = Value(2.0), Value(2.0)
    assert (a <= b, a >= 2, a < 3, a > 1.0, a > b) == (True, True, True, True, False)
    assert a != b
    assert a == a
    assert len({a, b}) == 2


def test_the_conversions_of_a_number_work() -> None:
    v = Value(2.6)
    assert (float(v), int(v), round(v), round(v, 1), f"{v:.2f}", bool(v)) == (2.6, 2, 3, 2.6, "2.60", True)
    assert (math.floor(v), math.trunc(v), v.item()) == (2, 2, 2.6)
    assert not Value(0.0)
    assert sum([Value(1.0), Value(2.0)]).data == 3.0


def test_repr_shows_data_gradient_and_label() -> None:
    assert repr(Value(2)) == "Value(data=2.0, grad=0.0)"
    assert repr(Value(2, label="w")) == "Value(data=2.0, grad=0.0, label='w')"
    assert f"{Value(2)}" == "Value(data=2.0, grad=0.0)"


def test_what_no_backward_has_reached_is_told_apart_from_a_gradient_of_zero() -> None:
    x, w = Value(0.0), Value(3.0)
    assert x.grad is UNSET
    (x * w).backward()
    assert w.grad == 0.0
    assert w.grad is not UNSET
    (y := x * w).zero_grad()
    assert w.grad is UNSET
    assert y.grad is UNSET


def test_leaves_add_and_inner_nodes_hold_one_pass() -> None:
    x = Value(3.0)
    y = x**3
    z = y * 1
    z.backward()
    assert (x.grad, y.grad) == (27.0, 1.0)
    z.backward()
    assert (x.grad, y.grad) == (54.0, 1.0)


def test_zero_grad_starts_afresh() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    y.zero_grad()
    y.backward()
    assert x.grad == 6.0


def test_backward_takes_a_number_to_start_from() -> None:
    x = Value(3.0)
    (x * x).backward(0.5)
    assert x.grad == 3.0
    with pytest.raises(TypeError, match=r"backward\(gradient\) takes a number, got Value"):
        (x * x).backward(x)


def test_backward_on_a_constant_says_what_to_write() -> None:
    for constant in (Value(1.0, requires_grad=False), Value(2.0).detach() * 3, Value(1.0).detach()):
        with pytest.raises(ValueError, match="nothing to differentiate"):
            constant.backward()


def test_a_leaf_is_its_own_gradient() -> None:
    x = Value(5.0)
    x.backward()
    assert x.grad == 1.0


def test_data_changed_after_the_forward_pass_never_mixes_in() -> None:
    a, b = Value(2.0), Value(5.0)
    y = (a * b).tanh() * b + a**b
    want = ag.grad(y, [a, b])
    a.data, b.data = 100.0, -7.0
    assert ag.grad(y, [a, b]) == want
    with pytest.raises(ValueError, match=r"\.data is .* now but was"):
        ag.grad(y, [a, b], create_graph=True)


def test_constants_get_no_gradient_and_leaves_can_be_frozen() -> None:
    w, x = Value(2.0), Value(3.0)
    x.requires_grad = False
    y = w * x
    y.backward()
    assert (w.grad, x.grad) == (3.0, 0.0)
    assert x.grad is UNSET
    assert y.requires_grad
    with pytest.raises(ValueError, match="can be set on leaves only"):
        y.requires_grad = False


def test_parents_keep_order_and_repeats() -> None:
    a, b = Value(2.0), Value(3.0)
    assert (a * a).parents == (a, a)
    assert (b - a).parents == (b, a)
    assert ag.dot([a, b], [b, a], a).parents == (a, b, b, a, a)
    assert ag.sum([a, b, a]).parents == (a, b, a)
    assert a.parents == ()


def test_local_derivatives_can_be_called() -> None:
    a, b = Value(2.0), Value(5.0)
    assert [d() for d in (a * b).local_derivatives] == [5.0, 2.0]
    assert [d() for d in (a / b).local_derivatives] == [1 / 5, -2 / 25]


def test_a_node_takes_local_derivatives_of_its_own() -> None:
    x = Value(3.0)
    y = Value(9.0, (x,), "sq", local_derivatives=[lambda: 6.0])
    (y * 2).backward()
    assert x.grad == 12.0


def test_methods_and_functions_agree() -> None:
    x = Value(0.4)
    names = "exp log sqrt sin cos tan tanh sigmoid relu square abs gelu silu softplus sinh cosh elu"
    for name in names.split():
        assert getattr(x, name)().data == getattr(ag, name)(x).data == getattr(ag, name)(0.4), name


def test_a_binary_node_costs_at_most_180_bytes() -> None:
    import tracemalloc

    a, b = Value(1.5), Value(1.25)
    nodes: list[Value | None] = [None] * 10_000
    tracemalloc.start()
    for i in range(10_000):
        nodes[i] = a * b
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used / 10_000 <= 180


def test_none_as_grad_means_no_gradient_yet():
    w = ag.Value(3.0)
    w.grad = None
    assert repr(w) == "Value(data=3.0, grad=0.0)"
    assert "no gradient yet" in ag.draw(w).svg
    (w * w).backward()
    assert w.grad == 6.0
    frozen = Value(1.0, requires_grad=False)
    w.grad = frozen.grad = None
    (w * frozen).backward()
    assert w.grad == 1.0
    assert frozen.grad is UNSET


def test_a_gradient_assigned_by_hand_is_added_to_in_float64():
    w = Value(3.0)
    w.grad = np.float32(0.1)
    (w * 1e-9).backward()
    assert type(w.grad) is float
    assert w.grad == float(np.float32(0.1)) + 1e-9
