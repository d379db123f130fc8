import math
import sys

import pytest

import nn
from nn.looking.landscape import landscape, losses_around, random_direction, surface

X, Y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]


def exact():
    model = nn.Linear(1, 1)
    model.load_state_dict({"weight": [[2.0]], "bias": [1.0]})
    model.compile(loss="mse")
    return model


def test_the_loss_along_given_directions_is_that_of_the_shifted_weights():
    model = exact()
    grid = losses_around(model, lambda: model.evaluate(X, Y), ([1.0, 0.0], [0.0, 1.0]), reach=1.0, size=3)
    assert grid[1][1] == 0.0
    assert grid[2][1] == pytest.approx(1.0)  # bias + 1
    assert grid[1][2] == pytest.approx((0 + 1 + 4) / 3)  # weight + 1


def test_weights_are_put_back_also_after_an_exception():
    model = exact()
    before = model.state_dict()

    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        losses_around(model, fail, ([1.0, 0.0], [0.0, 1.0]))
    landscape(model, X, Y, size=3)
    assert model.state_dict() == before


def test_a_direction_is_as_long_as_the_weights_of_each_tensor():
    first, second = random_direction(exact(), seed=1)
    assert (abs(first), abs(second)) == (2.0, 1.0)
    wide = nn.Linear(5, 4)
    direction = random_direction(wide, seed=1)
    assert math.hypot(*direction[:20]) == pytest.approx(math.hypot(*[p.data for p in wide.parameters()[:20]]))


def test_a_surface_is_a_figure_in_three_dimensions(tmp_path):
    figure = surface(exact(), X, Y, size=5)
    assert figure.axes[0].name == "3d"
    assert figure.axes[0].get_zlabel() == "loss"
    figure.savefig(tmp_path / "surface.png")
    assert (tmp_path / "surface.png").stat().st_size > 1000


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "scalar-autograd\[train\]"'):
        surface(exact(), X, Y, size=3)
