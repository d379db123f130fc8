"""The small network that a learner's training step is tried on, and XOR, which it learns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.ops import dot, sigmoid
from autograd.value import Value

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [0.0, 1.0, 1.0, 0.0]


class SmallNet:
    """Two inputs, hidden neurons, one output: what a learner's step is tried on.

    The parameters stand in the order of `nn.MLP(2, [hidden, 1])`: the weights of a neuron, then its bias.
    """

    def __init__(
        self, hidden: int, start: Callable[[], float], act: Any = sigmoid, last: Any = sigmoid
    ) -> None:
        self.rows = [[Value(start()) for _ in range(3)] for _ in range(hidden)]
        self.out = [Value(start()) for _ in range(hidden + 1)]
        self.act, self.last = act, last

    def parameters(self) -> list[Value]:
        """All weights and biases."""
        return [p for row in [*self.rows, self.out] for p in row]

    def __call__(self, x: Sequence[float]) -> Any:
        """The output for one sample."""
        hidden = [self.act(dot(row[:2], x, row[2])) for row in self.rows]
        z = dot(self.out[:-1], hidden, self.out[-1])
        return z if self.last is None else self.last(z)

    def zero_grad(self) -> None:
        """Set every gradient to 0."""
        for p in self.parameters():
            p.grad = 0.0


def half_sse(model: SmallNet) -> Any:
    """Half the sum of the squared errors on XOR."""
    total: Any = 0.0
    for x, y in zip(X, Y):
        error = model(x) - y
        total = total + 0.5 * error * error
    return total
