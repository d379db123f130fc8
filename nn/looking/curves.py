"""Loss and metrics over the epochs, as a picture."""

from __future__ import annotations

from typing import Any

from nn.looking.chart import Svg, lines_chart, side_by_side


def curves(history: Any, path: str | None = None, log: bool = False, theme: str = "auto") -> Svg:
    """One panel per recorded number, training and validation in the same panel.

    Args:
        history: what `fit` returned.
        path: also write the picture to this file.
        log: losses on a logarithmic axis.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".

    >>> from nn import History
    >>> history = History()
    >>> history.add(1, {"loss": 2.0, "val_loss": 2.5})
    >>> history.add(2, {"loss": 1.0, "val_loss": 2.25})
    >>> curves(history)[:4]
    '<svg'
    """
    names = [name for name in history.history if not name.startswith("val_")]
    names += [
        name for name in history.history if name.startswith("val_") and name.removeprefix("val_") not in names
    ]
    parts = []
    for name in names:
        both = [column for column in (name, f"val_{name}") if column in history.history]
        series = {column: list(zip(history.epoch, history.history[column])) for column in both}
        parts.append(lines_chart(series, name, "epoch", log=log and "loss" in name))
    for name in ("gradient_norm",):
        if name in history.steps:
            steps = {"": list(enumerate(history.steps[name], start=1))}
            parts.append(lines_chart(steps, "length of the gradient", "step", log=True))
    told = [
        f"{name} {column[0]:.4g} to {column[-1]:.4g}" for name, column in history.history.items() if column
    ]
    picture = side_by_side(parts, "What fit recorded", description=", ".join(told), theme=theme)
    if path is not None:
        picture.save(path)
    return picture
