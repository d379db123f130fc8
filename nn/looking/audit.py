"""`audit`: gradients as somebody wrote them down, beside those of the chain rule, with the likely mistake.

    W1: the sign is opposite, and the factor sigma'(z1) is missing

Formulas in books and blogs are often almost right.  Compute them as printed, at one sample.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from functools import partial
from operator import mul
from typing import Any, NamedTuple

from autograd import digits
from autograd.number import entries, map_nested, shape_of, to_grad
from nn.messages import say
from nn.module import Module
from nn.text import Text


class Reading(NamedTuple):
    """A claim read another way: transposed or not, times a factor that may be missing."""

    turned: bool
    factor: str
    numbers: Any


def gradients_of(model: Module) -> dict[str, Any]:
    """The model's gradients as nested lists of numbers, by name; 0 where none has arrived."""
    return {name: map_nested(lambda p: to_grad(p.grad), tensor) for name, tensor in model.named_tensors()}


def audit(
    claims: Mapping[str, Any], truth: Mapping[str, Any], factors: Mapping[str, Any] | None = None
) -> Text:
    """One line per claimed gradient: right, or what is wrong with it.

    Args:
        claims: nested lists of numbers by name, computed by the formulas in question.
        truth: the gradients of the chain rule, by the same names; see `gradients_of`.
        factors: numbers that a formula may have forgotten to multiply by, by how they are written: one per
            row of a gradient (or per column of a transposed one).

    >>> truth = {"W": [[0.5, 1.0]], "b": [0.25]}
    >>> audit({"W": [[-0.5], [-1.0]], "b": [1.0]}, truth, factors={"sigma'(z)": [0.25]})
    W: it is transposed, and the sign is opposite
    b: the factor sigma'(z) is missing
    """
    lines = []
    for name, claim in claims.items():
        verdict = _verdict(claim, truth[name], factors or {}) if name in truth else say("nn_audit_unknown")
        lines.append(f"{name}: {verdict}")
    return Text("\n".join(lines))


def _verdict(claim: Any, truth: Any, factors: Mapping[str, Any]) -> str:
    for constant in (True, False):  # a constant is believed only where nothing simpler explains the claim
        for reading in _readings(claim, factors):
            if shape_of(reading.numbers) != shape_of(truth):
                continue
            ratio = _ratio(reading.numbers, truth)
            if ratio is not None and (not constant or abs(ratio) == 1):
                return _said(reading, ratio)
    if shape_of(claim) != shape_of(truth):
        return say("nn_audit_shape", got=shape_of(claim), wanted=shape_of(truth))
    pairs = list(zip(entries(claim), entries(truth), strict=True))
    (index, got), (_, wanted) = max(pairs, key=lambda pair: abs(pair[0][1] - pair[1][1]))
    place = "".join(f"[{i}]" for i in index)
    return say("nn_audit_differs", place=place, got=digits(got), wanted=digits(wanted))


def _readings(claim: Any, factors: Mapping[str, Any]) -> Iterator[Reading]:
    """The claim as it is, then every other way to read it."""
    matrix = isinstance(shape_of(claim), tuple) and len(shape_of(claim)) == 2
    for (name, factor), turned in itertools.product(
        [("", None), *factors.items()], (False, True)[: 1 + matrix]
    ):
        numbers = [list(column) for column in zip(*claim, strict=True)] if turned else claim
        if factor is None:
            yield Reading(turned, name, numbers)
        elif isinstance(numbers, list) and len(numbers) == len(factor):
            scaled = [map_nested(partial(mul, f), row) for row, f in zip(numbers, factor, strict=True)]
            yield Reading(turned, name, scaled)
        elif not isinstance(numbers, list) and len(factor) == 1:
            yield Reading(turned, name, numbers * factor[0])


def _ratio(numbers: Any, truth: Any) -> float | None:
    """The constant c with `numbers = c * truth`, None when there is none; 1 and -1 exactly."""
    pairs = [(a, b) for (_, a), (_, b) in zip(entries(numbers), entries(truth), strict=True)]
    size = max(abs(b) for _, b in pairs)
    a, b = max(pairs, key=lambda pair: abs(pair[1]))
    if size == 0 or a == 0:
        return 1.0 if a == b == 0 and not any(x for x, _ in pairs) else None
    ratio = a / b
    nearest = round(ratio) if abs(ratio) >= 1 else 1 / round(1 / ratio)
    ratio = float(nearest) if math.isclose(ratio, nearest, rel_tol=1e-9) else ratio
    fits = all(math.isclose(x, ratio * y, rel_tol=1e-9, abs_tol=1e-12 * size) for x, y in pairs)
    return ratio if fits else None


def _said(reading: Reading, ratio: float) -> str:
    faults = []
    if reading.turned:
        faults.append(say("nn_audit_turned"))
    if ratio < 0:
        faults.append(say("nn_audit_sign"))
    if reading.factor:
        faults.append(say("nn_audit_factor", factor=reading.factor))
    if abs(ratio) != 1:
        faults.append(say("nn_audit_constant", ratio=digits(abs(ratio))))
    return say("nn_audit_and").join(faults) or say("nn_audit_right")
