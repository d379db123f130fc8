from itertools import product

import pytest

from autograd.drawing.palette import COLOURS, paint, style

# what stands on what
TEXTS = [
    *product(["ink", "muted"], ["card", "head", "plus1", "plus2", "plus3", "minus1", "minus2", "minus3"]),
    *product(["ink", "muted", "local"], ["paper"]),
    ("bad", "card"),
]
LINES = [
    *product(
        ["edge", "edge1", "edge2", "edge3", "edge4", "accent", "bad", "plus", "minus", "strong"],
        ["paper", "card"],
    ),
    *product(["plus", "minus"], ["track"]),
]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other, dark):
    light, deep = sorted((luminance(COLOURS[role][dark]) for role in (one, other)), reverse=True)
    return (light + 0.05) / (deep + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_has_the_contrast_of_aa(text, ground, dark):
    assert contrast(text, ground, dark) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_lines_that_mean_something_have_the_contrast_of_aa(line, ground, dark):
    assert contrast(line, ground, dark) >= 3.0


def test_gradient_and_local_derivative_never_share_a_colour():
    signs = {colour for role in ("plus", "minus") for colour in COLOURS[role]}
    assert not signs & set(COLOURS["local"])


def test_a_fixed_theme_has_no_classes_and_no_style():
    assert paint("dark", "ink") == f'fill="{COLOURS["ink"][1]}"'
    assert style("dark", paint("dark", "ink")) == ""


def test_the_media_query_holds_just_the_colours_in_use():
    assert style("auto", paint("auto", "ink")).count("fill:") == 1
