import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import batches, one_hot, standardize, train_val_split

SAMPLES = [[float(i)] for i in range(10)]
TARGETS = list(range(10))


@given(n=st.integers(2, 60), fraction=st.floats(0.01, 0.99), seed=st.integers(0, 5))
def test_a_split_keeps_pairs_together_and_loses_nothing(n, fraction, seed):
    X, y = [[float(i)] for i in range(n)], list(range(n))
    X_train, X_val, y_train, y_val = train_val_split(X, y, fraction, seed)
    assert [row[0] for row in X_train + X_val] == y_train + y_val
    assert sorted(y_train + y_val) == y
    assert y_train
    assert y_val
    assert abs(len(y_val) - n * fraction) <= 1


def test_a_split_is_decided_by_its_seed():
    assert train_val_split(SAMPLES, TARGETS, seed=1) == train_val_split(SAMPLES, TARGETS, seed=1)
    assert train_val_split(SAMPLES, TARGETS, seed=1) != train_val_split(SAMPLES, TARGETS, seed=2)
    assert train_val_split(SAMPLES, TARGETS, seed=0)[3] == [3, 7]


@pytest.mark.parametrize(
    ("X", "y", "fraction", "message"),
    [
        (SAMPLES, TARGETS[:9], 0.2, "10 samples and 9 targets: each sample needs one target."),
        ([], [], 0.2, "no data: the list of samples is empty."),
        (SAMPLES, TARGETS, 1.0, "train_val_split needs a finite number 0 < fraction < 1, got 1.0."),
        (SAMPLES[:1], TARGETS[:1], 0.5, "one sample cannot be split: give at least 2."),
    ],
)
def test_a_split_that_cannot_be_made_says_why(X, y, fraction, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the whole message is compared below
        train_val_split(X, y, fraction)
    assert str(caught.value) == message


@given(n=st.integers(1, 40), size=st.integers(1, 40), seed=st.none() | st.integers(0, 5))
def test_batches_hold_every_sample_once_with_its_own_target(n, size, seed):
    X, y = [[float(i)] for i in range(n)], list(range(n))
    if size > n:
        size = n
    parts = list(batches(X, y, size, seed))
    assert [len(targets) for _, targets in parts[:-1]] == [size] * (len(parts) - 1)
    assert sorted(label for _, targets in parts for label in targets) == y
    for samples, targets in parts:
        assert [row[0] for row in samples] == targets


def test_batches_keep_the_order_without_a_seed_and_change_it_with_each_seed():
    def order(seed):
        return [label for _, targets in batches(SAMPLES, TARGETS, 3, seed) for label in targets]

    assert order(None) == TARGETS
    assert order(1) == order(1) != order(2)


@pytest.mark.parametrize("size", [0, -1, 11])
def test_a_batch_that_does_not_fit_is_refused_before_the_first_is_taken(size):
    with pytest.raises(ValueError, match=rf"a batch of {size} does not fit 10 samples|size >= 1, got {size}"):
        batches(SAMPLES, TARGETS, size)


def test_batches_of_nothing_are_refused():
    with pytest.raises(ValueError, match="no data"):
        batches([], [], 1)


def test_standardized_columns_have_mean_0_and_deviation_1():
    X, mean, scale = standardize([[1.0, 100.0], [2.0, 300.0], [6.0, 200.0]])
    for column in zip(*X, strict=True):
        assert math.isclose(math.fsum(column), 0.0, abs_tol=1e-12)
        assert math.isclose(math.fsum(x * x for x in column) / 3, 1.0)
    assert mean == [3.0, 200.0]
    assert scale == pytest.approx([math.sqrt(14 / 3), math.sqrt(20000 / 3)])


def test_validation_data_are_changed_by_the_mean_and_scale_of_the_training_data():
    _, mean, scale = standardize([[0.0], [4.0]])
    assert standardize([[10.0]], mean, scale) == ([[4.0]], [2.0], [2.0])


def test_a_column_that_does_not_vary_becomes_0_and_not_nan():
    X, _, scale = standardize([[0.1], [0.1], [0.1]])
    assert scale == [1.0]
    assert X == [[0.0]] * 3


@pytest.mark.parametrize("size", [1e200, 1e308, 1e-200, 1e-320])
def test_columns_whose_squares_have_no_place_are_standardized_too(size):
    X, mean, scale = standardize([[size], [-size]])
    assert (X, mean, scale) == ([[1.0], [-1.0]], [0.0], [size])


def test_standardize_names_the_sample_that_does_not_fit():
    with pytest.raises(ValueError, match="sample 1 has 1 number, sample 0 has 2"):
        standardize([[1.0, 2.0], [1.0]])
    with pytest.raises(ValueError, match="no data"):
        standardize([])


def test_standardize_needs_mean_and_scale_of_one_call():
    with pytest.raises(ValueError, match="give both or neither"):
        standardize([[1.0]], mean=[0.0])
    with pytest.raises(ValueError, match="samples have 1 number, mean has 2 and scale 1"):
        standardize([[1.0]], mean=[0.0, 0.0], scale=[1.0])


def test_one_hot_sorts_the_classes_that_occur():
    assert one_hot([2, 0, 2]) == [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]


def test_one_hot_takes_classes_that_do_not_occur_and_their_order():
    assert one_hot(["b"], classes=["c", "b", "a"]) == [[0.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    ("y", "classes", "message"),
    [
        ([], None, "one_hot got no labels."),
        ([0, 3], range(3), "label 3 of sample 1 is none of the classes [0, 1, 2]."),
        ([0], [0, 0], "a class stands twice among the classes: [0, 0]."),
    ],
)
def test_labels_that_do_not_fit_are_named(y, classes, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the whole message is compared below
        one_hot(y, classes)
    assert str(caught.value) == message
