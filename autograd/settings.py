"""Words and numbers that a person chooses, checked when they are given: the one door for all of them.

A word is one of a few; a number lies in a range. What does not fit is refused with what would.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Collection
from typing import Any, NamedTuple

from autograd.messages import listed, say
from autograd.number import Traced, is_index, is_list, is_number, number_of, to_list


class Range(NamedTuple):
    """Which numbers a setting may have; both ends belong to it unless they are said to be open."""

    low: float = -math.inf
    high: float = math.inf
    open: str = ""  # "low", "high" or "both": which end does not belong to it
    whole: bool = False
    infinite: bool = False  # whether inf may stand for "no limit"

    def holds(self, x: float) -> bool:
        """Whether `x` lies in the range; nan lies in none."""
        inside = self.low < x < self.high or (x == self.high and self.open not in ("high", "both"))
        inside = inside or (x == self.low and self.open not in ("low", "both"))
        return inside and (self.infinite or math.isfinite(x))

    def said(self, name: str) -> str:
        """The range as a condition on `name`.

        >>> BELOW_1.said("beta"), FROM_0.said("lr"), Range().said("x")
        ('0 <= beta < 1', 'lr >= 0', 'x')
        """
        below, above = (self.open in ends for ends in (("low", "both"), ("high", "both")))
        if self.high < math.inf:
            start = "" if self.low == -math.inf else f"{self.low:g} {'<' if below else '<='} "
            return f"{start}{name} {'<' if above else '<='} {self.high:g}"
        return name if self.low == -math.inf else f"{name} {'>' if below else '>='} {self.low:g}"


FINITE = Range()
FROM_0 = Range(0)
ABOVE_0 = Range(0, open="low")
LIMIT = Range(0, infinite=True)  # inf: no limit
SHARE = Range(0, 1)
BELOW_1 = Range(0, 1, open="high")
WHOLE = Range(whole=True)
WHOLE_FROM_0 = Range(0, whole=True)
WHOLE_FROM_1 = Range(1, whole=True)


def chosen_word(owner: Any, name: str, value: Any, words: Collection[str], advice: str = "") -> Any:
    """`value`, after it was found among `words`.

    Args:
        owner: who was given it: an object, whose type is named, or a name.
        name: of the setting.
        value: what was given.
        words: all that is known.
        advice: what else may be given, said behind the words.

    Raises:
        ValueError: it is none of the words; the message lists them.

    >>> chosen_word("mse", "reduction", "average", ("mean", "sum", "none"))
    Traceback (most recent call last):
    ValueError: mse: reduction 'average' is not known: choose one of mean, sum, none.
    """
    if isinstance(value, str) and value in words:
        return value
    names = listed(words)
    raise ValueError(say("word", owner=_name(owner), name=name, value=value, names=names, advice=advice))


def chosen_number(owner: Any, name: str, value: Any, among: Range = FINITE, none: bool = False) -> Any:
    """`value`, after it was found to be a number of the range; a whole one comes back as an int.

    Args:
        owner: who was given it: an object, whose type is named, or a name.
        name: of the setting.
        value: what was given; of a Value the number counts, and the Value comes back.
        among: the range.
        none: whether None may stand for "not given".

    Raises:
        TypeError: it is no number, or not a whole one where the range wants that.
        ValueError: it lies outside, or is nan.

    >>> chosen_number("Dropout", "p", 1.5, SHARE)
    Traceback (most recent call last):
    ValueError: Dropout needs a finite number 0 <= p <= 1, got 1.5.
    """
    if type(value) is float and among.low < value < among.high and not among.whole:
        return value  # what nearly all are
    if value is None and none:
        return None
    if among.whole:
        if is_index(value) and among.holds(index := operator.index(value)):
            return index
        raise _refused(owner, name, value, among)
    number = number_of(value)
    if isinstance(number, Traced):  # it stands for a number that is not known yet
        return value
    if not is_number(number) or not among.holds(number):
        raise _refused(owner, name, number, among)
    if number is not value:
        return value
    return number if type(number) is int else float(number)


def chosen_numbers(owner: Any, name: str, values: Any, count: int, among: Range = FINITE) -> tuple[Any, ...]:
    """`count` numbers of the range, as a tuple.

    Raises:
        TypeError, ValueError: as `chosen_number`, or they are not so many.

    >>> chosen_numbers("Adam", "betas", [0.9, 0.99], 2, BELOW_1)
    (0.9, 0.99)
    """
    given = list(values) if is_list(values) else []
    if len(given) != count:
        kind = say("whole_number" if among.whole else "finite_number")
        fields = {"owner": _name(owner), "name": name, "count": count, "kind": kind, "range": among.said("x")}
        raise (ValueError if given else TypeError)(say("number_of_numbers", value=values, **fields))
    return tuple(chosen_number(owner, f"{name}[{i}]", x, among) for i, x in enumerate(given))


def chosen_list(owner: Any, name: str, value: Any, none: bool = False) -> list[Any]:
    """What was given one after another, as a list; nothing where None may stand for "none of them".

    Raises:
        TypeError: one thing alone, or a text, which would be taken for its letters.

    >>> chosen_list("fit", "callbacks", print)
    Traceback (most recent call last):
    TypeError: fit takes a list for callbacks, got print: put [ ] around it.
    """
    if value is None and none:
        return []
    try:
        return list(to_list(None if isinstance(value, str) else value))
    except TypeError:
        if not isinstance(value, str) and hasattr(type(value), "__iter__"):
            raise  # its own problem
        brief = value is None or isinstance(value, str) or is_number(value)
        got = repr(value) if brief else getattr(value, "__name__", type(value).__name__)
        advice = "" if value is None else say("list_advice")
        raise TypeError(say("one_for_list", owner=_name(owner), name=name, got=got, advice=advice)) from None


def _refused(owner: Any, name: str, value: Any, among: Range) -> Exception:
    kind = say("whole_number" if among.whole else "any_number" if among.infinite else "finite_number")
    fields = {"owner": _name(owner), "kind": kind, "range": among.said(name), "value": value}
    number = is_number(value) and not (among.whole and isinstance(value, bool))
    return (ValueError if number else TypeError)(say("number_range", **fields))


def _name(owner: Any) -> str:
    return owner if isinstance(owner, str) else type(owner).__name__
