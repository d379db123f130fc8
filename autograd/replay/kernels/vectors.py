"""Eight floats as one Numba value: what the kernels are written in.

Numba vectorises loops when LLVM manages to; a register tile (a block of results that stays in registers
while the operands stream past) it never finds. So a `Vec` is a Numba type of its own, eight float64 wide,
that LLVM splits over whatever registers the machine has: one of AVX-512, two of AVX2, four of SSE or NEON.
With it a kernel reads like the loop it is, and the register tile is in the source. A number beside a `Vec`
stands for as many of them.

Indexing here is unchecked and never wraps around: the tape was checked when it was made.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model
from numba.np.arrayobj import make_array

# what kernels alone call: no doors for Python and C are compiled, which would cost a third more
part = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=False)
inside = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)  # LLVM copies it to its calls
once = njit(inline="always")  # Numba does, before it looks at types: sooner for what is called in one place
WIDTH = 8
DOUBLE, INT32, INT64, BIT = ir.DoubleType(), ir.IntType(32), ir.IntType(64), ir.IntType(1)
VECTOR, INTEGERS, BITS = (ir.VectorType(kind, WIDTH) for kind in (DOUBLE, INT64, BIT))
UNDEFINED = ir.Constant(VECTOR, ir.Undefined)


class Vec(types.Type):
    """The Numba type of so many float64 side by side."""

    def __init__(self, width: int) -> None:
        super().__init__(name=f"Vec{width}")
        self.width = width


vec = Vec(WIDTH)


@register_model(Vec)
class VecModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vec) -> None:
        super().__init__(manager, kind, ir.VectorType(DOUBLE, kind.width))


def data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """The address of an array's first number; an address stays what it is."""
    return array if isinstance(kind, types.CPointer) else make_array(kind)(context, builder, array).data


def pointer(context: Any, builder: Any, sig: Any, args: Any, to: Any = None) -> Any:
    """The address of args[0][args[1]], of an array or from an address on, as a pointer to `to` when given."""
    place = builder.gep(data(context, builder, sig.args[0], args[0]), [args[1]])
    return builder.bitcast(place, to.as_pointer()) if to is not None else place


def broadcast(builder: Any, number: Any, width: int = WIDTH) -> Any:
    nothing = ir.Constant(ir.VectorType(DOUBLE, width), ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(INT32, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(INT32, width), [0] * width))


def constant(number: float, width: int = WIDTH) -> Any:
    return ir.Constant(ir.VectorType(DOUBLE, width), [number] * width)


def widest(kinds: Any) -> Any:
    """The type of what is made of vectors and numbers; None where there is no vector among them."""
    return next((kind for kind in kinds if isinstance(kind, Vec)), None)


def widened(builder: Any, sig: Any, args: Any) -> Any:
    """The arguments of an operation, numbers as often as its vectors hold some."""
    width = widest(sig.args).width
    return [
        arg if isinstance(kind, Vec) else broadcast(builder, arg, width) for kind, arg in zip(sig.args, args)
    ]


def call(builder: Any, name: str, kind: Any, args: Any, fastmath: Any = ()) -> Any:
    """A call of the LLVM intrinsic or C function `name`."""
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(kind, [arg.type for arg in args]), name
    )
    return builder.call(function, args, fastmath=fastmath)


# -- memory ---------------------------------------------------------------------------------------


@intrinsic
def at(typing: Any, array: Any, i: Any) -> Any:
    """array[i], one number."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(pointer(context, builder, sig, args))

    return array.dtype(array, types.intp), generate


@intrinsic
def put(typing: Any, array: Any, i: Any, number: Any) -> Any:
    """array[i] = number."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], pointer(context, builder, sig, args))
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), generate


@intrinsic
def load(typing: Any, array: Any, i: Any) -> Any:
    """array[i : i + 8]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(pointer(context, builder, sig, args, VECTOR), align=8)

    return vec(array, types.intp), generate


@intrinsic
def row(typing: Any, array: Any, i: Any, lanes: Any) -> Any:
    """As many numbers of array[i:] as the tuple `lanes` is long."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.VectorType(DOUBLE, len(lanes))
        return builder.load(pointer(context, builder, sig, args, kind), align=8)

    return Vec(len(lanes))(array, types.intp, lanes), generate


