"""Eight floats as one Numba value: what the kernels are written in.

Numba vectorises loops when LLVM manages to; a register tile (a block of results that stays in registers
while the operands stream past) it never finds. So a `Vec` is a Numba type of its own, eight float64 wide,
that LLVM splits over whatever registers the machine has: one of AVX-512, two of AVX2, four of SSE or NEON.
With it a kernel reads like the loop it is, and the register tile is in the source. A number beside a `Vec`
stands for as many of them.

Indexing here is unchecked and never wraps around: the tape was checked when it was made.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

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


class Code(NamedTuple):
    """Where an intrinsic's code goes: Numba's context, LLVM's builder, the types it is called with."""

    context: Any
    builder: Any
    kinds: Any


def emits(signature: Any, names: Sequence[str] = ()) -> Any:
    """Make an intrinsic of a function that writes its code: what kernels call is lowered to that code.

    Args:
        signature: from the types of what it is called with, Numba's signature of it.
        names: of what it is called with; those of `signature` unless that takes any number.
    """

    def decorated(emit: Any) -> Any:
        def typed(typing: Any, *kinds: Any) -> Any:
            def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
                found = emit(Code(context, builder, sig.args), *args)
                return context.get_dummy_value() if found is None else found

            return signature(*kinds), generate

        # Numba reads the number of arguments from the signature
        known = ("typing", *(names or inspect.signature(signature).parameters))
        positional = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in known]
        typed.__signature__ = inspect.Signature(positional)  # type: ignore[attr-defined]  # what `inspect` asks
        typed.__name__, typed.__doc__ = emit.__name__, emit.__doc__
        return intrinsic(typed)

    return decorated


def data(code: Code, kind: Any, array: Any) -> Any:
    """The address of an array's first number; an address stays what it is."""
    if isinstance(kind, types.CPointer):
        return array
    return make_array(kind)(code.context, code.builder, array).data


def pointer(code: Code, kind: Any, array: Any, i: Any, to: Any = None) -> Any:
    """The address of array[i], of an array or from an address on, as a pointer to `to` when given."""
    place = code.builder.gep(data(code, kind, array), [i])
    return code.builder.bitcast(place, to.as_pointer()) if to is not None else place


def broadcast(builder: Any, number: Any, width: int = WIDTH) -> Any:
    nothing = ir.Constant(ir.VectorType(DOUBLE, width), ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(INT32, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(INT32, width), [0] * width))


def constant(number: float, width: int = WIDTH) -> Any:
    return ir.Constant(ir.VectorType(DOUBLE, width), [number] * width)


def widest(kinds: Any) -> Any:
    """The type of what is made of vectors and numbers; None where there is no vector among them."""
    return next((kind for kind in kinds if isinstance(kind, Vec)), None)


def widened(builder: Any, kinds: Any, args: Any) -> Any:
    """The arguments of an operation, numbers as often as its vectors hold some."""
    width = widest(kinds).width
    return [
        arg if isinstance(kind, Vec) else broadcast(builder, arg, width) for kind, arg in zip(kinds, args)
    ]


def call(builder: Any, name: str, kind: Any, args: Any, fastmath: Any = ()) -> Any:
    """A call of the LLVM intrinsic or C function `name`."""
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(kind, [arg.type for arg in args]), name
    )
    return builder.call(function, args, fastmath=fastmath)


def element(builder: Any, places: Any, i: Any, k: int) -> Any:
    """The place, a whole number, that stands at places[i + k]."""
    place = builder.load(builder.gep(places, [builder.add(i, ir.Constant(INT64, k))]))
    return builder.sext(place, INT64) if place.type.width < 64 else place


# -- memory ---------------------------------------------------------------------------------------


@emits(lambda array, i: array.dtype(array, types.intp))
def at(code: Code, array: Any, i: Any) -> Any:
    """array[i], one number."""
    return code.builder.load(pointer(code, code.kinds[0], array, i))


@emits(lambda array, i, number: types.void(array, types.intp, array.dtype))
def put(code: Code, array: Any, i: Any, number: Any) -> None:
    """array[i] = number."""
    code.builder.store(number, pointer(code, code.kinds[0], array, i))


