"""No stand-in outlives the run it was made for: where a function stored one, its number is put back."""

from __future__ import annotations

import gc
import sys
from collections import Counter, deque
from collections.abc import Sequence
from contextvars import copy_context
from functools import _lru_cache_wrapper
from types import CellType, FrameType, FunctionType
from typing import Any

from autograd.messages import listed, say
from autograd.replay.capture.arithmetic import ArrayStandIn
from autograd.replay.capture.probe import Probe
from autograd.replay.capture.states import slot_of, slots_of

DEEPEST = 6  # tuples in tuples


def copied(result: Any) -> Any:
    """A returned structure with containers of its own, so that it alone holds its stand-ins."""
    if issubclass(type(result), ArrayStandIn):
        return _plain(result)
    if result.__class__ is list:
        return [copied(x) for x in result]
    if result.__class__ is dict:
        return {name: copied(x) for name, x in result.items()}
    if isinstance(result, tuple):
        parts = [copied(x) for x in result]
        return result._make(parts) if hasattr(result, "_make") else tuple.__new__(type(result), parts)
    return result


def put_back(probes: list[Any], result: list[Any]) -> tuple[str, bool]:
    """Exchange stand-ins that something besides the result, in a list, holds for their numbers.

    Returns:
        Where they were, in words ("" when nothing holds any), and whether all are gone from there.
    """
    expected = Counter[int]()
    own: list[Any] = [probes]
    _count(result, expected, own)
    if not _held(probes, expected):
        return "", True
    gc.collect()  # what only garbage holds is held by nobody
    outliving = _held(probes, expected)
    if not outliving:
        return "", True
    own.append(outliving)
    olds: list[Any] = outliving
    news = {id(x): _plain(x) for x in outliving}
    places: dict[str, None] = {}
    for _ in range(DEEPEST):
        olds, news = _replaced(olds, news, {id(x) for x in own}, places)
        own += [olds, news]
        if not olds:
            break
    return listed(places) or say("kept_somewhere"), not _held(outliving, expected, 1)


def _plain(x: Any) -> Any:
    return x.recorded_number if type(x) is Probe else x.plain().copy()


def _count(x: Any, expected: Counter[int], own: list[Any]) -> None:
    if type(x) is Probe:
        expected[id(x)] += 1
    elif x.__class__ in (list, dict) or isinstance(x, tuple):
        own.append(x)
        for y in x.values() if x.__class__ is dict else x:
            _count(y, expected, own)


def _held(probes: list[Any], expected: Counter[int], others: int = 0) -> list[Any]:
    """Those with more references than our list and the result have, and `others`."""
    alone = max(map(sys.getrefcount, [object()])) + others
    counts = map(sys.getrefcount, probes)
    return [probes[i] for i, count in enumerate(counts) if count > alone + expected.get(id(probes[i]), 0)]


def _replaced(
    olds: Sequence[Any], news: dict[int, Any], own: set[int], places: dict[str, None]
) -> tuple[list[Any], dict[int, Any]]:
    """Exchange things in all that holds them; what cannot change is to be exchanged in its turn."""
    holders: list[Any] = sorted(gc.get_referrers(*olds), key=lambda x: not isinstance(x, _lru_cache_wrapper))
    unchanging: list[Any] = []
    exchanged: dict[int, Any] = {}
    for array in _arrays_with(news) if any(type(x) is Probe for x in olds) else ():
        unchanging.append(array)
        exchanged[id(array)] = _filled(array, news)
    for holder in holders:
        if id(holder) in own or isinstance(holder, FrameType) or holder is olds:
            continue
        if isinstance(holder, (tuple, frozenset)):
            kind: Any = type(holder)
            parts = [news.get(id(x), x) for x in holder]
            made = kind._make(parts) if hasattr(kind, "_make") else kind.__new__(kind, parts)
            unchanging.append(holder)
            exchanged[id(holder)] = made
        else:
            _exchange(holder, news)
            places[f"a {type(holder).__name__}"] = None
    return unchanging, exchanged