@intrinsic
def store(typing: Any, array: Any, i: Any, v: Any) -> Any:
    """array[i], ... = v."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], pointer(context, builder, sig, args, args[2].type), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, v), generate


@intrinsic
def fill_row(typing: Any, array: Any, i: Any, number: Any, lanes: Any) -> Any:
    """The same number as often as the tuple `lanes` is long, in array[i:]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        v = broadcast(builder, args[2], len(lanes))
        builder.store(v, pointer(context, builder, sig, args, v.type), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.float64, lanes), generate


@intrinsic
def splat(typing: Any, number: Any) -> Any:
    """The same number eight times."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return broadcast(builder, args[0])

    return vec(types.float64), generate


@intrinsic
def gather(typing: Any, array: Any, index: Any, i: Any) -> Any:
    """array[index[i]], ..., array[index[i + 7]]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        source = data(context, builder, sig.args[0], args[0])
        where = data(context, builder, sig.args[1], args[1])
        result = UNDEFINED
        for lane in range(WIDTH):
            place = builder.load(builder.gep(where, [builder.add(args[2], ir.Constant(INT64, lane))]))
            number = builder.load(
                builder.gep(source, [builder.sext(place, INT64) if place.type.width < 64 else place])
            )
            result = builder.insert_element(result, number, ir.Constant(INT32, lane))
        return result

    return vec(array, index, types.intp), generate


@intrinsic
def apart(typing: Any) -> Any:
    """Keep the function that calls this out of others: LLVM would copy it, and optimise each copy again."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def call_at(typing: Any, address: Any, arrays: Any, places: Any, numbers: Any) -> Any:
    """Call the function at an address on some arrays, each from its place on, and some whole numbers."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        function, several, where, more = args
        given = []
        for i, array in enumerate(sig.args[1].types):
            pair = [builder.extract_value(several, i), builder.extract_value(where, i)]
            given.append(pointer(context, builder, types.void(array, types.intp), pair))
        given += [builder.extract_value(more, i) for i in range(len(sig.args[3]))]
        kind = ir.FunctionType(ir.VoidType(), [x.type for x in given])
        builder.call(builder.inttoptr(function, kind.as_pointer()), given)
        return context.get_dummy_value()

    return types.void(address, arrays, places, numbers), generate


# -- arithmetic -----------------------------------------------------------------------------------


def _operator(function: Any, instruction: str) -> None:
    @infer_global(function)
    class _Rule(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            kind = widest(args)
            if len(args) == 2 and kind and all(arg in (kind, types.float64) for arg in args):
                return signature(kind, *args)
            return None

    @lower_builtin(function, Vec, Vec)
    @lower_builtin(function, Vec, types.Float)
    @lower_builtin(function, types.Float, Vec)
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*widened(builder, sig, args), flags=("contract",))


_operator(operator.add, "fadd")
_operator(operator.sub, "fsub")
_operator(operator.mul, "fmul")
_operator(operator.truediv, "fdiv")


def _lanes(name: str, arity: int) -> Any:
    """The LLVM intrinsic `name`, lane by lane."""

    def typed(typing: Any, *args: Any) -> Any:
        kind = widest(args)

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            given = widened(builder, sig, args)
            return call(builder, f"llvm.{name}.v{kind.width}f64", given[0].type, given)

        return kind(*args), generate

    # Numba reads the number of arguments from the signature.
    if arity == 1:
        return intrinsic(lambda typing, x: typed(typing, x))
    if arity == 2:
        return intrinsic(lambda typing, x, y: typed(typing, x, y))
    return intrinsic(lambda typing, x, y, z: typed(typing, x, y, z))


fma, magnitude, root, nearest, with_sign_of = (
    _lanes(name, arity)
    for name, arity in (("fma", 3), ("fabs", 1), ("sqrt", 1), ("rint", 1), ("copysign", 2))
)


@intrinsic
def negative(typing: Any, v: Any) -> Any:
    """-v, signs of zeros turned too."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.fneg(args[0])

    return v(v), generate


@intrinsic
def total(typing: Any, v: Any) -> Any:
    """The sum of all."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return call(
            builder,
            f"llvm.vector.reduce.fadd.v{v.width}f64",
            DOUBLE,
            [ir.Constant(DOUBLE, -0.0), args[0]],
            ("reassoc",),
        )

    return types.float64(v), generate


