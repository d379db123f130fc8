"""The table of ops: every op's value and partial derivatives, declared once.

    tanh = op("tanh", special.tanh, lambda x, y: 1 - y**2, stable=[lambda x, y: sech2(x)])
         name of the entry, value on floats, one partial per operand, and where the readable
         partial loses digits a stable one that the numbers come from

Reading a rule: `x` or `a, b, c` are the operands, `y` is the result.  A rule is an expression of
these and of other entries, without `if`, `.data` or `math`, so it can be read on floats (a number),
on Values (more graph, hence any order), on dual numbers (forward mode) and on names (text, LaTeX).
`None` in the place of a partial: flat, or an operand that must be constant.
n-ary entries have one rule `(i, xs, y)` for all operands.
`composed=` is the value as an expression of other entries: what replay runs where it has no code for the op.
"""

# mypy: disable-error-code="has-type, no-any-return, call-overload"
# (rules refer to entries further down the table; the methods say that an op gives their own kind, and stand
# in a class that is no operand by itself)

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import entry, special
from autograd.declaration import op
from autograd.entry import TABLE, Number, Operand, all_listed, paired, some_listed
from autograd.number import Traced, number_of, plains, to_float
from autograd.settings import chosen_list, chosen_word

if TYPE_CHECKING:
    from autograd.declaration import Gelu, Many, OneOrTwo, Pairs

LN2, LN10, DEGREE = math.log(2), math.log(10), 180 / math.pi
TWO_OVER_SQRT_PI, ONE_OVER_SQRT_TWO_PI = 2 / math.sqrt(math.pi), 1 / math.sqrt(2 * math.pi)
NEARLY_WHOLE = math.log(0.9)
ORDER_0, ORDER_1 = (0.0, 0.0), (1.0, 1.0)  # sampling ranges of operands that count derivatives


def _other_products(xs: Sequence[Any], y: Any) -> list[Any]:
    """For each operand the product of all the others: on Values from running products of both sides."""
    if not any(isinstance(x, Operand) for x in xs):
        return special.other_products(xs)
    before, after = [1.0], [1.0]
    for x, z in zip(xs[:-1], reversed(xs[1:])):
        before.append(before[-1] * x)
        after.append(after[-1] * z)
    return [p * q for p, q in zip(before, reversed(after))]


def _shares_of_ties(xs: Sequence[Any], y: Any) -> list[Any]:
    """1 for the operand that was chosen, 0 for the others; ties share evenly."""
    hits = [eq(x, y) for x in xs]
    ties = sum_(hits)
    return [div(hit, ties) for hit in hits]  # nan among the operands: 0 ties


def _dot_rule(i: int, xs: Sequence[Any], y: Any) -> Any:
    n = len(xs) // 2
    return xs[i + n] if i < n else xs[i - n] if i < 2 * n else 1.0


def _norm_rule(i: int, xs: Sequence[Any], y: Any) -> Any:
    """A norm is the hypot of one operand and the norm of all the others."""
    return hypot_derivative(xs[i], norm([0.0, *xs[:i], *xs[i + 1 :]]), 1.0, 0.0)


def _shares_of_norm(xs: Sequence[Any], y: Any) -> list[Any]:
    plain = not any(isinstance(x, Operand) for x in xs) and 1e-290 < y < special.inf
    return [x / y for x in xs] if plain else [_norm_rule(i, xs, y) for i in range(len(xs))]


def _power(a: Any, b: Any) -> Any:
    """Powers with a usual constant exponent; None: no shorter form."""
    usual = {1.0: lambda: a, 2.0: lambda: square(a), 3.0: lambda: square(a) * a, -1.0: lambda: reciprocal(a),
             0.5: lambda: sqrt(a), -0.5: lambda: reciprocal(sqrt(a))}  # fmt: skip
    return usual[b]() if type(b) is float and b in usual else None


