"""Lists that compute: what modules return, and parameters; batches of samples.

A file of its own, since layers and losses both return them and know nothing of each other.
"""

# mypy: disable-error-code="no-any-return, override"
# (what is made of lists of any depth is of the kind that it was made from; a list's operators join or repeat)

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import autograd as ag
from autograd import Number, Value
from autograd.number import Traced, depth_of, entries, is_list, is_number, listed, number_of, shape_of
from nn.messages import problem
from nn.shapes import Axes, Count, Entry, Kind, Share, axis_of, each, product, reduced

Own = TypeVar("Own", bound="Numbers[Any]")


class Numbers(Axes[Entry]):
    """A list that is computed with entry by entry, as with a tensor: `((y_pred - y) ** 2).mean()`.

    The other side is a number for all entries, nested lists or an array of the same shape, or one sample
    for each of a batch. Only `+` with a plain list joins the two, as for all lists: `rows += model(X)`.

    >>> y = Numbers([[1.0], [2.0]])
    >>> 2 * y - [[0.5], [0.5]], (y - 1.0).mean(), y.shape
    ([[1.5], [3.5]], 0.5, (2, 1))
    """

    __slots__ = ()
    stands_for_all = False  # True: one entry goes with every one of the other side, as a bias does
    __array_priority__ = 1000.0  # an array on the left leaves the work to us

    if not TYPE_CHECKING:  # a type checker would take every name for one that is there

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):  # what libraries ask for
                raise AttributeError(name)
            raise problem(AttributeError, "nn_list_unknown", kind=type(self).__name__, name=name)

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

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient arrives at any of them."""
        return any(isinstance(x, Value) and x.requires_grad for _, x in entries(self))

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

    if TYPE_CHECKING:  # of `nn.tensors`, which has what else tensors can do
        _of: Any = None

        # fmt: off
        def exp(self: Own) -> Own: ...
        abs = log = sqrt = tanh = sigmoid = relu = acos = asin = atan = ceil = cos = cosh = erf = erfc = exp
        exp2 = expm1 = floor = lgamma = log10 = log1p = log2 = reciprocal = sign = sin = sinh = square = exp
        tan = trunc = exp
        add = sub = var = std = norm = prod = logsumexp = softmax = log_softmax = any = max = min = amax = _of
        amin = argsort = argmax = argmin = sort = topk = cumsum = flip = clamp = round = isnan = _of
        masked_fill = tril = triu = permute = repeat = expand = split = chunk = gather = index_select = _of
        mul = truediv = matmul = eq = ne = gt = ge = lt = le = logical_and = logical_or = maximum = _of
        minimum = div = mm = bmm = mv = dot = clip = multiply = divide = subtract = absolute = _of
        isfinite = true_divide = all = _of

    def tolist(self) -> Any:
        """The plain numbers, in nested lists."""
        return each(number_of, self, list)

    def detach(self) -> Any:
        """The plain numbers, without a graph behind them."""
        return each(number_of, self, Outputs)

    def sum(self, dim: int | None = None, keepdim: bool = False) -> Entry:
        """The sum of all entries, or along one axis, which `keepdim` leaves with the length 1."""
        return self._reduced(ag.sum, "sum", dim, keepdim)

    def mean(self, dim: int | None = None, keepdim: bool = False) -> Entry:
        """The mean of all entries, or along one axis."""
        return self._reduced(ag.mean, "mean", dim, keepdim)

    def _reduced(
        self, function: Callable[[list[Any]], Any], owner: str, dim: int | None, keepdim: bool = False
    ) -> Any:
        if dim is None:
            found = function([x for _, x in entries(self)])
            return Share(found) if type(found) is float else found
        axis = axis_of(owner, dim, len(self.shape))
        made = reduced(function, self, axis, Outputs)
        if not keepdim:
            return made
        return made.unsqueeze(axis) if is_list(made) else Outputs([made])

    def numpy(self) -> Any:
        """The plain numbers as an array."""
        import numpy as np

        return np.array(self.tolist())

    def float(self: Own) -> Own:
        """Whole numbers and answers as floats; Values stay what they are."""
        return each(lambda x: x if isinstance(x, Traced) else float(x), self, self._kind())

    def long(self: Own) -> Own:
        """Every entry as a whole number, the way class indices are."""
        return each(lambda x: int(number_of(x)), self, self._kind())

    def _with(self, function: Callable[[Any, Any], Any], other: Any, turned: bool = False) -> Any:
        other = listed(other)
        if not (is_list(other) or isinstance(other, Traced) or is_number(other)):
            return NotImplemented
        return both(lambda a, b: function(b, a), self, other) if turned else both(function, self, other)

    def __add__(self: Own, other: Entries) -> Own:
        return self._joined(other) if _is_plain(other) else self._with(operator.add, other)

    def __radd__(self: Own, other: Entries) -> Own:
        return NotImplemented if _is_plain(other) else self._with(operator.add, other, True)

    # fmt: off
    def __sub__(self: Own, other: Entries) -> Own: return self._with(operator.sub, other)
    def __rsub__(self: Own, other: Entries) -> Own: return self._with(operator.sub, other, True)
    def __mul__(self: Own, other: Entries) -> Own: return self._with(operator.mul, other)
    def __rmul__(self: Own, other: Entries) -> Own: return self._with(operator.mul, other, True)
    def __truediv__(self: Own, other: Entries) -> Own: return self._with(operator.truediv, other)
    def __rtruediv__(self: Own, other: Entries) -> Own: return self._with(operator.truediv, other, True)
    def __pow__(self: Own, other: Entries) -> Own: return self._with(operator.pow, other)
    def __matmul__(self: Own, other: Iterable[Any]) -> Own: return product(self, other, Outputs)
    def __rmatmul__(self: Own, other: Iterable[Any]) -> Own: return product(other, self, Outputs)
    def __gt__(self, other: Entries) -> Truths: return self._asked(operator.gt, other)
    def __ge__(self, other: Entries) -> Truths: return self._asked(operator.ge, other)
    def __lt__(self, other: Entries) -> Truths: return self._asked(operator.lt, other)
    def __le__(self, other: Entries) -> Truths: return self._asked(operator.le, other)
    def __neg__(self: Own) -> Own: return each(operator.neg, self, Outputs)
    # fmt: on

    pow = __pow__

    def _joined(self, other: Any) -> Any:
        return [*self, *other]

    def _asked(self, ask: Callable[[Any, Any], bool], other: Any) -> Any:
        found = self._with(lambda a, b: ask(number_of(a), number_of(b)), other)
        return found if found is NotImplemented else each(bool, found, Truths)


class Classes(Numbers[Any]):
    """What `argmax` gives of a batch; `==` asks one by one, as with a tensor.

    >>> said = Numbers([[0.1, 0.9], [0.7, 0.3]]).argmax(dim=1)
    >>> said.tolist(), (said == [1, 1]).sum().item(), (said == [1, 1]).float().mean()
    ([1, 0], 1, 0.5)
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # as of all lists

    def __eq__(self, other: object) -> Any:
        return self._asked(operator.eq, other)

    def __ne__(self, other: object) -> Any:
        return self._asked(operator.ne, other)


