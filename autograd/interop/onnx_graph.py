"""Tensors that write down, as the nodes of an ONNX graph, what NumPy source does to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


class Graph:
    """Collects the nodes of a model; `kind` is the type of its floats."""

    def __init__(self, kind: str) -> None:
        from onnx import TensorProto, helper, numpy_helper

        self.helper, self.numpy_helper = helper, numpy_helper
        self.kind = kind
        self.types = {
            "f": TensorProto.DOUBLE if kind == "float64" else TensorProto.FLOAT,
            "i": TensorProto.INT64,
            "b": TensorProto.BOOL,
        }
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._constants: dict[Any, str] = {}
        self._count = 0

    def node(self, op: str, inputs: Sequence[str], **attributes: Any) -> str:
        """One more node; the name of its output."""
        self._count += 1
        name = f"{op}_{self._count}"
        self.nodes.append(self.helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, numbers: Any) -> str:
        """The name of an array that never changes."""
        numbers = np.asarray(numbers)
        if numbers.dtype.kind == "f":
            numbers = numbers.astype(self.kind)
        elif numbers.dtype.kind == "i":
            numbers = numbers.astype(np.int64)
        key = (numbers.dtype.str, numbers.shape, numbers.tobytes())
        if key not in self._constants:
            name = self._constants[key] = f"constant_{len(self._constants)}"
            self.add(name, numbers)
        return self._constants[key]

    def add(self, name: str, numbers: Any) -> None:
        """An initialiser by this name."""
        self.initializers.append(self.numpy_helper.from_array(np.asarray(numbers, order="C"), name))

    def tensor(self, x: Any, like: str = "f") -> Any:
        """A number or an array as a `Tensor`."""
        if isinstance(x, Tensor):
            return x
        kinds = {"f": float, "i": np.int64, "b": bool}
        numbers = np.asarray(x, kinds[like] if np.isscalar(x) else None)
        return Tensor(self, self.constant(numbers), numbers.shape, numbers.dtype.kind)


BATCH = -1  # in a shape: the number of samples


def broadcast(a: Sequence[int], b: Sequence[int]) -> tuple[int, ...]:
    """The shape of what is made of two shapes."""
    n = max(len(a), len(b))
    pairs = zip((1,) * (n - len(a)) + (*a,), (1,) * (n - len(b)) + (*b,))
    return tuple(y if x == 1 else x for x, y in pairs)


class Tensor:
    """What stands for an array while the source runs."""

    __array_ufunc__ = None  # NumPy leaves operators between its arrays and these to these

    def __init__(self, graph: Graph, name: str, shape: Sequence[int], kind: str = "f") -> None:
        self.graph, self.name, self.shape, self.kind = graph, name, tuple(shape), kind
        self.base: Tensor | None = None  # what it is a view of: by this key, or as a reshape
        self.key: Any = None

    def node(self, op: str, shape: Sequence[int], *more: str, kind: str = "", **attributes: Any) -> Tensor:
        """A node with this tensor as its first input, and what comes out."""
        name = self.graph.node(op, [self.name, *more], **attributes)
        return Tensor(self.graph, name, shape, kind or self.kind)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    # -- operators ----------------------------------------------------------------------------------------

    def with_(self, op: str, other: Any, kind: str = "", swap: bool = False) -> Tensor:
        """A node of this tensor and another, or of the other and this."""
        other = self.graph.tensor(other, self.kind)
        a, b = (other, self) if swap else (self, other)
        name = self.graph.node(op, [a.name, b.name])
        return Tensor(self.graph, name, broadcast(a.shape, b.shape), kind or self.kind)

    # fmt: off
    def __add__(self, other: Any) -> Tensor: return self.with_("Add", other)
    def __sub__(self, other: Any) -> Tensor: return self.with_("Sub", other)
    def __mul__(self, other: Any) -> Tensor: return self.with_("Mul", other)
    def __truediv__(self, other: Any) -> Tensor: return self.with_("Div", other)
    def __radd__(self, other: Any) -> Tensor: return self.with_("Add", other, swap=True)
    def __rsub__(self, other: Any) -> Tensor: return self.with_("Sub", other, swap=True)
    def __rmul__(self, other: Any) -> Tensor: return self.with_("Mul", other, swap=True)
    def __rtruediv__(self, other: Any) -> Tensor: return self.with_("Div", other, swap=True)
    def __neg__(self) -> Tensor: return self.node("Neg", self.shape)
    def __gt__(self, other: Any) -> Tensor: return self.with_("Greater", other, "b")
    def __ge__(self, other: Any) -> Tensor: return self.with_("GreaterOrEqual", other, "b")
    def __lt__(self, other: Any) -> Tensor: return self.with_("Less", other, "b")
    def __le__(self, other: Any) -> Tensor: return self.with_("LessOrEqual", other, "b")
    def __eq__(self, other: Any) -> Any: return self.with_("Equal", other, "b")
    def __ne__(self, other: Any) -> Any: return ~(self == other)
    # fmt: on

    __hash__ = None  # type: ignore[assignment]  # == gives a tensor

    def __invert__(self) -> Tensor:
        return self.node("Not", self.shape)

    def __and__(self, other: Tensor) -> Tensor:
        return self.with_("And", other)

    def __matmul__(self, other: Any) -> Tensor:
        other = self.graph.tensor(other)
        shape = (*self.shape[:-1], *other.shape[-1:]) if other.ndim > 1 else self.shape[:-1]
        return self.node("MatMul", shape, other.name)

    # -- shapes -------------------------------------------------------------------------------------------

    def reshape(self, *shape: Any) -> Tensor:
        """In another shape; one place may be -1, and stands for the batch where there is one."""
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if BATCH not in self.shape and BATCH in sizes:
            rest = math.prod(self.shape) // max(1, -math.prod(sizes))
            sizes = tuple(rest if n == BATCH else n for n in sizes)
        elif sizes.count(BATCH) > 1:  # the batch and what is left
            rest = -math.prod(self.shape) // math.prod(sizes)
            sizes = (sizes[0], *(rest if n == BATCH else n for n in sizes[1:]))
        made = self.node("Reshape", sizes, self.graph.constant(np.array(sizes, np.int64)))
        made.base = self
        return made

    def transpose(self, *order: int) -> Tensor:
        """With its axes in another order."""
        return self.node("Transpose", [self.shape[k] for k in order], perm=list(order))

    @property
    def T(self) -> Tensor:  # noqa: N802 - NumPy's name
        """With its axes in the opposite order."""
        return self.transpose(*reversed(range(self.ndim)))

    def copy(self) -> Tensor:
        """The same, to be written into."""
        return Tensor(self.graph, self.name, self.shape, self.kind)

    def astype(self, kind: Any) -> Tensor:
        """As whole numbers, or as floats."""
        letter = "i" if kind is int else "f"
        return self.node("Cast", self.shape, kind=letter, to=self.graph.types[letter])

    def sum(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """The sum along axes."""
        counted = self.astype(float) if self.kind == "b" else self
        return counted.reduced("ReduceSum", axis, keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """The largest along axes."""
        return self.reduced("ReduceMax", axis, keepdims)

    def reduced(self, op: str, axis: Any, keepdims: bool) -> Tensor:
        """One number for all along some axes."""
        axes = [*range(self.ndim)] if axis is None else [axis] if isinstance(axis, int) else list(axis)
        axes = [k % self.ndim for k in axes]
        kept = [1 if k in axes else n for k, n in enumerate(self.shape) if keepdims or k not in axes]
        return self.node(op, kept, self.graph.constant(np.array(axes, np.int64)), keepdims=int(keepdims))

    # -- parts --------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Tensor:
        keys = key if isinstance(key, tuple) else (key,)
        if isinstance(keys[0], Tensor):  # rows of a table
            (index,) = keys
            return self.node("Gather", (*index.shape, *self.shape[1:]), index.name, axis=0)
        if any(part is None for part in keys):
            return self.unsqueezed()
        x, axis = self.copy(), 0
        for part in keys:
            if part is Ellipsis:
                axis = self.ndim - 1
                continue
            x, axis = x.part(part, axis)
        x.base, x.key = self, key
        return x

    def part(self, part: Any, axis: int) -> tuple[Tensor, int]:
        """One axis cut, and the axis after it."""
        if isinstance(part, slice):
            if part == slice(None):
                return self, axis + 1
            ends = [self.graph.constant(np.array([n], np.int64)) for n in (part.start or 0, part.stop, axis)]
            shape = [*self.shape[:axis], part.stop - (part.start or 0), *self.shape[axis + 1 :]]
            return self.node("Slice", shape, *ends), axis + 1
        index = np.asarray(part)
        shape = [*self.shape[:axis], *index.shape, *self.shape[axis + 1 :]]
        return self.node(
            "Gather", shape, self.graph.constant(index.astype(np.int64)), axis=axis
        ), axis + index.ndim

    def unsqueezed(self) -> Tensor:
        """With a new last axis."""
        return self.node("Unsqueeze", (*self.shape, 1), self.graph.constant(np.array([-1], np.int64)))

    def __setitem__(self, key: Any, new: Tensor) -> None:
        """Another tensor in the place of a part; what it is a reshape of becomes another too."""
        keys = key if isinstance(key, tuple) else (key,)
        axis = len(keys) - 1
        part, size = keys[-1], self.shape[axis]
        places = np.arange(size)[part]
        order = np.arange(size)
        order[places] = size + np.arange(len(places))
        both = self.node("Concat", [], new.name, axis=axis)
        self.become(self.graph.node("Gather", [both.name, self.graph.constant(order)], axis=axis))

    def become(self, name: str) -> None:
        """Another tensor from now on; so does what it is a view of."""
        self.name = name
        if self.base is not None and self.key is not None:
            self.base[self.key] = self
        elif self.base is not None:
            shape = np.array(self.base.shape, np.int64)
            self.base.become(self.graph.node("Reshape", [name, self.graph.constant(shape)]))
