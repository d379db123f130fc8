import copy
import json
import re
import subprocess

import pytest

import nn
from nn.looking.film import LEVELS
from nn.watching import Film, report

X, Y = nn.data.moons(40)
FEW, LABELS = nn.data.moons(12)


@pytest.fixture(scope="module")
def film():
    model, film = nn.MLP(2, [8, 8, 1], act="tanh"), Film(X, Y, score="logit")
    model.compile("adam", loss="bce_with_logits", metrics=["accuracy"])
    model.fit(X, Y, epochs=4, batch_size=40, callbacks=[film], verbose=False)
    return film


def test_a_hundred_frames_stay_below_300_kilobytes(film):
    long = copy.copy(film)
    long.frames = film.frames * 20
    assert len(long.frames) == 100
    assert len(report(long).encode()) <= 300_000


def test_the_page_needs_no_network(film):
    page = report(film)
    assert re.findall(r"(?:src|href)=", page) == []
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}


def test_a_theme_decides_and_else_the_browser_does(film):
    assert ":root{color-scheme:light dark}" in report(film)
    dark = report(film, theme="dark")
    assert ":root{color-scheme:dark}" in dark
    assert "prefers-color-scheme" not in dark
    with pytest.raises(ValueError, match="'blue'"):
        report(film, theme="blue")


def test_the_colours_of_the_plane_have_a_key(film):
    assert ">class 0</text>" in json.loads(re.search("const data = (.*);", report(film))[1])["key"]


def test_titles_are_escaped_and_the_page_is_written(film, tmp_path):
    page = report(film, tmp_path / "r.html", title="<b>mine</b>")
    assert "<h1>&lt;b&gt;mine&lt;/b&gt;</h1>" in page
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == page
    assert page._repr_html_().startswith("<iframe srcdoc=")


def test_a_title_that_holds_marks_of_the_template_is_a_title(film, tmp_path):
    marks = ("TITLE", "MODEL", "FACTS", "CURVES", "DATA", "STYLE")
    title = " ".join(f"@{mark}@" for mark in marks)
    page = report(film, tmp_path / "r.html", title=f"{title}</script><script>alert(1)//&")
    assert f"<title>{title}&lt;/script&gt;&lt;script&gt;alert(1)//&amp;</title>" in page
    assert page.count("<svg") == report(film).count("<svg")
    assert page.count("<script") == 1


@pytest.mark.browser
def test_the_slider_draws_the_frames(film, tmp_path, chromium):
    report(film, tmp_path / "r.html")
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--dump-dom",
        f"file://{tmp_path}/r.html",
    ]
    page = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "after epoch 4" in page
    assert "layers.1.w.grad" in page
    assert len(re.findall(r'fill="rgb\(', page)) == 24 * 24


def filmed(film, epochs=3):
    model = nn.MLP(2, [3, 1])
    model.compile("sgd", loss="hinge")
    model.fit(FEW, [2 * label - 1 for label in LABELS], epochs=epochs, callbacks=[film], verbose=False)
    return film


def test_there_is_a_frame_before_learning_and_one_per_epoch():
    assert [frame.epoch for frame in filmed(Film()).frames] == [0, 1, 2, 3]


def test_long_runs_keep_every_so_many_epochs_and_the_last():
    film = filmed(Film(frames=2), epochs=7)
    assert [frame.epoch for frame in film.frames] == [0, 4, 7]
    assert film.frames[-1].numbers["loss"] == film.history["loss"][-1]


def test_only_the_largest_tensors_are_kept():
    assert list(filmed(Film(most_tensors=1)).frames[0].weights) == ["layers.0.w"]


def test_the_plane_is_kept_where_the_data_is_given():
    frame = filmed(Film(FEW, LABELS, size=4)).frames[-1]
    assert len(frame.plane) == 16
    assert set(frame.plane) <= set(LEVELS)
    assert filmed(Film()).frames[0].plane == ""


def test_a_second_run_starts_a_new_film():
    film = Film()
    filmed(film)
    assert len(filmed(film).frames) == 4
