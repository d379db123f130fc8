import random
from itertools import pairwise

import pytest

import autograd as ag
import nn
from autograd import hinting
from nn.fit import faults
from nn.fit.faults import hidden_units

X, Y = [[float(i), 1.0 - i] for i in range(4)], [0.0, 1.0, 0.0, 1.0]


@pytest.fixture
def heard(capsys, monkeypatch):
    """Give what the hints said, with hints switched on for this test alone."""
    monkeypatch.setattr(hinting, "_switch", True)
    monkeypatch.setattr(hinting, "_said", set())
    return lambda: capsys.readouterr().err


def fitted(model, lr=0.01, epochs=1, **how):
    model.compile(lambda p: nn.SGD(p, lr=lr), **{"loss": "mse", **how})
    return model.fit(X, Y, epochs=epochs, verbose=False)


def test_a_tensor_that_never_got_a_gradient_is_named(heard):
    class Forgetful(nn.Module):
        def __init__(self):
            self.used, self.unused = nn.Linear(2, 1), nn.Linear(2, 1)

        def forward(self, x):
            return self.used(x)

    fitted(Forgetful())
    text = heard()
    assert "Hint: unused.weight, unused.bias got no gradient in 1 step: nothing in the loss" in text
    assert "Use them in forward, remove them, or look for a .data or detach()" in text


def test_frozen_parameters_are_not_hinted_at(heard):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model.layers[0].requires_grad_(False)
    fitted(model)
    assert heard() == ""


def test_dead_relus_are_counted_and_their_layer_named(heard):
    model = nn.MLP(2, [3, 1])
    for neuron in model.layers[0].neurons[:2]:
        neuron.b.data = -100.0
    model.layers[0].neurons[2].b.data = 100.0
    fitted(model)
    text = heard()
    assert "2 of 3 relus in layers.0: Layer(2 -> 3) are dead: 0 for all 4 samples" in text
    assert "Use a smaller learning rate, or 'leaky_relu' there." in text


def test_a_few_dead_relus_among_many_are_nothing_to_talk_about(heard):
    model = nn.MLP(2, [20, 1])
    for i, neuron in enumerate(model.layers[0].neurons):
        neuron.b.data = -100.0 if i < 2 else 100.0
    fitted(model, lr=1e-9)
    assert heard() == ""


def test_saturated_sigmoids_are_counted(heard):
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1))
    model.layers[0].bias[0].data = model.layers[0].bias[1].data = 50.0
    fitted(model)
    text = heard()
    assert "2 of 2 sigmoids in layers.1: Sigmoid() are saturated" in text
    assert "Scale the inputs with nn.data.standardize" in text


def test_a_sigmoid_at_the_end_may_be_sure_of_itself(heard):
    model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    model.layers[0].bias[0].data = 50.0
    fitted(model, loss="bce")
    assert heard() == ""


def test_an_exploding_loss_gets_a_smaller_rate(heard):
    fitted(nn.Linear(2, 1), lr=2.0, epochs=3)
    text = heard()
    assert "Hint: the loss rose from" in text
    assert "Try a learning rate of 0.2 (it is 2)." in text


def test_a_replay_says_of_a_rising_loss_what_eager_says(heard):
    said = []
    for replay in (False, "python"):
        random.seed(0)
        model = nn.Linear(2, 1)
        model.compile(lambda p: nn.SGD(p, lr=1.9), "mse")
        model.fit(X, Y, epochs=3, batch_size=2, verbose=False, replay=replay)
        said.append(heard())
        hinting._said.clear()
    assert "Try a learning rate of 0.19 (it is 1.9)." in said[0]
    assert said[0] == said[1]


def test_a_first_sample_that_fits_by_chance_is_no_explosion(heard):
    model = nn.Linear(1, 1)
    model.weight[0][0].data = model.bias[0].data = 0.0
    model.compile(lambda p: nn.SGD(p, lr=1e-9), "mse")
    model.fit([[0.0], [1.0]], [1e-4, 1.0], epochs=2, batch_size=1, shuffle=False, verbose=False)
    assert heard() == ""


