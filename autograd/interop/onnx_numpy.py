"""The functions of NumPy on the tensors of an ONNX graph: what the source of an export calls."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.interop.onnx_functions import FUNCTIONS
from autograd.interop.onnx_graph import BATCH, Graph, Tensor, broadcast

ONE = {
    "exp": "Exp", "log": "Log", "tanh": "Tanh", "sqrt": "Sqrt", "sin": "Sin", "cos": "Cos", "tan": "Tan",
    "sinh": "Sinh", "cosh": "Cosh", "arcsin": "Asin", "arccos": "Acos", "arctan": "Atan", "arcsinh": "Asinh",
    "arccosh": "Acosh", "arctanh": "Atanh", "abs": "Abs", "sign": "Sign", "negative": "Neg", "floor": "Floor",
    "erf": "Erf",
}  # fmt: skip


class Numpy:
    """The functions of NumPy that the source calls, on tensors."""

    inf, nan = math.inf, math.nan
    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # those of ONE, and what is made of them

    def __init__(self, graph: Graph, batch: str) -> None:
        self.graph, self.batch = graph, batch
        self.taken: Any = None  # 1 for the samples whose losses the gradients are of; None: all of them
        for name, op in ONE.items():
            setattr(self, name, self._one(op))
        for name, op in {"maximum": "Max", "minimum": "Min", "power": "Pow"}.items():
            setattr(self, name, self._two(op))
        for name, made in FUNCTIONS.items() if graph.kind == "float64" else ():
            setattr(self, name, functools.partial(made, self))

    def _one(self, op: str) -> Callable[..., Tensor]:
        return lambda x: self.graph.tensor(x).node(op, self.graph.tensor(x).shape)

    def _two(self, op: str) -> Callable[..., Tensor]:
        return lambda a, b: self.graph.tensor(a).with_(op, b)

    def array(self, x: Any) -> Any:
        """A constant, or a copy."""
        return self.graph.tensor(x).copy()

    def square(self, x: Any) -> Any:
        """X * x."""
        return x * x

    def log1p(self, x: Any) -> Any:
        """log(1 + x) as x * log(u) / (u - 1) with u = 1 + x, Kahan's way to keep all digits of a small x."""
        u = 1.0 + x
        found = x * self.log(u) / self.where(u == 1.0, 1.0, u - 1.0)
        return self.where(u == 1.0, x, self.where(u == math.inf, u, found))

    def expm1(self, x: Any) -> Any:
        """exp(x) - 1 as 2 * tanh(x / 2) / (1 - tanh(x / 2)), exact where x is small."""
        near = self.where(x > 1.0, 1.0, x)
        t = self.tanh(near / 2.0)
        return self.where(x > 1.0, self.exp(x) - 1.0, 2.0 * t / (1.0 - t))

    def erfc(self, x: Any) -> Any:
        """1 - erf(x)."""
        return 1.0 - self.erf(x)

    def rint(self, x: Any) -> Any:
        """The nearest whole number, the even one in the middle."""
        return self.graph.tensor(x).node("Round", self.graph.tensor(x).shape)

    def fmod(self, a: Any, b: Any) -> Any:
        """What is left of a, with its sign."""
        whole, part = self.graph.tensor(a), self.graph.tensor(b)
        return whole.node("Mod", broadcast(whole.shape, part.shape), part.name, fmod=1)

    def clip(self, x: Any, low: Any, high: Any) -> Any:
        """The numbers between two, and these in the place of those beyond."""
        return self.minimum(self.maximum(x, low), high)

    def cbrt(self, x: Any) -> Any:
        """The real cube root."""
        return self.sign(x) * self.power(self.abs(x), 1.0 / 3.0)

    def hypot(self, a: Any, b: Any) -> Any:
        """sqrt(a*a + b*b), relative to the longer side."""
        size = self.maximum(self.abs(a), self.abs(b))
        unit = self.where((size > 0.0) & (size < math.inf), size, 1.0)
        a, b = a / unit, b / unit
        return unit * self.sqrt(a * a + b * b)

    def arctan2(self, a: Any, b: Any) -> Any:
        """The angle of the point (b, a), put together from `atan` and the quadrant."""
        upright = self.graph.tensor(b) == 0.0
        angle = self.arctan(a / self.where(upright, 1.0, b))
        half = self.copysign(math.pi, a)
        turned = self.where(self.graph.tensor(b) < 0.0, angle + half, angle)
        return self.where(upright, self.where(self.graph.tensor(a) == 0.0, 0.0, half / 2.0), turned)

    def copysign(self, a: Any, b: Any) -> Any:
        """|a| with the sign of b."""
        b = self.graph.tensor(b)
        signed = self.where(b == 0.0, 1.0 / b, b)  # a zero has one too
        return self.abs(self.graph.tensor(a)) * self.where(signed >= 0.0, 1.0, -1.0)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """A where the condition holds, else b."""
        kind = next((x.kind for x in (a, b) if isinstance(x, Tensor)), "f" if isinstance(a, float) else "i")
        condition = self.graph.tensor(condition, "b")  # one between constants is a bool
        a, b = self.graph.tensor(a, kind), self.graph.tensor(b, kind)
        shape = broadcast(condition.shape, broadcast(a.shape, b.shape))
        return Tensor(self.graph, self.graph.node("Where", [condition.name, a.name, b.name]), shape, kind)

    def concatenate(self, parts: Sequence[Any], axis: int) -> Any:
        """Side by side."""
        tensors = [self.graph.tensor(x) for x in parts]
        shape = list(tensors[0].shape)
        shape[axis] = int(np.sum([x.shape[axis] for x in tensors]))
        name = self.graph.node("Concat", [x.name for x in tensors], axis=axis)
        return Tensor(self.graph, name, shape)

    def einsum(self, equation: str, a: Any, b: Any) -> Any:
        """Sums of products, as the letters say."""
        a, b = self.graph.tensor(a), self.graph.tensor(b)
        terms, out = equation.split("->")
        sizes = {letter: n for term, x in zip(terms.split(","), (a, b)) for letter, n in zip(term, x.shape)}
        name = self.graph.node("Einsum", [a.name, b.name], equation=equation)
        return Tensor(self.graph, name, [sizes[letter] for letter in out])

    def broadcast_to(self, x: Any, shape: Any) -> Any:
        """In a shape that its own fits."""
        x = self.graph.tensor(x)
        sizes = shape if isinstance(shape, tuple) else (shape,)
        return Tensor(self.graph, self.graph.node("Expand", [x.name, self._shape(sizes)]), sizes, x.kind)

    def _shape(self, sizes: Sequence[int]) -> str:
        if BATCH not in sizes:
            return self.graph.constant(np.array(sizes, np.int64))
        parts = [self.batch if n == BATCH else self.graph.constant(np.array([n], np.int64)) for n in sizes]
        return self.graph.node("Concat", parts, axis=0)

    def full(self, shape: Any, number: Any) -> Any:  # noqa: ARG002 - as the source calls it
        """The number of samples, which is all that the source fills anything with."""
        if self.taken is not None:
            return self.taken.sum((0, 1)).reshape(1)
        return Tensor(self.graph, self.batch, (1,), "i").astype(float)

    def zeros(self, shape: Any, kind: Any = float) -> Any:
        """Zeros."""
        return self.broadcast_to(self.graph.tensor(kind(0), "i" if kind is int else "f"), shape)

    def ones(self, shape: Any) -> Any:
        """What flows to the losses: 1 to each, or to each that is taken."""
        return self.taken if self.taken is not None else self.broadcast_to(self.graph.tensor(1.0), shape)

    def reshape(self, x: Any, shape: Any) -> Any:
        """In another shape."""
        return self.graph.tensor(x).reshape(*(shape if isinstance(shape, tuple) else (shape,)))
