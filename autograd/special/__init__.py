"""The numerics the table needs and `math` lacks: floats to float, never raising, as in IEEE 754 and C99.

    elementary   exponentials, logarithms, angles: `math`'s, with inf and nan where `math` raises
    powers       quotients, roots, powers and their derivatives
    exact        sums and products rounded once
    choices      signs, whole numbers, remainders, largest and smallest
    distances    lengths and directions
    activations  sigmoid and its kind, logaddexp, logsumexp
    normal       the error function and the normal distribution
    gamma        the gamma function and its logarithmic derivatives

Every function is right to 16 units in the last place (tests/test_precision.py); what it gives at 0, inf, nan
and at the ends of its domain stands in a table in tests/test_special.py.
"""

from autograd.special.activations import (
    elu,
    leaky_relu,
    log_sigmoid,
    logaddexp,
    logsumexp,
    relu,
    share,
    sigmoid,
    silu,
    softplus,
)
from autograd.special.choices import (
    ceil,
    clamp,
    copysign,
    floor,
    fmod,
    maximum,
    minimum,
    nearest,
    remainder,
    sign,
    trunc,
)
from autograd.special.distances import atan2, direction, hypot, inversion, norm
from autograd.special.elementary import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    degrees,
    exp,
    exp2,
    expm1,
    inf,
    log,
    log1p,
    log2,
    log10,
    nan,
    radians,
    sech2,
    sin,
    sinh,
    tan,
    tanh,
)
from autograd.special.exact import dot, dot_in_order, fma, other_products, prod, sumprod, total
from autograd.special.gamma import digamma, gamma, lgamma, polygamma, scaled_gamma
from autograd.special.normal import erf, erfc, gauss, gelu, normal_cdf
from autograd.special.powers import (
    cbrt,
    div,
    pow,  # noqa: A004  the name of the op, as in `math`
    pow_derivative,
    reciprocal,
    sqrt,
    square,
)

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "clamp",
    "copysign",
    "cos",
    "cosh",
    "degrees",
    "digamma",
    "direction",
    "div",
    "dot",
    "dot_in_order",
    "elu",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "fma",
    "fmod",
    "gamma",
    "gauss",
    "gelu",
    "hypot",
    "inf",
    "inversion",
    "leaky_relu",
    "lgamma",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_sigmoid",
    "logaddexp",
    "logsumexp",
    "maximum",
    "minimum",
    "nan",
    "nearest",
    "norm",
    "normal_cdf",
    "other_products",
    "polygamma",
    "pow",
    "pow_derivative",
    "prod",
    "radians",
    "reciprocal",
    "relu",
    "remainder",
    "scaled_gamma",
    "sech2",
    "share",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "sumprod",
    "tan",
    "tanh",
    "total",
    "trunc",
]
