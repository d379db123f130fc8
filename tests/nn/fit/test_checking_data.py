import pytest

import nn
from autograd import Value
from nn.fit.checking_data import checked_data, checked_labels, numbers_of, side_by_side, split_off


def test_lists_of_one_number_match_plain_numbers_on_either_side():
    assert side_by_side([[1.0], [2.0]], [3.0, 4.0]) == ([1.0, 2.0], [3.0, 4.0])
    assert side_by_side([1.0, 2.0], [[3.0], [4.0]]) == ([1.0, 2.0], [3.0, 4.0])


def test_forms_that_match_already_are_left():
    assert side_by_side([[1.0], [2.0]], [[3.0], [4.0]]) == ([[1.0], [2.0]], [[3.0], [4.0]])
    assert side_by_side([[1.0, 5.0]], [1]) == ([[1.0, 5.0]], [1])


def test_numbers_of_nested_values():
    assert numbers_of([[Value(1.0), 2], Value(3.0)]) == [[1.0, 2.0], 3.0]


def test_the_last_part_is_split_off():
    assert split_off(0.5, [1, 2, 3, 4], [5, 6, 7, 8], None) == [
        ([1, 2], [3, 4]),
        ([5, 6], [7, 8]),
        (None, None),
    ]


@pytest.mark.parametrize("share", [-0.1, 1.0, 0.01])
def test_a_split_that_leaves_one_side_empty_is_refused(share):
    with pytest.raises(ValueError, match=f"got {share}( for 4 samples)?"):
        split_off(share, [1, 2, 3, 4], [5, 6, 7, 8])


def test_generators_and_arrays_become_lists():
    import numpy as np

    assert checked_data(([float(i)] for i in range(2)), np.array([1.0, 2.0])) == ([[0.0], [1.0]], [1.0, 2.0])


def test_one_score_has_no_classes_to_check():
    checked_labels(Value(0.5), [7, 8])
    with pytest.raises(ValueError, match=r"target 7 does not fit 2 logits: .* \(sample 0\)"):
        checked_labels([0.5, 0.1], [7, 8])


WITHOUT_DATA = {
    "X": lambda none: fitted(none, [1.0]),
    "y": lambda none: fitted([[1.0]], none),
    "sample_weight": lambda none: fitted([[1.0]], [1.0], sample_weight=none),
    "validation_data": lambda none: fitted([[1.0]], [1.0], validation_data=none),
    "predict": lambda none: trained().predict(none),
    "evaluate": lambda none: trained().evaluate(none, [1.0]),
    "standardize": nn.data.standardize,
    "MultiHeadAttention": nn.MultiHeadAttention(2, 1),
    "GPT": nn.GPT(3, 3, 4, 2),
}


def trained():
    model = nn.Linear(1, 1)
    model.compile("sgd", "mse")
    return model


def fitted(X, y, **how):
    return trained().fit(X, y, verbose=False, **how)


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_what_holds_no_entries_is_no_data(name):
    for none in (3.0, nn.Parameter(2.0), object()):
        with pytest.raises(TypeError, match=r"\blist\b|is a pair of samples and targets"):
            WITHOUT_DATA[name](none)
