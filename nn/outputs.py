"""Lists that compute: what modules return, and parameters; batches of samples.

A file of its own, since layers and losses both return them and know nothing of each other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd import Value
from autograd.number import Traced, depth_of, entries, is_list, is_number, listed, number_of, shape_of
from autograd.settings import WHOLE, chosen_number
from nn.messages import problem


class Numbers(list[Any]):
    """A list that is computed with entry by entry, as with a tensor: `((y_pred - y) ** 2).mean()`.

    The other side is a number for all entries, nested lists or an array of the same shape, or one sample
    for each of a batch. Only `+` with a plain list joins the two, as for all lists: `rows += model(X)`.

    >>> y = Numbers([[1.0], [2.0]])
    >>> 2 * y - [[0.5], [0.5]], (y - 1.0).mean(), y.shape
    ([[1.5], [3.5]], 0.5, (2, 1))
    """

    __slots__ = ()
    __array_priority__ = 1000.0  # an array on the left leaves the work to us

    @property
    def shape(self) -> tuple[int, ...]:
        """How many entries there are along each axis.

        Raises:
            ValueError: lists of different lengths stand side by side.
        """
        found = shape_of(self)
        if isinstance(found, str):
            raise problem(ValueError, "nn_no_shape", shapes=found)
        return found

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of one axis."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self) -> int:
        """How many axes there are."""
        return depth_of(self)

    def numel(self) -> int:
        """How many numbers there are."""
        return len([x for _, x in entries(self)])

    def item(self) -> float:
        """The one number that there is.

        Raises:
            ValueError: there are several, or none.
        """
        found = [x for _, x in entries(self)]
        if len(found) != 1:
            raise problem(ValueError, "nn_item", count=len(found))
        return float(number_of(found[0]))

    def argmax(self, dim: int = -1) -> Any:
        """The place of the largest entry of each innermost list: the classes of a batch of scores."""
        chosen_number(self, "dim", dim, WHOLE)
        if dim not in (-1, self.dim() - 1):
            raise problem(ValueError, "nn_dim", owner="argmax", dim=dim, last=self.dim() - 1)
        numbers = self.tolist()
        if not is_list(numbers[0]):
            return numbers.index(max(numbers))
        return Classes(Outputs(row).argmax() for row in numbers)

    def tolist(self) -> Any:
        """The plain numbers, in nested lists."""
        return _each(number_of, self, list)

    def detach(self) -> Any:
        """The plain numbers, without a graph behind them."""
        return _each(number_of, self, Outputs)

    def sum(self) -> Any:
        """The sum of all entries."""
        return ag.sum([x for _, x in entries(self)])

    def mean(self) -> Any:
        """The mean of all entries."""
        return ag.mean([x for _, x in entries(self)])

    def abs(self) -> Any:
        """The size of each entry."""
        return _each(ag.abs, self, Outputs)

    def _with(self, function: Callable[[Any, Any], Any], other: Any, turned: bool = False) -> Any:
        other = listed(other)
        if not (is_list(other) or isinstance(other, Traced) or is_number(other)):
            return NotImplemented
        return _both(lambda a, b: function(b, a), self, other) if turned else _both(function, self, other)

    def __add__(self, other: Any) -> Any:
        return [*self, *other] if _is_plain(other) else self._with(operator.add, other)

    def __radd__(self, other: Any) -> Any:
        return NotImplemented if _is_plain(other) else self._with(operator.add, other, True)

    def __sub__(self, other: Any) -> Any:
        return self._with(operator.sub, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(operator.sub, other, True)

    def __mul__(self, other: Any) -> Any:
        return self._with(operator.mul, other)

    def __rmul__(self, other: Any) -> Any:
        return self._with(operator.mul, other, True)

    def __truediv__(self, other: Any) -> Any:
        return self._with(operator.truediv, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(operator.truediv, other, True)

    def __pow__(self, other: Any) -> Any:
        return self._with(operator.pow, other)

    def __neg__(self) -> Any:
        return _each(operator.neg, self, Outputs)


class Classes(Numbers):
    """What `argmax` gives of a batch; `==` asks one by one, as with a tensor.

    >>> said = Numbers([[0.1, 0.9], [0.7, 0.3]]).argmax(dim=1)
    >>> said.tolist(), (said == [1, 1]).sum().item(), (said == [1, 1]).float().mean()
    ([1, 0], 1, 0.5)
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # as of all lists

    def __eq__(self, other: object) -> Any:
        others = listed(other) if is_list(other) else [other] * len(self)
        if len(others) != len(self):
            raise problem(ValueError, "nn_elementwise", left=shape_of(self), right=shape_of(others))
        return Truths(number_of(x) == number_of(y) for x, y in zip(self, others, strict=True))

    def __ne__(self, other: object) -> Any:
        return Truths(not same for same in self == other)


