import multiprocessing

import pytest

import nn
from nn import keras
from nn.fit.parallel import Workers

QUICK = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"  # Windows has no fork
X, Y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]


def test_more_processes_than_samples_are_no_error():
    model = nn.Linear(1, 1)
    expected = nn.mse([model(x)[0] for x in X[:1]], Y[:1])
    with Workers(model, "mse", count=2, method=QUICK) as workers:
        assert workers.gradients(X[:1], Y[:1]) == pytest.approx(expected.data, rel=1e-14)


def test_frozen_parameters_stay_without_gradient():
    model = nn.Linear(1, 1)
    model.bias[0].requires_grad = False
    with Workers(model, "mse", count=2, method=QUICK) as workers:
        workers.gradients(X, Y)
    assert model.bias[0].grad == 0.0
    assert model.weight[0][0].grad != 0.0


def test_what_cannot_be_sent_to_a_process_is_one_clear_error():
    def mine(said, wanted):
        return nn.mse(said, wanted)

    message = r"cannot be sent to another process: .*\n +Use functions that stand at"
    with pytest.raises(TypeError, match=message):
        Workers(nn.Linear(1, 1), mine)


def test_lengths_that_differ_are_refused():
    with Workers(nn.Linear(1, 1), "mse", method=QUICK) as workers:  # noqa: SIM117 - the pool is not under test
        with pytest.raises(ValueError, match="3 samples"):
            workers.gradients(X, Y[:2])


def test_a_model_of_keras_layers_is_sent_too():
    model = keras.Sequential([keras.Dense(2, activation="elu", input_shape=(1,)), keras.Dense(1)])
    model.compile(keras.optimizers.Adam(), "mse")
    with Workers(model, nn.MSELoss(), count=2, method=QUICK) as workers:
        loss = workers.gradients(X, Y)
    assert loss == pytest.approx(model.evaluate(X, Y, batch_size=3), rel=1e-14)


@pytest.mark.parametrize("loss", [nn.MSELoss(reduction="sum"), nn.CrossEntropyLoss(ignore_index=-1)])
def test_a_loss_that_is_no_mean_over_samples_is_refused(loss):
    with pytest.raises(ValueError, match="the loss must be the mean over its samples"):
        Workers(nn.Linear(1, 1), loss)


def test_settings_of_workers_are_checked():
    with pytest.raises(ValueError, match="Workers: method 'thread' is not known: choose one of"):
        Workers(nn.Linear(1, 1), "mse", method="thread")
    with pytest.raises(ValueError, match="Workers needs a whole number count >= 1, got 0"):
        Workers(nn.Linear(1, 1), "mse", count=0)
