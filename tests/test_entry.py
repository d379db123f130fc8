import math

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.entry import TABLE, Ieee, read_on_floats
from autograd.number import is_number


def test_an_op_of_ones_own_takes_one_line_and_has_every_order():
    cube = ag.op("cube_entry", lambda x: x**3, lambda x, y: 3 * x**2)
    x = Value(2.0)
    cube(x).backward()
    assert x.grad == 12.0
    assert ag.grad(ag.grad(cube))(2.0) == 12.0
    assert cube(2) == 8.0
    assert ag.check_gradients(cube, 1.5)


def test_the_names_of_the_library_are_taken():
    with pytest.raises(
        ValueError, match="the op 'tanh' belongs to the library: choose another name, such as 'my_tanh'"
    ):
        ag.op("tanh", math.tanh, lambda x, y: 1 - y**2)


def test_numbers_give_numbers_and_values_give_values():
    assert type(ag.tanh(1)) is float
    assert type(ag.tanh(Value(1))) is Value
    assert type(ag.hypot(1, Value(2))) is Value
    assert ag.maximum(1, 2, 3) == ag.maximum([1, 2, 3]) == 3.0
    assert ag.sum([]) == 0.0


def test_wrong_numbers_of_operands_are_named():
    with pytest.raises(TypeError, match=r"atan2 takes 2 operands, got 1\."):
        ag.atan2(1.0)
    with pytest.raises(ValueError, match="at least one number or Value"):
        ag.logsumexp([])
    with pytest.raises(ValueError, match="2 numbers on the left and 1 on the right"):
        ag.dot([1, 2], [3])
    with pytest.raises(TypeError, match="Value needs a number, got the text 'x'"):
        ag.tanh("x")


def test_operands_with_defaults_may_be_left_out():
    assert ag.leaky_relu(-1.0) == -0.01
    assert ag.elu(Value(-1.0)).data == pytest.approx(math.expm1(-1.0))


def test_rules_are_read_again_where_python_raises():
    assert read_on_floats(lambda x, y: 1 / x, (0.0,), 0.0) == math.inf
    assert math.isnan(read_on_floats(lambda x, y: (x - x) / x, (0.0,), 0.0))
    assert (1.0 / Ieee(-0.0)).number == -math.inf


def test_every_entry_has_a_name_of_its_own_and_as_many_rules_as_operands():
    for name, op in TABLE.items():
        assert op.name == name
        if op.arity is not None and op.partials:
            assert len(op.partials) == op.arity, name
            assert len(op.stable) in (0, op.arity), name


def test_what_counts_as_a_number():
    assert all(map(is_number, (1, 2.0, True)))
    assert not any(map(is_number, ("1", 1j, None, [1], Value(1.0))))


def test_an_op_goes_over_an_array_entry_by_entry():
    xs = np.float32([[0.0, 1.0], [2.0, 3.0]])
    found = ag.sigmoid(xs)
    assert found.dtype == np.float64
    assert found.tolist() == [[ag.sigmoid(x) for x in row] for row in xs.tolist()]
    assert ag.pow(xs, 2).tolist() == [[0.0, 1.0], [4.0, 9.0]]
    assert ag.where(xs > 1, xs, 0.0).tolist() == [[0.0, 0.0], [2.0, 3.0]]
    assert ag.leaky_relu(-xs[0]).tolist() == [0.0, -0.01]


def test_an_array_of_values_stays_one():
    a = Value(2.0)
    found = ag.square(np.array([a, a * 2]))
    assert [v.data for v in found] == [4.0, 16.0]
    ag.sum(ag.pow(a, np.array([1.0, 2.0]))).backward()
    assert a.grad == 5.0


def test_lists_and_arrays_of_text_are_refused_by_ops_of_numbers():
    for x in ([1.0], np.array(["a"]), "1"):
        with pytest.raises(TypeError, match="Value"):
            ag.exp(x)