class Count(int):
    """A whole number with `item()`, as a tensor of one number has it."""

    __slots__ = ()

    def item(self) -> int:
        """The number."""
        return int(self)


class Share(float):
    """The same of a float."""

    __slots__ = ()

    def item(self) -> float:
        """The number."""
        return float(self)


class Truths(Numbers):
    """One answer a sample."""

    __slots__ = ()

    def float(self) -> Truths:
        """The same as 1.0 and 0.0."""
        return Truths(map(float, self))

    def sum(self) -> Count:
        """How many are true."""
        return Count([bool(x) for x in self].count(True))

    def mean(self) -> Share:
        """Their share."""
        return Share(self.sum() / len(self))


class Slopes(Numbers):
    """The gradients of parameters, in nested lists.

    Args:
        numbers: the gradients.
        parameters: whose they are.
    """

    __slots__ = ("parameters",)

    def __init__(self, numbers: Iterable[Any], parameters: Any) -> None:
        super().__init__(numbers)
        self.parameters = parameters

    def zero_(self) -> None:
        """Set the gradients of the parameters to 0.0."""
        for _, p in entries(self.parameters):
            p.grad = 0.0


class Parameters(Numbers):
    """Parameters in nested lists: a weight matrix, or what `nn.Parameter` makes of lists."""

    __slots__ = ()

    @property
    def grad(self) -> Any:
        """The gradients, in nested lists that compute and have `zero_()`; assign None to forget them."""
        return Slopes(_each(lambda p: ag.number.to_grad(p.grad), self, list), self)

    @grad.setter
    def grad(self, gradients: Any) -> None:
        if gradients is None:
            for _, p in entries(self):
                p.grad = None
            return
        given = [number_of(x) for _, x in entries(gradients)]
        for (_, p), g in zip(entries(self), given, strict=True):
            p.grad = g

    def __isub__(self, step: Any) -> Parameters:
        """`w -= 0.1 * w.grad` moves the parameters, under `no_grad` as in PyTorch."""
        if ag.is_grad_enabled():
            raise problem(RuntimeError, "nn_in_place")
        self.data = Numbers(self.tolist()) - step
        return self

    @property
    def data(self) -> Any:
        """The numbers, in nested lists; assign nested lists of the same shape to change them."""
        return self.tolist()

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
        return any(p.requires_grad for _, p in entries(self))

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        for _, p in entries(self):
            p.requires_grad = wanted


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


class Outputs(Numbers):
    """A list of results; `backward()` says that a loss is needed first."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name == "backward":
            raise problem(AttributeError, "nn_backward_of_list", count=len(self))
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


if TYPE_CHECKING:

    class Result(Value):
        """What a model gives, to a type checker: a Value that may be a list of such, by the model's width."""

        def __getitem__(self, index: int) -> Result: ...
        def __iter__(self) -> Iterator[Result]: ...
        def __len__(self) -> int: ...

else:
    Result = Value


class Batch(Outputs):
    """Results of several samples: layers that take nested samples know by it where a sample begins."""

    __slots__ = ()


def for_each_sample(module: Callable[[Any], Any], samples: Iterable[Any]) -> Batch:
    """The module's results for a list of samples."""
    return Batch([module(sample) for sample in samples])


def _is_plain(x: Any) -> bool:
    return isinstance(x, list) and not isinstance(x, Numbers)


def _each(function: Callable[[Any], Any], x: Any, kind: Any) -> Any:
    if not is_list(x):
        return function(x)
    made = type(x) if isinstance(x, kind) and kind is not list else kind
    return made([_each(function, y, kind) for y in listed(x)])


def _both(function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    """Entry by entry; what is nested less stands for each of the other's entries."""
    depths = depth_of(x), depth_of(y)
    if depths == (0, 0):
        return function(x, y)
    if depths[0] == depths[1] and len(x) != len(y):
        raise problem(ValueError, "nn_elementwise", left=shape_of(x), right=shape_of(y))
    if depths[0] != depths[1] and min(depths) > 0:
        inner = x[0] if depths[0] > depths[1] else y[0]
        other = y if depths[0] > depths[1] else x
        if depth_of(inner) == depth_of(other) and len(inner) != len(other):
            raise problem(ValueError, "nn_elementwise", left=shape_of(x), right=shape_of(y))
    batch = Batch if isinstance(x, Batch) or isinstance(y, Batch) else Outputs
    if depths[0] > depths[1]:
        return batch([_both(function, a, y) for a in x])
    if depths[0] < depths[1]:
        return batch([_both(function, x, b) for b in y])
    return batch([_both(function, a, b) for a, b in zip(x, y, strict=True)])
