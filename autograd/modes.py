"""What watches the making of nodes: `no_grad`, `scope`, anomaly detection, recording.

A watcher is a function that gets each new node and returns the node to use.  Who watches is a
context variable, so threads and async tasks do not mix; `watching` counts them all, so that an
op on Values asks only one number while nobody watches.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar

Watcher = Callable[[Any], Any]
Function = TypeVar("Function", bound=Callable[..., Any])

WATCHERS: ContextVar[tuple[Watcher, ...]] = ContextVar("autograd_watchers", default=())
SCOPE: ContextVar[tuple[str, ...]] = ContextVar("autograd_scope", default=())
ANOMALY: ContextVar[bool] = ContextVar("autograd_anomaly", default=False)

watching = 0
switches = 0  # how often some Value's `requires_grad` was set
forcing = 0  # how many of them see no nodes
_counting = Lock()


@contextmanager
def watch(watcher: Watcher) -> Iterator[None]:
    """Let `watcher(node) -> node` see every node made in this context."""
    global watching
    token = WATCHERS.set((*WATCHERS.get(), watcher))
    with _counting:
        watching += 1
    try:
        yield
    finally:
        with _counting:
            watching -= 1
        WATCHERS.reset(token)


@contextmanager
def forced() -> Iterator[None]:
    """Send every op through `Value.apply`, with no watcher of its own."""
    global watching, forcing
    with _counting:
        watching += 1
        forcing += 1
    try:
        yield
    finally:
        with _counting:
            watching -= 1
            forcing -= 1


class no_grad:  # noqa: N801 - a context manager and decorator, named as PyTorch names it
    """Inside, results are constants: no graph is recorded.  Also a decorator.

    >>> from autograd import Value, no_grad
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.parents, y.requires_grad
    ((), False)
    """

    def __enter__(self) -> None:
        # contexts may nest and be entered again, so each entry is kept
        entered = watch(lambda node: node.detach())
        entered.__enter__()
        _ENTERED.set((*_ENTERED.get(), entered))

    def __exit__(self, *problem: Any) -> None:
        *rest, entered = _ENTERED.get()
        _ENTERED.set(tuple(rest))
        entered.__exit__(*problem)

    def __call__(self, function: Function) -> Function:
        """`function`, run without recording: also a generator, step by step, and a coroutine."""
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def stepped(*args: Any, **kwargs: Any) -> Any:
                return _steps(function(*args, **kwargs))

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


_ENTERED: ContextVar[tuple[Any, ...]] = ContextVar("autograd_no_grad", default=())


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Nodes made inside belong to the part `name` of the model: drawings collapse by it.

    >>> from autograd import Value, scope
    >>> with scope("attention"):
    ...     y = Value(2.0) * 3
    >>> y.scope
    ('attention',)
    """
    path = (*SCOPE.get(), name)

    def place(node: Any) -> Any:
        if path == SCOPE.get():  # the innermost scope alone names the node
            node.scope = path
        return node

    token = SCOPE.set(path)
    try:
        with watch(place):
            yield
    finally:
        SCOPE.reset(token)


def caller_place(depth: int = 1) -> tuple[str, int]:
    """File and line of the innermost frame outside this library, for errors and hints."""
    frame = sys._getframe(depth)
    while frame.f_back is not None and _is_library(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _is_library(module: str) -> bool:
    return module.split(".", 1)[0] in ("autograd", "nn", "contextlib")