def _power_differentiated(a: Any, b: Any, k: Any, m: Any) -> Any:
    """`pow` differentiated k times to a and m times to b; None where that takes more than a few ops."""
    if type(k) is not float or type(m) is not float:
        return None
    if type(b) is float and m == 0.0:
        factor = math.prod(b - i for i in range(int(k)))
        return factor * a ** (b - k) if factor else 0.0
    if (k, m) == (1.0, 0.0):
        return where(eq(b, 0.0), 0.0, b * a ** (b - 1))
    return where(eq(a**b, 0.0), 0.0, a**b * log(a)) if (k, m) == (0.0, 1.0) else None


def _bell_differentiated(x: Any, k: Any, factor: float, s: float) -> Any:
    """The k-th derivative of the integral of factor * exp(-s*x*x): Hermite's polynomials times that."""
    if type(k) is not float:
        return None
    before, polynomial = factor, -2 * s * factor * x if k > 1.0 else factor
    for i in range(1, int(k) - 1):
        before, polynomial = polynomial, -2 * s * (x * polynomial + i * before)
    return polynomial * exp(-s * square(x))


def _share_times_log(a: Any, b: Any) -> Any:
    """`a * log(b)`, and 0 where that is 0 times an infinite number."""
    none = eq(a, 0.0) * (le(b, 0.0) + eq(b, special.inf))
    return where(none, 0.0, a * log(where(none, 1.0, b)))


def _log_to_base(x: Any, base: Any) -> Any:
    """`math.log(x, base)`; bases 2 and 10 have ops of their own."""
    if not isinstance(base, Operand) and to_float(base) in (2.0, 10.0):
        return (log2 if base == 2 else log10)(x)
    return log(x) / log(base)


def _gelu_in_form(x: Any, approximate: str) -> Any:
    """PyTorch's `gelu(x, approximate="tanh")`: x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x**3))) / 2."""
    if chosen_word("gelu", "approximate", approximate, ("none", "tanh")) == "none":
        return gelu(x)
    near = clamp(x, -40.0, 40.0)  # beyond, the tanh is +-1 to the last digit
    share_of_x = sigmoid(2 * math.sqrt(2 / math.pi) * (near + 0.044715 * near**3))
    return where(lt(x, -40.0), 0.0, x * share_of_x)


# fmt: off
# --- arithmetic --------------------------------------------------------------------------------------
add  = op("add", lambda a, b: a + b, lambda a, b, y: 1.0, lambda a, b, y: 1.0, sign="+", precedence=1)
sub  = op("sub", lambda a, b: a - b, lambda a, b, y: 1.0, lambda a, b, y: -1.0, sign="-", precedence=1)
mul  = op("mul", lambda a, b: a * b, lambda a, b, y: b, lambda a, b, y: a, sign="*", precedence=2, tex=r"\cdot")
div  = op("div", special.div, lambda a, b, y: 1 / b, lambda a, b, y: -y / b, sign="/", precedence=2)
neg  = op("neg", lambda x: -x, lambda x, y: -1.0, sign="-", precedence=3)
pow_ = op("pow", special.pow, lambda a, b, y: b * a**(b - 1), lambda a, b, y: y * log(a), sign="**", precedence=4,
          stable=[lambda a, b, y: pow_derivative(a, b, 1.0, 0.0), lambda a, b, y: pow_derivative(a, b, 0.0, 1.0)],
          sample=((0.1, 3.0), (-3.0, 3.0)), composed=_power)
