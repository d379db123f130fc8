"""Parts of a `Vec`: the last entries of a run, single lanes, and lanes that go to places of their own."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from autograd.replay.kernels.vectors import (
    BITS,
    DOUBLE,
    INT32,
    INT64,
    INTEGERS,
    UNDEFINED,
    VECTOR,
    WIDTH,
    call,
    constant,
    data,
    inside,
    load,
    pointer,
    splat,
    store,
    vec,
)


def _mask(builder: Any, count: Any) -> Any:
    wide = builder.insert_element(ir.Constant(INTEGERS, ir.Undefined), count, ir.Constant(INT32, 0))
    wide = builder.shuffle_vector(wide, wide, ir.Constant(ir.VectorType(INT32, WIDTH), [0] * WIDTH))
    return builder.icmp_signed(">", wide, ir.Constant(INTEGERS, list(range(WIDTH))))


@intrinsic
def load_or(typing: Any, array: Any, i: Any, count: Any, otherwise: Any) -> Any:
    """The first `count` of array[i : i + 8], lanes of `otherwise` after them."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = pointer(context, builder, sig, args, VECTOR)
        align = ir.Constant(INT32, 8)
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(VECTOR, [place.type, INT32, BITS, VECTOR]),
            f"llvm.masked.load.v{WIDTH}f64.p0",
        )
        return builder.call(function, [place, align, _mask(builder, args[2]), args[3]])

    return vec(array, types.intp, types.intp, vec), generate


@inside
def load_some(array: Any, i: int, count: int) -> Any:
    """The first `count` of array[i : i + 8], zeros after them."""
    return load_or(array, i, count, splat(0.0))


@intrinsic
def store_some(typing: Any, array: Any, i: Any, v: Any, count: Any) -> Any:
    """array[i : i + 8] = v for the first `count` of them."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = pointer(context, builder, sig, args, VECTOR)
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [VECTOR, place.type, INT32, BITS]),
            f"llvm.masked.store.v{WIDTH}f64.p0",
        )
        builder.call(function, [args[2], place, ir.Constant(INT32, 8), _mask(builder, args[3])])
        return context.get_dummy_value()

    return types.void(array, types.intp, vec, types.intp), generate


@inside
def some(array: Any, i: int, count: int) -> Any:
    """Eight numbers from i on, or the first `count` of them."""
    return load(array, i) if count >= 8 else load_some(array, i, count)


@inside
def keep(array: Any, i: int, count: int, v: Any) -> None:
    """Store what `some` loads: eight numbers, or the first `count` of them."""
    if count >= 8:
        store(array, i, v)
    else:
        store_some(array, i, v, count)


@intrinsic
def first(typing: Any, v: Any, count: Any) -> Any:
    """The first `count` lanes of v, zeros after them."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(_mask(builder, args[1]), args[0], constant(0.0))

    return vec(vec, types.intp), generate


@intrinsic
def lane(typing: Any, v: Any, i: Any) -> Any:
    """The number in lane i."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.extract_element(args[0], builder.trunc(args[1], INT32))

    return types.float64(vec, types.intp), generate


@intrinsic
def with_lane(typing: Any, v: Any, i: Any, number: Any) -> Any:
    """The eight of v, but the number in lane i."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.insert_element(args[0], args[2], builder.trunc(args[1], INT32))

    return vec(vec, types.intp, types.float64), generate


@intrinsic
def scatter_add(typing: Any, array: Any, index: Any, i: Any, v: Any) -> Any:
    """array[index[i + k]] += v[k], one lane after the other, so that repeated places add up."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        target = data(context, builder, sig.args[0], args[0])
        where = data(context, builder, sig.args[1], args[1])
        for k in range(WIDTH):
            number = builder.load(builder.gep(where, [builder.add(args[2], ir.Constant(INT64, k))]))
            place = builder.gep(target, [builder.sext(number, INT64) if number.type.width < 64 else number])
            flow = builder.extract_element(args[3], ir.Constant(INT32, k))
            builder.store(builder.fadd(builder.load(place), flow), place)
        return context.get_dummy_value()

    return types.void(array, index, types.intp, vec), generate


@intrinsic
def totals(typing: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """The sums of the eight of a, of b, of c and of d, in the first four lanes; anything in the others."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def pick(v: Any, w: Any, lanes: list[int]) -> Any:
            return builder.shuffle_vector(v, w, ir.Constant(ir.VectorType(INT32, len(lanes)), lanes))

        def halves(v: Any) -> Any:
            return builder.fadd(pick(v, UNDEFINED, [0, 1, 2, 3]), pick(v, UNDEFINED, [4, 5, 6, 7]))

        def pairs(v: Any, w: Any) -> Any:
            return builder.fadd(pick(v, w, [0, 4, 2, 6]), pick(v, w, [1, 5, 3, 7]))

        left, right = (pairs(halves(args[k]), halves(args[k + 1])) for k in (0, 2))
        four = builder.fadd(pick(left, right, [0, 1, 4, 5]), pick(left, right, [2, 3, 6, 7]))
        return pick(four, four, [0, 1, 2, 3, 0, 1, 2, 3])

    return vec(vec, vec, vec, vec), generate


@intrinsic
def put_four(typing: Any, array: Any, i: Any, step: Any, v: Any, adds: Any) -> Any:
    """array[i], array[i + step], ... = the first four lanes, or these are added to what stands there."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        target = data(context, builder, sig.args[0], args[0])
        for k in range(4):
            place = builder.gep(target, [builder.add(args[1], builder.mul(args[2], ir.Constant(INT64, k)))])
            held = builder.select(args[4], builder.load(place), ir.Constant(DOUBLE, 0.0))
            builder.store(builder.fadd(builder.extract_element(args[3], ir.Constant(INT32, k)), held), place)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, vec, types.boolean), generate


@intrinsic
def strided(typing: Any, array: Any, i: Any, step: Any, count: Any) -> Any:
    """array[i], array[i + step], ...: `count` numbers, at most eight; the last is repeated."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        source = data(context, builder, sig.args[0], args[0])
        result, last = UNDEFINED, builder.sub(args[3], ir.Constant(INT64, 1))
        for k in range(WIDTH):
            here = ir.Constant(INT64, k)
            entry = builder.select(builder.icmp_signed("<", here, last), here, last)
            place = builder.add(args[1], builder.mul(entry, args[2]))
            result = builder.insert_element(
                result, builder.load(builder.gep(source, [place])), ir.Constant(INT32, k)
            )
        return result

    return vec(array, types.intp, types.intp, types.intp), generate


@intrinsic
def highest(typing: Any, v: Any) -> Any:
    """The largest of the eight; nan only where all are."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return call(builder, f"llvm.vector.reduce.fmax.v{WIDTH}f64", DOUBLE, [args[0]])

    return types.float64(vec), generate
