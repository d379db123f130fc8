"""A run that goes wrong: errors where a number is no longer finite, hints where the model cannot learn.

Hints are said once, and `autograd.hints(False)` silences them: parameters that never get a gradient (after
the first epoch), dead relus and saturated sigmoids (after epochs 1, 2, 4, 8 ... on a few samples), a loss
that explodes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import autograd as ag
from autograd.collector import uncollected
from autograd.number import entries, number_of, to_float
from nn.fit.evaluating import Reader, reader_of
from nn.fit.run import Run
from nn.messages import listing, problem, say

SAMPLES = 32  # looked at for dead and saturated units
LIMITS = {"sigmoid": (0.01, 0.99), "tanh": (-0.99, 0.99)}
OPS = ("relu", *LIMITS)
Rows = dict[tuple[str, str], list[float]]  # (op, layer) -> the numbers of one sample, unit by unit
Units = dict[tuple[str, str], list[list[float]]]  # the same for each of several samples
ENOUGH = 0.1  # of a layer's relus dead: a few at the border of an image always are
EXPLODED = 10.0  # times the loss of the first epoch: that of the first step may be small by chance


def check_loss(run: Run, loss: float, again: Callable[[], Any]) -> None:
    """Raise when the loss is not finite; `again()` computes it once more, to find where that arose.

    Raises:
        FloatingPointError: the loss, the step, the op that first gave inf or nan.
    """
    if not math.isfinite(loss):
        cause = _bad_sample(run) or _arose(again)
        raise _stopped(run, "fit_not_finite", loss=loss, cause=cause)


def check_gradients_finite(run: Run, again: Callable[[], Any]) -> None:
    """Raise when a parameter's gradient is not finite.

    Raises:
        FloatingPointError: the parameter, the step, the edge of the graph that first gave inf or nan.
    """
    for name, p in _not_finite(run, "grad"):
        raise _stopped(run, "fit_gradient_not_finite", gradient=p.grad, parameter=name, cause=_arose(again))


def check_weights_finite(run: Run) -> None:
    """Raise when the update made a parameter inf or nan.

    Raises:
        FloatingPointError: the parameter and the step.
    """
    for name, p in _not_finite(run, "data"):
        raise _stopped(run, "fit_weight_not_finite", parameter=name, value=p.data)


def _not_finite(run: Run, what: str) -> Iterator[tuple[str, Any]]:
    if not all(math.isfinite(getattr(p, what)) for p in run.parameters):
        yield from ((n, p) for n, p in run.model.named_parameters() if not math.isfinite(getattr(p, what)))


def _stopped(run: Run, key: str, **fields: Any) -> Exception:
    advice = say("fit_advice_rate", rate=run.learning_rate())
    place = {"step": run.step, "before": run.step - 1, "epoch": run.epoch, "batch": run.batch}
    return problem(FloatingPointError, key, **place, advice=advice, **fields)


def _arose(again: Callable[[], Any]) -> str:
    """Where the first inf or nan comes from, by going through the same batch under `detect_anomaly`."""
    try:
        with ag.detect_anomaly():
            again().backward()
    except FloatingPointError as found:
        return say("fit_arose", where=str(found).rstrip("."))
    return ""


def _bad_sample(run: Run) -> str:
    for index in run.batch_indices:
        for data in (run.X[index], run.y[index]):
            bad = next((x for x in _numbers(data) if not math.isfinite(x)), None)
            if bad is not None:
                return say("fit_data_not_finite", sample=index, value=bad)
    return ""


def _numbers(x: Any) -> Iterator[float]:
    if isinstance(x, dict):
        yield from _numbers(list(x.values()))
    else:
        yield from (to_float(number_of(entry)) for _, entry in entries(x))


def look(run: Run, units: Callable[[int], Units | None] | None = None) -> None:
    """Look at the run at the end of an epoch, and say what should be said.

    Args:
        run: an epoch of it is over.
        units: what `hidden_units` gives of so many samples, where something knows without running the model.
    """
    if ag.hints_refused():
        return
    _exploding(run)
    if run.epoch == 1 and run.reached:
        _no_gradient(run)
    if run.epoch & (run.epoch - 1) == 0:  # a power of 2
        found = None if units is None else units(SAMPLES)
        _flat_units(hidden_units(run.model, run.X[:SAMPLES]) if found is None else found)


def _say(kind: str, **fields: Any) -> None:
    ag.hint(kind, *ag.caller_place(2), **fields)


def _exploding(run: Run) -> None:
    now = run.logs["loss"]
    first = [*run.history.history.get("loss", []), now][0]
    if now > EXPLODED * abs(first) > 0:
        old = run.learning_rate()
        _say("hint_exploding", first=first, now=now, epoch=run.epoch, rate=old / 10, old=old)


def _no_gradient(run: Run) -> None:
    reached = run.reached
    names = []
    for name, tensor in run.model.named_tensors():
        parameters = [p for _, p in entries(tensor)]
        if all(p.requires_grad for p in parameters) and reached.isdisjoint(map(id, parameters)):
            names.append(name)
    if names:
        _say("hint_no_gradient", names=listing(names), steps=run.step)


def _flat_units(units: Units) -> None:
    for (op, layer), rows in units.items():
        columns = list(zip(*rows))
        if op == "relu":
            dead = len([c for c in columns if not any(c)])
            if dead > ENOUGH * len(columns):
                _say("hint_dead_relu", dead=dead, units=len(columns), layer=layer, samples=len(rows))
        else:
            low, high = LIMITS[op]
            flat = [c for c in columns if len([x for x in c if not low < x < high]) >= 0.9 * len(c)]
            if 2 * len(flat) >= len(columns):
                _say("hint_saturated", flat=len(flat), units=len(columns), op=op, layer=layer)


def hidden_units(model: Any, samples: Iterable[Any]) -> Units:
    """The results of every relu, sigmoid and tanh below the model's outputs, per layer and sample.

    Layers whose samples have different numbers of units (sequences of different lengths) are left out.
    """
    units: Units = defaultdict(list)
    read = reader_of(model)
    for sample in samples:
        found: Rows = defaultdict(list)
        for node in hidden_nodes(read, sample)[0]:
            found[node.op.name, layer_of(node)].append(node.data)
        for key, row in found.items():
            units[key].append(row)
    return {key: rows for key, rows in units.items() if len({len(row) for row in rows}) == 1}


def hidden_nodes(read: Reader, sample: Any) -> tuple[list[Any], Any]:
    """The relus, sigmoids and tanhs below a model's output for one sample, in order; and the output."""
    nodes: list[Any] = []

    def see(node: Any) -> Any:
        if node.op.name in OPS:
            nodes.append(node)
        return node

    with uncollected(), ag.watch(see):
        (output,) = read([sample])
    last = set(map(id, _values(output)))
    return [node for node in nodes if id(node) not in last], output


def layer_of(node: Any) -> str:
    """The layer that made the node, without the neuron: `layers.0: Layer(2 -> 4)`."""
    path = [step for step in node.scope[1:] if not step.startswith("neurons.")]
    return path[-1] if path else (node.scope[0] if node.scope else "the model")


def _values(x: Any) -> list[Any]:
    if isinstance(x, ag.Value):
        return [x]
    return [v for entry in x for v in _values(entry)] if isinstance(x, (list, tuple)) else []