square     = op("square", lambda x: x * x, lambda x, y: 2 * x)
reciprocal = op("reciprocal", special.reciprocal, lambda x, y: -y**2, sample=((0.1, 3.0),))
fma        = op("fma", special.fma, lambda a, b, c, y: b, lambda a, b, c, y: a, lambda a, b, c, y: 1.0, composed=lambda a, b, c: dot([a], [b], c))
# --- exponential and logarithm -----------------------------------------------------------------------
exp   = op("exp", special.exp, lambda x, y: y, tex=r"\exp")
exp2  = op("exp2", special.exp2, lambda x, y: y * LN2, composed=lambda x: 2.0**x)
expm1 = op("expm1", special.expm1, lambda x, y: exp(x))
log: OneOrTwo = op("log", special.log, lambda x, y: 1 / x, sample=((0.1, 3.0),), more=_log_to_base, tex=r"\log")
log2  = op("log2", special.log2, lambda x, y: 1 / (x * LN2), stable=[lambda x, y: 1 / LN2 / x], sample=((0.1, 3.0),), tex=r"\log_2", composed=lambda x: 1 / LN2 * log(x))
log10 = op("log10", special.log10, lambda x, y: 1 / (x * LN10), stable=[lambda x, y: 1 / LN10 / x], sample=((0.1, 3.0),), tex=r"\log_{10}", composed=lambda x: 1 / LN10 * log(x))
log1p = op("log1p", special.log1p, lambda x, y: 1 / (1 + x), sample=((-0.9, 3.0),))
sqrt  = op("sqrt", special.sqrt, lambda x, y: 1 / (2 * y), sample=((0.1, 3.0),), tex=r"\sqrt{%s}")
cbrt  = op("cbrt", special.cbrt, lambda x, y: 1 / (3 * y**2), sample=((0.1, 3.0),))
# --- trigonometric and hyperbolic --------------------------------------------------------------------
sin   = op("sin", special.sin, lambda x, y: cos(x), tex=r"\sin")
cos   = op("cos", special.cos, lambda x, y: -sin(x), tex=r"\cos")
tan   = op("tan", special.tan, lambda x, y: 1 + y**2, sample=((-1.5, 1.5),), tex=r"\tan")
asin  = op("asin", special.asin, lambda x, y: 1 / sqrt(1 - x**2), stable=[lambda x, y: 1 / sqrt(fma(-x, x, 1.0))], sample=((-0.9, 0.9),), tex=r"\arcsin")
acos  = op("acos", special.acos, lambda x, y: -1 / sqrt(1 - x**2), stable=[lambda x, y: -1 / sqrt(fma(-x, x, 1.0))], sample=((-0.9, 0.9),), tex=r"\arccos")
atan  = op("atan", special.atan, lambda x, y: 1 / (1 + x**2), stable=[lambda x, y: square(1 / hypot(x, 1.0))], tex=r"\arctan")
sinh  = op("sinh", special.sinh, lambda x, y: cosh(x), tex=r"\sinh")
cosh  = op("cosh", special.cosh, lambda x, y: sinh(x), tex=r"\cosh")
tanh  = op("tanh", special.tanh, lambda x, y: 1 - y**2, stable=[lambda x, y: sech2(x)], tex=r"\tanh")
asinh = op("asinh", special.asinh, lambda x, y: 1 / sqrt(x**2 + 1), stable=[lambda x, y: 1 / hypot(x, 1.0)])
acosh = op("acosh", special.acosh, lambda x, y: 1 / sqrt(x**2 - 1), stable=[lambda x, y: 1 / (sqrt(x - 1) * sqrt(x + 1))], sample=((1.1, 3.0),))
atanh = op("atanh", special.atanh, lambda x, y: 1 / (1 - x**2), sample=((-0.9, 0.9),),
           stable=[lambda x, y: where(le(abs_(x), 1.0), 1 / fma(-x, x, 1.0), sqrt(1 - abs_(x)))])  # nan beyond +-1, as the value is
