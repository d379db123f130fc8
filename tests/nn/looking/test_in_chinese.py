"""Reports, charts, printed histories and progress lines speak the language in force."""

import html
import re

import pytest

import autograd as ag
import nn
from nn.fit.progress import Lines
from nn.looking.film import report

X, Y = nn.data.moons(20)
# parts of names that the model and `fit` give, and of what the page is made in
NAMES = {
    "MLP", "Layer", "layers", "grad", "loss", "accuracy", "val_loss", "gradient_norm", "dL", "dy", "tanh",
    "sigmoid", "relu", "Xavier", "He", "JavaScript", "SVG", "HTML", "fit",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_chinese():
    ag.language("zh")
    yield
    ag.language("en")


def seen_in(markup):
    titles = re.findall(r'(?:title|alt|aria-label)="([^"]*)"', markup)
    bare = re.sub(r"<(script|style)\b.*?</\1>", "\n", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\n", bare) + "\n".join(titles))


def english_in(text):
    return set(re.findall(r"[A-Za-z_]{3,}|[A-Za-z]{2,} [A-Za-z]{2,}", text)) - NAMES


@pytest.fixture(scope="module")
def run():
    ag.language("zh")
    model, film = nn.MLP(2, [3, 1]), nn.watching.Film(X, Y, frames=2)
    model.compile("sgd", loss="hinge", metrics=[])
    signs = [2 * y - 1 for y in Y]
    model.fit(X, signs, epochs=2, callbacks=[film, nn.GradientNorms()], verbose=False)
    ag.language("en")
    return model, film


def test_the_report_has_no_english_but_names(run):
    page = report(run[1])
    assert 'lang="zh-CN"' in page
    assert english_in(seen_in(page)) == set()
    words = re.search(r'"words":(\{.*?\})', page)[1]
    assert english_in(re.sub(r'"\w+":', "", words.encode().decode("unicode_escape"))) == set()


def test_charts_have_no_english_but_names(run):
    model, film = run
    for picture in (
        nn.watching.curves(film.history),
        nn.watching.histograms(model),
        nn.watching.boundary(model, X, Y, size=4),
        nn.watching.landscape(model, X, [2 * y - 1 for y in Y], size=3),
        nn.watching.flow_picture(depth=2, width=2),
    ):
        assert english_in(seen_in(picture)) == set()
        assert english_in(repr(picture)) == set()


def test_a_printed_history_and_a_progress_line_are_chinese(run, capsys):
    model, film = run
    assert repr(film.history).splitlines()[0] == "2 \u8f6e\uff0c\u5df2\u5b8c\u6210"
    model.fit(X, [2 * y - 1 for y in Y], epochs=1, callbacks=[Lines()], verbose=False)
    assert re.match("\u7b2c 1/1 \u8f6e  loss .* \u79d2\n", capsys.readouterr().err)
    assert english_in(str(model.summary())) == set()


@pytest.mark.parametrize("stopped", ["finished", "early", "interrupted", "failed"])
def test_every_end_of_a_run_has_its_word(stopped):
    history = nn.History()
    history.add(1, {"loss": 1.0})
    history.stopped = stopped
    assert english_in(repr(history)) == set()
