import pytest

import nn
from autograd.number import depth_of
from nn.outputs import Batch, Outputs, for_each_sample


def test_outputs_are_lists_and_miss_what_lists_miss():
    out = Outputs([1.0, 2.0])
    assert out == [1.0, 2.0]
    with pytest.raises(AttributeError, match="'Outputs' object has no attribute 'item'"):
        out.item()
    assert not hasattr(out, "backward")


def test_the_results_of_samples_are_a_batch_and_activations_keep_it():
    batch = for_each_sample(nn.Linear(2, 3), [[1.0, 2.0], [3.0, 4.0]])
    assert type(batch) is Batch
    assert type(nn.ReLU()(batch)) is Batch
    assert type(nn.Softmax()(batch)) is Batch


def test_depth_counts_lists_but_not_sparse_samples():
    assert [depth_of(x) for x in (1.0, [], [1.0], [[[1.0]]], [{3: 1.0}])] == [0, 1, 1, 3, 1]
