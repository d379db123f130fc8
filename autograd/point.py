"""The point of a derivative, and what its results are: numbers, or Values that carry the graph.

They are Values where the point holds Values, and where the function reached a leaf that wants a gradient
and was there before (a parameter; the point of another derivative around): that gradient must not get
lost.  Not so under `no_grad`: there they are numbers, or constants where the point holds Values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, overload

from autograd import modes, ops
from autograd.backward import gradients, postorder
from autograd.dual import LEVELS, Dual
from autograd.entry import CONSTANT, Number
from autograd.graph import topological_order
from autograd.messages import say
from autograd.node import ByHand
from autograd.number import Traced, is_number, kind_of, plain
from autograd.own import behind, stand_ins
from autograd.structure import Rebuild, flatten
from autograd.value import Value, constant

Sort = tuple[list[Value], list[Value]]  # as `postorder` gives it

if TYPE_CHECKING:  # what type checkers know of points
    from autograd.declaration import Array

    class Dataclass(Protocol):  # noqa: D101 - what its name says
        __dataclass_fields__: ClassVar[dict[str, Any]]

    Lists = Iterable[
        Number | Iterable[Number | Iterable[Number | Iterable[Number]]]
    ]  # no text is one of these
    Structure = Number | Lists | Mapping[str, Any] | Array | Dataclass
    At = TypeVar("At", bound=Structure)

    class GradientFunction(Protocol):
        """What `grad(f)` is: the gradient has the form of the first argument.

        A function that reaches parameters gives Values also at a float; checkers cannot know of these.
        """

        @overload
        def __call__(self, point: float, /, *more: Any, **named: Any) -> float: ...
        @overload
        def __call__(self, point: list[float], /, *more: Any, **named: Any) -> list[float]: ...
        @overload
        def __call__(self, point: At, /, *more: Any, **named: Any) -> At: ...

    class ValueAndGradient(Protocol):
        """What `value_and_grad(f)` is: the same, and the value before it."""

        @overload
        def __call__(self, point: float, /, *more: Any, **named: Any) -> tuple[float, float]: ...
        @overload
        def __call__(self, point: list[float], /, *more: Any, **named: Any) -> tuple[float, list[float]]: ...
        @overload
        def __call__(self, point: Value, /, *more: Any, **named: Any) -> tuple[Value, Value]: ...
        @overload
        def __call__(self, point: At, /, *more: Any, **named: Any) -> tuple[Any, At]: ...

    class HessianFunction(Protocol):
        """What `hessian(f)` is."""

        @overload
        def __call__(self, point: float, /, *more: Any, **named: Any) -> float: ...
        @overload
        def __call__(self, point: list[float], /, *more: Any, **named: Any) -> list[list[float]]: ...
        @overload
        def __call__(self, point: Structure, /, *more: Any, **named: Any) -> Any: ...

    class JacobianFunction(Protocol):
        """What `jacobian(f)` is: its form is that of what `f` returns."""

        def __call__(self, point: Structure, /, *more: Any, **named: Any) -> Any:
            """All first derivatives there."""

    class Pullback(Protocol):
        """What `vjp(f)` is."""

        @overload
        def __call__(self, xs: float, v: Any = 1.0) -> tuple[Any, float]: ...
        @overload
        def __call__(self, xs: At, v: Any = 1.0) -> tuple[Any, At]: ...

    class Pushforward(Protocol):
        """What `jvp(f)` is."""

        def __call__(self, xs: Structure, v: Structure) -> tuple[Any, Any]:
            """The outputs, and how they change along `v`."""

    class HessianProduct(Protocol):
        """What `hvp(f)` is."""

        @overload
        def __call__(self, xs: float, v: Structure) -> tuple[Any, float]: ...
        @overload
        def __call__(self, xs: At, v: Structure) -> tuple[Any, At]: ...


class Derivative:
    """One derivative being taken; it knows in which form its results are given back.

    Args:
        given: the entries of the point, and whatever else with a Value makes the results Values.
    """

    def __init__(self, given: Sequence[Any]) -> None:
        self.off = modes.grad_is_off()
        self.holds_values = any(map(_values_of, given))
        self.graph = self.holds_values and not self.off
        self.sorts: dict[int, Sort] = {}
        self._around = modes.ACTIVE.get()

    @contextmanager
    def taken(self, points: Sequence[int]) -> Iterator[None]:
        """Run the function in this context, and `settle` there."""
        with modes.differentiation(points) as self._began:
            yield

    def settle(self, outputs: Sequence[Any], own: Sequence[Value] = ()) -> None:
        """Decide the form of the results by what the outputs depend on; `own` are the point's nodes."""
        if self.graph or self.off:
            return
        roots = [x for y in outputs for x in _values_of(y)]
        if len(roots) == 1:
            order, leaves = self.sorts[id(roots[0])] = postorder(roots[0])
        else:
            order = leaves = topological_order(roots)
        mine = {id(node) for node in own}
        self.graph = any(
            x.a is None and x.op is not CONSTANT and id(x) not in mine and modes.is_older(x, self._began)
            for x in leaves
        ) or (bool(self._around) and any(id(x) in self._around for x in order))

    def result(self, y: Any) -> Any:
        """An output in the form in which it is given back."""
        if self.off:
            number = primal_of(y).data
            return constant(number) if self.holds_values else number
        if isinstance(y, Dual):
            return Dual(self.result(y.primal), self.result(y.tangent), y.reading)
        if self.graph:
            return y if isinstance(y, Value) else constant(y)
        return y.data if isinstance(y, Value) else y

    def beside(self, found: Any, own: Sequence[Value]) -> Any:
        """What a function returned beside its output: what depends on the point as results are given back."""
        entries, rebuild = flatten(found)
        moved = {id(node) for node in own}
        roots = [root for x in entries for root in _values_of(x)]
        for node in topological_order(roots):
            if not moved.isdisjoint(map(id, node.parents)):
                moved.add(id(node))
        depends = [any(id(root) in moved for root in _values_of(x)) for x in entries]
        if self.graph or not any(depends):
            return found
        return rebuild([self.result(x) if moves else x for x, moves in zip(entries, depends)])


