"""A function and its recorded form, call by call side by side, each in a world of its own."""

import math
import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd import Value, record

XS = (0.3, -1.2, 2.5, 0.3, 7.0, -0.1, 0.0, 1.0, -3.3, 0.9, 4.2, 2.0, -2.0, 0.5, 11.0, 0.31)
Outcome = Any  # [loss, gradients...] or the exception


class World(NamedTuple):
    """A function, its parameters, the arguments of its calls, and what happens before call k."""

    function: Callable[..., Any]
    params: list[Value]
    calls: Sequence[tuple[Any, ...]] = tuple((x,) for x in XS)
    before: Callable[[int], Any] = lambda _: None


def parameters(count: int = 3) -> list[Value]:
    """The same numbers each time."""
    draw = random.Random(1)
    return [Value(draw.gauss(0, 1)) for _ in range(count)]


def moving(params: list[Value], since: int = 0) -> Callable[[int], None]:
    """What a training does to parameters between calls."""

    def move(k: int) -> None:
        for i, p in enumerate(params if k >= since else []):
            p.data = 0.97 * p.data + 0.01 * (i + 1)

    return move


def outcomes(world: World, call: Callable[..., Any]) -> list[Outcome]:
    """What each call gives."""
    found: list[Outcome] = []
    for k, arguments in enumerate(world.calls):
        world.before(k)
        given = [x for x in arguments if isinstance(x, Value)]
        leaves = list(dict.fromkeys([*world.params, *given]))
        for leaf in leaves:
            leaf.grad = 0.0
        try:
            loss = call(*arguments)
            found.append([loss.data, *[leaf.grad for leaf in leaves], repr(arguments)])
        except Exception as error:
            found.append(error)
    return found


def eager(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its backward pass."""

    def call(*arguments: Any) -> Any:
        loss = function(*arguments)
        if loss.requires_grad:
            loss.backward()
        return loss

    return call


def compare(make: Callable[[], World], backend: str = "python", **settings: Any) -> tuple[int, str]:
    """Assert that all calls agree; returns how many were replayed and why others are not to be."""
    plain = make()
    want = outcomes(plain, eager(plain.function))
    recorded = make()
    fast = record(recorded.function, params=recorded.params, backend=backend, **settings)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        have = outcomes(recorded, fast)
    for k, (a, b) in enumerate(zip(want, have)):
        assert same(a, b), (k, plain.calls[k], a, b)
    return fast.replays, next((str(w.message) for w in said if "runs as it is" in str(w.message)), "")


def same(want: Outcome, have: Outcome) -> bool:
    """Whether two outcomes are one, but for the last digits."""
    if isinstance(want, Exception) or isinstance(have, Exception):
        return type(want) is type(have)
    (*numbers, arguments), (*others, afterwards) = want, have
    scale = max([abs(x) for x in numbers if math.isfinite(x)], default=0.0)
    near = all(a == b or (a != a and b != b) or abs(a - b) <= 1e-12 * scale for a, b in zip(numbers, others))
    return near and (arguments == afterwards or "Value" in arguments or " at 0x" in arguments)
