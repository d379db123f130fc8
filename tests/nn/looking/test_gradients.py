import math

import nn
from nn.looking.gradients import RECIPES, flow_picture, gradient_flow, histogram, histograms, tensors

SIGMOID, TANH, RELU, LARGE = RECIPES


def test_the_last_layer_is_the_source_of_the_gradient():
    assert 0.5 < gradient_flow(TANH, depth=1, width=32)[-1] < 2.0


def test_the_same_seed_gives_the_same_numbers():
    assert gradient_flow(RELU, 3, 4, seed=5) == gradient_flow(RELU, 3, 4, seed=5)
    assert gradient_flow(RELU, 3, 4, seed=5) != gradient_flow(RELU, 3, 4, seed=6)


def test_weights_of_twice_the_right_size_double_the_gradient_layer_by_layer():
    sizes = gradient_flow(LARGE, depth=12, width=16)
    assert 2**11 / 4 < sizes[0] / sizes[-1] < 2**11 * 4


def test_the_picture_names_every_recipe():
    picture = flow_picture(depth=3, width=4)
    assert all(recipe.name in picture for recipe in RECIPES)


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


def test_a_histogram_of_one_number_is_labelled_with_that_number():
    model = nn.Linear(1, 1, bias=False)
    model.weight[0][0].data = 0.7236
    first = str(histograms(model)).split("<g ")[1]
    assert ">0.7236<" in first
    assert ">0.4<" not in first.split(">0.7236<")[0]