def _choice(predicate: str) -> Any:
    def typed(typing: Any, a: Any, b: Any, x: Any, y: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            a, b, x, y = widened(builder, sig, args)
            return builder.select(builder.fcmp_ordered(predicate, a, b), x, y)

        return widest((a, b, x, y))(a, b, x, y), generate

    return intrinsic(typed)


# x where the comparison of a and b holds, else y; a comparison with nan never holds
if_greater, if_at_least, if_equal = (_choice(predicate) for predicate in (">", ">=", "=="))


# -- the bits of a float ----------------------------------------------------------------------------


@intrinsic
def all_between(typing: Any, v: Any, low: Any, high: Any) -> Any:
    """Whether each of the eight is at least `low` and at most `high`."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        v, low, high = widened(builder, sig, args)
        inside = builder.and_(builder.fcmp_ordered(">=", v, low), builder.fcmp_ordered("<=", v, high))
        return call(builder, f"llvm.vector.reduce.and.v{WIDTH}i1", BIT, [inside])

    return types.boolean(vec, types.float64, types.float64), generate


@intrinsic
def root_guess(typing: Any, v: Any) -> Any:
    """1 / sqrt(v) within 3.5 %, for positive normal v: the exponent halved, and turned round."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        half = builder.lshr(builder.bitcast(args[0], INTEGERS), ir.Constant(INTEGERS, [1] * WIDTH))
        bits = builder.sub(ir.Constant(INTEGERS, [0x5FE6EB50C7B537A9] * WIDTH), half)
        return builder.bitcast(bits, VECTOR)

    return vec(vec), generate


@intrinsic
def two_to_the(typing: Any, k: Any) -> Any:
    """2.0 ** k for whole numbers k from -1022 to 1023, by writing the exponent."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        # adding 1.5 * 2**52 leaves the whole number in the low bits
        integers = ir.VectorType(INT64, k.width)
        low = builder.bitcast(builder.fadd(args[0], constant(6755399441055744.0 + 1023, k.width)), integers)
        return builder.bitcast(builder.shl(low, ir.Constant(integers, [52] * k.width)), args[0].type)

    return k(k), generate


@intrinsic
def exponent_of(typing: Any, v: Any) -> Any:
    """The k of v = m * 2**k with m from sqrt(1/2) to sqrt(2), for positive normal v."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], INTEGERS)
        # 0x95f61 past sqrt(1/2)'s mantissa carries into the exponent
        bits = builder.add(bits, ir.Constant(INTEGERS, [0x3FF0000000000000 - 0x3FE6A09E667F3BCD] * WIDTH))
        bits = builder.lshr(bits, ir.Constant(INTEGERS, [52] * WIDTH))
        shifted = builder.or_(bits, ir.Constant(INTEGERS, [0x4330000000000000] * WIDTH))  # 2**52 + bits
        return builder.fsub(builder.bitcast(shifted, VECTOR), constant(4503599627370496.0 + 1023))

    return vec(vec), generate


def _each(function: str, arity: int) -> Any:
    """A scalar function of C, called for each lane: slow and right, for what is rare."""

    def typed(typing: Any, *args: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            result = UNDEFINED
            for lane in range(WIDTH):
                where = ir.Constant(INT32, lane)
                number = call(builder, function, DOUBLE, [builder.extract_element(a, where) for a in args])
                result = builder.insert_element(result, number, where)
            return result

        return vec(*[vec] * arity), generate

    if arity == 1:
        return intrinsic(lambda typing, x: typed(typing, x))
    return intrinsic(lambda typing, x, y: typed(typing, x, y))


sine, cosine, power = (
    _each(name, arity) for name, arity in (("llvm.sin.f64", 1), ("llvm.cos.f64", 1), ("llvm.pow.f64", 2))
)
tangent, arc_sine, arc_cosine, arc_tangent, area_sine, area_cosine, area_tangent = (
    _each(name, 1) for name in ("tan", "asin", "acos", "atan", "asinh", "acosh", "atanh")
)
sinh, cosh, expm1, log1p, cube_root, error_function, error_complement = (
    _each(name, 1) for name in ("sinh", "cosh", "expm1", "log1p", "cbrt", "erf", "erfc")
)
hypotenuse, angle = _each("hypot", 2), _each("atan2", 2)
