"""The base of Keras's metrics, and of those that a program writes itself."""

from __future__ import annotations

from typing import Any

from autograd import Value
from autograd.number import map_nested
from nn.keras.configuration import Remembered
from nn.keras.layer import filled, snake


class Metric(Remembered):
    """A number over all samples since the last `reset_state`.

    One of your own makes variables by `add_weight`, counts them up in `update_state`, and says in `result`
    what they come to. In `fit` and `evaluate` it gets all samples at once.

    Args:
        name: under which the history records it; None takes Keras's.

    >>> class Misses(Metric):
    ...     def __init__(self, name="misses"):
    ...         super().__init__(name=name)
    ...         self.total = self.add_weight(name="total", initializer="zeros")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.total.assign_add(sum(abs(t - p) > 0.5 for t, p in zip(y_true, y_pred)))
    ...     def result(self):
    ...         return self.total
    >>> misses = Misses()
    >>> misses([0.0, 1.0], [0.0, 0.0]).data, misses([1.0], [0.0]).data
    (1.0, 2.0)
    >>> misses.reset_state()
    >>> misses.result().data
    0.0
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or snake(type(self).__name__)

    @property
    def variables(self) -> list[Any]:
        """What `add_weight` made."""
        return list(vars(self).get("_variables", ()))

    def add_weight(self, shape: Any = (), initializer: Any = "zeros", name: str | None = None) -> Any:
        """A variable of this shape, which takes no part in gradients; put it into an attribute."""
        made = filled(self, shape, initializer or "zeros", False, name)
        self._variables = [*self.variables, made]
        return made

    add_variable = add_weight

    def reset_state(self) -> None:
        """Set the variables to 0."""
        for variable in self.variables:
            variable.assign(0.0 if isinstance(variable, Value) else map_nested(lambda _: 0.0, variable))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add samples."""
        raise NotImplementedError

    def result(self) -> Any:
        """The number now."""
        raise NotImplementedError

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Add samples, and give the number now."""
        self.update_state(y_true, y_pred, *([] if sample_weight is None else [sample_weight]))
        return self.result()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"
