import math

import nn
from nn.looking.histograms import histogram, histograms, tensors


def test_every_finite_number_is_counted_once():
    counts, low, high = histogram([0.0, 1.0, 2.0, math.nan, math.inf], bins=4)
    assert (sum(counts), low, high) == (3, 0.0, 2.0)


def test_equal_numbers_stand_in_the_middle():
    assert histogram([3.0, 3.0], bins=3) == ([0, 2, 0], 2.5, 3.5)


def test_the_neurons_of_a_layer_are_one_tensor():
    found = tensors(nn.MLP(2, [3, 1]))
    assert {name: len(numbers) for name, (numbers, _) in found.items()} == {
        "layers.0.w": 6, "layers.0.b": 3, "layers.1.w": 3, "layers.1.b": 1,
    }  # fmt: skip


def test_the_picture_has_weights_and_gradients_of_each_tensor():
    picture = histograms(nn.Linear(2, 2))
    assert all(f">{name}<" in picture for name in ("weight", "weight.grad", "bias", "bias.grad"))
