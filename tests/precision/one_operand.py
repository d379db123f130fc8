"""The entries with one operand in mpmath: value, first and second derivative."""
# ruff: noqa: E501 - one entry, one row

import math
from functools import reduce

from mpmath import mp, mpf
from precision.measure import TOO_LARGE, Reference

PI_HALVES = tuple(k * math.pi / 2 for k in (1, 2, 3, 4, 5, 11, 100, 355, 1e6, 1e15))
EXP_ENDS = (-745.1332191019412, -708.3964185322641, 709.782712893384)  # where exp under- and overflows


def one(value, first, second, domain=lambda x: True, special=()):
    return Reference(value, (first,), {(0, 0): second}, domain, special)


def flat(value):
    return Reference(value, (None,), {})


def inside(low, high):
    return lambda x: low < x < high


def no_pole(x):
    return x > 0 or not x.is_integer()


def log_abs_gamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(abs(mp.pi / mp.sinpi(x))) - mp.loggamma(1 - x)


def gamma_times(factor):
    """Gamma times a factor; far out it is too large or 0 for any float, and slow to compute."""

    def formula(x):
        if abs(x) > 300:
            return 2 * TOO_LARGE if x > 0 else mpf(0)
        factors = factor(x)
        return [mp.gamma(x) * f for f in (factors if isinstance(factors, list) else [factors])]

    return formula


def psi(n):
    """The n-th derivative of digamma; far left by reflection, where mpmath would count down one by one."""

    def formula(x):
        if x > -1000:
            return mp.psi(n, x)
        polynomial = [
            1,
            0,
        ]  # of the cotangent, highest power first; its derivative is -pi * (1 + cotangent**2)
        for _ in range(n):
            inner = [c * k for c, k in zip(polynomial, range(len(polynomial) - 1, 0, -1), strict=False)]
            polynomial = [-c - d for c, d in zip([*inner, 0, 0], [0, 0, *inner], strict=True)]
        cotangent = mp.cospi(x) / mp.sinpi(x)
        bend = reduce(lambda total, c: total * cotangent + c, polynomial)
        return (-1) ** n * mp.psi(n, 1 - x) - mp.pi ** (n + 1) * bend

    return formula


def s(x):
    return 1 / (1 + mp.exp(-x))


def slope_of_s(x):
    return s(x) * s(-x)


