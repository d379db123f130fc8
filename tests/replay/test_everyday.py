"""Functions as people write them: each gives the same with and without recording."""

import bisect
import copy
import dataclasses
import enum
import functools
import heapq
import itertools
import json
import math
import pickle
import random
import re
import statistics
from collections import Counter, namedtuple
from collections.abc import Callable
from fractions import Fraction
from numbers import Integral
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from side_by_side import XS, World, compare, moving, parameters

import autograd as ag
import nn
from autograd import Value

Point = namedtuple("Point", "x y")


class Mode(enum.Enum):
    TRAIN = 1
    EVAL = 2


@dataclasses.dataclass
class Sample:
    x: float
    y: float


def of(function: Callable[..., Any], *calls: tuple[Any, ...], move: bool = False) -> Callable[[], World]:
    """A world around a function whose first argument is the list of parameters."""

    def make() -> World:
        w = parameters()
        given = copy.deepcopy(calls) or tuple((x,) for x in XS)
        return World(functools.partial(function, w), w, given, moving(w) if move else lambda _: None)

    return make


def each(make: Callable[[float], Any]) -> list[tuple[Any, ...]]:
    return [(make(x),) for x in XS]


def chain(w: list[Value], x: float) -> Value:
    return w[0] * x if -1 < x < 2 else w[1] * x if 2 <= x <= 5 else w[2] + 0 * x


def chain_of_values(w: list[Value], x: float) -> Value:
    return w[0] * x if w[0] < w[1] * x < w[2] + 3 else w[1] * x


def range_of_int(w: list[Value], x: float) -> Value:
    y = w[1] * x
    for i in range(int(abs(w[0]) * 3) + int(abs(x))):
        y = y * w[2] + i
    return y


def smallest_of_heap(w: list[Value], x: float) -> Value:
    heap = [p * x for p in w]
    heapq.heapify(heap)
    return heapq.heappop(heap) * heapq.heappop(heap)


def newton(w: list[Value], x: float) -> Value:
    y = w[0] * w[0] + 1 + x * x
    root = y
    while abs((root * root - y).data) > 1e-3:
        root = (root + y / root) * 0.5
    return root


def without_gradient(w: list[Value], x: float) -> Value:
    with ag.no_grad():
        target = w[0] * x
    return (w[1] * x - target) ** 2 + target


def scoped(w: list[Value], x: float) -> Value:
    with ag.scope("first"):
        h = w[0] * x
        h.label = "h"
    return h * h + w[1]


def unpacked(w: list[Value], v: list[float]) -> Any:
    first, *rest = v
    return w[0] * first + sum(rest) * w[1] + len(rest)


def checked(w: list[Value], x: float) -> Value:
    assert w[0] * x < 3, "too far"
    return w[0] * x


def by_kind(w: list[Value], kind: Any) -> Value:
    if isinstance(kind, dict):
        return w[1] * kind["k"]
    if isinstance(kind, list):
        return w[2] * kind[0] + kind[1]
    if kind is None or isinstance(kind, str):
        return w[0] * len(kind or "")
    return w[1] * kind * (3 if isinstance(kind, Integral) else 2)


def text_of(w: list[Value], x: float) -> Value:
    return w[0] * float(f"{w[1].data:.1f}") + len("%.2f" % x) + x  # noqa: UP031 - as people write it


def second_derivative(w: list[Value], x: float) -> Value:
    return ag.grad(lambda v: v**3 * w[0].data)(x) * w[1]


