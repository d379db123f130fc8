"""Nested lists by their axes: turned, cut and laid out anew, as tensors are in PyTorch."""

# mypy: disable-error-code="no-any-return"
# (what is made of lists of any depth is of the kind that it was made from)

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, SupportsIndex, TypeVar, overload

import autograd as ag
from autograd.number import depth_of, entries, is_list, listed, number_of, shape_of
from autograd.settings import WHOLE, chosen_number
from nn.messages import problem

Kind = Callable[[list[Any]], Any]
Entry = TypeVar("Entry")
Own = TypeVar("Own", bound="Axes[Any]")


def axis_of(owner: str, dim: int, depth: int) -> int:
    """The axis that `dim` says, counted from 0; -1 is the last.

    Raises:
        ValueError: there is no such axis.
    """
    chosen: int = chosen_number(owner, "dim", dim, WHOLE)
    if not -depth <= chosen < depth:
        raise problem(ValueError, "nn_axis", owner=owner, dim=chosen, depth=depth)
    return chosen % depth


def fitting(owner: str, given: Any, x: Any, fits: bool) -> None:
    """Refuse sizes or places that a tensor does not have.

    Raises:
        ValueError: `fits` is False.
    """
    if not fits:
        raise problem(ValueError, "nn_fit", owner=owner, given=given, shape=shape_of(x))


def laid_out(flat: Sequence[Any], shape: Sequence[int], kind: Kind) -> Any:
    """The same entries in lists of these lengths."""
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return kind(list(flat))
    size = math.prod(shape[1:])
    return kind([laid_out(flat[i * size : (i + 1) * size], shape[1:], kind) for i in range(shape[0])])


