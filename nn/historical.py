"""The first neurons: McCulloch and Pitts's threshold gates (1943) and Rosenblatt's perceptron (1958)."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.number import to_list, unboxed
from autograd.settings import WHOLE_FROM_0, chosen_list, chosen_number
from nn.fit.checking_data import checked_data
from nn.learning.targets import class_index
from nn.messages import problem


class McCullochPitts:
    """Fires (1) when the weighted sum of its inputs, each 0 or 1, reaches the threshold; nothing is learned.

    >>> both = McCullochPitts([1, 1], threshold=2)
    >>> [both([a, b]) for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))]
    [0, 0, 0, 1]
    """

    def __init__(self, weights: Sequence[float], threshold: float) -> None:
        self.weights = [unboxed(w) for w in chosen_list(self, "weights", weights)]
        self.threshold = chosen_number(self, "threshold", threshold)

    def __call__(self, inputs: Sequence[int]) -> int:
        """1 or 0."""
        inputs = [unboxed(x) for x in to_list(inputs)]
        if len(inputs) != len(self.weights):
            fields = {"got": len(inputs), "inputs": list(inputs), "wanted": len(self.weights)}
            raise problem(ValueError, "nn_inputs", layer=repr(self), build=f"{len(inputs)} weights", **fields)
        total = 0.0
        for w, x in zip(self.weights, inputs, strict=True):
            if x not in (0, 1):
                raise problem(ValueError, "nn_truth_value", value=x)
            total += w * x
        return int(total >= self.threshold)

    def __repr__(self) -> str:
        return f"McCullochPitts({self.weights}, threshold={self.threshold})"


AND = McCullochPitts([1, 1], threshold=2)
OR = McCullochPitts([1, 1], threshold=1)
NOT = McCullochPitts([-1], threshold=0)
NAND = McCullochPitts([-1, -1], threshold=-1)
NOR = McCullochPitts([-1, -1], threshold=0)


def xor(inputs: Sequence[int]) -> int:
    """What no single threshold gate can do, composed of three.

    >>> [xor([a, b]) for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))]
    [0, 1, 1, 0]
    """
    return AND([OR(inputs), NAND(inputs)])


class Perceptron:
    """Rosenblatt's perceptron: `1 if w . x + b > 0 else 0`, and the rule by which it learns.

    After each sample, `w += (target - output) * x` and `b += target - output`: from 0 on, inputs that are
    whole numbers keep the weights whole numbers.

    Args:
        nin: number of inputs.

    >>> p = Perceptron(2)
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> p.fit(X, y), [p(x) for x in X], p.w, p.b
    ([1, 3, 3, 2, 1, 0], [0, 0, 0, 1], [2, 1], -2)
    """

    def __init__(self, nin: int) -> None:
        self.w: list[float] = [0] * chosen_number(self, "nin", nin, WHOLE_FROM_0)
        self.b: float = 0

    def __call__(self, x: Sequence[float]) -> int:
        """1 or 0."""
        x = [unboxed(v) for v in to_list(x)]
        if len(x) != len(self.w):
            fields = {"got": len(x), "inputs": list(x), "wanted": len(self.w)}
            raise problem(ValueError, "nn_inputs", layer=repr(self), build=f"Perceptron({len(x)})", **fields)
        total = self.b
        for w, v in zip(self.w, x, strict=True):
            total += w * v
        return int(total > 0)

    def learn(self, x: Sequence[float], target: int) -> int:
        """One application of the rule; returns `target - output`, 0 when nothing had to change.

        Raises:
            ValueError: a target that is neither 0 nor 1.
        """
        error = class_index(target, 2, None) - self(x)
        x = [unboxed(v) for v in to_list(x)]
        if error:
            self.w = [w + error * v for w, v in zip(self.w, x, strict=True)]
            self.b += error
        return error

    def fit(self, X: Sequence[Sequence[float]], y: Sequence[int], epochs: int = 100) -> list[int]:
        """Go through the samples until an epoch passes without an error, or `epochs` times.

        Returns:
            The number of errors in each epoch.

        Raises:
            ValueError: lengths differ, or a target is neither 0 nor 1; nothing is learned then.
        """
        X, y = checked_data(X, y)
        y = [class_index(target, 2, sample) for sample, target in enumerate(y)]
        errors = []
        for _ in range(chosen_number("Perceptron.fit", "epochs", epochs, WHOLE_FROM_0)):
            errors.append(len([1 for x, target in zip(X, y, strict=True) if self.learn(x, target)]))
            if not errors[-1]:
                break
        return errors

    def __repr__(self) -> str:
        return f"Perceptron({len(self.w)})"
