import re

import pytest

import nn
from nn.charts import heat
from nn.looking.boundary import answers, boundary


class Right(nn.Module):
    """Class 1 right of the middle."""

    def __init__(self, outputs):
        self.outputs = outputs

    def forward(self, x):
        score = 1000.0 * x[0]
        return [0.0, score] if self.outputs == 2 else score


@pytest.mark.parametrize("outputs", [1, 2])
def test_the_answers_are_shares_from_the_lower_left(outputs):
    grid = answers(Right(outputs), (-1.0, 1.0, -1.0, 1.0), size=4)
    assert [[round(share, 9) for share in row] for row in grid] == [[0.0, 0.0, 1.0, 1.0]] * 4


def test_outputs_within_0_and_1_are_taken_as_they_are():
    class Half(nn.Module):
        def forward(self, x):
            return 0.25

    assert answers(Half(), (0.0, 1.0, 0.0, 1.0), size=2) == [[0.25, 0.25], [0.25, 0.25]]
    assert answers(Half(), (0.0, 1.0, 0.0, 1.0), size=2, score="logit")[0][0] > 0.5


def test_classes_differ_in_shape():
    picture = boundary(Right(1), [[-1.0, 0.0], [1.0, 1.0]], [0, 1], size=2)
    assert picture.count("<circle") == 1 + 1  # one sample, and its sign in the key


def test_the_colours_and_the_signs_have_a_key():
    picture = boundary(Right(1), [[-1.0, 0.0], [1.0, 1.0]], [0, 1], size=2)
    words = [
        text
        for text in re.findall(r">([^<>]+)</text>", picture)
        if text in ("0", "0.5", "1", "class 0", "others")
    ]
    assert words[-5:] == ["0", "0.5", "1", "class 0", "others"]
    assert picture.count(heat(0.0125)) == picture.count(heat(0.9875)) == 1


def test_other_than_two_inputs_are_refused():
    with pytest.raises(ValueError, match="drawn over two inputs"):
        boundary(Right(1), [[1.0, 2.0, 3.0]], [0])


def test_it_is_drawn_on_axes_of_matplotlib_where_they_are_given():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    X, y = [[-1.0, 0.0], [1.0, 0.5], [1.0, -0.5]], [0, 1, 1]
    assert boundary(Right(1), X, y, size=4, ax=ax) is ax
    assert ax.images[0].get_array().round(9).tolist() == [[0.0, 0.0, 1.0, 1.0]] * 4
    assert [points.get_offsets().tolist() for points in ax.collections] == [X[:1], X[1:]]
