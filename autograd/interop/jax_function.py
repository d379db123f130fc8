"""`fast.to_jax()`: a recorded function as a pure function of JAX and a dict of its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.interop.arrays import Arrays
from autograd.interop.python_source import like_numpy
from autograd.interop.signature import Signature
from autograd.interop.ways import Form, compiled, write_ways
from autograd.replay.ops import SIGNS, Target

_SAME = [
    "exp", "log", "tanh", "sqrt", "square", "reciprocal", "sin", "cos", "tan", "sinh", "cosh", "expm1",
    "log1p", "cbrt", "sign", "maximum", "minimum", "floor", "fmod",
]  # fmt: skip
_ARCS = ["asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2"]
JAX = like_numpy(
    "jnp",
    Target(
        calls={
            **{name: f"jnp.{name}" for name in _SAME},
            **{name: f"jnp.arc{name[1:]}" for name in _ARCS},
            **{name: f"jax.nn.{name}" for name in ("relu", "sigmoid", "silu")},
            **{name: f"jax.scipy.special.{name}" for name in ("erf", "erfc")},
            "neg": "-{0}",
            "abs": "({0} * jnp.sign({0}))",  # the slope of theirs is 1 at 0
            "copysign": "({0} * jnp.sign({0}) * jnp.copysign(1.0, {1}))",
            "nearest": "jnp.rint",
            "pow": "jnp.power(jnp.where(({0} == 0) & ({1} == 0), 1.0, {0}), {1})",  # there their slope is nan
            "softplus": "jnp.logaddexp({0}, 0.0)",
            "stop": "jax.lax.stop_gradient",
            "normal_cdf": "(0.5 * jax.scipy.special.erfc(-0.7071067811865476 * {0}))",
            "sech2": "jnp.cosh({0}) ** -2",
            "where": "jnp.where({0} != 0, {1}, {2})",
            "clamp": "jnp.where({0} < {1}, {1}, jnp.where({0} > {2}, {2}, {0}))",
        },
        number="{}",
        select=lambda name, a, b, x, y: f"jnp.where({a} {SIGNS[name]} {b}, {x}, {y})",
    ),
)

FORM = Form(
    dialect=JAX,
    owner="",
    given=("params", "batch"),
    parameter="params[{!r}]".format,
    begin=(),
    spread="jnp.broadcast_to({0}.reshape(-1), batch)",
    ones="valid = jnp.ones(batch, bool)",
    none=("loss, valid = jnp.full(batch, jnp.nan), jnp.zeros(batch, bool)",),
    asked=("here = jax.lax.stop_gradient({0}[1]) & ~valid",),
)


def make_jax(programs: Sequence[Arrays], signature: Signature, function: str) -> tuple[Any, dict[str, Any]]:
    """(the function, its parameters by name)."""
    import math

    import jax
    import jax.numpy as jnp

    def pick(x: Any, k: Any) -> Any:
        shape = jnp.broadcast_shapes(x.shape[:-1], k.shape)
        x, k = jnp.broadcast_to(x, (*shape, x.shape[-1])), jnp.broadcast_to(k, shape)
        return jnp.take_along_axis(x, k[..., None], -1)[..., 0]

    def logsumexp(x: Any) -> Any:  # JAX's loses the digits of a share that is nearly 1
        top = jax.lax.stop_gradient(x.max(-1, keepdims=True))
        top = jnp.where(jnp.isfinite(top), top, 0.0)
        # one of the highest apart, by its number: whether x is top may come out another way when fused
        first = jnp.arange(x.shape[-1]) == jnp.argmax(x, -1, keepdims=True)
        rest = jnp.where(first, jnp.expm1(x - top), jnp.exp(x - top)).sum(-1)
        return jnp.log1p(rest) + top[..., 0]

    def hypot(a: Any, b: Any) -> Any:  # JAX's has the slopes of three where both are equal
        size = jax.lax.stop_gradient(jnp.maximum(a * jnp.sign(a), b * jnp.sign(b)))
        size = jnp.where((size > 0) & (size < jnp.inf), size, 1.0)
        return size * jnp.sqrt((a / size) ** 2 + (b / size) ** 2)

    def table(v: Any, size: int, starts: Any, kinds: Any, places: Any, calls: Any) -> Any:
        made = [lambda *operands, call=call: call(*operands).astype(v.dtype) for call in calls]

        def row(v: Any, one: Any) -> Any:
            start, kind, at = one
            new = jax.lax.switch(kind, made, *(v[..., k] for k in at))
            return jax.lax.dynamic_update_slice_in_dim(v, new, start, -1), None

        v = jnp.pad(v, [(0, 0)] * (v.ndim - 1) + [(0, size - v.shape[-1])])
        return jax.lax.scan(row, v, (starts, kinds, places))[0]

    name = function if function.isidentifier() else "loss"
    program = programs[0]
    source, constants = write_ways(FORM, programs, signature, name)
    helpers = {"pick": pick, "logsumexp": logsumexp, "hypot": hypot, "table": table}
    names = {"jax": jax, "jnp": jnp, "math": math, **helpers, **constants}
    made = compiled(source, f"{function} in JAX", names)[name]
    made.source = source
    return made, {t.name: jnp.asarray(x, float) for t, x in zip(program.tensors, program.numbers)}