class Point(Derivative):
    """Reverse mode: inputs with nodes of their own, so that other uses are not counted."""

    def __init__(self, flat: Sequence[Any]) -> None:
        super().__init__(flat)
        self.nodes: list[Value] = []
        self.operands = [self._mark(x) for x in flat]

    def _mark(self, x: Any) -> Any:
        if self.off:
            x = primal_of(x).data
        if isinstance(x, Dual):
            return Dual(self._mark(x.primal), x.tangent, x.reading)
        node = ops.identity(x) if isinstance(x, Value) else Value(x)
        self.nodes.append(node)
        return node

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the function in this context, and `settle` there; its leaves are constants afterwards."""
        try:
            with self.taken([id(node) for node in self.nodes]):
                yield
        finally:
            for node in self.nodes:
                if node.a is None:
                    node.op = CONSTANT

    def slopes(self, y: Any) -> list[Any]:
        """The derivatives of an output to the inputs, in the form of the results."""
        if self.off:
            y = primal_of(y)
        if isinstance(y, Dual):
            pairs = zip(self.slopes(y.primal), self.slopes(y.tangent))
            return [Dual(primal, tangent, y.reading) for primal, tangent in pairs]
        root = constant(y) if not isinstance(y, Value) else y
        sort = self.sorts.get(id(root)) or postorder(root)
        numbers = gradients_to(root, self.nodes, self.graph, sort)
        return [constant(x) for x in numbers] if self.holds_values and self.off else numbers


class Direction(Derivative):
    """Forward mode: inputs as dual numbers that move along a direction."""

    def __init__(self, flat: Sequence[Any], direction: Sequence[Any]) -> None:
        super().__init__([*flat, *direction])
        self.level = next(LEVELS)
        pairs = [(primal_of(x).data, primal_of(t).data) for x, t in zip(flat, direction)] if self.off else []
        self.operands = [Dual(plain(x), plain(t), self.level) for x, t in pairs or zip(flat, direction)]

    def parts(self, y: Any) -> tuple[Any, Any]:
        """An output, and how it changes along the direction."""
        y = one_value(y)
        return (y.primal, y.tangent) if isinstance(y, Dual) and y.reading == self.level else (y, 0.0)


def gradients_to(output: Value, inputs: Sequence[Value], graph: bool, sort: Sort | None = None) -> list[Any]:
    """The gradients of `output` to `inputs`: numbers, or more graph."""
    return gradient_graph(output, inputs, sort) if graph else gradients(output, 1.0, inputs, sort)


def gradient_inputs(inputs: Any) -> tuple[list[Value], Rebuild]:
    """The Values that a gradient is asked to, and what rebuilds their structure; of a model all."""
    if inputs is None:
        raise TypeError(say("grad_to_what"))
    if callable(getattr(inputs, "parameters", None)):
        inputs = list(inputs.parameters())
    flat, rebuild = flatten(inputs)
    for x in flat:
        if not isinstance(x, Value):
            raise TypeError(say("grad_inputs", kind=kind_of(x)))
    return flat, rebuild


def gradient_graph(output: Value, inputs: Sequence[Value], sort: Sort | None = None) -> list[Any]:
    """The gradients of `output` to `inputs`, as more graph: the rules are read on the Values themselves."""
    wanted = {id(x) for x in inputs}
    order, _ = sort or postorder(output)
    reach = set(wanted)
    for node in order:
        if not reach.isdisjoint(map(id, node.parents)):
            reach.add(id(node))
    gradients_of: dict[int, Any] = {id(output): constant(1.0)}
    for node in reversed(order):
        upstream = gradients_of.get(id(node))
        if upstream is not None and id(node) in reach:
            _hand_on(gradients_of, node, upstream, reach)
    return [gradients_of.get(id(x), constant(0.0)) for x in inputs]


def _hand_on(gradients_of: dict[int, Any], node: Value, upstream: Any, reach: set[int]) -> None:
    op, parents = node.op, node.parents
    if isinstance(op, ByHand):
        raise ValueError(say("by_hand_twice", node=node))
    _check_unchanged(node, parents)
    operands = stand_ins(op, (*parents, node)) if op.own else (*parents, node)
    bulk = op.bulk(operands[:-1], operands[-1]) if op.bulk is not None else None
    for i, parent in enumerate(parents):
        if id(parent) not in reach:
            continue
        rule = None if bulk else op.rule(i)
        local = behind(bulk[i] if bulk else rule(*operands) if rule else None)
        number = local.data if isinstance(local, Value) else local
        if local is None or (number == 0 and op.choice):
            continue
        flow = upstream if type(local) is float and local == 1.0 else upstream * local
        before = gradients_of.get(id(parent))
        gradients_of[id(parent)] = flow if before is None else before + flow


def _check_unchanged(node: Value, parents: Sequence[Value]) -> None:
    for parent, then in zip(parents, node.numbers):
        if parent.data != then and (parent.data == parent.data or then == then):
            name = parent.label or repr(parent)
            raise ValueError(say("changed", node=name, now=parent.data, then=then))


def one_value(y: Any) -> Any:
    """The one Value (or Dual) a function returned; TypeError for anything but that and a number."""
    if isinstance(y, (Value, Dual)):
        return y
    if is_number(y) or isinstance(y, Traced):
        return constant(y)
    if getattr(y, "shape", None) == () and hasattr(y, "item"):  # what np.where gives of one number
        return one_value(y.item())
    raise TypeError(say("function_output", kind=kind_of(y)))


def primal_of(y: Any) -> Value:
    """The Value behind a dual number; a constant for a plain number."""
    while isinstance(y, Dual):
        y = y.primal
    return y if isinstance(y, Value) else constant(y)


def _values_of(y: Any) -> list[Value]:
    if isinstance(y, Dual):
        return [*_values_of(y.primal), *_values_of(y.tangent)]
    return [y] if isinstance(y, Value) else []
