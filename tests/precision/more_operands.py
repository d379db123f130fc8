"""The entries with several operands in mpmath: value, first and second derivatives."""
# ruff: noqa: E501 - one entry, one row

import math
from fractions import Fraction
from math import comb, factorial, floor, trunc

from mpmath import mp, mpf
from mpmath.libmp import to_rational
from precision.measure import Reference
from precision.one_operand import EXP_ENDS, gamma_times, no_pole, psi, s, slope_of_s

from autograd import special


def bend_of_s(x):
    return [s(x) * s(-x) ** 2, -(s(x) ** 2) * s(-x)]


def negative(formula):
    return lambda *xs: [-term for term in formula(*xs)]


def power(a, b):
    if a == 0 and b < 0:
        raise ValueError("a pole")
    return a**b


def log_power(a, b, m):
    return power(a, b) * mp.log(a) ** m if a > 0 else mp.nan


def power_derivative(a, b, k, m):
    """Terms of the power differentiated k times to a, m times to b: by Leibniz, the factors b, b-1, ... one by one."""
    coefficients = [mpf(1)]
    for i in range(int(k)):
        shifted = [mpf(0), *coefficients]
        coefficients = [(b - i) * c + d for c, d in zip([*coefficients, mpf(0)], shifted, strict=True)]
    terms = [
        comb(int(m), j) * factorial(j) * c * log_power(a, b - k, int(m) - j)
        for j, c in enumerate(coefficients[: int(m) + 1])
    ]
    return [mp.fsum(terms)] if int(m) == 0 else terms


def gamma_derivative(x, k):
    """Gamma differentiated k times, by Leibniz from its first derivative, gamma times psi."""

    def factor(x):
        factors = [[mpf(1)]]
        for n in range(int(k)):
            factors.append([comb(n, j) * t * psi(n - j)(x) for j in range(n + 1) for t in factors[j]])
        return factors[-1]

    return gamma_times(factor)(x)


