import gc
import math

import pytest

import nn
from autograd.collector import uncollected
from nn.fit.choices import Choices
from nn.fit.evaluating import judge, reader_of


def test_every_module_gets_its_own_mode_back():
    model = nn.Sequential(nn.Linear(1, 1), nn.Tanh())
    model.layers[0].eval()
    judge(model, None, [[1.0]], [0.0], 1)
    assert [module.training for module in model.modules()] == [True, False, True]


def test_metrics_see_all_samples_at_once():
    seen = []

    def count(predictions, targets):
        seen.append(len(predictions))
        return 0.0

    choices = Choices("sgd", nn.mse, {"count": count}, None)
    _, numbers = judge(nn.Linear(1, 1), choices, [[1.0]] * 5, [0.0] * 5, 2)
    assert seen == [5]
    assert list(numbers) == ["loss", "count"]


def test_no_graph_is_built():
    made = []

    def loss(said, wanted):
        made.append(said[0].parents)
        return nn.mse(said, wanted)

    judge(nn.Linear(1, 1), Choices("sgd", loss, {}, None), [[1.0]], [0.0], 1)
    assert made == [()]


def test_a_penalty_stands_in_the_loss_of_training_validation_and_evaluate_alike():
    X, y = [[1.0], [2.0]], [2.0, 4.0]
    for penalty in (lambda m: nn.l2(m.parameters(), 1.0), lambda m: 3.0):
        model = nn.Sequential(nn.Linear(1, 1))
        model.load_state_dict({"layers.0.weight": [[2.0]], "layers.0.bias": [0.0]})
        model.compile(lambda p: nn.SGD(p, lr=0.0), "mse", penalty=penalty)
        history = model.fit(X, y, validation_data=(X, y), verbose=False)
        assert history["loss"] == history["val_loss"] == [model.evaluate(X, y)] == [float(penalty(model))]


def test_losses_that_are_not_finite_are_judged_as_they_are():
    choices = Choices("sgd", lambda said, wanted: wanted[0], {}, None)
    model = nn.Linear(1, 1)
    assert math.isnan(judge(model, choices, [[1.0]] * 2, [math.inf, -math.inf], 1)[1]["loss"])
    assert judge(model, choices, [[1.0]] * 2, [1e308, 1e308], 1)[1]["loss"] == math.inf


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
    with pytest.raises(RuntimeError), uncollected():
        raise RuntimeError
    assert gc.isenabled()