degrees = op("degrees", special.degrees, lambda x, y: DEGREE, composed=lambda x: DEGREE * x)
radians = op("radians", special.radians, lambda x, y: 1 / DEGREE, composed=lambda x: 1 / DEGREE * x)
# --- error function and gamma ------------------------------------------------------------------------
erf   = op("erf", special.erf, lambda x, y: TWO_OVER_SQRT_PI * exp(-x**2), stable=[lambda x, y: erf_derivative(x, 1.0)])
erfc  = op("erfc", special.erfc, lambda x, y: -TWO_OVER_SQRT_PI * exp(-x**2), stable=[lambda x, y: -erf_derivative(x, 1.0)])
polygamma = op("polygamma", special.polygamma, None, lambda n, x, y: polygamma(n + 1, x), sample=(ORDER_0, (0.5, 3.0)))
digamma = op("digamma", special.digamma, lambda x, y: polygamma(1.0, x), sample=((0.5, 3.0),))
gamma   = op("gamma", special.gamma, lambda x, y: y * digamma(x), stable=[lambda x, y: gamma_derivative(x, 1.0)], sample=((0.5, 3.0),), tex=r"\Gamma")
lgamma  = op("lgamma", special.lgamma, lambda x, y: digamma(x), sample=((0.5, 3.0),))
# --- activations -------------------------------------------------------------------------------------
relu        = op("relu", special.relu, lambda x, y: gt(x, 0.0), choice=True)
leaky_relu  = op("leaky_relu", special.leaky_relu, lambda x, slope, y: where(gt(x, 0.0), 1.0, slope),
                 lambda x, slope, y: where(gt(x, 0.0), 0.0, x), defaults=(0.01,), sample=((-3.0, 3.0), (0.01, 0.3)),
                 composed=lambda x, slope: where(gt(x, 0.0), x, slope * x))
elu         = op("elu", special.elu, lambda x, alpha, y: where(gt(x, 0.0), 1.0, y + alpha),
                 lambda x, alpha, y: where(gt(x, 0.0), 0.0, expm1(x)), defaults=(1.0,), sample=((-3.0, 3.0), (0.5, 2.0)),
                 stable=[lambda x, alpha, y: where(gt(x, 0.0), 1.0, alpha * exp(x / 2) * exp(x / 2)), lambda x, alpha, y: where(gt(x, 0.0), 0.0, expm1(x))],
                 composed=lambda x, alpha: where(gt(x, 0.0), x, alpha * expm1(where(gt(x, 0.0), 0.0, x))))
sigmoid = op("sigmoid", special.sigmoid, lambda x, y: y * (1 - y), stable=[lambda x, y: sech2(x / 2) / 4], tex=r"\sigma")
log_sigmoid = op("log_sigmoid", special.log_sigmoid, lambda x, y: sigmoid(-x), composed=lambda x: -softplus(-x))
softplus    = op("softplus", special.softplus, lambda x, y: sigmoid(x))
silu        = op("silu", special.silu, lambda x, y: sigmoid(x) * (1 + x * sigmoid(-x)),
              stable=[lambda x, y: where(gt(x, 0.0), sigmoid(x) * (1 - silu(-x)), sigmoid(x) + y * sigmoid(-x))])
softsign    = op("softsign", special.softsign, lambda x, y: 1 / (1 + abs_(x))**2, stable=[lambda x, y: square(1 / (1 + abs_(x)))],
                 composed=lambda x: where(lt(abs_(x), 1.0), x / (1 + abs_(x)), sign(x) * (1 - 1 / (1 + abs_(x)))))
gelu: Gelu = op("gelu", special.gelu, lambda x, y: normal_cdf(x) + x * ONE_OVER_SQRT_TWO_PI * exp(-x**2 / 2),
                 stable=[lambda x, y: normal_cdf(x) - normal_derivative(x, 2.0)], more=_gelu_in_form,
                 composed=lambda x: x * normal_cdf(x))
# --- choices and steps -------------------------------------------------------------------------------
sign  = op("sign", special.sign, None)
floor = op("floor", special.floor, None, tex=r"\lfloor %s \rfloor")
ceil  = op("ceil", special.ceil, None, tex=r"\lceil %s \rceil")
trunc = op("trunc", special.trunc, None)
gt    = op("gt", lambda a, b: 1.0 if a > b else 0.0, None, None, sign=">", precedence=0)
ge    = op("ge", lambda a, b: 1.0 if a >= b else 0.0, None, None, sign=">=", precedence=0, tex=r"\ge")
lt    = op("lt", lambda a, b: 1.0 if a < b else 0.0, None, None, sign="<", precedence=0)
le    = op("le", lambda a, b: 1.0 if a <= b else 0.0, None, None, sign="<=", precedence=0, tex=r"\le")
eq    = op("eq", lambda a, b: 1.0 if a == b else 0.0, None, None, sign="==", precedence=0, tex="=")
ne    = op("ne", lambda a, b: 1.0 if a != b else 0.0, None, None, sign="!=", precedence=0, tex=r"\ne")
where = op("where", lambda c, a, b: a if c else b, None, lambda c, a, b, y: where(c, 1.0, 0.0),
           lambda c, a, b, y: where(c, 0.0, 1.0), choice=True)