def bell(c, s, x, k):
    """Terms of c * exp(-s * x**2) differentiated k - 1 times: a Hermite polynomial, as its sum (DLMF 18.5.13)."""
    n = int(k) - 1
    t = x * mp.sqrt(2 * s)
    powers = [
        (-1) ** i * mpf(factorial(n)) / factorial(i) / factorial(n - 2 * i) / 2**i * t ** (n - 2 * i)
        for i in range(n // 2 + 1)
    ]
    return [c * (-1) ** n * mp.sqrt(2 * s) ** n * p * mp.exp(-s * x * x) for p in powers]


def h(*xs):
    return mp.sqrt(mp.fsum(x * x for x in xs))


def angle(a, b, k, m):
    """Terms of atan2(a, b) differentiated k times to a, m times to b: the imaginary part of log(b + ai), expanded."""
    n, k = int(k + m), int(k)
    factor = (-1) ** (n - 1) * factorial(n - 1) / h(a, b) ** (2 * n)
    turns = [(j, 1 if (k - j) % 4 == 1 else -1) for j in range(n + 1) if (k - j) % 2]
    return [factor * comb(n, j) * sign * a**j * b ** (n - j) for j, sign in turns]


def length(a, b, k, m):
    """Terms of hypot(a, b) differentiated k times to a, m times to b: the quotient rule, with whole coefficients."""
    polynomial = {(0, 0): 1}  # {(i, j): coefficient of a**i * b**j}, over hypot**p
    p = -1
    for which in [0] * int(k) + [1] * int(m):
        after = {}
        for powers, c in polynomial.items():
            i, up = powers[which], tuple(q + (n == which) for n, q in enumerate(powers))
            down = tuple(q - 1 if n == which else q + 2 for n, q in enumerate(powers))
            after[up] = after.get(up, 0) + (i - p) * c
            after[down] = after.get(down, 0) + i * c
        polynomial, p = {powers: c for powers, c in after.items() if c}, p + 2
    return [c * a**i * b**j / h(a, b) ** p for (i, j), c in polynomial.items()]


def ratio(x):
    return Fraction(*map(int, to_rational(mpf(x)._mpf_)))


def fraction(formula):
    """A formula of sums and products on fractions: no digits are enough for 1e300 + 1 - 1e300."""

    def on_fractions(*xs):
        exact = formula(*map(ratio, xs))
        return mpf(exact.numerator) / exact.denominator

    return on_fractions


def quotient(a, b, rounding):
    return rounding(ratio(a) / ratio(b))


def left_over(a, b, rounding):
    exact = ratio(a) - quotient(a, b, rounding) * ratio(b)
    return mpf(exact.numerator) / exact.denominator


def share(i, *xs):
    return 1 / mp.fsum(mp.exp(x - xs[i]) for x in xs)


def delta(i, j):
    return int(i == j)


def share_to(i, j):
    return lambda *xs: [share(i, *xs) * delta(i, j), -share(i, *xs) * share(j, *xs)]


def share_twice_to(i, j, k):
    def terms(*xs):
        p, q, r = share(i, *xs), share(j, *xs), share(k, *xs)
        return [p * (delta(i, j) - q) * (delta(i, k) - r), -p * q * delta(j, k), p * q * r]

    return terms


def log_share(i, *xs):
    largest = max(xs)
    return [xs[i] - largest, -mp.log1p(mp.fsum(mp.exp(x - largest) for x in rest(xs)))]


def logsumexp(*xs):
    return [max(xs), mp.log1p(mp.fsum(mp.exp(x - max(xs)) for x in rest(xs)))]


def dropped_by_logsumexp(*xs):
    total = mpf(special.logsumexp(*map(float, xs)))
    return [fraction(lambda largest, total: largest - total)(max(xs), total), logsumexp(*xs)[1]]


def exp_of_difference(sign):
    return lambda a, b, c: sign * mp.exp(fraction(lambda a, b, c: a - b - c)(a, b, c))


def rest(xs):
    """All but the largest."""
    return sorted(xs)[:-1]


def upper(count, formula):
    return {(i, j): formula(i, j) for i in range(count) for j in range(i, count)}


def chosen(choose):
    def part(i):
        return lambda *xs: mpf(xs[i] == choose(xs)) / sum(x == choose(xs) for x in xs)

    return Reference(lambda *xs: choose(xs), tuple(map(part, range(3))), {})


def norm_twice(i, j):
    others = [k for k in range(3) if k != i]
    if i == j:
        return lambda *xs: mp.fsum(xs[k] ** 2 for k in others) / h(*xs) ** 3
    return lambda *xs: -xs[i] * xs[j] / h(*xs) ** 3


def compared(holds):
    return Reference(lambda a, b: int(holds(a, b)), (None, None), {})


def in_two_orders(terms, domain):
    """The reference of `terms(a, b, k, m)`, the k-th and m-th derivative to its two operands."""

    def further(i, j):
        return lambda a, b, k, m: terms(a, b, k + i, m + j)

    seconds = {(0, 0): further(2, 0), (0, 1): further(1, 1), (1, 1): further(0, 2)}
    return Reference(terms, (further(1, 0), further(0, 1), None, None), seconds, domain, orders=(2, 3))


def in_orders(terms, orders, special, domain=lambda x: True):
    """The reference of `terms(x, k)`, the k-th derivative to its operand."""

    def further(i):
        return lambda x, k: terms(x, k + i)

    return Reference(
        terms,
        (further(1), None),
        {(0, 0): further(2)},
        lambda x, k: orders(k) and k < 4 and domain(x),
        special,
        (1,),
    )


WHOLE_POWERS = lambda a, b: a > 0 or (b.is_integer() and abs(b) < 2**53)
NOT_BOTH_0 = lambda a, b: a != 0 or b != 0
# fmt: off
MORE_OPERANDS = {
    "add": Reference(lambda a, b: a + b, (lambda a, b: 1, lambda a, b: 1), {}),
    "sub": Reference(lambda a, b: a - b, (lambda a, b: 1, lambda a, b: -1), {}),
    "mul": Reference(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a), {(0, 1): lambda a, b: 1}),
    "div": Reference(lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2),
                     {(0, 1): lambda a, b: -1 / b**2, (1, 1): lambda a, b: 2 * a / b**3}),
    "pow": Reference(power, (lambda a, b: b * power(a, b - 1), lambda a, b: log_power(a, b, 1)),
                     {(0, 0): lambda a, b: b * (b - 1) * power(a, b - 2), (1, 1): lambda a, b: log_power(a, b, 2),
                      (0, 1): lambda a, b: [power(a, b - 1), b * log_power(a, b - 1, 1)]}, WHOLE_POWERS, (2.0, -1074.0, 1023.0)),
    "pow_derivative": in_two_orders(power_derivative, lambda a, b, k, m: a > 0),
    "fma": Reference(fraction(lambda a, b, c: a * b + c), (lambda a, b, c: b, lambda a, b, c: a, lambda a, b, c: 1), {(0, 1): lambda a, b, c: 1}),
    "erf_derivative": in_orders(lambda x, k: bell(2 / mp.sqrt(mp.pi), 1, x, k), lambda k: k > 0, (26.6, 27.3)),
    "normal_derivative": in_orders(lambda x, k: bell(1 / mp.sqrt(2 * mp.pi), mpf(1) / 2, x, k), lambda k: k > 0, (34.6, 37.5, 38.6)),
    "gamma_derivative": in_orders(gamma_derivative, lambda k: True, (171.6, -177.5, -184.0), no_pole),
    "polygamma": Reference(lambda n, x: psi(int(n))(x), (None, lambda n, x: psi(int(n) + 1)(x)),
                     {(1, 1): lambda n, x: psi(int(n) + 2)(x)}, lambda n, x: n in (0, 1, 2, 3) and no_pole(x), (1.46163, -25.5), (0,)),
    "leaky_relu": Reference(lambda x, k: x if x > 0 else k * x, (lambda x, k: 1 if x > 0 else k, lambda x, k: min(x, 0)), {(0, 1): lambda x, k: int(x <= 0)}),
    "elu": Reference(lambda x, k: x if x > 0 else k * mp.expm1(x), (lambda x, k: 1 if x > 0 else k * mp.exp(x), lambda x, k: mp.expm1(min(x, 0))),
                     {(0, 0): lambda x, k: 0 if x > 0 else k * mp.exp(x), (0, 1): lambda x, k: 0 if x > 0 else mp.exp(x)}),
    "gt": compared(mpf.__gt__), "ge": compared(mpf.__ge__), "lt": compared(mpf.__lt__), "le": compared(mpf.__le__), "eq": compared(mpf.__eq__), "ne": compared(mpf.__ne__),
    "where": Reference(lambda c, a, b: a if c else b, (None, lambda c, a, b: int(c != 0), lambda c, a, b: int(c == 0)), {}),
    "clamp": Reference(lambda x, low, high: max(low, min(high, x)), (lambda x, low, high: int(low <= x <= high), lambda x, low, high: int(x < low),
                     lambda x, low, high: int(x > high)), {}, lambda x, low, high: low < high),
    "copysign": Reference(lambda a, b: abs(a) * mp.sign(b), (lambda a, b: mp.sign(a) * mp.sign(b), None), {}, lambda a, b: b != 0),
    "fmod": Reference(lambda a, b: left_over(a, b, trunc), (lambda a, b: 1, lambda a, b: -quotient(a, b, trunc)), {}, lambda a, b: b != 0, (2.0,)),
    "mod": Reference(lambda a, b: left_over(a, b, floor), (lambda a, b: 1, lambda a, b: -quotient(a, b, floor)), {}, lambda a, b: b != 0, (2.0,)),
    "floordiv": Reference(lambda a, b: quotient(a, b, floor), (None, None), {}, lambda a, b: b != 0, (2.0,)),
    "remainder": Reference(lambda a, b: left_over(a, b, round), (lambda a, b: 1, lambda a, b: -quotient(a, b, round)), {}, lambda a, b: b != 0, (2.0,)),
    "hypot": Reference(h, (lambda a, b: a / h(a, b), lambda a, b: b / h(a, b)), {(0, 0): lambda a, b: b**2 / h(a, b) ** 3,
                     (0, 1): lambda a, b: -a * b / h(a, b) ** 3, (1, 1): lambda a, b: a**2 / h(a, b) ** 3}, NOT_BOTH_0),
    "atan2": Reference(mp.atan2, (lambda a, b: b / h(a, b) ** 2, lambda a, b: -a / h(a, b) ** 2), {(0, 0): lambda a, b: -2 * a * b / h(a, b) ** 4,
                     (0, 1): lambda a, b: [a**2 / h(a, b) ** 4, -b**2 / h(a, b) ** 4], (1, 1): lambda a, b: 2 * a * b / h(a, b) ** 4}, lambda a, b: a != 0 or b > 0),
    "atan2_derivative": in_two_orders(angle, lambda a, b, k, m: (a != 0 or b != 0) and k + m > 0),
    "hypot_derivative": in_two_orders(length, lambda a, b, k, m: (a != 0 or b != 0) and k + m > 0),
    "share": Reference(lambda a, b: s(a - b), (lambda a, b: slope_of_s(a - b), lambda a, b: -slope_of_s(a - b)), {(0, 0): lambda a, b: bend_of_s(a - b),
                     (0, 1): negative(lambda a, b: bend_of_s(a - b)), (1, 1): lambda a, b: bend_of_s(a - b)}, special=EXP_ENDS),
    "logaddexp": Reference(logsumexp, (lambda a, b: s(a - b), lambda a, b: s(b - a)), {(0, 0): lambda a, b: slope_of_s(a - b),
                     (0, 1): lambda a, b: -slope_of_s(a - b), (1, 1): lambda a, b: slope_of_s(a - b)}, special=(*EXP_ENDS, -0.6931471805599453)),
    "xlogy": Reference(lambda a, b: a * mp.log(b), (lambda a, b: mp.log(b), lambda a, b: a / b), {(0, 1): lambda a, b: 1 / b,
                     (1, 1): lambda a, b: -a / b**2}, lambda a, b: b > 0, (1.0,)),
    "sum": Reference(fraction(lambda a, b, c: a + b + c), (lambda *xs: 1,) * 3, {}),
    "prod": Reference(lambda a, b, c: a * b * c, (lambda a, b, c: b * c, lambda a, b, c: a * c, lambda a, b, c: a * b),
                     {(0, 1): lambda a, b, c: c, (0, 2): lambda a, b, c: b, (1, 2): lambda a, b, c: a}),
    "dot": Reference(lambda v, w, x, y, b: [v * x, w * y, b], (lambda *xs: xs[2], lambda *xs: xs[3], lambda *xs: xs[0], lambda *xs: xs[1], lambda *xs: 1),
                     {(0, 2): lambda *xs: 1, (1, 3): lambda *xs: 1}, lambda v, w, x, y, b: math.isfinite(v * x) and math.isfinite(w * y)),
    "sumprod": Reference(fraction(lambda v, w, x, y: v * x + w * y), (lambda *xs: xs[2], lambda *xs: xs[3], lambda *xs: xs[0], lambda *xs: xs[1]),
                     {(0, 2): lambda *xs: 1, (1, 3): lambda *xs: 1}),
    "maximum": chosen(max), "minimum": chosen(min),
    "logsumexp": Reference(logsumexp, tuple((lambda *xs, i=i: share(i, *xs)) for i in range(3)), upper(3, share_to), special=EXP_ENDS),
    "logsumexp_rest": Reference(dropped_by_logsumexp, (None,) * 3, {}, special=EXP_ENDS),
    "exp_difference": Reference(exp_of_difference(1), (exp_of_difference(1), exp_of_difference(-1), None),
                     {(0, 0): exp_of_difference(1), (0, 1): exp_of_difference(-1), (1, 1): exp_of_difference(1)}, special=EXP_ENDS),
    "norm": Reference(h, tuple((lambda *xs, i=i: xs[i] / h(*xs)) for i in range(3)), upper(3, norm_twice), lambda *xs: any(xs)),
    "softmax": Reference(lambda *xs: share(0, *xs), tuple(share_to(0, j) for j in range(3)), upper(3, lambda j, k: share_twice_to(0, j, k)), special=EXP_ENDS),
    "log_softmax": Reference(lambda *xs: log_share(0, *xs), tuple((lambda *xs, j=j: [delta(0, j), -share(j, *xs)]) for j in range(3)),
                     upper(3, lambda j, k: lambda *xs: [-share(j, *xs) * delta(j, k), share(j, *xs) * share(k, *xs)]), special=EXP_ENDS),
    "dist": Reference(lambda a, b, c, d: h(a - c, b - d), tuple((lambda a, b, c, d, i=i: (-1) ** (i // 2) * (a - c, b - d)[i % 2] / h(a - c, b - d)) for i in range(4)),
                     {(i, j): lambda a, b, c, d, i=i, j=j: (-1) ** (i // 2 + j // 2) * (((b - d), (a - c))[i % 2] ** 2 if i % 2 == j % 2 else -(a - c) * (b - d))
                      / h(a - c, b - d) ** 3 for i in range(4) for j in range(i, 4)}, lambda a, b, c, d: (a, b) != (c, d)),
}
# fmt: on