REPLAYED = {
    "comparison chains": of(chain),
    "comparison chains of Values": of(chain_of_values, move=True),
    "and, or on Values": of(lambda w, x: (w[0] * x and w[1]) or w[2], move=True),
    "not": of(lambda w, x: w[0] * x if not (w[1] * x) else w[1] * 2 + x),
    "or for a default": of(
        lambda w, x, s: w[0] * (s or x), *[(x, (None, 0.0, 2.0)[k % 3]) for k, x in enumerate(XS)]
    ),
    "range(int(v))": of(range_of_int, move=True),
    "sum with a start": of(lambda w, x: sum([p * x for p in w], Value(1.0)) + sum((p for p in w), 2)),
    "zip, enumerate": of(
        lambda w, v: sum(i * a * b for i, (a, b) in enumerate(zip(w, v))), *each(lambda x: [x, 2.0, -x])
    ),
    "sorted by data": of(lambda w, x: sorted([p * x for p in w], key=lambda v: v.data)[1] + w[0], move=True),
    "max and min by key": of(
        lambda w, x: max(w, key=lambda p: (p * x).data) * x + min(w, key=abs), move=True
    ),
    "a heap of Values": of(smallest_of_heap, move=True),
    "bisect": of(lambda w, x: w[0] * [1.0, 2.0, 3.0, 4.0][bisect.bisect([-1.0, 0.0, 2.0], x)] + w[1] * x),
    "bisect among parameters": of(
        lambda w, x: w[0] * bisect.bisect(sorted(p.data for p in w), x) + w[1], move=True
    ),
    "newton's iteration": of(newton, move=True),
    "no_grad inside": of(without_gradient, move=True),
    "detach and item": of(
        lambda w, x: w[0].detach() * w[1] * x + w[2].item() * w[0] + (w[0] * x).detach(), move=True
    ),
    "scopes and labels": of(scoped, move=True),
    "star": of(unpacked, *[([x] * (1 + k % 3),) for k, x in enumerate(XS * 2)]),
    "reduce": of(lambda w, v: functools.reduce(lambda a, b: a * b + 1, v, w[0]), *each(lambda x: [x, 0.5])),
    "accumulate": of(
        lambda w, v: [*itertools.accumulate(p * a for p, a in zip(w, v))][-1], *each(lambda x: [x, 0.5])
    ),
    "assert": of(checked, move=True),
    "arguments of any kind": of(
        by_kind, *[(("a", {"k": 2.0}, [1.0, 2.0], 1.5, 2, None)[k % 6],) for k in range(36)]
    ),
    "enum": of(
        lambda w, x, m: w[0] * x * (2 if m is Mode.TRAIN else 1),
        *[(x, Mode(1 + k % 2)) for k, x in enumerate(XS)],
    ),
    "nested dicts": of(
        lambda w, d: w[0] * d["a"]["b"][1] + d["c"], *each(lambda x: {"a": {"b": [1.0, x]}, "c": 2})
    ),
    "named tuples": of(lambda w, p: w[0] * p.x + p.y, *each(lambda x: Point(x, 1.0))),
    "booleans": of(lambda w, x, t: w[0] * x * (t + 1), *[(x, k % 2 == 0) for k, x in enumerate(XS)]),
    "arithmetic of comparisons": of(lambda w, x: w[0] * ((w[1] * x > 0) + (x < 1)) + w[2], move=True),
    "lists by an index": of(lambda w, k: w[0] * [2.0, 3.0, 5.0][k] + w[k], *[(k % 3,) for k in range(16)]),
    "a list times an int": of(lambda w, k: ag.sum([w[0]] * k) + w[1], *[(1 + k % 3,) for k in range(16)]),
    "the derivative inside": of(second_derivative, move=True),
    "a copy": of(lambda w, x: w[0] * x + copy.copy(w[1]).detach()),
    "functions as arguments": of(
        lambda w, g, x: g(w[0] * x), *[((ag.tanh, ag.relu)[k % 2], x) for k, x in enumerate(XS)]
    ),
    "a seed inside": of(lambda w, x: w[0] * x * random.Random(3).random()),
    "the same Value twice": of(
        lambda w, a, b: a * b + a * w[0], *[(v := Value(2.0), v), (v, v), (v, v), (v, v), (v, v)]
    ),
}


@pytest.mark.parametrize("name", REPLAYED)
def test_replayed_and_the_same(name: str) -> None:
    replays, why = compare(REPLAYED[name])
    assert replays > 0, why


def exponential(w: list[Value], x: float) -> Value:
    try:
        return w[0] * math.exp(100 * x)
    except OverflowError:
        return w[1] * 2


def root(w: list[Value], x: float) -> Value:
    try:
        return w[0] * math.sqrt(x)
    except ValueError:
        return w[1] * x


def reciprocal(w: list[Value], x: float) -> Value:
    try:
        return w[0] / (w[1] * 0 + x) + w[0] * (1 / x)
    except ZeroDivisionError:
        return w[1] * 2


def raising(w: list[Value], x: float) -> Value:
    if x > 5:
        raise KeyError("too big")
    return w[0] * x