clamp = op("clamp", special.clamp, lambda x, low, high, y: ge(x, low) * le(x, high), lambda x, low, high, y: lt(x, low),
           lambda x, low, high, y: gt(x, high), choice=True, sample=((-3.0, 3.0), (-2.0, -1.0), (1.0, 2.0)))
abs_  = op("abs", math.fabs, lambda x, y: sign(x), tex=r"\left|%s\right|")
copysign = op("copysign", special.copysign, lambda a, b, y: sign(a) * copysign(1.0, b), None)
fmod      = op("fmod", special.fmod, lambda a, b, y: 1.0, lambda a, b, y: -nearest(a / b - y / b), sample=((-9.0, 9.0), (1.0, 3.0)))
mod       = op("mod", special.mod, lambda a, b, y: 1.0, lambda a, b, y: -floordiv(a, b), sign="%", precedence=2, sample=((-9.0, 9.0), (1.0, 3.0)), tex=r"\bmod")  # Python's %: the sign of b
floordiv  = op("floordiv", special.floordiv, None, None, sign="//", precedence=2, sample=((-9.0, 9.0), (1.0, 3.0)))
# IEEE 754's remainder, to the nearest multiple, as in C and `math`; Python's % is `mod`, C's `fmod`
remainder = op("remainder", special.remainder, lambda a, b, y: 1.0, lambda a, b, y: -nearest(a / b - y / b), sample=((-9.0, 9.0), (1.0, 3.0)))
# --- pairs -------------------------------------------------------------------------------------------
hypot: Many = op("hypot", special.hypot, lambda a, b, y: a / y, lambda a, b, y: b / y, more=lambda *xs: norm(xs) if xs else 0.0,
               stable=[lambda a, b, y: hypot_derivative(a, b, 1.0, 0.0), lambda a, b, y: hypot_derivative(a, b, 0.0, 1.0)])
atan2     = op("atan2", special.atan2, lambda a, b, y: b / (a**2 + b**2), lambda a, b, y: -a / (a**2 + b**2),
               stable=[lambda a, b, y: atan2_derivative(a, b, 1.0, 0.0), lambda a, b, y: atan2_derivative(a, b, 0.0, 1.0)])
logaddexp = op("logaddexp", special.logaddexp, lambda a, b, y: exp(a - y), lambda a, b, y: exp(b - y),
               stable=[lambda a, b, y: share(a, b), lambda a, b, y: share(b, a)],
               composed=lambda a, b: logsumexp([a, b]))
xlogy     = op("xlogy", special.xlogy, lambda a, b, y: log(b), lambda a, b, y: a / b, sample=((-3.0, 3.0), (0.1, 3.0)),
               stable=[lambda a, b, y: where(eq(a, 0.0) * le(b, 0.0), 0.0, log(b)), lambda a, b, y: where(eq(a, 0.0) * le(b, 0.0), 0.0, a / b)],
               composed=_share_times_log)
# --- any number of operands: one rule (i, xs, y) -----------------------------------------------------
sum_: Many = op("sum", special.total, lambda i, xs, y: 1.0, arity=None, gather=all_listed)
prod: Many = op("prod", special.prod, lambda i, xs, y: prod([*xs[:i], *xs[i + 1:]]), arity=None, gather=all_listed, bulk=_other_products,
          composed=lambda *xs: reduce(mul, xs))
