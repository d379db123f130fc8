import sys
from itertools import count

import nn
from nn.fit.progress import Bar, Lines, progress

X, Y = [[0.0], [1.0]], [1.0, 3.0]


def fit_with(callback, epochs):
    model = nn.Linear(1, 1)
    model.compile("sgd")
    model.fit(X, Y, epochs=epochs, callbacks=[callback], verbose=False)


def test_lines_show_the_first_and_the_last_epoch_and_few_between(capsys, monkeypatch):
    seconds = count()  # one between two looks at the clock
    monkeypatch.setattr("nn.fit.progress.time.monotonic", lambda: float(next(seconds)))
    fit_with(Lines(pause=5.0), epochs=14)
    lines = capsys.readouterr().err.splitlines()
    assert [line[:12] for line in lines] == ["epoch  1/14 ", "epoch  6/14 ", "epoch 11/14 ", "epoch 14/14 "]
    assert "  loss " in lines[0]
    assert lines[1].endswith("  6.0 s")


def test_the_bar_counts_steps_and_shows_the_numbers(capsys):
    fit_with(Bar(), epochs=2)
    shown = capsys.readouterr().err
    assert "2/2" in shown
    assert "epoch 2/2" in shown
    assert "loss " in shown


def test_without_tqdm_there_are_lines(monkeypatch):
    assert isinstance(progress(), Bar)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert isinstance(progress(), Lines)


def test_an_error_closes_the_bar(capsys):
    bar = Bar()

    def fail(run):
        raise RuntimeError("mine")

    model = nn.Linear(1, 1)
    model.compile("sgd")
    try:
        model.fit(X, Y, callbacks=[bar, fail], verbose=False)
    except RuntimeError:
        assert bar._bar.disable  # what tqdm's close leaves behind
