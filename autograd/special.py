"""The numerics the table needs and `math` lacks: float to float, never raising, as IEEE 754 and C99 Annex F."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add, mul

INF, NAN = math.inf, math.nan


def _quiet(f: Callable[[float], float], overflow: float = INF) -> Callable[[float], float]:
    def quiet(x: float) -> float:
        try:
            return f(x)
        except OverflowError:
            return overflow
        except ValueError:
            return NAN

    return quiet


def div(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or a != a:
            return NAN
        return math.copysign(INF, a) * math.copysign(1.0, b)


def pow(a, b):
    try:
        return math.pow(a, b)
    except OverflowError:
        return -INF if a < 0 and b % 2 == 1 else INF
    except ValueError:
        return INF if a == 0 else NAN


def pow_derivative(a, b, k, m):
    if m == 0:
        factor = 1.0
        for i in range(int(k)):
            factor *= b - i
        return 0.0 if factor == 0 else factor * pow(a, b - k)
    coefficients = [1.0] + [0.0] * int(m)
    for i in range(int(k)):
        coefficients = [(b - i) * c + (coefficients[j - 1] if j else 0.0) for j, c in enumerate(coefficients)]
    if a == 0:
        return 0.0 if b - k > 0 else NAN
    p, logs = pow(a, b - k), log(a)
    terms = [math.comb(int(m), j) * math.factorial(j) * coefficients[j] * p * logs ** (m - j) for j in range(int(m) + 1)]
    return math.fsum(terms)


exp = _quiet(math.exp)
exp2 = lambda x: pow(2.0, x)
expm1 = _quiet(math.expm1)
def log(x):
    return math.log(x) if x > 0 else (-INF if x == 0 else NAN)
def log2(x):
    return math.log2(x) if x > 0 else (-INF if x == 0 else NAN)
def log10(x):
    return math.log10(x) if x > 0 else (-INF if x == 0 else NAN)
def log1p(x):
    return math.log1p(x) if x > -1 else (-INF if x == -1 else NAN)
sqrt = _quiet(math.sqrt)
cbrt = lambda x: math.copysign(abs(x) ** (1 / 3), x)
sin, cos, tan = _quiet(math.sin), _quiet(math.cos), _quiet(math.tan)
asin, acos, atan = _quiet(math.asin), _quiet(math.acos), math.atan
sinh = lambda x: math.sinh(x) if abs(x) < 710 else math.copysign(INF, x)
cosh = _quiet(math.cosh)
tanh = math.tanh
def sech2(x):
    e = math.exp(-2 * abs(x))
    return 4 * e / ((1 + e) * (1 + e))
asinh, acosh = math.asinh, _quiet(math.acosh)
atanh = lambda x: math.atanh(x) if abs(x) < 1 else (math.copysign(INF, x) if abs(x) == 1 else NAN)
degrees, radians = math.degrees, math.radians
gauss = lambda x: math.exp(-x * x)
erf, erfc = math.erf, math.erfc
gamma, lgamma = _quiet(math.gamma), _quiet(math.lgamma)
def digamma(x):
    r = 0.0
    while x < 10:
        r -= 1 / x
        x += 1
    f = 1 / (x * x)
    return r + math.log(x) - 0.5 / x - f * (1/12 - f * (1/120 - f * (1/252 - f * (1/240 - f / 132))))
def polygamma(n, x):
    if n == 0:
        return digamma(x)
    n = int(n); s = 0.0
    while x < 20:
        s += x ** -(n + 1); x += 1
    s *= math.factorial(n)
    s += math.factorial(n - 1) / x**n + math.factorial(n) / (2 * x ** (n + 1))
    b = [1/6, -1/30, 1/42, -1/30, 5/66]
    for k in range(1, 6):
        s += b[k-1] * math.factorial(2*k + n - 1) / math.factorial(2*k) / x ** (2*k + n)
    return -s if n % 2 == 0 else s
def relu(x):
    return x if x > 0 or x != x else 0.0
def elu(x, alpha):
    return x if x > 0 else alpha * math.expm1(x)
def sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)
def softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
log_sigmoid = lambda x: -softplus(-x)
silu = lambda x: x * sigmoid(x)
normal_cdf = lambda x: 0.5 * math.erfc(-x * math.sqrt(0.5))
gelu = lambda x: x * normal_cdf(x)
sign = lambda x: math.copysign(1.0, x) if x else x
floor = lambda x: float(math.floor(x)) if math.isfinite(x) else x
ceil = lambda x: float(math.ceil(x)) if math.isfinite(x) else x
trunc = lambda x: float(math.trunc(x)) if math.isfinite(x) else x
fma = lambda a, b, c: a * b + c
clamp = lambda x, low, high: low if x < low else high if x > high else x
copysign = math.copysign
def fmod(a, b):
    try:
        return math.fmod(a, b)
    except ValueError:
        return NAN
def remainder(a, b):
    try:
        return math.remainder(a, b)
    except ValueError:
        return NAN
hypot, atan2 = math.hypot, math.atan2
def logaddexp(a, b):
    return max(a, b) + math.log1p(math.exp(-abs(a - b))) if a != b else a + math.log(2)
def total(*xs):
    try:
        return math.fsum(xs)
    except (OverflowError, ValueError):
        return reduce(add, xs, 0.0)
prod = lambda *xs: reduce(mul, xs, 1.0)
def dot(*xs):
    n = len(xs) // 2
    return dot_in_order([*xs[:n], *xs[2 * n:]], xs[n:2 * n])
def dot_in_order(ws, xs):
    start = ws[-1] if len(ws) > len(xs) else 0.0
    return reduce(add, map(mul, ws, xs), start)
def logsumexp(*xs):
    m = max(xs)
    if math.isinf(m):
        return m
    return m + math.log(math.fsum([math.exp(x - m) for x in xs]))
maximum = lambda *xs: max(xs) if not any(x != x for x in xs) else NAN
minimum = lambda *xs: min(xs) if not any(x != x for x in xs) else NAN
norm = lambda *xs: math.hypot(*xs)