dot: Pairs = op("dot", special.dot, _dot_rule, arity=None, gather=paired)
sumprod: Pairs = op("sumprod", special.sumprod, _dot_rule, arity=None, gather=paired)  # rounded once, as math.sumprod
logsumexp: Many = op("logsumexp", special.logsumexp, lambda i, xs, y: exp(xs[i] - y), arity=None, gather=some_listed,
                bulk=lambda xs, y: softmax(xs) if any(isinstance(x, Operand) for x in xs) else special.shares(xs, y))
maximum: Many = op("maximum", special.maximum, lambda i, xs, y: eq(xs[i], y) / sum_([eq(x, y) for x in xs]), arity=None, gather=some_listed, choice=True, bulk=_shares_of_ties, tex=r"\max")
minimum: Many = op("minimum", special.minimum, lambda i, xs, y: eq(xs[i], y) / sum_([eq(x, y) for x in xs]), arity=None, gather=some_listed, choice=True, bulk=_shares_of_ties, tex=r"\min")
norm: Many = op("norm", special.norm, lambda i, xs, y: xs[i] / y, stable=[_norm_rule], arity=None, gather=some_listed,
               bulk=_shares_of_norm,
               composed=lambda *xs: reduce(hypot, xs if len(xs) > 1 else (*xs, 0.0)))  # sqrt(x1**2 + x2**2 + ...)
PUBLIC = [name for name, row in TABLE.items() if row.sign == name]  # functions; what has a sign is an operator
# --- what rules and operators are made of, no functions for users --------------------------------------
identity   = op("identity", lambda x: x, lambda x, y: 1.0, composed=lambda x: x)  # a node of its own for the same number
nearest = op("nearest", special.nearest, None)
normal_cdf  = op("normal_cdf", special.normal_cdf, lambda x, y: ONE_OVER_SQRT_TWO_PI * exp(-x**2 / 2), stable=[lambda x, y: normal_derivative(x, 1.0)])
sech2          = op("sech2", special.sech2, lambda x, y: -2 * tanh(x) * y)  # 1 - tanh(x)**2
share          = op("share", special.share, lambda a, b, y: y * share(b, a), lambda a, b, y: -y * share(b, a), composed=lambda a, b: sigmoid(a - b))  # exp(a) / (exp(a) + exp(b))
exp_difference = op("exp_difference", special.exp_difference, lambda a, b, c, y: y, lambda a, b, c, y: -y, None,
                    composed=lambda a, b, c: exp(a - b - c))  # exp(a - b - c)
logsumexp_rest = op("logsumexp_rest", special.logsumexp_rest, None, arity=None,
                    composed=lambda *xs: logsumexp([x - xs[-1] for x in xs[:-1]]))  # of operands and their logsumexp: what its rounding dropped
# the k-th derivative of erf, normal_cdf, gamma: a product of factors would lose what the smallest of them lost
erf_derivative    = op("erf_derivative", special.erf_derivative, lambda x, k, y: erf_derivative(x, k + 1), None, sample=((-3.0, 3.0), ORDER_1),
                       composed=lambda x, k: _bell_differentiated(x, k, TWO_OVER_SQRT_PI, 1.0))
normal_derivative = op("normal_derivative", special.normal_derivative, lambda x, k, y: normal_derivative(x, k + 1), None, sample=((-3.0, 3.0), ORDER_1),
                       composed=lambda x, k: _bell_differentiated(x, k, ONE_OVER_SQRT_TWO_PI, 0.5))
gamma_derivative  = op("gamma_derivative", special.gamma_derivative, lambda x, k, y: gamma_derivative(x, k + 1), None, sample=((0.5, 3.0), ORDER_1))
# a**b, hypot(a, b), atan2(a, b) differentiated k times to a and m times to b
pow_derivative    = op("pow_derivative", special.pow_derivative, lambda a, b, k, m, y: pow_derivative(a, b, k + 1, m),
                       lambda a, b, k, m, y: pow_derivative(a, b, k, m + 1), None, None, sample=((0.1, 3.0), (-3.0, 3.0), ORDER_1, ORDER_0),
                       composed=_power_differentiated)
