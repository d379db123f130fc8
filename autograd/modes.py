"""What watches the making of nodes: `no_grad`, `scope`, anomaly detection, recording; what is differentiated.

A watcher is a function that gets each new node and returns the node to use.  Who watches is a
context variable, so threads and async tasks do not mix; `watching` says whether any does, so that an
op on Values asks only one number while nobody watches.

While a derivative of a function is taken, its point is "active", and the leaves made meanwhile are
known: those that the function reaches and that are older are its parameters.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import sys
import warnings
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Any, TypeVar

from autograd.messages import say

Watcher = Callable[[Any], Any]
Function = TypeVar("Function", bound=Callable[..., Any])
Moment = tuple[tuple[object, ...], tuple[Watcher, ...], "frozenset[int]"]

WATCHERS: ContextVar[tuple[Watcher, ...]] = ContextVar("autograd_watchers", default=())
SCOPE: ContextVar[tuple[str, ...]] = ContextVar("autograd_scope", default=())
ANOMALY: ContextVar[bool] = ContextVar("autograd_anomaly", default=False)
# of the points of derivatives being taken: the ids of their nodes, the levels of their dual numbers
ACTIVE: ContextVar[frozenset[int]] = ContextVar("autograd_active", default=frozenset())
# what has begun here and not ended, the outermost first: a watcher or a derivative each
BEGUN: ContextVar[tuple[object, ...]] = ContextVar("autograd_begun", default=())

# these two are asked at every node: a bool, which Python tests faster than a number
watching = False  # whether anybody watches the making of nodes, in any thread
differentiating = False  # whether any derivative is being taken: then new leaves are noted
watchers: set[object] = set()  # those of them that see the nodes
_forcing: set[object] = set()  # those that only want every op to come by
_derivatives: set[object] = set()  # those being taken, in all threads
switches = 0  # how often some Value's `requires_grad` was set
_counting = RLock()  # an interrupt may leave it to its thread
_births = itertools.count()
_born: dict[int, int] = {}  # by id, when a leaf was made


def _enter(entries: set[object], entry: object) -> None:
    global watching
    with _counting:
        entries.add(entry)
        watching = bool(watchers or _forcing)


def _leave(entries: set[object], entry: object) -> None:
    global watching
    with _counting:
        entries.discard(entry)
        watching = bool(watchers or _forcing)


@contextmanager
def watch(watcher: Watcher) -> Iterator[None]:
    """Let `watcher(node) -> node` see every node made in this context."""
    before, entry = _now(), object()
    try:
        BEGUN.set((*before[0], entry))
        WATCHERS.set((*before[1], watcher))
        _enter(watchers, entry)
        yield
    finally:
        try:
            _restore(before, entry)
            _leave(watchers, entry)
        except BaseException:  # an interrupt: leave first
            _restore(before, entry)
            _leave(watchers, entry)
            raise


def _now() -> Moment:
    return BEGUN.get(), WATCHERS.get(), ACTIVE.get()


def _restore(before: Moment, entry: object) -> None:
    """What was before `entry` began; nothing where what is around it ended first, after an interrupt."""
    if entry in BEGUN.get():
        WATCHERS.set(before[1])
        ACTIVE.set(before[2])
        BEGUN.set(before[0])


def force(entry: object) -> None:
    """Send every op through `Value.apply`, with no watcher of its own, until `entry` is released."""
    _enter(_forcing, entry)


def release(entry: object) -> None:
    """The end of `force`; may come twice."""
    _leave(_forcing, entry)


@contextmanager
def differentiation(points: Iterable[int]) -> Iterator[int]:
    """Run a function to differentiate it: its points are active, and no `no_grad` around it reaches in.

    Gives the moment at which it began, for `is_older`.
    """
    global differentiating
    before, entry = _now(), object()
    try:
        with _counting:
            _derivatives.add(entry)
            differentiating = True
        BEGUN.set((*before[0], entry))
        ACTIVE.set(before[2].union(points))
        WATCHERS.set(tuple(watcher for watcher in before[1] if watcher is not _without_graph))
        yield next(_births)
    finally:
        try:
            _end_differentiation(before, entry)
        except BaseException:  # an interrupt: leave first
            _end_differentiation(before, entry)
            raise


def _end_differentiation(before: Moment, entry: object) -> None:
    global differentiating
    _restore(before, entry)
    with _counting:
        _derivatives.discard(entry)
        differentiating = bool(_derivatives)
        if not differentiating:
            _born.clear()


def note_birth(leaf: Any) -> None:
    """A leaf was made while a derivative is being taken."""
    _born[id(leaf)] = next(_births)


def is_older(leaf: Any, moment: int) -> bool:
    """Whether a living leaf was there before a derivative still being taken began."""
    return _born.get(id(leaf), -1) < moment


def grad_is_off() -> bool:
    """Whether a `no_grad` is in force here."""
    return _without_graph in WATCHERS.get()


def _without_graph(node: Any) -> Any:
    return node.detach()


class no_grad:  # noqa: N801 - a context manager and decorator, named as PyTorch names it
    """Inside, results are constants: no graph is recorded.  Also a decorator, with or without `()`.

    Derivatives of functions are the same numbers as outside: `grad(f)` and its kin differentiate `f` all
    the same, and give no graph along.

    >>> from autograd import Value, no_grad
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.parents, y.requires_grad
    ((), False)
    """

    def __new__(cls, function: Any = None) -> Any:
        """A context manager; given a function, that function decorated."""
        made = super().__new__(cls)
        return made if function is None else made(function)

    def __enter__(self) -> None:
        # contexts may nest and be entered again, so each entry is kept
        entered = (*_ENTERED.get(), (WATCHERS.get(), object()))
        try:
            _ENTERED.set(entered)
            _enter(watchers, entered[-1][1])
            WATCHERS.set((*entered[-1][0], _without_graph))
        except BaseException:  # an interrupt: as if it had come before
            _close(entered)
            raise

    def __exit__(self, *problem: Any) -> None:
        entered = None
        try:
            entered = _ENTERED.get()
            _close(entered)
        except BaseException:  # an interrupt: leave first
            _close(_ENTERED.get() if entered is None else entered)
            raise

    def __call__(self, function: Function) -> Function:
        """`function`, run without recording: also a generator (async too), step by step, and a coroutine.

        Raises:
            TypeError: it is no function; or a class, whose methods are to be decorated one by one.
        """
        if isinstance(function, (staticmethod, classmethod)):
            return type(function)(self(function.__func__))
        if not callable(function) or isinstance(function, type):
            raise TypeError(say("no_grad_argument", got=repr(function)))
        is_async = inspect.isasyncgenfunction(function)
        if is_async or inspect.isgeneratorfunction(function):
            steps: Callable[[Any], Any] = _async_steps if is_async else _steps

            @functools.wraps(function)
            def stepped(*args: Any, **kwargs: Any) -> Any:
                return steps(function(*args, **kwargs))

            return stepped  # type: ignore[return-value]  # same signature by functools.wraps
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with no_grad():
                    return await function(*args, **kwargs)

            return awaited  # type: ignore[return-value]  # same signature by functools.wraps

        @functools.wraps(function)
        def without_graph(*args: Any, **kwargs: Any) -> Any:
            with no_grad():
                return function(*args, **kwargs)

        return without_graph  # type: ignore[return-value]  # same signature by functools.wraps


def _steps(made: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """A generator whose own steps record nothing, while its caller's do."""
    step: Callable[[], Any] = functools.partial(made.send, None)
    try:
        while True:
            with no_grad():
                item = step()
            try:
                step = functools.partial(made.send, (yield item))
            except Exception as thrown:  # by `throw`, to be handled inside
                step = functools.partial(made.throw, thrown)
    except StopIteration as end:
        return end.value
    finally:
        made.close()