def test_fit_hints_in_scripts_too_unless_hints_are_refused(heard, monkeypatch):
    monkeypatch.setattr(hinting, "_switch", None)
    fitted(nn.Linear(2, 1), lr=2.0, epochs=3)
    assert "the loss rose" in heard()
    monkeypatch.setattr(hinting, "_switch", False)
    fitted(nn.Linear(2, 1), lr=2.0, epochs=3)
    assert heard() == ""


def test_a_second_backward_into_the_same_weights_is_hinted_at(heard):
    model = nn.Linear(2, 1)
    for _ in range(2):
        nn.mse(model(X[1]), [1.0]).backward()
    assert "backward() has run 2 times into" in heard()


def test_a_step_before_any_backward_is_hinted_at(heard):
    nn.SGD(nn.Linear(2, 1).parameters()).step()
    assert "optimizer.step() changed nothing: none of the 3 parameters has a gradient yet" in heard()


def test_softmax_before_cross_entropy_is_hinted_at(heard):
    nn.cross_entropy(nn.Softmax()([1.0, 2.0]), 1)
    assert "cross_entropy got 2 numbers that are shares already" in heard()


def test_hidden_units_come_per_layer_and_sample_without_the_outputs():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2), nn.Tanh())
    units = hidden_units(model, X)
    assert list(units) == [("relu", "layers.1: ReLU()")]
    assert [len(row) for row in units["relu", "layers.1: ReLU()"]] == [3, 3, 3, 3]


def net_of_dead_and_saturated_units(seed):
    draw = random.Random(seed)
    random.seed(seed)
    widths, layers = [2, *[draw.randint(1, 6) for _ in range(draw.randint(1, 3))]], []
    for before, width in pairwise(widths):
        layers += [nn.Linear(before, width), draw.choice([nn.ReLU, nn.Sigmoid, nn.Tanh])()]
        for bias in layers[-2].bias:
            bias.data = draw.choice([-50.0, draw.gauss(0, 1), 50.0])
    return nn.Sequential(*layers, nn.Linear(widths[-1], 1))


@pytest.fixture(params=["en", "zh"])
def language(request):
    ag.language(request.param)
    yield
    ag.language("en")


def said_of(seed, replay, heard):
    hinting._said.clear()
    model = net_of_dead_and_saturated_units(seed)
    model.compile(lambda p: nn.SGD(p, lr=1e-6), loss="mse")  # at which no loss explodes
    model.fit(X, Y, epochs=2, batch_size=3, replay=replay, verbose=False, shuffle=False)
    return heard()


@pytest.mark.parametrize("backend", ["numba", "numpy"])
@pytest.mark.usefixtures("language")
def test_a_replayed_run_says_what_an_eager_one_says_and_runs_the_model_on_one_sample(
    backend, heard, monkeypatch
):
    eager = [said_of(seed, False, heard) for seed in range(12)]
    monkeypatch.setattr(faults, "hidden_units", None)  # of many samples
    assert [said_of(seed, backend, heard) for seed in range(12)] == eager
    assert len({*eager}) > 6


def test_a_program_that_gives_something_else_for_the_first_sample_tells_no_hints(heard):
    class Otherwise(nn.Module):
        """Another function once it is asked in eval mode."""

        def __init__(self):
            self.inner, self.outer = nn.Linear(2, 4), nn.Linear(4, 1)

        def forward(self, x):
            shift = 0.0 if self.training else -100.0
            return self.outer([(v + shift).relu() for v in self.inner(x)])

    model = Otherwise()
    model.compile(lambda p: nn.SGD(p, lr=0.01), loss="mse")
    model.fit(X, Y, epochs=1, replay="numba", verbose=False)
    assert "4 of 4 relus" in heard()