hypot_derivative  = op("hypot_derivative", special.hypot_derivative, lambda a, b, k, m, y: hypot_derivative(a, b, k + 1, m),
                       lambda a, b, k, m, y: hypot_derivative(a, b, k, m + 1), None, None, sample=((0.1, 3.0), (-3.0, 3.0), ORDER_1, ORDER_0),
                       composed=lambda a, b, k, m: (a if k else b) / hypot(a, b) if k + m == 1.0 else None)
atan2_derivative  = op("atan2_derivative", special.atan2_derivative, lambda a, b, k, m, y: atan2_derivative(a, b, k + 1, m),
                       lambda a, b, k, m, y: atan2_derivative(a, b, k, m + 1), None, None, sample=((0.1, 3.0), (-3.0, 3.0), ORDER_1, ORDER_0),
                       composed=lambda a, b, k, m: (b if k else -a) / hypot(a, b) / hypot(a, b) if k + m == 1.0 else None)
# fmt: on
entry.BUILT_IN = frozenset(TABLE)
# fmt: off
# -- made from the table, as tests/test_ops.py says; `import *` leaves Python's own abs and sum alone ---
__all__ = [  # noqa: RUF022 - as Python sorts
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "clamp", "copysign",
    "cos", "cosh", "degrees", "digamma", "dot", "elu", "erf", "erfc", "exp", "exp2", "expm1", "floor",
    "fma", "fmod", "fsum", "gamma", "gelu", "hypot", "leaky_relu", "lgamma", "log", "log10", "log1p",
    "log2", "log_sigmoid", "logaddexp", "logsumexp", "maximum", "minimum", "norm", "polygamma", "prod",
    "radians", "reciprocal", "relu", "remainder", "sigmoid", "sign", "silu", "sin", "sinh", "softmax",
    "softplus", "softsign", "sqrt", "square", "sumprod", "tan", "tanh", "trunc", "where", "xlogy"
]  # -- to here
# fmt: on


Own = TypeVar("Own")
Entry = TypeVar("Entry", bound=Number)