async def _async_steps(made: AsyncGenerator[Any, Any]) -> AsyncGenerator[Any, Any]:
    """What `_steps` is, for an async generator."""
    step: Callable[[], Any] = functools.partial(made.asend, None)
    try:
        while True:
            with no_grad():
                item = await step()
            try:
                step = functools.partial(made.asend, (yield item))
            except Exception as thrown:  # by `athrow`, to be handled inside
                step = functools.partial(made.athrow, thrown)
    except StopAsyncIteration:
        return
    finally:
        await made.aclose()


# of each `no_grad` that is entered: who watched before, and its entry among the watchers
Entered = tuple[tuple[tuple[Watcher, ...], object], ...]
_ENTERED: ContextVar[Entered] = ContextVar("autograd_no_grad", default=())


def _close(entered: Entered) -> None:
    """Leave the last `no_grad` of these; may come twice."""
    before, entry = entered[-1]
    WATCHERS.set(before)
    _leave(watchers, entry)
    _ENTERED.set(entered[:-1])


def _with_graph() -> tuple[Watcher, ...]:
    return tuple(watcher for watcher in WATCHERS.get() if watcher is not _without_graph)


@contextmanager
def enable_grad() -> Iterator[None]:
    """Record again within a `no_grad`; also a decorator, as `@enable_grad()`.

    >>> from autograd import Value, enable_grad, no_grad
    >>> w = Value(2.0)
    >>> with no_grad(), enable_grad():
    ...     y = w * w
    >>> len(y.parents)
    2
    """
    before = WATCHERS.get()
    try:
        WATCHERS.set(_with_graph())
        yield
    finally:
        WATCHERS.set(before)


