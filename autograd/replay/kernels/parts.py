"""Parts of a `Vec`: the last entries of a run, single lanes, and lanes that go to places of their own."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from autograd.replay.kernels.vectors import (
    DOUBLE,
    INT32,
    INT64,
    INTEGERS,
    UNDEFINED,
    VECTOR,
    WIDTH,
    Code,
    call,
    constant,
    data,
    element,
    emits,
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


@emits(lambda array, i, count, otherwise: vec(array, types.intp, types.intp, vec))
def load_or(code: Code, array: Any, i: Any, count: Any, otherwise: Any) -> Any:
    """The first `count` of array[i : i + 8], lanes of `otherwise` after them."""
    place, align = pointer(code, code.kinds[0], array, i, VECTOR), ir.Constant(INT32, 8)
    given = [place, align, _mask(code.builder, count), otherwise]
    return call(code.builder, f"llvm.masked.load.v{WIDTH}f64.p0", VECTOR, given)


@inside
def load_some(array: Any, i: int, count: int) -> Any:
    """The first `count` of array[i : i + 8], zeros after them."""
    return load_or(array, i, count, splat(0.0))


@emits(lambda array, i, v, count: types.void(array, types.intp, vec, types.intp))
def store_some(code: Code, array: Any, i: Any, v: Any, count: Any) -> None:
    """array[i : i + 8] = v for the first `count` of them."""
    place, align = pointer(code, code.kinds[0], array, i, VECTOR), ir.Constant(INT32, 8)
    given = [v, place, align, _mask(code.builder, count)]
    call(code.builder, f"llvm.masked.store.v{WIDTH}f64.p0", ir.VoidType(), given)


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


@emits(lambda v, count: vec(vec, types.intp))
def first(code: Code, v: Any, count: Any) -> Any:
    """The first `count` lanes of v, zeros after them."""
    return code.builder.select(_mask(code.builder, count), v, constant(0.0))


@emits(lambda v, i: types.float64(vec, types.intp))
def lane(code: Code, v: Any, i: Any) -> Any:
    """The number in lane i."""
    return code.builder.extract_element(v, code.builder.trunc(i, INT32))


@emits(lambda v, i, number: vec(vec, types.intp, types.float64))
def with_lane(code: Code, v: Any, i: Any, number: Any) -> Any:
    """The eight of v, but the number in lane i."""
    return code.builder.insert_element(v, number, code.builder.trunc(i, INT32))


@emits(lambda array, index, i, v: types.void(array, index, types.intp, vec))
def scatter_add(code: Code, array: Any, index: Any, i: Any, v: Any) -> None:
    """array[index[i + k]] += v[k], one lane after the other, so that repeated places add up."""
    builder, (kind, of_index, *_) = code.builder, code.kinds
    target, where = data(code, kind, array), data(code, of_index, index)
    for k in range(WIDTH):
        place = builder.gep(target, [element(builder, where, i, k)])
        flow = builder.extract_element(v, ir.Constant(INT32, k))
        builder.store(builder.fadd(builder.load(place), flow), place)


@emits(lambda a, b, c, d: vec(vec, vec, vec, vec))
def totals(code: Code, *vectors: Any) -> Any:
    """The sums of the eight of a, of b, of c and of d, in the first four lanes; anything in the others."""
    builder = code.builder

    def pick(v: Any, w: Any, lanes: list[int]) -> Any:
        return builder.shuffle_vector(v, w, ir.Constant(ir.VectorType(INT32, len(lanes)), lanes))

    def halves(v: Any) -> Any:
        return builder.fadd(pick(v, UNDEFINED, [0, 1, 2, 3]), pick(v, UNDEFINED, [4, 5, 6, 7]))

    def pairs(v: Any, w: Any) -> Any:
        return builder.fadd(pick(v, w, [0, 4, 2, 6]), pick(v, w, [1, 5, 3, 7]))

    left, right = (pairs(halves(vectors[k]), halves(vectors[k + 1])) for k in (0, 2))
    four = builder.fadd(pick(left, right, [0, 1, 4, 5]), pick(left, right, [2, 3, 6, 7]))
    return pick(four, four, [0, 1, 2, 3, 0, 1, 2, 3])


@emits(lambda array, i, step, v, adds: types.void(array, types.intp, types.intp, vec, types.boolean))
def put_four(code: Code, array: Any, i: Any, step: Any, v: Any, adds: Any) -> None:
    """array[i], array[i + step], ... = the first four lanes, or these are added to what stands there."""
    builder, target = code.builder, data(code, code.kinds[0], array)
    for k in range(4):
        place = builder.gep(target, [builder.add(i, builder.mul(step, ir.Constant(INT64, k)))])
        held = builder.select(adds, builder.load(place), ir.Constant(DOUBLE, 0.0))
        builder.store(builder.fadd(builder.extract_element(v, ir.Constant(INT32, k)), held), place)


@emits(lambda array, i, step, count: vec(array, types.intp, types.intp, types.intp))
def strided(code: Code, array: Any, i: Any, step: Any, count: Any) -> Any:
    """array[i], array[i + step], ...: `count` numbers, at most eight; the last is repeated."""
    builder, source, result = code.builder, data(code, code.kinds[0], array), UNDEFINED
    last = builder.sub(count, ir.Constant(INT64, 1))
    for k in range(WIDTH):
        here = ir.Constant(INT64, k)
        entry = builder.select(builder.icmp_signed("<", here, last), here, last)
        number = builder.load(builder.gep(source, [builder.add(i, builder.mul(entry, step))]))
        result = builder.insert_element(result, number, ir.Constant(INT32, k))
    return result


@emits(lambda v: types.float64(vec))
def highest(code: Code, v: Any) -> Any:
    """The largest of the eight; nan only where all are."""
    return call(code.builder, f"llvm.vector.reduce.fmax.v{WIDTH}f64", DOUBLE, [v])
