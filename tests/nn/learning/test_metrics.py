import math
import random

import numpy as np
import pytest

import nn
from autograd import Value
from nn.learning.metrics import ORDERLESS, Targets, accuracy, mae, mse, r2


def test_accuracy_takes_the_largest_score():
    assert accuracy([[0.0, 2.0, 1.0], [3.0, 2.0, 1.0]], [1, 2]) == 0.5


def test_accuracy_takes_one_hot_targets():
    assert accuracy([[0.0, 2.0], [3.0, 2.0]], [[0.0, 1.0], [1.0, 0.0]]) == 1.0


def test_one_score_is_a_share_for_targets_0_and_1_and_a_sign_for_targets_of_both_signs():
    assert accuracy([0.4, 0.6], [0, 1]) == 1.0
    assert accuracy([0.4, 0.6], [-1, 1]) == 0.5
    assert accuracy([0.4, -0.6], [1, 0], threshold=0.0) == 1.0


def test_values_count_as_their_numbers():
    assert accuracy([[Value(0.0), Value(2.0)]], [1]) == 1.0
    assert mae([[Value(1.0)]], [[3.0]]) == 2.0


@pytest.mark.parametrize("targets", [[0.37, 1.0], [2.0, 5.0]])
def test_accuracy_of_a_regression_is_refused_with_advice(targets):
    with pytest.raises(
        ValueError, match=r"is a measured number.\n +For a regression write metrics=\['mae', 'r2'\]"
    ):
        accuracy([[0.4], [0.9]], targets)


def test_a_target_with_a_fraction_is_no_class():
    with pytest.raises(ValueError, match=r"target 0\.5 of sample 1 is a measured number"):
        accuracy([[1.0, 2.0], [1.0, 2.0]], [0, 0.5])


@pytest.mark.parametrize("metric", [accuracy, mae, mse, r2])
def test_lengths_that_differ_are_refused(metric):
    with pytest.raises(ValueError, match="predictions has 2 samples and targets has 1 targets"):
        metric([0.0, 1.0], [0.0])


@pytest.mark.parametrize("metric", [accuracy, mae, mse, r2])
def test_nothing_to_measure_is_refused(metric):
    with pytest.raises(ValueError, match="targets has no samples"):
        metric([], [])


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"mae compares .*: sample 0 has 2 predicted and 1 wanted"):
        mae([[1.0, 2.0]], [[1.0]])


def test_metrics_equal_those_of_scikit_learn():
    from sklearn import metrics

    said, wanted = [0.1, 2.5, -1.0, 4.0], [0.3, 2.0, -1.5, 3.0]
    assert mae(said, wanted) == pytest.approx(metrics.mean_absolute_error(wanted, said), rel=1e-14)
    assert mse(said, wanted) == pytest.approx(metrics.mean_squared_error(wanted, said), rel=1e-14)
    assert r2(said, wanted) == pytest.approx(metrics.r2_score(wanted, said), rel=1e-14)


def test_r2_of_targets_that_do_not_vary_is_1_or_0():
    assert r2([2.0, 2.0], [2.0, 2.0]) == 1.0
    assert r2([2.0, 3.0], [2.0, 2.0]) == 0.0


@pytest.mark.parametrize("metric", nn.metrics.METRICS.values(), ids=nn.metrics.METRICS)
@pytest.mark.parametrize("wide", [False, True])
def test_a_nan_prediction_makes_every_metric_nan(metric, wide):
    targets = [0, 1, 1]
    predictions = [0.2, math.nan, 0.9]
    if wide:
        predictions = [[0.2, 0.8], [math.nan, 0.5], [0.1, 0.9]]
        targets = targets if metric is nn.accuracy else [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    assert math.isnan(metric(predictions, targets))


@pytest.mark.parametrize("metric", [nn.metrics.mae, nn.metrics.mse])
def test_numbers_beyond_all_bounds_give_inf_or_nan_and_no_error(metric):
    assert metric([1e200, 1.0], [-1e200, 1.0]) in (math.inf, 1e200)
    assert metric([math.inf, -math.inf], [0.0, 0.0]) == math.inf
    assert nn.r2([math.inf, -math.inf], [0.0, 1.0]) == -math.inf


def test_r2_of_several_outputs_is_the_mean_of_each_ones_as_in_scikit_learn():
    from sklearn.metrics import r2_score

    draw = random.Random(3)
    for width in (1, 2, 5):
        targets = [[draw.gauss(10 * j, 1 + j) for j in range(width)] for _ in range(20)]
        predictions = [[x + draw.gauss(0, 0.5) for x in row] for row in targets]
        assert nn.r2(predictions, targets) == pytest.approx(r2_score(targets, predictions), rel=1e-12)
    still, moved = [[1.0, 0.0], [1.0, 2.0]], [[1.0, 0.0], [2.0, 2.0]]
    assert nn.r2(moved, still) == r2_score(still, moved) == 0.5  # an output that does not vary counts 0
    assert nn.r2([[0.5, 100.5], [0.5, 100.5]], [[0.0, 100.0], [1.0, 101.0]]) == 0.0


@pytest.mark.parametrize(
    ("predictions", "targets"),
    [
        ([0.2, 0.7], [0.5, 1.0]),
        ([0.2, 0.7], [0, 2]),
        ([[0.2, 0.8], [0.5, 0.5]], [0.5, 1]),
        ([[0.2, 0.8], [0.5, 0.5]], [[0.3, 2.5], [1.0, 0.0]]),
        ([[0.2, 0.8], [0.5, 0.5]], [[1, 1], [1, 0]]),
        ([[0.2, 0.8], [0.5, 0.5]], [[-1.0, 2.0], [1.0, 0.0]]),
    ],
)
def test_accuracy_of_measured_numbers_is_refused(predictions, targets):
    with pytest.raises(
        ValueError, match=r"accuracy counts right classes, but target .* is a measured number"
    ):
        nn.accuracy(predictions, targets)


# metrics on arrays are the very numbers of the functions, or are left to these


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
