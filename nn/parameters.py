"""What training changes: parameters in nested lists, their numbers and gradients, moved in place."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, overload

import autograd as ag
from autograd import Number, Value
from autograd.number import entries, is_list, listed, number_of, shape_of
from nn.messages import problem
from nn.outputs import Numbers, Sample
from nn.shapes import Kind, each


class Movable(Numbers[Any]):
    """Numbers that change in place: `add_` is `add` of them, `mul_` is `mul`, and so on.

    >>> import autograd
    >>> w = Parameter([1.0, 2.0])
    >>> with autograd.no_grad():
    ...     w.data.add_([1.0, 1.0], alpha=0.5), w.mul_(2).data
    ([1.5, 2.5], [3.0, 5.0])
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # a type checker would take every name for one that is there

        def __getattr__(self, name: str) -> Any:
            if name[-1:] == "_" != name[:1] and callable(getattr(Numbers, name[:-1], None)):
                return functools.partial(self._moved, name[:-1])
            return super().__getattr__(name)

    def _moved(self, name: str, *given: Any, **named: Any) -> Any:
        others = [Numbers(x) if type(x) is list else x for x in given]  # `+` with a plain list joins
        return self.copy_(getattr(Numbers(self.tolist()), name)(*others, **named))

    def copy_(self, numbers: Any) -> Any:
        """Take these numbers."""
        raise NotImplementedError

    def fill_(self, value: Any) -> Any:
        """Take one number everywhere."""
        return self.copy_(each(lambda _: value, self.tolist(), list))

    def zero_(self) -> Any:
        """Take 0.0 everywhere."""
        return self.fill_(0.0)

    def normal_(self, mean: float = 0.0, std: float = 1.0) -> Any:
        """Take draws from a normal distribution."""
        return self.copy_(each(lambda _: random.gauss(mean, std), self.tolist(), list))

    def uniform_(self, a: float = 0.0, b: float = 1.0) -> Any:
        """Take draws from one number to another."""
        return self.copy_(each(lambda _: random.uniform(a, b), self.tolist(), list))

    # fmt: off
    def __iadd__(self, x: Any) -> Any: return self._moved("add", x)  # type: ignore[misc]  # no list's
    def __isub__(self, x: Any) -> Any: return self._moved("sub", x)  # type: ignore[misc]  # the same
    def __imul__(self, x: Any) -> Any: return self._moved("mul", x)  # type: ignore[misc]  # the same
    def __itruediv__(self, x: Any) -> Any: return self._moved("truediv", x)  # type: ignore[misc]  # the same
    # fmt: on


class Held(Movable):
    """The numbers of parameters, or their gradients: moved in place they move there.

    Args:
        numbers: now.
        write: what takes others.
    """

    __slots__ = ("_write",)

    def __init__(self, numbers: Iterable[Any], write: Callable[[Any], None]) -> None:
        super().__init__(numbers)
        self._write = write

    def _kind(self) -> Kind:
        return Numbers

    def copy_(self, numbers: Any) -> Any:
        """Take these numbers, here and there."""
        self._write(numbers)
        self[:] = each(number_of, numbers, Numbers)
        return self

    data = property(lambda self: self)


class Parameters(Movable):
    """Parameters in nested lists: a weight matrix, or what `nn.Parameter` makes of lists."""

    __slots__ = ()
    stands_for_all = True

    @property
    def grad(self) -> Any:
        """The gradients, in nested lists that compute and have `zero_()`; assign None to forget them."""
        found = each(lambda p: ag.number.to_grad(p.grad), list(self), Numbers)
        return Held(found, functools.partial(setattr, self, "grad"))

    @grad.setter
    def grad(self, gradients: Any) -> None:
        if gradients is None:
            for _, p in entries(self):
                p.grad = None
            return
        given = [number_of(x) for _, x in entries(gradients)]
        for (_, p), g in zip(entries(self), given, strict=True):
            p.grad = g

    def copy_(self, numbers: Any) -> Any:
        """Take these numbers: `w -= 0.1 * w.grad` does so, under `no_grad` as in PyTorch."""
        if ag.is_grad_enabled() and self.requires_grad:
            raise problem(RuntimeError, "nn_in_place")
        self.data = numbers
        return self

    @property
    def data(self) -> Any:
        """The numbers, in nested lists; assign nested lists of the same shape to change them."""
        return Held(each(number_of, list(self), Numbers), functools.partial(setattr, self, "data"))

    @data.setter
    def data(self, numbers: Any) -> None:
        if shape_of(numbers) != shape_of(self):
            raise problem(ValueError, "nn_parameter_shape", wanted=shape_of(self), got=shape_of(numbers))
        given = [ag.number.to_float(number_of(x)) for _, x in entries(numbers)]
        for (_, p), x in zip(entries(self), given, strict=True):
            p.data = x

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient arrives at any of them; settable for all."""
        return super().requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        for _, p in entries(self):
            p.requires_grad = wanted


@overload
def Parameter(data: Sample, requires_grad: bool = True) -> Parameters: ...
@overload
def Parameter(data: Number, requires_grad: bool = True) -> Value: ...
def Parameter(data: Any, requires_grad: bool = True) -> Any:  # noqa: N802 - PyTorch's name, of a class there
    """What a module learns: a Value for a number, and for nested lists or an array lists of Values.

    Raises:
        TypeError: an entry is no number.

    >>> w = Parameter([[0.5, -1.0]])
    >>> w.shape, w.numel(), w[0][1].data, Parameter(2.0).data
    ((1, 2), 2, -1.0, 2.0)
    """
    data = listed(data)
    if is_list(data):
        return Parameters([Parameter(x, requires_grad) for x in data])
    if isinstance(data, Value) and data.a is None:
        data.requires_grad = bool(requires_grad)
        return data
    return Value(number_of(data), requires_grad=bool(requires_grad))
