"""Local derivatives of a reader's own nodes."""

import math

from autograd.explanation.derivatives import UNKNOWN, local_derivatives, op_of


class Kept:
    """A node that keeps its local derivatives as numbers, as microgpt does."""

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0.0, children, local_grads


class Ruled:
    """A node with a closure, as micrograd has."""

    def __init__(self, data, children=(), op=""):
        self.data, self.grad, self._prev, self._op, self._backward = (
            data,
            0.5,
            set(children),
            op,
            lambda: None,
        )


def test_numbers_kept_beside_the_node_are_used():
    a, b = Kept(2.0), Kept(3.0)
    y = Kept(6.0, (a, b), (3.0, 2.0))
    assert [x.number for x in local_derivatives(y, y._children)] == [3.0, 2.0]


def test_a_rule_is_run_and_every_gradient_put_back():
    a = Ruled(2.0)
    y = Ruled(math.exp(2.0), (a,), "exp")
    y._backward = lambda: setattr(a, "grad", a.grad + y.data * y.grad)
    (local,) = local_derivatives(y, (a,))
    assert local.number == y.data
    assert local.rule is not None
    assert (a.grad, y.grad) == (0.5, 0.5)


def test_a_rule_that_disagrees_with_the_table_is_not_given_its_formula():
    a = Ruled(2.0)
    y = Ruled(math.exp(2.0), (a,), "exp")
    y._backward = lambda: setattr(a, "grad", a.grad + 1.0)
    (local,) = local_derivatives(y, (a,))
    assert (local.number, local.rule) == (1.0, None)


def test_the_order_of_a_difference_is_found_from_its_number():
    a, b = Ruled(2.0), Ruled(7.0)
    y = Ruled(5.0, (a, b), "-")
    op, operands = op_of(y)
    assert (op.name, operands) == ("sub", (b, a))


def test_a_square_by_a_set_of_operands_has_two_again():
    a = Ruled(3.0)
    op, operands = op_of(Ruled(9.0, (a, a), "*"))
    assert (op.name, operands) == ("mul", (a, a))


def test_without_a_rule_it_is_said_to_be_unknown():
    class Bare:
        data, _children = 2.0, ()

    assert local_derivatives(Bare(), (Bare(),)) == [UNKNOWN]
