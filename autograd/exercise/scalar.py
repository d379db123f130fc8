"""The engine that notebook 03 builds, as one may write it: shown stage by stage after three wrong tries."""

from __future__ import annotations

import math
from collections.abc import Callable


class Scalar:
    """One number that remembers what it was computed from."""

    def __init__(self, data: float, parents: tuple[Scalar, ...] = (), op: str = "") -> None:
        self.data, self.parents, self._op = float(data), parents, op
        self.grad = 0.0
        self._backward: Callable[[], None] = lambda: None

    def __repr__(self) -> str:
        return f"Scalar(data={self.data}, grad={self.grad})"

    def __add__(self, other: Scalar | float) -> Scalar:
        x = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.data + x.data, (self, x), "+")

        def _backward() -> None:
            self.grad += out.grad
            x.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Scalar | float) -> Scalar:
        x = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.data * x.data, (self, x), "*")

        def _backward() -> None:
            self.grad += out.grad * x.data
            x.grad += out.grad * self.data

        out._backward = _backward
        return out

    def __pow__(self, n: float) -> Scalar:
        out = Scalar(self.data**n, (self,), f"**{n}")

        def _backward() -> None:
            self.grad += out.grad * n * self.data ** (n - 1)

        out._backward = _backward
        return out

    def exp(self) -> Scalar:
        """The exponential."""
        out = Scalar(math.exp(self.data), (self,), "exp")

        def _backward() -> None:
            self.grad += out.grad * out.data

        out._backward = _backward
        return out

    def tanh(self) -> Scalar:
        """The hyperbolic tangent."""
        out = Scalar(math.tanh(self.data), (self,), "tanh")

        def _backward() -> None:
            self.grad += out.grad * (1 - out.data**2)

        out._backward = _backward
        return out

    # fmt: off
    def __radd__(self, other: float) -> Scalar: return self + other
    def __rmul__(self, other: float) -> Scalar: return self * other
    def __neg__(self) -> Scalar: return self * -1
    def __sub__(self, other: Scalar | float) -> Scalar: return self + (-other)
    def __rsub__(self, other: float) -> Scalar: return (-self) + other
    def __truediv__(self, other: Scalar | float) -> Scalar: return self * other**-1
    def __rtruediv__(self, other: float) -> Scalar: return self**-1 * other
    # fmt: on

    def _order(self) -> list[Scalar]:
        done: list[Scalar] = []
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, operands_done = stack.pop()
            if operands_done:
                done.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack += [(node, True), *[(p, False) for p in reversed(node.parents)]]
        return done

    def backward(self) -> None:
        """Add to every leaf's gradient what this number changes with it."""
        order = self._order()
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node._backward()

    def zero_grad(self) -> None:
        """Set the gradient of every node of this graph to 0."""
        for node in self._order():
            node.grad = 0.0
