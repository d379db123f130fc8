"""What comes in from outside: a number, an index, a list of numbers; one rule for each, here alone.

NumPy, pandas and torch are known by what their objects offer (`__float__`, `__index__`, `tolist`).
A NumPy scalar has a `.data` of its own, a memoryview, and so has an array: `number_of` asks Values alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.messages import say

Shape = tuple[int, ...]
INFINITY = float("inf")
UNSET = float("0")  # the grad of a node that no backward pass has reached: this very object


class Traced:
    """What stands for a number in a computation: a Value, a dual number, a name; never a plain number."""

    __slots__ = ()


# --- one number -----------------------------------------------------------------------------------


def is_number(x: Any) -> bool:
    """True for what counts as one real number: anything that floats but Values, text and arrays.

    >>> is_number(2), is_number(True), is_number("2"), is_number([2.0])
    (True, True, False, False)
    """
    if isinstance(x, (int, float)):
        return not isinstance(x, Traced)
    if isinstance(x, (str, bytes, bytearray, complex, Traced)) or not hasattr(x, "__float__"):
        return False
    return getattr(x, "shape", ()) == () and getattr(getattr(x, "dtype", None), "kind", "f") in "fiub"


def to_float(x: Any) -> float:
    """A plain number (int, float, Fraction, Decimal, NumPy scalar) as a Python float.

    Raises:
        TypeError: `x` is no number; the sentence says what to write instead.
    """
    if type(x) is float:
        return x
    if is_number(x):
        try:
            return float(x)
        except OverflowError:
            return INFINITY if x > 0 else -INFINITY
    raise TypeError(say_not_a_number(x))


def plain(x: Any) -> Any:
    """A Value (or what else is traced) as it is, any other number as a float.

    Raises:
        TypeError: `x` is no number.
    """
    return x if x.__class__ is float or isinstance(x, Traced) else to_float(x)


def plains(xs: Iterable[Any]) -> list[Any]:
    """What `plain` makes of each of these."""
    return [x if isinstance(x, Traced) else plain(x) for x in xs]


def unboxed(x: Any) -> Any:
    """Python's own number for a NumPy scalar, which would go on in its narrow type; all else as it is."""
    return x.item() if hasattr(x, "dtype") and is_number(x) else x


def number_of(x: Any) -> Any:
    """The number behind a Value or a dual number; anything else as it is.

    >>> number_of(3)
    3
    """
    return getattr(x, "data", x) if isinstance(x, Traced) and hasattr(type(x), "data") else x


def to_grad(x: Any) -> float:
    """A `.grad` as somebody left it as a float: None, PyTorch's "no gradient yet", is UNSET."""
    return UNSET if x is None else to_float(x)


def kind_of(x: Any) -> str:
    """What somebody gave instead, for an error; a `Value` that is none of ours is told by its module."""
    kind = type(x)
    foreign = kind.__name__ == "Value" and not isinstance(x, Traced)
    return f"{kind.__module__}.{kind.__qualname__}" if foreign else kind.__name__


def say_not_a_number(x: Any) -> str:
    """The sentence for something that is no number, saying what to write instead."""
    if isinstance(x, (str, bytes)):
        numeral = str(x).strip().lstrip("+-").replace(".", "", 1).isdecimal()
        return say("text", text=repr(x), inner=str(x)) if numeral else say("text_no_number", text=repr(x))
    if isinstance(x, (set, frozenset, dict)) or is_list(x):
        return say("list", count=len(x), kind=type(x).__name__)
    if x is None:
        return say("none")
    if isinstance(x, complex):
        return say("complex", number=x)
    if isinstance(x, Traced):
        return say("value_in_value")
    return say("other", kind=kind_of(x))


def is_index(x: Any) -> bool:
    """True for an int or a NumPy int, what Python takes as an index: neither True nor 1.0."""
    if not hasattr(x, "__index__") or isinstance(x, bool):
        return False
    return getattr(getattr(x, "dtype", None), "kind", "i") in "iu" and getattr(x, "shape", ()) == ()


