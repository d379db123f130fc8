import gc

import pytest

import nn
from nn.fit.one_step import Eager, collector_paused, reader_of


class Centred(nn.Module):
    needs_batch = True

    def forward(self, samples):
        mean = sum(x[0] for x in samples) / len(samples)
        return [[x[0] - mean] for x in samples]


def test_a_model_that_needs_the_batch_sees_all_samples_together():
    assert reader_of(nn.Sequential(Centred()))([[1.0], [3.0]]) == [[-1.0], [1.0]]


def test_other_models_see_one_sample_at_a_time():
    class Length(nn.Module):
        def forward(self, sample):
            return len(sample)

    assert reader_of(Length())([[1.0], [3.0, 4.0]]) == [1, 2]


def test_the_collector_comes_back_after_an_exception():
    with pytest.raises(RuntimeError), collector_paused():
        raise RuntimeError
    assert gc.isenabled()


def test_gradients_add_up_until_they_are_zeroed():
    model = nn.Linear(1, 1)
    stepper = Eager(model, nn.mse)
    stepper.gradients([[1.0]], [2.0], lambda loss: None)
    once = model.weight[0][0].grad
    stepper.gradients([[1.0]], [2.0], lambda loss: None)
    assert model.weight[0][0].grad == 2 * once
