"""Expressions in LaTeX."""

import pytest

from autograd.entry import TABLE
from autograd.explanation.tex import Tex, tex_name, tex_number

x, y = Tex.name("x1", 2.0), Tex.name("y", 3.0)


@pytest.mark.parametrize(
    ("written", "tex"),
    [
        (x / y, r"\frac{x_1}{y}"),
        ((x + y) ** 2, r"\left(x_1 + y\right)^{2}"),
        (TABLE["tanh"](x), r"\tanh\left(x_1\right)"),
        (TABLE["sqrt"](x), r"\sqrt{x_1}"),
        (-(x + y), r"-\left(x_1 + y\right)"),
        (x * Tex.numeral(-3.0), r"x_1 \cdot \left(-3\right)"),
        (x - (y - x), r"x_1 - \left(y - x_1\right)"),
        (x * (y * x), r"x_1 \cdot y \cdot x_1"),
        (TABLE["dot"]([x], [y], x), r"x_1 \cdot y + x_1"),
        (TABLE["hypot"](x, y), r"\operatorname{hypot}\left(x_1, y\right)"),
    ],
)
def test_expressions_are_mathematics(written, tex):
    assert written.text == tex


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("alpha", r"\alpha"),
        ("w12", "w_{12}"),
        ("w[0][1]", "w_{0,1}"),
        ("a_b", r"\text{a\_b}"),
        ("权重", r"\text{权重}"),
    ],
)
def test_names(name, tex):
    assert tex_name(name) == tex


def test_numbers():
    assert [tex_number(x) for x in ("1e-07", "inf", "nan", "2")] == [
        r"1\cdot 10^{-7}",
        r"\infty",
        r"\mathrm{nan}",
        "2",
    ]
