"""`python -m autograd tour`: what this is, in under a minute, on real data."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import autograd
import nn
from autograd import Value
from autograd.collector import uncollected
from autograd.drawing.measure import wrapped
from autograd.messages import say
from nn.data import batches, digits

SIZES, BATCH, RATE = (64, 32, 10), 32, 0.01


def tour(folder: Path, epochs: int = 5) -> None:
    """Explain and draw one neuron, then train on the digits; files go to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = show_neuron(folder)
    accuracy, model = learn_digits(epochs)
    model.save(str(folder / "digits-weights.json"))
    written.append((folder / "digits-weights.json", say("cli_tour_weights")))
    print(wrapped(f"\n{say('cli_tour_accuracy', accuracy=accuracy)}\n\n{say('cli_tour_written')}"))
    for path, what in written:
        print(wrapped(f"  {path!s:<28} {what}"))
    command = 'python -m autograd explain "tanh(w*x + b)" w=2 x=-1 b=0.5'
    print(wrapped("\n" + say("cli_tour_next", command=command)))


def show_neuron(folder: Path) -> list[tuple[Path, str]]:
    """One neuron: value, gradients, chain-rule steps, picture, and a page that steps through it."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.label = "o"
    o.backward()
    print(wrapped(say("cli_tour_neuron") + "\n"))
    print(autograd.explain(o))
    picture, page = autograd.draw(o), autograd.step_through(o)
    files = [
        (folder / "neuron.svg", say("cli_tour_picture")),
        (folder / "neuron.dot", say("cli_tour_dot")),
        (folder / "neuron.html", say("cli_tour_page")),
    ]
    picture.save(str(files[0][0]))
    picture.save(str(files[1][0]))
    page.save(str(files[2][0]))
    return files


def learn_digits(epochs: int) -> tuple[float, nn.Module]:
    """Train an MLP on 1,438 handwritten digits; returns its accuracy on the other 359."""
    random.seed(0)
    X, y = digits("train")
    X_val, y_val = digits("val")
    model = nn.Sequential(nn.Linear(SIZES[0], SIZES[1]), nn.ReLU(), nn.Linear(SIZES[1], SIZES[2]))
    optimizer = nn.Adam(model.parameters(), lr=RATE)
    count = sum(1 for _ in model.parameters())
    shape = "-".join(map(str, SIZES))
    print(wrapped("\n" + say("cli_tour_digits", images=len(X), shape=shape, count=count) + "\n"))
    accuracy = _accuracy(model, X_val, y_val)  # by chance, until something is learned
    start = time.perf_counter()
    with uncollected():
        for epoch in range(1, epochs + 1):
            losses = []
            for inputs, targets in batches(X, y, BATCH, seed=epoch):
                optimizer.zero_grad()
                loss = nn.cross_entropy(model(inputs), targets)
                loss.backward()
                optimizer.step()
                losses.append(loss.data * len(inputs))
                _progress(epoch, epochs, len(losses) * BATCH / len(X), start)
            accuracy = _accuracy(model, X_val, y_val)
            mean = autograd.sum(losses) / len(X)
            _progress(epoch, epochs, 1.0, start, say("cli_tour_epoch", loss=mean, accuracy=accuracy) + "\n")
    return accuracy, model


def _accuracy(model: nn.Module, X: Sequence[Sequence[float]], y: Sequence[int]) -> float:
    with autograd.no_grad():
        scores = [[z.data for z in model(x)] for x in X]
    hits = [row.index(max(row)) == target for row, target in zip(scores, y)]
    return hits.count(True) / len(hits)


def _progress(epoch: int, epochs: int, part: float, start: float, end: str = "") -> None:
    if not end and not sys.stdout.isatty():
        return  # in a file or a log, one line per epoch
    bar = "#" * round(20 * min(1.0, part))
    seconds = time.perf_counter() - start
    line = say("cli_tour_line", epoch=epoch, epochs=epochs, bar=bar, seconds=seconds, end=end)
    print("\r" * sys.stdout.isatty() + line, end="", flush=True)
