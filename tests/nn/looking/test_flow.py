from nn.looking.flow import RECIPES, flow_picture, gradient_flow

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