SAME = {
    "math.exp and its overflow": of(exponential),
    "math.sqrt and its domain": of(root),
    "division by zero": of(reciprocal),
    "an error of the function": of(raising),
    "math.isclose": of(lambda w, x: w[0] * x if math.isclose(x, 0.3, rel_tol=0.1) else w[1] * x),
    "text": of(text_of, move=True),
    "round": of(lambda w, x: w[0] * round(x) + w[1] * round(x, 1)),
    "//, % and divmod": of(lambda w, x: w[0] * (x // 2) + w[1] * (x % 2) + w[2] * divmod(x, 0.7)[0]),
    "whole numbers": of(
        lambda w, k: w[0] * (k // 2) + w[1] * k**2 + (k << 1) + (-k) ** 3,
        *[(k,) for k in (1, 2, 3, -4, 10**9, 0)],
    ),
    "large whole numbers": of(lambda w, k: w[0] * ((k * k * k) % 1000), *[(1234567 + k,) for k in range(8)]),
    "statistics": of(
        lambda w, v: w[0] * statistics.mean(v) + w[1] * statistics.pstdev(v), *each(lambda x: [x, 2.0, -x])
    ),
    "statistics of parameters": of(lambda w, x: statistics.mean([p.data for p in w]) * w[0] * x, move=True),
    "fsum and prod": of(
        lambda w, v: w[1] * math.fsum(v) + w[2] * math.prod(v), *each(lambda x: [x, 2.0, -x])
    ),
    "deepcopy": of(lambda w, x: w[0] * x * copy.deepcopy(w[1]) + w[2], move=True),
    "pickle": of(lambda w, x: w[0] * x * pickle.loads(pickle.dumps(w[1])) + w[2], move=True),
    "repr": of(lambda w, x: w[0] * x * float(repr(w[1]).split("=")[1].split(",")[0]) + w[2], move=True),
    "numbers of a node": of(lambda w, x: (w[0] * x).numbers[0] * w[1], move=True),
    "dataclasses": of(lambda w, s: (w[0] * s.x - s.y) ** 2, *each(lambda x: Sample(x, 1.0))),
    "fractions": of(lambda w, s: w[0] * s, *each(Fraction)),
    "complex numbers": of(lambda w, x: w[0] * abs(complex(x, 1.0)) + w[1] * (x * 1j).imag),
    "sets": of(lambda w, s: ag.sum([w[0] * a for a in sorted(s)]), *each(lambda x: {x, 1.0})),
    "membership": of(lambda w, x: w[0] * (3 if x in {0.3, 2.0} else 1) * x + (x in [1.0, 2.0])),
    "json": of(lambda w, t: w[0] * json.loads(t)["x"], *each(lambda x: json.dumps({"x": x}))),
    "regular expressions": of(lambda w, x: w[0] * len(re.findall("1", str(x))) + w[1]),
    "methods of float": of(lambda w, x: w[0] * x if x.is_integer() else w[1] * len(x.hex())),
    "inf and nan": of(
        lambda w, x: w[0] * x if x == x else w[1] * 2,
        *[(x,) for x in (1.0, math.nan, math.inf, 1.0, math.nan, -math.inf) * 2],
    ),
    "an iterator": of(lambda w, it: w[0] * next(it), *each(lambda x: iter([x]))),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_whether_replayed_or_not(name: str) -> None:
    compare(SAME[name])


def test_a_cache_of_numbers_and_one_of_nodes_that_the_parameters_left_behind() -> None:
    for key in (lambda x: x, lambda _: 3.0):

        def make(key: Any = key) -> World:
            w = parameters()
            scaled = functools.lru_cache(maxsize=None)(lambda k: w[0] * k)
            return World(lambda x: scaled(key(x)) * x, w, before=moving(w, since=8))

        compare(make)


def test_early_stopping_and_running_means_keep_their_state() -> None:
    def early() -> World:
        w, best = parameters(), {"loss": math.inf, "bad": 0}

        def f(x: float) -> Value:
            loss = (w[0] * x - 1) ** 2
            best["bad"] = 0 if loss.data < best["loss"] else best["bad"] + 1
            best["loss"] = min(best["loss"], float(loss.data))
            return loss * (1.0 if best["bad"] < 3 else 0.5)

        return World(f, w, before=moving(w))

    def running() -> World:
        w, state = parameters(), Counter[str]()

        def f(x: float) -> Value:
            state["calls"] += 1
            return w[0] * x * (1 + state["calls"] // 6)

        return World(f, w)

    assert "changes" in compare(early)[1]
    assert "changes" in compare(running)[1]


def test_a_curriculum_goes_on_while_replaying() -> None:
    def make() -> World:
        w, state = parameters(), SimpleNamespace(epoch=0)
        return World(
            lambda x: w[0] * x * min(1.0, state.epoch / 2),
            w,
            before=lambda k: setattr(state, "epoch", k // 5),
        )

    assert compare(make)[0] > 0


def test_a_model_that_is_copied_inside_is_the_model_of_this_call() -> None:
    def make() -> World:
        model = nn.MLP(1, [2, 1])
        params = list(model.parameters())
        for p, q in zip(params, parameters(len(params))):
            p.data = q.data

        def f(x: float) -> Value:
            frozen = copy.deepcopy(model)
            loss: Value = (model([x]) - frozen([x]).data * 0.5) ** 2
            return loss

        return World(f, params, before=moving(params))

    compare(make)


@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("before", [None, np.float32(0.1)], ids=["none", "float32"])
def test_gradients_are_added_to_none_and_to_numpy_numbers(backend, before):
    w = Value(2.0)
    fast = ag.record(lambda x: w * x, params=[w], backend=backend)
    start = 0.0 if before is None else float(before)
    for _ in range(4):
        w.grad = before
        fast(3.0)
        assert type(w.grad) is float
        assert w.grad == start + 3.0
    w.grad = before
    fast.batch([1.0, 2.0])
    assert w.grad == start + 1.5
