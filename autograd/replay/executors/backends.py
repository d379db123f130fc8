"""Replaying a program once: on the backend that has all its ops, or on the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.replay.capture.variant import Variant
from autograd.replay.jit import have_numba, have_numpy
from autograd.replay.ops import UnsupportedError
from autograd.replay.reference import gradients_at, slots_at

BACKENDS = ("auto", "numba", "numpy", "python")
REDUCTIONS = ("mean", "sum")  # of the losses of many samples


def backend_of(variant: Variant, asked: str) -> str:
    """The backend for this program: what was asked for, as far as it is there and has all the ops."""
    kind: str = variant.prepared.get("backend", "")
    if not kind:
        kind = asked
        if kind == "auto":
            kind = "numba" if have_numba() else "numpy" if have_numpy() else "python"
        if kind in ("numba", "numpy"):
            from autograd.replay.executors.arranged_variant import arranged

            try:
                arranged(variant, batched=False)
            except UnsupportedError:
                kind = "python"
        variant.prepared["backend"] = kind
    return kind


def fast(variant: Variant, kind: str, numbers: Sequence[float], gradient: bool) -> Any:
    """(root's number, gradients of `wanted`, outputs) on a backend; None where a guard does not hold."""
    if kind == "python":
        return None
    if "single" not in variant.prepared:
        from autograd.replay.executors.calls import OneCall

        variant.prepared["single"] = OneCall(variant, kind)
    return variant.prepared["single"].run(numbers, gradient and variant.program.root >= 0)


def reference(variant: Variant, numbers: Sequence[float], gradient: bool) -> Any:
    """What `fast` gives, in plain Python, with the very bits of Values."""
    program = variant.program
    slots = slots_at(program, numbers)
    if not variant.holds(slots):
        return None
    grads: list[float] = []
    if gradient and program.root >= 0:
        found = gradients_at(program, slots)
        grads = [found[i] for i in variant.wanted]
    return slots[program.root] if program.root >= 0 else 0.0, grads, [slots[i] for i in variant.outputs]
