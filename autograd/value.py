"""`Value`, one number that remembers what it was computed from, and `backward`, the chain rule.

    data, grad      the number, and after a backward pass the gradient of its root to this node
    op              the table's entry that made it (LEAF and CONSTANT: nobody)
    a, b            its operands: one, two, or tuples of them (`Operands`) for entries of any number
    a_data, b_data  their numbers when the node was computed; where `b` is free, `b_data` is the result

`backward` works on forward-time numbers only, so a `.data` changed later never mixes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from operator import countOf
from typing import Any, SupportsFloat, SupportsIndex

from autograd import anomaly, copying, hinting, modes, ops
from autograd.backward import PASS, of_constants, postorder, run
from autograd.entry import CONSTANT, LEAF, Number, Op, Operand
from autograd.graph import settle, topological_order
from autograd.habits import Habits, adopt
from autograd.messages import say
from autograd.node import Operands, local_numbers, set_grads
from autograd.number import UNSET, Traced, is_number, to_float, to_grad

ADD, SUB, MUL, DOT = ops.add, ops.sub, ops.mul, ops.dot
_new = object.__new__


class Value(Habits):
    """One number in a computation graph.

    Args:
        data: a real number (int, float, Fraction, Decimal, NumPy scalar); kept as a float.
        _children, _op: micrograd's form for a node of your own: parents and a name; then assign
            `out._backward`, or give `local_derivatives`.
        label: a name for drawings and explanations.
        local_derivatives: one number or function without arguments per parent.
        requires_grad: False makes a constant.

    Raises:
        TypeError: `data` is not one real number, or a parent is not a Value.

    >>> a = Value(2.0); b = Value(-3.0)
    >>> L = a * b + a
    >>> L.backward()
    >>> L.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    __slots__ = ("__dict__", "__weakref__", "a", "a_data", "b", "b_data", "data", "grad", "op")
    reading = 2
    a: Any
    b: Any
    a_data: Any
    b_data: Any
    data: float
    grad: float
    op: Op
    _passes: tuple[int, float] = (0, 0.0)  # how many began here, and with what in all: `explain` tells

    def __init__(
        self,
        data: SupportsFloat | SupportsIndex,
        _children: Iterable[Value] = (),
        _op: str = "",
        label: str = "",
        *,
        local_derivatives: Sequence[Any] | None = None,
        requires_grad: bool = True,
    ) -> None:
        self.data = data if data.__class__ is float else to_float(data)
        self.grad = UNSET
        self.op = LEAF if requires_grad else CONSTANT
        self.a = None
        if label:
            self.label = label
        if modes.differentiating:
            modes.note_birth(self)
        if _children:
            adopt(self, _children, _op, local_derivatives)

    @staticmethod
    def apply(op: Op, operands: Sequence[Any]) -> Value:
        """The node of `op` at these operands; plain numbers become constants."""
        node: Value = _new(Value)
        node.op, node.grad = op, UNSET
        if op.arity == 1:
            (a,) = operands
            node.a, node.b, node.a_data = a, None, a.data
            node.data = node.b_data = op.value(a.data)
            return watched(node) if modes.watching else node
        if op.arity == 2:
            a, b = operands
            node.a = a = a if isinstance(a, Value) else constant(a)
            node.b = b = b if isinstance(b, Value) else constant(b)
            node.a_data, node.b_data = a.data, b.data
            node.data = op.value(a.data, b.data)
            return watched(node) if modes.watching else node
        nodes = [x if isinstance(x, Value) else constant(x) for x in operands]
        numbers = [x.data for x in nodes]
        node.data = op.value(*numbers)
        if op is DOT:
            n = len(nodes) // 2
            node.a, node.b = Operands(nodes[:n] + nodes[2 * n :]), Operands(nodes[n : 2 * n])
            node.a_data, node.b_data = numbers[:n] + numbers[2 * n :], numbers[n : 2 * n]
        else:
            node.a, node.b, node.a_data, node.b_data = Operands(nodes), None, numbers, node.data
        return watched(node) if modes.watching else node

    def _binary(self, op: Op, left: Any, right: Any) -> Value:
        kind = (right if left is self else left).__class__
        if kind is float or kind is int or kind is Value:
            return Value.apply(op, (left, right))
        return Operand._binary(self, op, left, right)  # type: ignore[no-any-return]  # of whatever it knows

    def __add__(self, other: Number) -> Value:
        if other.__class__ is not Value or modes.watching:
            return self._binary(ADD, self, other)
        node: Value = _new(Value)
        node.a = self
        node.b = other
        node.a_data = x = self.data
        node.b_data = y = other.data
        node.data = x + y
        node.op = ADD
        node.grad = UNSET
        return node

    def __sub__(self, other: Number) -> Value:
        if other.__class__ is not Value or modes.watching:
            return self._binary(SUB, self, other)
        node: Value = _new(Value)
        node.a = self
        node.b = other
        node.a_data = x = self.data
        node.b_data = y = other.data
        node.data = x - y
        node.op = SUB
        node.grad = UNSET
        return node

    def __isub__(self, other: Number) -> Value:
        if self.a is None and self.op is not CONSTANT and not modes.is_grad_enabled():
            self.data = (self - other).data  # `w -= 0.1 * w.grad` under no_grad moves the leaf, as in PyTorch
            return self
        return self - other

    def __mul__(self, other: Number) -> Value:
        if other.__class__ is not Value or modes.watching:
            return self._binary(MUL, self, other)
        node: Value = _new(Value)
        node.a = self
        node.b = other
        node.a_data = x = self.data
        node.b_data = y = other.data
        node.data = x * y
        node.op = MUL
        node.grad = UNSET
        return node

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands in order, repeats kept; () for a leaf."""
        return () if self.a is None else _in_order(self, self.a, self.b)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The operands' numbers when this node was computed, in the order of `parents`."""
        return () if self.a is None else _in_order(self, self.a_data, self.b_data)

    @property
    def local_derivatives(self) -> tuple[Callable[[], float], ...]:
        """For each operand a function without arguments: the local derivative to it.

        >>> c = Value(2.0) * Value(5.0)
        >>> [d() for d in c.local_derivatives]
        [5.0, 2.0]
        """
        return tuple(partial(_local_derivative, self, i) for i in range(len(self.parents)))

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient can arrive at a leaf below this node; settable on leaves."""
        if self.a is None:
            return self.op is not CONSTANT
        return any(leaf.op is not CONSTANT for leaf in postorder(self)[1])

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if self.a is not None:
            raise ValueError(say("inner_requires_grad", node=self, op=self.op.name))
        before, self.op = self.op, LEAF if wanted else CONSTANT
        modes.switches += before is not self.op

    def detach(self) -> Value:
        """A constant with this node's number and no graph behind it."""
        return constant(self.data)

    def item(self) -> float:
        """The number, as PyTorch's `item`: a float also where something else was assigned to `.data`.

        Raises:
            TypeError: what was assigned is no number.
        """
        if self.data.__class__ is not float and not isinstance(self.data, Traced):
            settle((self,))
        return self.data

    def backward(self, gradient: float = 1.0, retain_graph: bool | None = None) -> None:  # noqa: ARG002 - PyTorch's
        """Fill in `.grad` for the whole graph: leaves add this pass to theirs, inner nodes hold it.

        Args:
            gradient: the upstream gradient this node starts with, a number or a constant.
            retain_graph: accepted and without meaning: graphs stay usable.

        Raises:
            ValueError: no leaf wants a gradient.
            TypeError: `gradient` is not a number.

        Interrupted or failing half-way, every `.grad` is left as it was.
        """
        if type(gradient) is not float:
            given: Any = gradient
            if isinstance(given, Value) and not given.requires_grad:
                given = given.item()
            if not is_number(given):
                raise TypeError(say("backward_gradient", kind=type(given).__name__))
            gradient = float(given)
        suspects: list[Value] = []
        order, found = postorder(self, suspects)
        leaves = [leaf for leaf in found if leaf.op is not CONSTANT]
        if not leaves:
            raise ValueError(say("backward_constant", node=self))
        kept = [leaf for leaf in found if leaf.op is CONSTANT] if len(leaves) < len(found) else []
        if suspects and (constants := of_constants(order, suspects)):
            order = [node for node in order if node not in constants]
            kept += constants
        found = leaves + kept
        touched = order + found
        strange = self.data.__class__ is not float
        if strange or countOf(map(type, [leaf.data for leaf in found]), float) < len(found):
            settle(touched)
        if hinting.shown():
            hinting.watch_backward(self, order, leaves)
        if modes.ANOMALY.get():
            anomaly.check_backward(self, gradient)
        with PASS:
            before = [node.grad for node in touched]
            olds = before[len(order) :]
            if countOf(map(type, olds), float) < len(olds):
                settle(found)
                olds = [node.grad for node in found]
            try:
                run(self, gradient, order, touched)
                sums = [old + leaf.grad for old, leaf in zip(olds, leaves)]
                set_grads(found, sums + olds[len(leaves) :])
            except BaseException:
                set_grads(touched, before)
                raise
        runs, begun_with = self._passes
        self._passes = runs + 1, begun_with + gradient

    def zero_grad(self) -> None:
        """Set `.grad` of every node of this graph back to no gradient."""
        order, found = postorder(self)
        set_grads([*order, *found], repeat(UNSET))
        self.__dict__.pop("_passes", None)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if hinting.shown() and is_number(other):
            hinting.watch_equal(self, other)
        return NotImplemented  # identity decides

    def _is_active(self) -> bool:
        active = modes.ACTIVE.get()
        if not active or modes.grad_is_off():
            return False
        if self.a is None:
            return id(self) in active
        order, leaves = postorder(self)
        return any(id(x) in active for x in order) or any(id(x) in active for x in leaves)

    def __reduce_ex__(self, protocol: Any) -> Any:
        self.refuse_active("pickle_of_active")
        return copying.reduce(self)

    def __copy__(self) -> Any:
        return ops.identity(self) if self._is_active() else copying.copy_node(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        # a copy of what is being differentiated moves with it
        return ops.identity(self) if self._is_active() else copying.copy_graph(self, memo)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        if is_number(self.data) and self.data.__class__ is not float:
            settle(topological_order(self))
        grad = to_grad(self.grad) if self.grad is None or is_number(self.grad) else self.grad
        return f"Value(data={self.data!r}, grad={grad!r}{label})"


def constant(x: Any) -> Value:
    """A leaf that wants no gradient, holding the number `x`; what stands for a Value gives that Value."""
    if type(x) is not float:
        if isinstance(x, Operand) and hasattr(x, "as_value"):  # a number of a function that is being recorded
            return x.as_value()  # type: ignore[no-any-return]  # Operand's subclass in replay
        x = to_float(x)
    node: Value = _new(Value)
    node.data = x
    node.grad, node.op = UNSET, CONSTANT
    node.a = None
    return node


def watched(node: Value) -> Value:
    """Show a new node to everything that watches in this context."""
    for watcher in modes.WATCHERS.get():
        node = watcher(node)
    return node


def _in_order(node: Value, first: Any, second: Any) -> tuple[Any, ...]:
    if not isinstance(node.a, Operands):
        return (first,) if node.b is None else (first, second)
    if node.b is None:
        return tuple(first)
    return (*first[: len(second)], *second, *first[len(second) :])  # dot: weights, inputs, bias


def _local_derivative(node: Value, i: int) -> float:
    return local_numbers(node)[i] or 0.0