# --- lists and rectangles -------------------------------------------------------------------------


def is_list(x: Any) -> bool:
    """True for what holds entries in order: a list, tuple, array, range; not text, a dict or one number."""
    if isinstance(x, (list, tuple)):
        return True
    if isinstance(x, (str, bytes, bytearray, dict, set, frozenset, Traced)) or not hasattr(x, "__len__"):
        return False
    return getattr(x, "shape", None) != ()


def is_array(x: Any) -> bool:
    """True for an array of one axis or more: NumPy's, and what turns into one."""
    return hasattr(x, "__array__") and getattr(x, "shape", ()) != ()


def to_list(x: Any) -> list[Any]:
    """A list from whatever holds entries in order: an array or a table becomes nested lists of numbers.

    Raises:
        TypeError: it holds no entries.

    >>> to_list(range(3)), to_list((1.0, 2.0))
    ([0, 1, 2], [1.0, 2.0])
    """
    if isinstance(x, list):
        return x
    if hasattr(x, "to_numpy"):  # pandas, polars: iterating over a table would give its columns
        x = x.to_numpy()
    found = x.tolist() if hasattr(x, "tolist") else x
    if not hasattr(type(found), "__iter__"):
        raise TypeError(say("no_list", got=repr(found) if found is None else type(found).__name__))
    return list(found)


def listed(x: Any) -> Any:
    """`x` as a list where it holds entries in order, everything else as it is: what layers are called with.

    >>> listed(range(2)), listed((1.0, 2.0)), listed(1.5)
    ([0, 1], (1.0, 2.0), 1.5)
    """
    if isinstance(x, (list, tuple, float, Traced)):
        return x
    return to_list(x) if is_list(x) or hasattr(x, "to_numpy") else x


def entries(x: Any, index: Shape = ()) -> Iterator[tuple[Shape, Any]]:
    """The entries of nested lists or of an array, with their indices."""
    x = listed(x)
    if isinstance(x, (list, tuple)):
        for i, y in enumerate(x):
            yield from entries(y, (*index, i))
    else:
        yield index, x


def map_nested(function: Callable[[Any], Any], x: Any) -> Any:
    """Nested lists with `function` applied to every entry."""
    x = listed(x)
    return [map_nested(function, y) for y in x] if isinstance(x, (list, tuple)) else function(x)


def shape_of(x: Any) -> Shape | str:
    """The shape of nested lists or of an array, () for a number; of ragged ones a list of shapes as text.

    >>> shape_of([[1, 2, 3], [4, 5, 6]]), shape_of(1.5), shape_of([[1], [2, 3]])
    ((2, 3), (), '[(1,), (2,)]')
    """
    if not isinstance(x, (list, tuple)) and not hasattr(x, "shape"):
        x = listed(x)
    if not isinstance(x, (list, tuple)):
        return tuple(getattr(x, "shape", ()))
    inner = [shape_of(y) for y in x]
    if any(shape != inner[0] for shape in inner) or (inner and isinstance(inner[0], str)):
        return str(inner).replace('"', "").replace("'", "")
    return (len(x), *(inner[0] if inner else ()))


def rectangle(x: Any, owner: Any) -> Any:
    """Nested lists (an array, a table) as lists, after they were found to have one shape throughout.

    Args:
        x: what `owner` got.
        owner: who needs a rectangle, for the error.

    Raises:
        ValueError: lists of different lengths stand side by side.
    """
    x, shape = listed(x), shape_of(x)
    if isinstance(shape, str):
        raise ValueError(say("ragged", owner=owner, shape=shape))
    return x


def depth_of(x: Any) -> int:
    """How deep lists are nested, by their first entries: 0 for a number.

    >>> depth_of([[1.0, 2.0]]), depth_of(1.0)
    (2, 0)
    """
    depth = 0
    while is_list(x):
        depth += 1
        if len(x) == 0:
            break
        x = x[0]
    return depth
