import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from autograd.drawing.axes import Scale
from nn.charts import COLOURS, PAPER, curves, document, heat, lines_chart, side_by_side
from nn.fit.history import History


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text, made a line before


def test_a_document_is_well_formed_and_escapes_words():
    body, _, _ = lines_chart({"a<b": [(0.0, 1.0), (1.0, 2.0)]}, "x & y")
    assert "a&lt;b" in body
    parsed(document(body, 10, 10, "<title>"))


def test_a_picture_is_short_at_a_prompt_and_whole_in_a_file(tmp_path):
    picture = document("", 10, 10, "empty")
    assert repr(picture) == f"<picture: empty, {len(picture)} characters of SVG>"
    picture.save(tmp_path / "e.svg")
    assert (tmp_path / "e.svg").read_text() == str(picture)


def test_ticks_are_round_numbers_inside_the_range():
    assert Scale(0.13, 0.97, 0, 1).ticks() == [0.2, 0.4, 0.6000000000000001, 0.8]
    assert Scale(1e-8, 1e4, 0, 1, log=True).ticks()[0] == 1e-8


def test_a_range_of_one_number_gets_a_width():
    scale = Scale(2.0, 2.0, 0.0, 100.0)
    assert scale.place(2.0) == 50.0


def test_points_that_are_not_finite_leave_a_gap():
    body, _, _ = lines_chart({"": [(1, 1.0), (2, math.nan), (3, 2.0), (4, 3.0)]}, "")
    path = body.split('<path d="')[1].split('"')[0]
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_curves_differ_in_colour_and_in_dashes():
    body, _, _ = lines_chart({name: [(0, i), (1, i + 1)] for i, name in enumerate("abc")}, "")
    assert body.count("stroke-dasharray") == 4  # two of three curves, each also in the legend
    assert "#0072b2" in body


def test_parts_stand_in_rows():
    svg = side_by_side([("", 100, 50), ("", 80, 70), ("", 60, 20)], "t", columns=2)
    root = parsed(svg)
    assert (root.get("width"), root.get("height")) == ("180", "90")


def test_the_middle_of_the_colours_is_nearly_white_and_nan_too():
    assert heat(0.5) == heat(math.nan) == "#f7f7f7"
    assert heat(-1) == heat(0)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("paper", [PAPER, "#1b1b1b"])
@pytest.mark.parametrize("colour", COLOURS)
def test_a_curve_can_be_seen_on_light_and_on_dark_paper(colour, paper):
    light, deep = sorted((luminance(colour), luminance(paper)), reverse=True)
    assert (light + 0.05) / (deep + 0.05) >= 3.0


def test_a_theme_decides_and_else_the_browser_does():
    auto, light, dark = (document("", 10, 10, "x", theme=theme) for theme in ("auto", "light", "dark"))
    assert "prefers-color-scheme" in auto
    assert "<style>" not in light
    assert "#1b1b1b" in dark
    assert "prefers-color-scheme" not in dark
    with pytest.raises(ValueError, match="'blue'"):
        document("", 10, 10, "x", theme="blue")


def test_a_notebook_gets_an_image_with_its_description():
    html = document("", 10, 10, "x & y", description="1 < 2")._repr_html_()
    assert '<img alt="x &amp; y. 1 &lt; 2"' in html
    assert 'src="data:image/svg+xml;base64,' in html


def made():
    history = History()
    for epoch in (1, 2, 3):
        history.add(epoch, {"loss": 1 / epoch, "accuracy": epoch / 3, "val_loss": 2 / epoch})
    return history


def test_training_and_validation_share_a_panel():
    picture = curves(made())
    assert picture.count("<g ") == 2  # loss with val_loss; accuracy
    assert ">val_loss<" in picture


def test_gradient_norms_get_a_panel_of_their_own():
    history = made()
    history.steps["gradient_norm"] = [1.0, 0.1, 0.01]
    assert "length of the gradient" in curves(history)


def test_the_picture_is_written_to_a_file(tmp_path):
    picture = made().plot(tmp_path / "c.svg")
    assert (tmp_path / "c.svg").read_text() == picture


def test_a_history_is_drawn_on_axes_of_matplotlib_where_they_are_given():
    from matplotlib.figure import Figure

    ax, history = Figure().add_subplot(), made()
    assert history.plot(ax=ax) is ax
    assert {line.get_label(): line.get_ydata().tolist() for line in ax.lines} == history.history
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [*history.history]


def test_the_same_history_gives_the_same_bytes():
    assert curves(made()) == curves(made())


def test_a_history_is_told_in_text_and_its_charts_are_shown_once_where_they_are_asked_for():
    history = made()
    assert not [name for name in dir(history) if name.startswith("_repr_")]
    assert repr(history).splitlines()[1].startswith("loss")


def test_the_charts_fit_side_by_side_into_a_cell():
    history = made()
    history.steps["gradient_norm"] = [1.0, 0.1, 0.01]
    width = float(re.search(r'width="([\d.]+)"', curves(history))[1])
    assert width <= 1000


def test_the_charts_are_described_in_words():
    assert "<desc>loss 1 to 0.3333, accuracy 0.3333 to 1, val_loss 2 to 0.6667</desc>" in curves(made())
