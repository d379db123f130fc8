"""Points in the plane with a class each: the classic small problems that no straight line solves."""

import math
import random

from autograd.settings import FROM_0, WHOLE, WHOLE_FROM_1, Range, chosen_number


def xor() -> tuple[list[list[float]], list[int]]:
    """Give the four cases of "one or the other, not both".

    >>> xor()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    return [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]


def moons(n: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[list[list[float]], list[int]]:
    """Give two half circles that reach into each other.

    Class 0 is the upper half of the unit circle around (0, 0), class 1 the lower half of the one around
    (1, 0.5), as in scikit-learn's `make_moons`. For labels -1 and 1 write `[2 * label - 1 for label in y]`.

    Args:
        n: how many points; class 0 gets n // 2 of them, evenly spaced on its half circle.
        noise: standard deviation of what is added to both coordinates.
        seed: the same seed gives the same points.

    Returns:
        X: n points [x1, x2], in mixed order. y: the class of each, 0 or 1.

    Raises:
        ValueError: fewer than 2 points, or negative noise.

    >>> X, y = moons(4, noise=0.0)
    >>> sorted((label, round(x1, 6), round(x2, 6)) for (x1, x2), label in zip(X, y))
    [(0, -1.0, 0.0), (0, 1.0, 0.0), (1, 0.0, 0.5), (1, 2.0, 0.5)]
    """
    first, second = _halves(n)
    upper = [(math.cos(t), math.sin(t)) for t in _spaced(math.pi, first)]
    lower = [(1.0 - math.cos(t), 0.5 - math.sin(t)) for t in _spaced(math.pi, second)]
    return _noisy_mixture([upper, lower], noise, seed)


def circles(
    n: int = 100, noise: float = 0.05, seed: int = 0, factor: float = 0.5
) -> tuple[list[list[float]], list[int]]:
    """Give a small circle inside a large one.

    Args:
        n: how many points; class 0, the unit circle, gets n // 2 of them.
        noise: standard deviation of what is added to both coordinates.
        seed: the same seed gives the same points.
        factor: radius of the inner circle, class 1.

    Returns:
        X: n points [x1, x2], in mixed order. y: the class of each, 0 (outer) or 1 (inner).

    Raises:
        ValueError: fewer than 2 points, negative noise, or a factor that is not between 0 and 1.

    >>> X, y = circles(100, noise=0.0)
    >>> {label: round(math.hypot(*point), 6) for point, label in zip(X, y)} == {0: 1.0, 1: 0.5}
    True
    """
    factor = chosen_number("circles", "factor", factor, Range(0, 1, open="both"))
    rings = []
    for radius, count in zip((1.0, factor), _halves(n), strict=True):
        turns = (2.0 * math.pi * index / count for index in range(count))
        rings.append([(radius * math.cos(t), radius * math.sin(t)) for t in turns])
    return _noisy_mixture(rings, noise, seed)


def spiral(
    n: int = 150, noise: float = 0.02, seed: int = 0, arms: int = 3
) -> tuple[list[list[float]], list[int]]:
    """Give spiral arms that turn around each other, one class per arm.

    The point at the share t (0 to 1) of an arm lies at radius t, turned by 4 t radians since the centre.

    Args:
        n: how many points; every arm gets n // arms of them, the first n % arms one more.
        noise: standard deviation of what is added to both coordinates.
        seed: the same seed gives the same points.
        arms: how many arms, so how many classes.

    Returns:
        X: n points [x1, x2], in mixed order. y: the arm of each, 0 to arms - 1.

    Raises:
        ValueError: no arm, fewer points than arms, or negative noise.

    >>> X, y = spiral(90)
    >>> [y.count(arm) for arm in range(3)]
    [30, 30, 30]
    """
    arms = chosen_number("spiral", "arms", arms, WHOLE_FROM_1)
    n = chosen_number("spiral", "n", n, Range(arms, whole=True))
    curves = []
    for arm in range(arms):
        start = 2.0 * math.pi * arm / arms
        shares = _spaced(1.0, n // arms + (arm < n % arms))
        curves.append([(t * math.cos(start + 4.0 * t), t * math.sin(start + 4.0 * t)) for t in shares])
    return _noisy_mixture(curves, noise, seed)


def _halves(n: int) -> tuple[int, int]:
    n = chosen_number("nn.data", "n", n, Range(2, whole=True))
    return n // 2, n - n // 2


def _spaced(stop: float, count: int) -> list[float]:
    """Give `count` numbers from 0 to `stop`, both included."""
    return [stop * index / max(1, count - 1) for index in range(count)]


def _noisy_mixture(
    classes: list[list[tuple[float, float]]], noise: float, seed: int
) -> tuple[list[list[float]], list[int]]:
    noise = chosen_number("nn.data", "noise", noise, FROM_0)
    seed = chosen_number("nn.data", "seed", seed, WHOLE)
    rng = random.Random(seed)
    points = [
        ([x1 + rng.gauss(0.0, noise), x2 + rng.gauss(0.0, noise)], label)
        for label, members in enumerate(classes)
        for x1, x2 in members
    ]
    points.sort(key=lambda _: rng.random())
    return [point for point, _ in points], [label for _, label in points]
