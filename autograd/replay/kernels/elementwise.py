"""What each code computes on eight floats and what it sends back: the table of ops in the kernels' spelling.

The flows are read from the table's rules: `python -m autograd.replay.kernels.elementwise` prints them. What
programs seldom hold stands in functions of its own, asked last, so that the common codes are found sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.files import reader_may_leave
from autograd.replay.kernels import vector_functions, vectors
from autograd.replay.kernels.vector_functions import exponential, logistic
from autograd.replay.kernels.vectors import (
    if_equal,
    if_greater,
    magnitude,
    negative,
    part,
    total,
    with_sign_of,
)
from autograd.replay.ops import CODES, FREQUENT, ONE, THREE, TWO, Source, Target, flow_lines, write


@part
def sign(x: Any) -> Any:
    """1 or -1; of zeros and nan themselves."""
    return if_equal(x, 0.0, x, if_equal(x, x, with_sign_of(1.0, x), x))


@part
def slope_of_tanh(x: Any) -> Any:
    """1 - tanh(x)**2 with all digits."""
    e = exponential(-2.0 * magnitude(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


@part
def flow_of_tanh(x: Any, y: Any, g: Any) -> Any:
    """The quick slope where no digits are lost."""
    near = if_greater(magnitude(y), 0.999, 1.0, 0.0)
    quick = 1.0 - y * y
    if total(near) == 0.0:
        return g * quick
    return g * if_greater(near, 0.0, slope_of_tanh(x), quick)


@part
def flow_of_sigmoid(x: Any, y: Any, g: Any) -> Any:
    """The quick slope where no digits are lost."""
    near = if_greater(y, 0.999, 1.0, 0.0)
    if total(near) == 0.0:
        return g * (y * (1.0 - y))
    return g * (y * if_greater(near, 0.0, logistic(negative(x)), 1.0 - y))


SELECT = {
    "gt": "if_greater({0}, {1}, {2}, {3})", "ge": "if_at_least({0}, {1}, {2}, {3})",
    "lt": "if_greater({1}, {0}, {2}, {3})", "le": "if_at_least({1}, {0}, {2}, {3})",
    "eq": "if_equal({0}, {1}, {2}, {3})", "ne": "if_equal({0}, {1}, {3}, {2})",
}  # fmt: skip
WINS = "if_greater({}, {}, g, if_equal(a, b, splat(0.5) * g, splat(0.0)))"
NAN_STAYS = "if_equal({1}, {1}, if_equal({0}, {0}, {1}, {0}), {1})"
VECTOR = Target(
    calls={
        "neg": "negative", "exp": "exponential", "log": "logarithm", "tanh": "hyperbolic_tangent",
        "relu": "if_at_least(splat(0.0), {0}, splat(0.0), {0})", "sigmoid": "logistic", "sqrt": "root",
        "square": "({0} * {0})", "reciprocal": "(splat(1.0) / {0})", "abs": "magnitude", "sin": "sine",
        "cos": "cosine", "softplus": "soft_plus", "silu": "({0} * logistic({0}))", "stop": "{0}",
        "tan": "tangent", "asin": "arc_sine", "acos": "arc_cosine", "atan": "arc_tangent",
        "asinh": "area_sine", "acosh": "area_cosine", "atanh": "area_tangent", "cbrt": "cube_root",
        "erf": "error_function", "erfc": "error_complement", "sech2": "slope_of_tanh",
        "normal_cdf": "(splat(0.5) * error_complement(splat(-0.7071067811865476) * {0}))",
        "pow": "power", "maximum": f"if_greater({{0}}, {{1}}, {{0}}, {NAN_STAYS})",
        "minimum": f"if_greater({{1}}, {{0}}, {{0}}, {NAN_STAYS})", "hypot": "hypotenuse", "atan2": "angle",
        "copysign": "with_sign_of",
        "clamp": "if_greater({1}, {0}, {1}, if_greater({0}, {2}, {2}, {0}))",
    },
    number="splat({})",
    select=lambda name, *texts: SELECT[name].format(*texts),
    fast={
        "tanh": ["flow_of_tanh(a, y, g)"],
        "sigmoid": ["flow_of_sigmoid(a, y, g)"],
        "maximum": [WINS.format("a", "b"), WINS.format("b", "a")],
        "minimum": [WINS.format("b", "a"), WINS.format("a", "b")],
    },
)  # fmt: skip


def _function(name: str, args: str, cases: Sequence[tuple[str, Sequence[str]]], otherwise: str) -> str:
    """The source of a function that chooses by code."""
    lines = ["@part", f"def {name}({args}):", "    apart()"]
    for op, body in cases:
        lines += [f"    if code == {CODES[op]}:  # {op}", *(f"        {line}" for line in body)]
    return "\n".join([*lines, f"    return {otherwise}", ""])


def _source() -> str:
    """All functions, those first that others call."""
    every = {1: ONE, 2: TWO, 3: THREE}
    common = [name for names, count in zip(every.values(), FREQUENT) for name in names[:count]]
    seldom = [name for names, count in zip(every.values(), FREQUENT) for name in names[count:]]

    def values(names: Sequence[str]) -> list[tuple[str, list[str]]]:
        arity = {name: k for k, group in every.items() for name in group}
        calls = {name: Source(name, tuple(map(Source, "abc"[: arity[name]]))) for name in names}
        return [(name, [f"return {write(call, VECTOR)}"]) for name, call in calls.items()]

    def flows(names: Sequence[str], i: int) -> list[tuple[str, list[str]]]:
        return [(name, flow_lines(name, i, VECTOR)) for name in names]

    one, every_one = "code, a, y, g", "code, a, b, c, y, g"
    count, nothing = FREQUENT[1], "splat(0.0)"
    found = [
        _function("rare_value", "code, a, b", values(seldom), "splat(NAN)"),
        _function("rare_flow_of_one", one, flows(ONE[FREQUENT[0] :], 0), nothing),
        _function("rare_flow_to_second", every_one, flows(TWO[count:], 1), nothing),
        _function("flow_to_third", every_one, flows(THREE, 2), nothing),
    ]
    # of common codes alone, and of any
    for kind, any_value, any_of_one, any_first, any_second in (
        ("common_", "splat(NAN)", nothing, f"common_flow_of_one({one})", nothing),
        ("", "rare_value(code, a, b)", f"rare_flow_of_one({one})", f"rare_flow_to_first({every_one})",
         f"rare_flow_to_second({every_one})"),
    ):  # fmt: skip
        found += [
            _function(f"{kind}value", "code, a, b, c", values([*TWO[:4], *common]), any_value),
            _function(f"{kind}flow_of_one", one, flows(ONE[: FREQUENT[0]], 0), any_of_one),
        ]
        if not kind:
            otherwise = f"flow_of_one({one})"
            found.append(_function("rare_flow_to_first", every_one, flows(TWO[count:], 0), otherwise))
        found += [
            _function(f"{kind}flow_to_first", every_one, flows([*TWO[:7], *THREE], 0), any_first),
            _function(f"{kind}flow_to_second", every_one, flows([*TWO[:7], *THREE], 1), any_second),
        ]
    return "\n\n".join(found)


SOURCE = _source()
_names: dict[str, Any] = {**vars(vectors), **vars(vector_functions), **globals(), "NAN": float("nan")}
exec(compile(SOURCE, "<the table's rules on eight floats>", "exec"), _names)  # noqa: S102 - the table's own rules
value, flow_of_one, common_value = _names["value"], _names["flow_of_one"], _names["common_value"]
flow_to_first, flow_to_second, flow_to_third = (
    _names[f"flow_to_{which}"] for which in ("first", "second", "third")
)
common_flow_to_first, common_flow_to_second = _names["common_flow_to_first"], _names["common_flow_to_second"]

if __name__ == "__main__":
    with reader_may_leave():
        print(SOURCE)  # noqa: T201 - so that a reader sees what runs