def pdf(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def cdf(x):
    return mpf(0) if x < -1000 else mp.erfc(-x / mp.sqrt(2)) / 2


def gauss(x):
    return mp.exp(-x * x) * 2 / mp.sqrt(mp.pi)


def cube_root(x):
    return mp.sign(x) * mp.cbrt(abs(x))


def softplus(x):
    return max(x, 0) + mp.log1p(mp.exp(-abs(x)))


def whole(rounding):
    return lambda x: mpf(rounding(x))


POSITIVE = inside(0, math.inf)
WITHIN_1 = inside(-1, 1)
# fmt: off
ONE_OPERAND = {
    "neg": one(lambda x: -x, lambda x: -1, lambda x: 0),
    "identity": one(lambda x: x, lambda x: 1, lambda x: 0),
    "abs": one(abs, mp.sign, lambda x: 0),
    "square": one(lambda x: x * x, lambda x: 2 * x, lambda x: 2),
    "reciprocal": one(lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3),
    "exp": one(mp.exp, mp.exp, mp.exp, special=EXP_ENDS),
    "exp2": one(lambda x: mpf(2) ** x, lambda x: mpf(2) ** x * mp.ln2, lambda x: mpf(2) ** x * mp.ln2**2,
                lambda x: x < 1024, (-1075.0, -1022.0, 1023.9999999999999)),  # beyond, slopes are inf as the value is
    "expm1": one(mp.expm1, mp.exp, mp.exp, special=(*EXP_ENDS, -37.0)),
    "log": one(mp.log, lambda x: 1 / x, lambda x: -1 / x**2, POSITIVE, (1.0,)),
    "log2": one(lambda x: mp.log(x) / mp.ln2, lambda x: 1 / x / mp.ln2, lambda x: -1 / x**2 / mp.ln2, POSITIVE, (1.0,)),
    "log10": one(lambda x: mp.log(x) / mp.ln10, lambda x: 1 / x / mp.ln10, lambda x: -1 / x**2 / mp.ln10, POSITIVE, (1.0,)),
    "log1p": one(mp.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2, inside(-1, math.inf), (-1.0,)),
    "sqrt": one(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), lambda x: -1 / (4 * x * mp.sqrt(x)), POSITIVE),
    "cbrt": one(cube_root, lambda x: 1 / cube_root(x) ** 2 / 3, lambda x: -2 / cube_root(x) ** 5 / 9),
    "sin": one(mp.sin, mp.cos, lambda x: -mp.sin(x), special=PI_HALVES),
    "cos": one(mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x), special=PI_HALVES),
    "tan": one(mp.tan, lambda x: 1 / mp.cos(x) ** 2, lambda x: 2 * mp.tan(x) / mp.cos(x) ** 2, special=PI_HALVES),
    "asin": one(mp.asin, lambda x: 1 / mp.sqrt(1 - x**2), lambda x: x / mp.sqrt(1 - x**2) ** 3, WITHIN_1, (-1.0, 1.0)),
    "acos": one(mp.acos, lambda x: -1 / mp.sqrt(1 - x**2), lambda x: -x / mp.sqrt(1 - x**2) ** 3, WITHIN_1, (-1.0, 1.0)),
    "atan": one(mp.atan, lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2),
    "sinh": one(mp.sinh, mp.cosh, mp.sinh, special=(-710.4758600739439, 710.4758600739439)),
    "cosh": one(mp.cosh, mp.sinh, mp.cosh, special=(-710.4758600739439, 710.4758600739439)),
    "tanh": one(mp.tanh, lambda x: mp.sech(x) ** 2, lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2, special=(-19.06, 19.06, 372.9)),
    "sech2": one(lambda x: mp.sech(x) ** 2, lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2,
                 lambda x: [4 * mp.tanh(x) ** 2 * mp.sech(x) ** 2, -2 * mp.sech(x) ** 4], special=(-372.9, 372.9, 710.47)),
    "asinh": one(mp.asinh, lambda x: 1 / mp.sqrt(x**2 + 1), lambda x: -x / mp.sqrt(x**2 + 1) ** 3),
    "acosh": one(mp.acosh, lambda x: 1 / mp.sqrt(x**2 - 1), lambda x: -x / mp.sqrt(x**2 - 1) ** 3, inside(1, math.inf), (1.0,)),
    "atanh": one(mp.atanh, lambda x: 1 / (1 - x**2), lambda x: 2 * x / (1 - x**2) ** 2, WITHIN_1, (-1.0, 1.0)),
    "degrees": one(lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi, lambda x: 0),
    "radians": one(lambda x: x * mp.pi / 180, lambda x: mp.pi / 180, lambda x: 0),
    "erf": one(mp.erf, gauss, lambda x: -2 * x * gauss(x), special=(-26.6, 26.6, 27.3)),
    "erfc": one(lambda x: mpf(0) if x > 1000 else mp.erfc(x), lambda x: -gauss(x), lambda x: 2 * x * gauss(x), special=(26.5, 26.6, 27.2)),
    "gamma": one(gamma_times(lambda x: 1), gamma_times(psi(0)), gamma_times(lambda x: [psi(0)(x) ** 2, psi(1)(x)]),
                 no_pole, (171.6243769563027, -100.5, -170.0, -177.5, -184.0)),
    "lgamma": one(log_abs_gamma, psi(0), psi(1), no_pole, (1.0, 2.0, 0.5, 1.5, 2.5, 3.5, -0.5, -25.0, -100.0)),
    "digamma": one(psi(0), psi(1), psi(2), no_pole, (-25.0, -100.5, 13.0)),
    "sigmoid": one(s, slope_of_s, lambda x: [s(x) * s(-x) ** 2, -s(x) ** 2 * s(-x)], special=(*EXP_ENDS, 36.7)),
    "log_sigmoid": one(lambda x: -softplus(-x), lambda x: s(-x), lambda x: -slope_of_s(x), special=(*EXP_ENDS, 36.7)),
    "softplus": one(softplus, s, slope_of_s, special=(*EXP_ENDS, 36.7)),
    "silu": one(lambda x: x * s(x), lambda x: [s(x), x * slope_of_s(x)],
                lambda x: [2 * slope_of_s(x), x * s(x) * s(-x) ** 2, -x * s(x) ** 2 * s(-x)], special=(*EXP_ENDS, -700.0, -1500.0)),
    "softsign": one(lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, lambda x: -2 * mp.sign(x) / (1 + abs(x)) ** 3),
    "normal_cdf": one(cdf, pdf, lambda x: -x * pdf(x), special=(-40.0, -38.5, -37.5, 8.3, 38.5, 40.0)),
    "gelu": one(lambda x: x * cdf(x), lambda x: [cdf(x), x * pdf(x)], lambda x: [2 * pdf(x), -(x**2) * pdf(x)],
                special=(-40.0, -38.5, -37.5, -36.0, 8.3, 38.5)),
    "relu": one(lambda x: max(x, 0), lambda x: int(x > 0), lambda x: 0),
    "sign": flat(mp.sign),
    "floor": flat(mp.floor),
    "ceil": flat(mp.ceil),
    "trunc": flat(lambda x: mp.sign(x) * mp.floor(abs(x))),
    "nearest": flat(mp.nint),
}
# fmt: on