# the entry among the watchers of a `set_grad_enabled(False)` in force
_SWITCHED: ContextVar[object | None] = ContextVar("autograd_grad_disabled", default=None)


class set_grad_enabled:  # noqa: N801 - named as PyTorch names it
    """Record or not, from now on; as a context manager until its end.

    Args:
        mode: False is `no_grad`, True `enable_grad`.

    >>> from autograd import Value, set_grad_enabled
    >>> with set_grad_enabled(False):
    ...     is_grad_enabled()
    False
    >>> is_grad_enabled()
    True
    """

    def __init__(self, mode: bool) -> None:
        self._before = WATCHERS.get(), _SWITCHED.get()
        if mode:
            self._switch(_with_graph(), None)
        else:
            self._switch((*_with_graph(), _without_graph), object())

    @staticmethod
    def _switch(wanted: tuple[Watcher, ...], entry: object | None) -> None:
        old = _SWITCHED.get()
        if entry is not None:
            _enter(watchers, entry)
        _SWITCHED.set(entry)
        WATCHERS.set(wanted)
        if old is not entry:
            _leave(watchers, old)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *problem: object) -> None:
        self._switch(*self._before)


def is_grad_enabled() -> bool:
    """Whether results are recorded here: no `no_grad` is in force."""
    return not grad_is_off()


inference_mode = no_grad  # PyTorch's newer name; a graph that is not there needs no stricter form


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Nodes made inside belong to the part `name` of the model: drawings collapse by it.

    >>> from autograd import Value, scope
    >>> with scope("attention"):
    ...     y = Value(2.0) * 3
    >>> y.scope
    ('attention',)
    """
    before = SCOPE.get()
    path = (*before, name)

    def place(node: Any) -> Any:
        if path is SCOPE.get():  # the innermost scope alone names the node
            node.scope = path
        return node

    try:
        SCOPE.set(path)
        with watch(place):
            yield
    finally:
        SCOPE.set(before)


def caller_place(depth: int = 1) -> tuple[str, int]:
    """File and line of the innermost frame outside this library, for errors and hints."""
    frame = sys._getframe(depth)
    while frame.f_back is not None and is_library(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def warn(said: str) -> None:
    """A RuntimeWarning that names the caller's own line, however deep in this library it arises."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and is_library(frame.f_globals.get("__name__", "")):
        level, frame = level + 1, frame.f_back
    warnings.warn(said, RuntimeWarning, stacklevel=level)


def is_library(module: str) -> bool:
    """Whether a module of this name belongs to this library (or stands between it and its callers)."""
    return module.split(".", 1)[0] in ("autograd", "nn", "contextlib")