class Functions:
    """The functions of the table as methods, with NumPy's names too: NumPy calls them on arrays of objects."""

    __slots__ = ()

    # fmt: off
    # -- made from the table ------------------------------------------------------------------------------
    def abs(self: Own) -> Own: return abs_(self)
    def acos(self: Own) -> Own: return acos(self)
    def acosh(self: Own) -> Own: return acosh(self)
    def arccos(self: Own) -> Own: return acos(self)
    def arccosh(self: Own) -> Own: return acosh(self)
    def arcsin(self: Own) -> Own: return asin(self)
    def arcsinh(self: Own) -> Own: return asinh(self)
    def arctan(self: Own) -> Own: return atan(self)
    def arctan2(self: Own, b: Number) -> Own: return atan2(self, b)
    def arctanh(self: Own) -> Own: return atanh(self)
    def asin(self: Own) -> Own: return asin(self)
    def asinh(self: Own) -> Own: return asinh(self)
    def atan(self: Own) -> Own: return atan(self)
    def atan2(self: Own, b: Number) -> Own: return atan2(self, b)
    def atanh(self: Own) -> Own: return atanh(self)
    def cbrt(self: Own) -> Own: return cbrt(self)
    def ceil(self: Own) -> Own: return ceil(self)
    def clamp(self: Own, low: Number, high: Number) -> Own: return clamp(self, low, high)
    def copysign(self: Own, b: Number) -> Own: return copysign(self, b)
    def cos(self: Own) -> Own: return cos(self)
    def cosh(self: Own) -> Own: return cosh(self)
    def deg2rad(self: Own) -> Own: return radians(self)
    def degrees(self: Own) -> Own: return degrees(self)
    def digamma(self: Own) -> Own: return digamma(self)
    def elu(self: Own, alpha: Number = 1.0) -> Own: return elu(self, alpha)
    def erf(self: Own) -> Own: return erf(self)
    def erfc(self: Own) -> Own: return erfc(self)
    def exp(self: Own) -> Own: return exp(self)
    def exp2(self: Own) -> Own: return exp2(self)
    def expm1(self: Own) -> Own: return expm1(self)
    def fabs(self: Own) -> Own: return abs_(self)
    def floor(self: Own) -> Own: return floor(self)
    def fma(self: Own, b: Number, c: Number) -> Own: return fma(self, b, c)
    def fmod(self: Own, b: Number) -> Own: return fmod(self, b)
    def gamma(self: Own) -> Own: return gamma(self)
    def gelu(self: Own, approximate: str = "none") -> Own: return gelu(self, approximate)
    def hypot(self: Own, *more: Number) -> Own: return hypot(self, *more)
    def leaky_relu(self: Own, slope: Number = 0.01) -> Own: return leaky_relu(self, slope)
    def lgamma(self: Own) -> Own: return lgamma(self)
    def log(self: Own, base: Number | None = None) -> Own: return log(self) if base is None else log(self, base)
    def log10(self: Own) -> Own: return log10(self)
    def log1p(self: Own) -> Own: return log1p(self)
    def log2(self: Own) -> Own: return log2(self)
    def log_sigmoid(self: Own) -> Own: return log_sigmoid(self)
    def logaddexp(self: Own, b: Number) -> Own: return logaddexp(self, b)
    def rad2deg(self: Own) -> Own: return degrees(self)
    def radians(self: Own) -> Own: return radians(self)
    def reciprocal(self: Own) -> Own: return reciprocal(self)
    def relu(self: Own) -> Own: return relu(self)
    def remainder(self: Own, b: Number) -> Own: return remainder(self, b)
    def rint(self: Own) -> Own: return nearest(self)
    def sigmoid(self: Own) -> Own: return sigmoid(self)
    def sign(self: Own) -> Own: return sign(self)
    def silu(self: Own) -> Own: return silu(self)
    def sin(self: Own) -> Own: return sin(self)
    def sinh(self: Own) -> Own: return sinh(self)
    def softplus(self: Own) -> Own: return softplus(self)
    def softsign(self: Own) -> Own: return softsign(self)
    def sqrt(self: Own) -> Own: return sqrt(self)
    def square(self: Own) -> Own: return square(self)
    def tan(self: Own) -> Own: return tan(self)
    def tanh(self: Own) -> Own: return tanh(self)
    def trunc(self: Own) -> Own: return trunc(self)
    def xlogy(self: Own, b: Number) -> Own: return xlogy(self, b)
    # -- to here ------------------------------------------------------------------------------------------
    # fmt: on


for _name, _method in vars(Functions).items():
    if not _name.startswith("_"):
        setattr(Operand, _name, _method)


fsum = sum_  # a sum is always rounded once, as math.fsum does


def softmax(xs: Iterable[Entry]) -> list[Entry]:
    """Shares `exp(x) / sum(exp(xs))`: a list of numbers in 0..1 that add up to 1.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    logits, total, rest = with_total("softmax", xs)
    k = _dominating(logits, total)
    if k is None:
        return [exp_difference(x, total, rest) for x in logits]
    # 1 minus the others: as exp(x - total) its slope to x would be 1 - 1, of which no digit is left
    others = [exp_difference(x, total, rest) for i, x in enumerate(logits) if i != k]
    return [*others[:k], 1 - sum_(others), *others[k:]]


def _dominating(logits: Sequence[Any], total: Any) -> int | None:
    """The operand that has nearly the whole of a softmax; None where none has, and while a function is recorded."""
    whole = number_of(total)
    if isinstance(whole, Traced) or not isinstance(total, Operand) or len(logits) < 2:
        return None
    numbers = [x if type(x) is float else number_of(x) for x in logits]
    return next((i for i, number in enumerate(numbers) if number - whole > NEARLY_WHOLE), None)


def with_total(owner: str, xs: Iterable[Any]) -> tuple[list[Any], Any, Any]:
    """The operands, their logsumexp, and what was lost when that was rounded."""
    logits = plains(chosen_list(owner, "xs", xs))
    total = logsumexp(logits)
    return logits, total, logsumexp_rest(*logits, total)
