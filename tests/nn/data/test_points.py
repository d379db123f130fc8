import math

import pytest

from nn.data import circles, moons, spiral, xor

GENERATORS = [moons, circles, spiral]


@pytest.mark.parametrize("make", GENERATORS)
def test_the_seed_alone_decides(make):
    assert make(40, seed=3) == make(40, seed=3)
    assert make(40, seed=3) != make(40, seed=4)


@pytest.mark.parametrize("make", GENERATORS)
@pytest.mark.parametrize("n", [3, 50, 101])
def test_there_are_n_points_and_the_classes_differ_by_one_at_most(make, n):
    X, y = make(n)
    assert len(X) == len(y) == n
    assert {len(point) for point in X} == {2}
    counts = [y.count(label) for label in set(y)]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("make", GENERATORS)
def test_classes_come_in_mixed_order(make):
    _, y = make(60)
    assert y != sorted(y)


@pytest.mark.parametrize("make", GENERATORS)
def test_negative_noise_and_too_few_points_are_refused(make):
    with pytest.raises(ValueError, match=r"noise >= 0, got -0\.1"):
        make(10, noise=-0.1)
    with pytest.raises(ValueError, match=r"needs a whole number n >= [23], got 1"):
        make(1)


def test_points_come_in_the_same_order_on_every_python_version():
    X, y = moons(6, noise=0.0, seed=5)
    assert y == [1, 1, 0, 0, 0, 1]
    assert [round(x1 + 2 * x2, 9) for x1, x2 in X] == [0.0, 3.0, 2.0, 1.0, -1.0, 1.0]


def test_moons_lie_on_two_half_circles():
    X, y = moons(200, noise=0.0)
    for (x1, x2), label in zip(X, y, strict=True):
        centre = (1.0, 0.5) if label else (0.0, 0.0)
        assert math.isclose(math.dist((x1, x2), centre), 1.0)
        assert (x2 - centre[1] <= 1e-15) if label else (x2 >= -1e-15)


def test_noise_has_the_deviation_that_was_asked_for():
    clean, _ = moons(2000, noise=0.0, seed=1)
    noisy, _ = moons(2000, noise=0.2, seed=1)
    # the order is drawn after the noise: compare sums of squares, not points
    spread = math.fsum(x * x for p in noisy for x in p) - math.fsum(x * x for p in clean for x in p)
    assert math.isclose(spread / 4000, 0.04, rel_tol=0.15)


def test_circles_have_radius_1_and_factor():
    X, y = circles(50, noise=0.0, factor=0.25)
    for point, label in zip(X, y, strict=True):
        assert math.isclose(math.hypot(*point), 0.25 if label else 1.0)


def test_a_factor_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match="0 < factor < 1"):
        circles(10, factor=1.0)


def test_spiral_arms_start_in_the_middle_and_end_on_the_unit_circle():
    X, y = spiral(60, noise=0.0, arms=4)
    for arm in range(4):
        radii = [math.hypot(*point) for point, label in zip(X, y, strict=True) if label == arm]
        assert min(radii) == 0.0
        assert math.isclose(max(radii), 1.0)


def test_xor_is_the_four_cases():
    X, y = xor()
    assert [int(a != b) for a, b in X] == y