class Truths(Classes):
    """One answer a sample."""

    __slots__ = ()

    def sum(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """How many are true."""
        found = super().sum(dim, keepdim)
        return found if is_list(found) else Count(found)

    def mean(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """The share of the true ones."""
        found = super().mean(dim, keepdim)
        return found if is_list(found) else Share(found)


class Outputs(Numbers["Result"]):
    """A list of results."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __init__(self, entries: Iterable[Any] = ...) -> None: ...

    def backward(self, gradient: Any = None, retain_graph: bool | None = None) -> None:  # noqa: ARG002 - PyTorch's
        """`backward` of the sum of all results, each times its entry of `gradient`.

        Raises:
            AttributeError: no `gradient`, and several results.
            ValueError: it has another shape.
        """
        if gradient is None and self.numel() != 1:
            raise problem(AttributeError, "nn_backward_of_list", count=len(self))
        weights = each(lambda _: 1.0, self, list) if gradient is None else listed(gradient)
        if shape_of(weights) != self.shape:
            raise problem(ValueError, "nn_elementwise", left=self.shape, right=shape_of(weights))
        pairs = zip(entries(self), entries(weights), strict=True)
        ag.sum([y * number_of(g) for (_, y), (_, g) in pairs]).backward()


if TYPE_CHECKING:

    class Result(Outputs, Value):  # type: ignore[misc]  # what both have means the same
        """What a model gives, to a type checker: a Value that may be a list of such, by the model's width."""

    # a row, an image, a batch of these, a sparse row
    Sample = Iterable[Number | Iterable[Number | Iterable[Number | Iterable[Number]]]]
    Entries = Number | Sample

else:
    Result, Sample, Entries = Value, Any, Any


class Batch(Outputs):
    """Results of several samples: layers that take nested samples know by it where a sample begins."""

    __slots__ = ()

    def _kind(self) -> Kind:
        return Outputs


def for_each_sample(module: Callable[[Any], Any], samples: Iterable[Any]) -> Batch:
    """The module's results for a list of samples."""
    return Batch([module(sample) for sample in samples])


def _is_plain(x: Any) -> bool:
    return isinstance(x, list) and not isinstance(x, Numbers)


def both(function: Callable[[Any, Any], Any], x: Any, y: Any, stretched: bool = False) -> Any:
    """Entry by entry; what is nested less stands for each of the other's, so do axes of length 1.

    `stretched` says that both stand in tables of as many axes.
    """
    batch = Batch if isinstance(x, Batch) or isinstance(y, Batch) else Outputs
    if is_list(x) and is_list(y):
        x, y, stretched = _fitted(x, y, stretched)
    of_x, of_y = depth_of(x), depth_of(y)
    if of_x == of_y == 0:
        return function(x, y)
    if of_x > of_y:
        return batch([both(function, a, y, stretched) for a in x])
    if of_x < of_y:
        return batch([both(function, x, b, stretched) for b in y])
    return batch([both(function, a, b, stretched) for a, b in zip(x, y, strict=True)])


def _fitted(x: Any, y: Any, stretched: bool) -> tuple[Any, Any, bool]:
    """Both as they go together: of lists one entry is rather a mistake, but a bias stands for all."""
    more, less = (x, y) if depth_of(x) > depth_of(y) else (y, x)
    if depth_of(x) == depth_of(y):
        stretched = stretched or depth_of(x) > 1
        if len(x) == 1 and (stretched or getattr(x, "stands_for_all", False)):
            x = list(x) * len(y)
        elif len(y) == 1 and (stretched or getattr(y, "stands_for_all", False)):
            y = list(y) * len(x)
        fits = len(x) == len(y)
    elif len(less) == 1 and getattr(less, "stands_for_all", False):
        fits, x, y = True, x[0] if less is x else x, y[0] if less is y else y
    else:
        fits = depth_of(less) + 1 < depth_of(more) or len(more[0]) == len(less)
        if not fits and len(more[0]) == 1 != len(less) and len(more) != len(less):
            fits = stretched = True
    if not fits:
        raise problem(ValueError, "nn_elementwise", left=shape_of(x), right=shape_of(y))
    return x, y, stretched
