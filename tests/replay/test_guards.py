"""A guard is its two nodes and its relation: numbers that happen to be equal are not one guard."""

import pytest

from tests.replay.twins import BACKENDS, check_batch, check_training, replays_of


def ladder(w):
    def f(x):
        z = w[0] * x
        return z * 2 if z > -1.0 else z * 3 if z > -2.0 else z * 5 + w[1]

    return f


def between(w):
    def f(x, low, high):
        if x > low:
            return w[0] * high if x > high else w[0] * x
        return w[1] * low

    return f


def two_parameters(w):
    w[1].data = w[0].data

    def f(x):
        z = x * x
        return (z * w[0] if z > w[1] else z * w[1]) if z > w[0] else w[0] * x

    return f


def steps(w):
    def f(x):
        k = -1.0
        while w[0] * x <= k and k > -5.0:  # hash(-1.0) == hash(-2.0)
            k -= 1.0
        return w[0] * x * k + w[1]

    return f


def two_numbers_of_one_list(w):
    def f(xs):
        best = xs[0]
        for x in xs[1:]:
            if x > best:
                best = x
        return w[0] * best + w[1]

    return f


PROGRAMS = {
    ladder: [(-1.1,), (-0.95,), (-1.05,), (-1.0,), (-2.0,), (-2.5,), (-0.9,), (0.5,)],
    between: [
        (1.0, 0.0, 0.0), (2.0, 0.0, 0.0), (2.5, 0.0, 0.0), (2.1, 0.0, 0.0), (2.0, 0.0, 5.0), (3.0, 0.0, 5.0),
        (1.0, -1.0, 9.0),
    ],
    two_parameters: [(1.4,), (1.6,), (1.5,), (1.1,), (1.22,), (1.3,), (0.2,)],
    steps: [(-0.9,), (-1.0,), (-1.1,), (-2.0,), (-3.0,), (-0.5,), (1.0,)],
    two_numbers_of_one_list: [
        ([1.0, 0.5, 0.5],), ([2.0, 0.5, 0.5],), ([3.0, 1.5, 1.5],), ([3.0, 0.5, 4.0],), ([1.0, 1.5, 4.0],)
    ],
}  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("make", PROGRAMS)
def test_equal_numbers_while_recording_are_not_one_guard(make, backend):
    assert replays_of(make, PROGRAMS[make] * 5, backend) > 0


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("make", PROGRAMS)
def test_in_a_batch_and_in_training_neither(make, backend):
    check_batch(make, PROGRAMS[make], backend)
    check_training(make, PROGRAMS[make], backend)