@emits(lambda array, i: vec(array, types.intp))
def load(code: Code, array: Any, i: Any) -> Any:
    """array[i : i + 8]."""
    return code.builder.load(pointer(code, code.kinds[0], array, i, VECTOR), align=8)


@emits(lambda array, i, lanes: Vec(len(lanes))(array, types.intp, lanes))
def row(code: Code, array: Any, i: Any, lanes: Any) -> Any:
    """As many numbers of array[i:] as the tuple `lanes` is long."""
    kind = ir.VectorType(DOUBLE, len(code.kinds[2]))
    return code.builder.load(pointer(code, code.kinds[0], array, i, kind), align=8)


@emits(lambda array, i, v: types.void(array, types.intp, v))
def store(code: Code, array: Any, i: Any, v: Any) -> None:
    """array[i], ... = v."""
    code.builder.store(v, pointer(code, code.kinds[0], array, i, v.type), align=8)


@emits(lambda array, i, number, lanes: types.void(array, types.intp, types.float64, lanes))
def fill_row(code: Code, array: Any, i: Any, number: Any, lanes: Any) -> None:
    """The same number as often as the tuple `lanes` is long, in array[i:]."""
    v = broadcast(code.builder, number, len(code.kinds[3]))
    code.builder.store(v, pointer(code, code.kinds[0], array, i, v.type), align=8)


@emits(lambda number: vec(types.float64))
def splat(code: Code, number: Any) -> Any:
    """The same number eight times."""
    return broadcast(code.builder, number)


@emits(lambda array, index, i: vec(array, index, types.intp))
def gather(code: Code, array: Any, index: Any, i: Any) -> Any:
    """array[index[i]], ..., array[index[i + 7]]."""
    builder, (kind, of_index, _), result = code.builder, code.kinds, UNDEFINED
    source, where = data(code, kind, array), data(code, of_index, index)
    for k in range(WIDTH):
        number = builder.load(builder.gep(source, [element(builder, where, i, k)]))
        result = builder.insert_element(result, number, ir.Constant(INT32, k))
    return result


@emits(lambda: types.void())
def apart(code: Code) -> None:
    """Keep the function that calls this out of others: LLVM would copy it, and optimise each copy again."""
    code.builder.function.attributes.add("noinline")


@emits(lambda address, arrays, places, numbers: types.void(address, arrays, places, numbers))
def call_at(code: Code, address: Any, arrays: Any, places: Any, numbers: Any) -> None:
    """Call the function at an address on some arrays, each from its place on, and some whole numbers."""
    builder, (_, of_arrays, _, of_numbers) = code.builder, code.kinds
    pairs = [
        (builder.extract_value(arrays, i), builder.extract_value(places, i)) for i in range(len(of_arrays))
    ]
    given = [pointer(code, kind, *pair) for kind, pair in zip(of_arrays.types, pairs)]
    given += [builder.extract_value(numbers, i) for i in range(len(of_numbers))]
    kind = ir.FunctionType(ir.VoidType(), [x.type for x in given])
    builder.call(builder.inttoptr(address, kind.as_pointer()), given)


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
        return getattr(builder, instruction)(*widened(builder, sig.args, args), flags=("contract",))


_operator(operator.add, "fadd")
_operator(operator.sub, "fsub")
_operator(operator.mul, "fmul")
_operator(operator.truediv, "fdiv")


def _lanes(name: str, arity: int) -> Any:
    """The LLVM intrinsic `name`, lane by lane."""

    @emits(lambda *kinds: widest(kinds)(*kinds), "xyz"[:arity])
    def lanes(code: Code, *args: Any) -> Any:
        given = widened(code.builder, code.kinds, args)
        return call(code.builder, f"llvm.{name}.v{widest(code.kinds).width}f64", given[0].type, given)

    return lanes


fma, magnitude, root, nearest, with_sign_of = (
    _lanes(name, arity)
    for name, arity in (("fma", 3), ("fabs", 1), ("sqrt", 1), ("rint", 1), ("copysign", 2))
)