def _arrays_with(news: dict[int, Any]) -> list[Any]:
    """NumPy's arrays of objects in which such things stand, as made of a list of numbers; GC knows none."""
    if "numpy" not in sys.modules:
        return []
    kind, found = sys.modules["numpy"].ndarray, {}
    pending = gc.get_referents(*gc.get_objects())
    while pending:
        x = pending.pop()
        if type(x) is kind and x.dtype == object and any(id(y) in news for y in x.flat):
            found[id(x)] = x
        elif type(x) is tuple and not gc.is_tracked(x):  # GC does not know tuples of arrays either
            pending += x
    return [*found.values()]


def _filled(array: Any, news: dict[int, Any]) -> Any:
    """What NumPy would have made: of numbers alone, an array of numbers."""
    import numpy as np

    for place, x in np.ndenumerate(array):
        array[place] = news.get(id(x), x)
    return np.array(array.tolist()) if all(isinstance(x, (int, float)) for x in array.flat) else array


def _exchange(holder: Any, news: dict[int, Any]) -> None:
    """Exchange what one thing holds."""
    if isinstance(holder, dict):
        _exchange_items(holder, news)
    elif isinstance(holder, (list, deque)):
        for i, x in enumerate(holder):
            holder[i] = news.get(id(x), x)
    elif isinstance(holder, set):
        for x in [x for x in holder if id(x) in news]:
            holder.remove(x)
            holder.add(news[id(x)])
    elif type(holder).__name__.startswith("hamt"):
        _set_variables(news)
    elif isinstance(holder, CellType):
        holder.cell_contents = news[id(holder.cell_contents)]
    elif isinstance(holder, FunctionType):
        holder.__defaults__ = news.get(id(holder.__defaults__), holder.__defaults__)
        _exchange_items(vars(holder), news)
    elif isinstance(holder, _lru_cache_wrapper):
        _compute_anew(holder, news)
    else:
        _exchange_attributes(holder, news)


def _exchange_attributes(holder: Any, news: dict[int, Any]) -> None:
    if isinstance(holder, BaseException):
        holder.args = news.get(id(holder.args), holder.args)
    _exchange(getattr(holder, "__dict__", {}), news)
    for slot in slots_of(type(holder)):
        if id(slot_of(holder, slot)) in news:
            slot.__set__(holder, news[id(slot_of(holder, slot))])


def _set_variables(news: dict[int, Any]) -> None:
    """What this thread's context variables hold."""
    for variable, x in copy_context().items():
        if id(x) in news:
            variable.set(news[id(x)])


def _exchange_items(holder: dict[Any, Any], news: dict[int, Any]) -> None:
    if any(id(x) in news for x in holder):
        items = [(news.get(id(name), name), news.get(id(x), x)) for name, x in holder.items()]
        holder.clear()
        holder.update(items)
    names = [name for name, x in holder.items() if id(x) in news]
    for name in names:
        holder[name] = news[id(holder[name])]
    for kind in gc.get_referrers(holder) if "__module__" in holder else ():
        for name in names if isinstance(kind, type) else ():  # so that it forgets what it has looked up
            setattr(kind, name, holder[name])


def _compute_anew(function: Any, news: dict[int, Any]) -> None:
    """What a cache has kept of the calls so far, with numbers."""
    found = gc.get_referents(function)
    calls = [key for x in found if type(x) is dict and x is not vars(function) for key in x]
    marks = {id(x) for x in found if type(x) is object}  # between arguments and keywords
    function.cache_clear()
    for call in calls:
        given = [news.get(id(x), x) for x in (call if isinstance(call, tuple) else (call,))]
        end = next((i for i, x in enumerate(given) if id(x) in marks), len(given))
        named: Any = dict(zip(given[end + 1 :: 2], given[end + 2 :: 2]))
        function(*given[:end], **named)
