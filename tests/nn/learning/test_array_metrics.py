"""Metrics on arrays are the very numbers of the functions, or are left to these."""

import math
import random

import numpy as np
import pytest

from nn.learning.metrics import ORDERLESS, Targets, accuracy, mae, mse, r2


def same(found, wanted):
    return found == wanted or (math.isnan(found) and math.isnan(wanted))


def drawn(draw, width):
    return [draw.choice((draw.gauss(0, 3), 0.5, 0.0, -0.0, 1e200)) for _ in range(width)]


@pytest.mark.parametrize("seed", range(40))
def test_they_are_the_numbers_that_lists_give(seed):
    draw = random.Random(seed)
    count, width = draw.randrange(1, 30), draw.randrange(1, 5)
    rows = [drawn(draw, width) for _ in range(count)]
    if draw.random() < 0.3:
        rows[draw.randrange(count)][0] = draw.choice((math.nan, math.inf, -math.inf))
    said = np.array(rows) if width > 1 or seed % 2 else np.array(rows)[:, 0]
    kinds = {
        1: [draw.choice((0, 1)) for _ in rows] if seed % 3 else [draw.choice((-1, 1)) for _ in rows],
    }
    classes = kinds.get(width, [draw.randrange(width) for _ in rows])
    assert same(Targets(classes).measured(accuracy, said), accuracy(said.tolist(), classes))
    numbers = [drawn(draw, width) for _ in rows]
    for metric in (mae, mse, r2):
        assert same(Targets(numbers).measured(metric, said), metric(said.tolist(), numbers))


def test_targets_are_taken_apart_once_for_all_arrays():
    targets = Targets([0, 1, 1])
    assert targets.measured(accuracy, np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])) == pytest.approx(2 / 3)
    assert targets.measured(accuracy, np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])) == 1.0
    assert targets.measured(mae, np.array([0.0, 0.0, 1.0])) == pytest.approx(1 / 3)


def test_of_equal_scores_the_first_counts():
    said = np.array([[2.0, 2.0, 1.0]])
    assert [Targets([k]).measured(accuracy, said) for k in range(2)] == [1.0, 0.0]


def test_what_has_another_form_is_left_to_the_function():
    assert Targets([[1.0, 2.0], [1.0]]).measured(mse, np.zeros((2, 2))) is None
    assert Targets([1.0, 2.0]).measured(mse, np.zeros((2, 2))) is None
    assert Targets([1.0, 2.0]).measured(mse, np.zeros((3, 1))) is None


def test_a_target_that_is_no_class_is_refused_as_by_the_function():
    with pytest.raises(ValueError, match=r"0\.37"):
        Targets([0.37, 1.0]).measured(accuracy, np.zeros((2, 2)))


def test_the_order_makes_no_difference_to_any_of_them():
    draw = random.Random(0)
    said, targets = [draw.gauss(0, 1) for _ in range(50)], [draw.choice((0, 1)) for _ in range(50)]
    order = draw.sample(range(50), 50)
    for metric in ORDERLESS:
        assert metric(said, targets) == metric([said[i] for i in order], [targets[i] for i in order])