def reshaped(x: Any, shape: Sequence[int], kind: Kind) -> Any:
    """All entries in lists of other lengths; one -1 stands for what is left.

    Raises:
        ValueError: the lengths do not multiply to the number of entries.

    >>> reshaped([[1, 2, 3], [4, 5, 6]], (3, -1), list)
    [[1, 2], [3, 4], [5, 6]]
    """
    flat = [v for _, v in entries(x)]
    known = math.prod(n for n in shape if n != -1)
    wanted = [len(flat) // known if n == -1 and known else n for n in shape]
    if math.prod(wanted) != len(flat) or list(shape).count(-1) > 1:
        raise problem(ValueError, "nn_reshape", shape=tuple(shape), count=len(flat))
    return laid_out(flat, wanted, kind)


def permuted(x: Any, order: Sequence[int], kind: Kind) -> Any:
    """The axes in another order.

    >>> permuted([[1, 2, 3], [4, 5, 6]], (1, 0), list)
    [[1, 4], [2, 5], [3, 6]]
    """
    sizes: list[int] = list(shape_of(x))  # type: ignore[arg-type]  # a tuple, since something stands there
    shape, strides = [sizes[i] for i in order], [math.prod(sizes[i + 1 :]) for i in order]
    places = [0]
    for size, stride in zip(shape, strides, strict=True):
        places = [place + i * stride for place in places for i in range(size)]
    flat = [v for _, v in entries(x)]
    return laid_out([flat[place] for place in places], shape, kind)


def cut(x: Any, key: Sequence[Any], kind: Kind) -> Any:
    """`x[:, -1]`: for each axis an index, a slice, a list of places or of answers; `None` is a new one.

    >>> cut([[1, 2, 3], [4, 5, 6]], (slice(None), -1), list)
    [3, 6]
    >>> cut([[1, 2, 3], [4, 5, 6]], ([0, 1], [2, 0]), list), cut([1, 2, 3], ([True, False, True],), list)
    ([3, 4], [1, 3])
    """
    if not key:
        return x
    head, *rest = key
    if head is None:
        return kind([cut(x, rest, kind)])
    if head is Ellipsis:
        missing = len(shape_of(x)) - len([k for k in rest if k is not None])
        return cut(x, [*(slice(None),) * missing, *rest], kind)
    if isinstance(head, slice):
        return kind([cut(row, rest, kind) for row in list.__getitem__(x, head)])
    if not is_list(head):
        return cut(list.__getitem__(x, head), rest, kind)
    if head and is_list(head[0]):  # answers for every entry, or places in a table
        if isinstance(number_of(listed(head[0])[0]), bool):
            return kind([v for (_, v), (_, yes) in zip(entries(x), entries(head), strict=True) if yes])
        return kind([cut(x, [places, *rest], kind) for places in head])
    places = [i for i, yes in enumerate(head) if yes] if head and type(head[0]) is bool else list(head)
    if rest and is_list(rest[0]):  # pairs of places
        return kind([cut(x, (i, j, *rest[1:]), kind) for i, j in zip(places, rest[0], strict=True)])
    return kind([cut(list.__getitem__(x, i), rest, kind) for i in places])


def put(x: Any, key: Sequence[Any], entry: Any) -> None:
    """`x[:, -1] = entry`: each place that `cut` would give takes its part of the entry, or all of it.

    >>> x = [[1, 2, 3], [4, 5, 6]]
    >>> put(x, (slice(None), -1), 0)
    >>> put(x, (0,), 7)
    >>> x
    [[7, 7, 7], [4, 5, 0]]
    """
    head, *rest = key
    if head is Ellipsis:
        head, rest = slice(None), [*(slice(None),) * (len(shape_of(x)) - len(rest) - 1), *rest]
    if isinstance(head, slice):
        places: Sequence[Any] = range(len(x))[head]
    elif not is_list(head):
        here = list.__getitem__(x, head)
        if rest or (
            is_list(here) and (not is_list(entry) or len(entry) == len(here))
        ):  # its row stays its own
            put(here, rest or (slice(None),), entry)
        else:
            list.__setitem__(x, head, entry)
        return
    elif head and is_list(head[0]):  # answers for every entry
        for row, answers in zip(x, head, strict=True):
            put(row, (answers,), entry)
        return
    else:
        places = [i for i, yes in enumerate(head) if yes] if type(head[0]) is bool else list(head)
    if rest and is_list(rest[0]):  # pairs of places
        keys = [(i, j, *rest[1:]) for i, j in zip(places, rest[0], strict=True)]
    else:
        keys = [(i, *rest) for i in places]
    wanted, got = shape_of(cut(x, key, list)), shape_of(entry)
    parts = entry if got and len(got) == len(wanted) else [entry] * len(keys)
    if len(parts) != len(keys):
        raise problem(ValueError, "nn_elementwise", left=wanted, right=got)
    for one, part in zip(keys, parts, strict=True):
        put(x, one, part)


def reduced(function: Callable[[list[Any]], Any], x: Any, axis: int, kind: Kind) -> Any:
    """What the function makes of the entries along one axis.

    >>> reduced(sum, [[1, 2], [3, 4]], 0, list), reduced(sum, [[1, 2], [3, 4]], 1, list)
    ([4, 6], [3, 7])
    """
    if axis:
        return kind([reduced(function, row, axis - 1, kind) for row in x])
    if not x or not is_list(x[0]):
        return function(list(x))
    return kind([reduced(function, column, 0, kind) for column in zip(*x, strict=True)])


def product(left: Any, right: Any, kind: Kind) -> Any:
    """`left @ right`: rows times columns; a single list is a row on the left and a column on the right.

    Raises:
        ValueError: rows and columns are of different lengths.

    >>> product([[1.0, 2.0]], [[3.0], [4.0]], list)
    [[11.0]]
    """
    left, right = listed(left), listed(right)
    of_left, of_right = shape_of(left), shape_of(right)
    if len(of_left) > 2 and len(of_right) != 1:  # matrices side by side
        others = right if len(of_right) > 2 else [right] * len(left)
        if len(others) == len(left):
            return kind([product(a, b, kind) for a, b in zip(left, others, strict=True)])
    if len(of_left) > 2 or len(of_right) > 2 or of_left[-1:] != of_right[:1]:
        raise problem(ValueError, "nn_product", left=of_left, right=of_right)
    columns = [list(column) for column in zip(*right, strict=True)] if len(of_right) == 2 else [right]
    rows = left if len(of_left) == 2 else [left]
    products: list[list[Any]] = [[ag.dot(list(row), column) for column in columns] for row in rows]
    found = [row[0] if len(of_right) == 1 else kind(row) for row in products]
    return kind(found) if len(of_left) == 2 else found[0]


def each(function: Callable[[Any], Any], x: Any, kind: Any) -> Any:
    """`function` of every entry; lists become `kind`, or stay the kind of it that they are."""
    if not is_list(x):
        return function(x)
    made = type(x) if isinstance(x, kind) and kind is not list else kind
    return made([each(function, y, kind) for y in listed(x)])


class Dtype:
    """What the entries of a tensor are; called, it makes such a number.

    Args:
        name: PyTorch's.
        made: Python's kind of number.
    """

    hasobject = False  # what libraries ask NumPy's

    def __init__(self, name: str, made: type[float]) -> None:
        self.name, self.made, self.kind = name, made, name[0]

    def __call__(self, x: Any) -> Any:
        """The number as one of this kind."""
        return self.made(x)

    def __repr__(self) -> str:
        return f"torch.{self.name}"


DOUBLE, WHOLE_NUMBER, TRUTH = Dtype("float64", float), Dtype("int64", int), Dtype("bool", bool)


class Count(int):
    """A whole number with `item()`, as a tensor of one number has it."""

    __slots__ = ()
    dtype = WHOLE_NUMBER

    def item(self) -> int:
        """The number."""
        return int(self)


class Share(float):
    """A float with `item()`, as a tensor of one number has it, and `numpy()` as TensorFlow's has."""

    __slots__ = ()
    dtype = DOUBLE

    def numpy(self) -> float:
        """The number."""
        return float(self)

    def item(self) -> float:
        """The number."""
        return float(self)


class Axes(list[Entry]):
    """A list whose entries stand along axes."""

    __slots__ = ()

    def _kind(self) -> Kind:
        """What a list is made of that holds the same entries in another order."""
        return type(self)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Entry: ...
    @overload
    def __getitem__(self, key: slice) -> list[Entry]: ...
    @overload
    def __getitem__(self, key: tuple[int | slice, ...]) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        if type(key) is int:
            return list.__getitem__(self, key)
        if type(key) is slice:
            return self._kind()(list.__getitem__(self, key))
        return cut(self, key if type(key) is tuple else (key,), self._kind())

    def __setitem__(self, key: Any, entry: Any) -> None:
        if type(key) is slice and depth_of(entry) >= depth_of(self):  # of another length too, as of all lists
            list.__setitem__(self, key, entry)
        else:
            put(self, key if type(key) is tuple else (key,), listed(entry))

    def reshape(self: Own, *shape: int | Sequence[int]) -> Own:
        """The same entries in lists of other lengths; one -1 stands for what is left."""
        sizes: Any = listed(shape[0]) if len(shape) == 1 and is_list(shape[0]) else shape
        return reshaped(self, tuple(sizes), self._kind())

    view = reshape

    def view_as(self: Own, other: Any) -> Own:
        """The same entries in lists as long as those of another."""
        return self.reshape(*shape_of(other))

    reshape_as = view_as

    def flatten(self: Own, start_dim: int = 0, end_dim: int = -1) -> Own:
        """One list in the place of those from an axis on, up to another."""
        sizes = shape_of(self)
        first, last = (axis_of("flatten", dim, len(sizes)) for dim in (start_dim, end_dim))
        fitting("flatten", (start_dim, end_dim), self, first <= last)
        return self.reshape(*sizes[:first], -1, *sizes[last + 1 :])

    def squeeze(self: Own, dim: int | None = None) -> Own:
        """Without axes of length 1: all of them, or this one."""
        sizes: list[int] = list(shape_of(self))  # type: ignore[arg-type]  # a tuple, as above
        if dim is None:
            return self.reshape([n for n in sizes if n != 1])
        axis = axis_of("squeeze", dim, len(sizes))
        return self.reshape(sizes[:axis] + sizes[axis + (sizes[axis] == 1) :])

    def unsqueeze(self: Own, dim: int) -> Own:
        """With one more axis of length 1."""
        sizes: list[int] = list(shape_of(self))  # type: ignore[arg-type]  # a tuple, as above
        sizes.insert(axis_of("unsqueeze", dim, len(sizes) + 1), 1)
        return self.reshape(sizes)

    def transpose(self: Own, dim0: int, dim1: int) -> Own:
        """Two axes change places."""
        depth = len(shape_of(self))
        first, second = axis_of("transpose", dim0, depth), axis_of("transpose", dim1, depth)
        order = list(range(depth))
        order[first], order[second] = second, first
        return permuted(self, order, self._kind())

    def t(self: Own) -> Own:
        """Rows become columns."""
        return self if len(shape_of(self)) < 2 else self.transpose(0, 1)

    T = property(t)

    def to(self: Own, *where: Any) -> Own:
        """This very thing, as everything is double on the CPU; `to(torch.long)` makes whole numbers."""
        kind = next((x for x in where if isinstance(x, (Dtype, type))), None)
        if kind is None or (kind in (float, DOUBLE) and self.dtype is DOUBLE):
            return self
        return each(lambda x: kind(number_of(x)), self, self._kind())

    cpu = cuda = clone = contiguous = double = type = to

    @property
    def dtype(self) -> Dtype:
        """What its first entry is: double, a whole number or an answer."""
        first = next((number_of(x) for _, x in entries(self)), 0.0)
        return TRUTH if type(first) is bool else WHOLE_NUMBER if isinstance(first, int) else DOUBLE

    device = "cpu"  # PyTorch's