@emits(lambda v: v(v))
def negative(code: Code, v: Any) -> Any:
    """-v, signs of zeros turned too."""
    return code.builder.fneg(v)


@emits(lambda v: types.float64(v))
def total(code: Code, v: Any) -> Any:
    """The sum of all."""
    name, start = f"llvm.vector.reduce.fadd.v{code.kinds[0].width}f64", ir.Constant(DOUBLE, -0.0)
    return call(code.builder, name, DOUBLE, [start, v], ("reassoc",))


def _choice(predicate: str) -> Any:
    @emits(lambda a, b, x, y: widest((a, b, x, y))(a, b, x, y))
    def choice(code: Code, *args: Any) -> Any:
        a, b, x, y = widened(code.builder, code.kinds, args)
        return code.builder.select(code.builder.fcmp_ordered(predicate, a, b), x, y)

    return choice


# x where the comparison of a and b holds, else y; a comparison with nan never holds
if_greater, if_at_least, if_equal = (_choice(predicate) for predicate in (">", ">=", "=="))


# -- the bits of a float ----------------------------------------------------------------------------


@emits(lambda v, low, high: types.boolean(vec, types.float64, types.float64))
def all_between(code: Code, *args: Any) -> Any:
    """Whether each of the eight is at least `low` and at most `high`."""
    builder, (v, low, high) = code.builder, widened(code.builder, code.kinds, args)
    inside = builder.and_(builder.fcmp_ordered(">=", v, low), builder.fcmp_ordered("<=", v, high))
    return call(builder, f"llvm.vector.reduce.and.v{WIDTH}i1", BIT, [inside])


@emits(lambda v: vec(vec))
def root_guess(code: Code, v: Any) -> Any:
    """1 / sqrt(v) within 3.5 %, for positive normal v: the exponent halved, and turned round."""
    builder = code.builder
    half = builder.lshr(builder.bitcast(v, INTEGERS), ir.Constant(INTEGERS, [1] * WIDTH))
    bits = builder.sub(ir.Constant(INTEGERS, [0x5FE6EB50C7B537A9] * WIDTH), half)
    return builder.bitcast(bits, VECTOR)


@emits(lambda k: k(k))
def two_to_the(code: Code, k: Any) -> Any:
    """2.0 ** k for whole numbers k from -1022 to 1023, by writing the exponent."""
    # adding 1.5 * 2**52 leaves the whole number in the low bits
    builder, width = code.builder, code.kinds[0].width
    integers = ir.VectorType(INT64, width)
    low = builder.bitcast(builder.fadd(k, constant(6755399441055744.0 + 1023, width)), integers)
    return builder.bitcast(builder.shl(low, ir.Constant(integers, [52] * width)), k.type)


@emits(lambda v: vec(vec))
def exponent_of(code: Code, v: Any) -> Any:
    """The k of v = m * 2**k with m from sqrt(1/2) to sqrt(2), for positive normal v."""
    builder = code.builder
    # 0x95f61 past sqrt(1/2)'s mantissa carries into the exponent
    past = ir.Constant(INTEGERS, [0x3FF0000000000000 - 0x3FE6A09E667F3BCD] * WIDTH)
    bits = builder.lshr(builder.add(builder.bitcast(v, INTEGERS), past), ir.Constant(INTEGERS, [52] * WIDTH))
    shifted = builder.or_(bits, ir.Constant(INTEGERS, [0x4330000000000000] * WIDTH))  # 2**52 + bits
    return builder.fsub(builder.bitcast(shifted, VECTOR), constant(4503599627370496.0 + 1023))


def _each(function: str, arity: int) -> Any:
    """A scalar function of C, called for each lane: slow and right, for what is rare."""

    @emits(lambda *kinds: vec(*[vec] * arity), "xy"[:arity])
    def each(code: Code, *args: Any) -> Any:
        builder, result = code.builder, UNDEFINED
        for lane in range(WIDTH):
            where = ir.Constant(INT32, lane)
            number = call(builder, function, DOUBLE, [builder.extract_element(a, where) for a in args])
            result = builder.insert_element(result, number, where)
        return result

    return each


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
