"""The functions between the layers of a network, and the soft forms of maximum."""

import math
from collections.abc import Sequence

from autograd.special.elementary import exp, inf, nan
from autograd.special.exact import two_sum


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), with all digits where it is nearly 0.

    >>> sigmoid(0.0), f"{sigmoid(-50.0):.14e}", sigmoid(1000.0)
    (0.5, '1.92874984796392e-22', 1.0)
    """
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    small = math.exp(x)
    return small / (1 + small)


def log_sigmoid(x: float) -> float:
    """log(sigmoid(x)), which is -softplus(-x).

    >>> log_sigmoid(-1000.0)
    -1000.0
    """
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))


def softplus(x: float) -> float:
    """log(1 + exp(x)), a smooth relu.

    >>> softplus(1000.0)
    1000.0
    """
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


def softsign(x: float) -> float:
    """`x / (1 + |x|)`, from -1 to 1; at +-inf the sign.

    >>> softsign(1.0), softsign(-inf)
    (0.5, -1.0)
    """
    return x / (1 + abs(x)) if abs(x) < inf or x != x else math.copysign(1.0, x)


def silu(x: float) -> float:
    """`x * sigmoid(x)`; 0 at -inf, as the limit is.

    >>> silu(1.0), silu(-inf)
    (0.7310585786300049, -0.0)
    """
    if x < -700:
        root = math.exp(x / 2)  # exp(x) would be too small for a float before `x` makes it larger
        return x * root * root if x > -1500 else -0.0
    return x * sigmoid(x)


def relu(x: float) -> float:
    """`x` where it is positive, 0 elsewhere; nan stays nan."""
    return 0.0 if x <= 0 else x


def leaky_relu(x: float, slope: float) -> float:
    """`x` where it is positive, `slope * x` elsewhere."""
    return x if x > 0 else slope * x


def elu(x: float, alpha: float) -> float:
    """`x` where it is positive, `alpha * (exp(x) - 1)` elsewhere."""
    return x if x > 0 else alpha * math.expm1(x)


def logaddexp(a: float, b: float) -> float:
    """log(exp(a) + exp(b)), never too large on the way.

    >>> logaddexp(1000.0, 1000.0), logaddexp(-inf, -inf), logaddexp(inf, -inf)
    (1000.6931471805599, -inf, inf)
    """
    if a == b:
        return a + math.log(2)
    return a + math.log1p(math.exp(b - a)) if a > b else b + math.log1p(math.exp(a - b))


def share(a: float, b: float) -> float:
    """exp(a) / (exp(a) + exp(b)): sigmoid(a - b) as if the difference were not rounded.

    >>> share(3.0, 3.0), share(1e300, -1e300)
    (0.5, 1.0)
    """
    difference, dropped = two_sum(a, -b)
    plain = sigmoid(difference)
    return plain + plain * (dropped * sigmoid(-difference)) if dropped and abs(difference) < 800 else plain


def logsumexp(*xs: float) -> float:
    """log(exp(x1) + exp(x2) + ...), never too large on the way; -inf for no operand.

    >>> logsumexp(1000.0, 1000.0), logsumexp(-inf, -inf)
    (1000.6931471805599, -inf)
    """
    largest = max(xs, default=-inf)
    if not math.isfinite(largest):
        return nan if any(x != x for x in xs) else largest
    others = math.fsum([*[math.exp(x - largest) for x in xs], -1.0])  # the largest gave 1
    return largest + math.log1p(others)


def shares(xs: Sequence[float], total: float) -> list[float]:
    """The softmax shares of operands whose logsumexp is `total`: numbers that add up to 1.

    >>> shares([1e16, 1e16], logsumexp(1e16, 1e16))
    [0.5, 0.5]
    """
    # where the rounded difference is small its error is too; that of the total is common to all
    powers = [math.exp(x - total) if -8 < x - total < 1 else exp_difference(x, total, 0.0) for x in xs]
    whole = math.fsum(powers)
    return [power / whole for power in powers]


def logsumexp_rest(*xs_and_total: float) -> float:
    """What rounding dropped from `logsumexp`; its operands, and last what it gave, which is taken away again.

    >>> logsumexp_rest(1e16, 1e16, logsumexp(1e16, 1e16))
    0.6931471805599453
    """
    *xs, total = xs_and_total
    largest = max(xs)
    if not (math.isfinite(largest) and math.isfinite(total)):
        rounded = logsumexp(*xs)
        return 0.0 if rounded == total else rounded - total
    others = math.fsum([*[exp_difference(x, largest, 0.0) for x in xs], -1.0])
    rounded, dropped = two_sum(largest, math.log1p(others))
    return (rounded - total) + dropped


def exp_difference(a: float, b: float, c: float) -> float:
    """exp(a - b - c) as if the differences were not rounded.

    >>> exp_difference(1e16, 1e16, math.log(2))
    0.5
    """
    try:
        difference = math.fsum((a, -b, -c))
    except (OverflowError, ValueError):
        return exp(a - b - c)
    power = exp(difference)
    return power + power * math.fsum((a, -b, -c, -difference)) if 0 < power < inf else power
