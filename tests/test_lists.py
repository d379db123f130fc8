from autograd import Value, dot
from autograd.lists import operands_of, weigh, weigh_rows
from autograd.node import ConstantOperands, Operands


def test_weighing_equals_dot_with_the_bias_last():
    ws, b, xs = [Value(1.0), Value(-2.0)], Value(0.5), [3.0, 4.0]
    shared = weigh(Operands([*ws, b]), operands_of(xs))
    plain = dot(ws, xs, b)
    assert (shared.data, shared.op, len(shared.parents)) == (plain.data, plain.op, 5)
    assert shared.numbers == plain.numbers


def test_numbers_become_constants_and_values_stay():
    v = Value(2.0)
    mixed = operands_of([1.0, v])
    assert type(mixed) is Operands
    assert mixed[1] is v
    assert not mixed[0].requires_grad
    assert type(operands_of([1, 2])) is ConstantOperands


def test_constant_weights_are_left_alone_too():
    x = Value(2.0)
    ws = operands_of([3.0])
    y = weigh(ws, operands_of([x]))
    y.backward()
    y.backward()
    assert (x.grad, ws[0].grad) == (6.0, 0.0)


def test_shared_operands_are_equal_only_to_themselves():
    v = Value(2.0)
    assert Operands([v]) != Operands([v])
    assert len({Operands([v]), Operands([v])}) == 2


def test_rows_share_their_inputs_and_the_numbers_of_these():
    rows = [Operands([Value(1.0), Value(2.0)]), Operands([Value(3.0), Value(4.0), Value(0.5)])]
    xs = operands_of([Value(10.0), Value(20.0)])
    first, second = weigh_rows(rows, xs)
    assert (first.data, second.data) == (50.0, 110.5)
    assert first.b is second.b is xs
    assert first.b_data is second.b_data
    (first * second).backward()
    assert [x.grad for x in xs] == [110.5 * 1 + 50 * 3, 110.5 * 2 + 50 * 4]
