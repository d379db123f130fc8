"""A scalar autograd engine to learn on, to look into, and fast enough to keep.

* `Value`: one number that remembers what it was computed from
* `exp log tanh sum dot maximum where ...`: the ops, on numbers and on Values
* `grad jacobian hessian vjp jvp ...`: derivatives of functions, to any order
* `check_gradients detect_anomaly hints`: when a number looks wrong
* `explain trace_table paths draw step_through`: the graph in words, numbers and pictures
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

__distribution__ = "scalar-autograd"  # the other autograd has none: `mixture` looks for it
__version__ = "0.1.0"

import autograd.elsewhere  # says what to write for `import autograd.numpy`
import autograd.mixture  # raises where another distribution named autograd is mixed in
from autograd import ops
from autograd.anomaly import detect_anomaly
from autograd.calculus import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.check import GradientError, check_gradients
from autograd.drawing.animation import animate, frames
from autograd.drawing.dot_and_mermaid import draw_dot
from autograd.drawing.picture import draw
from autograd.entry import TABLE, Number, Op, Operand
from autograd.explanation.formulas import formula
from autograd.explanation.lecture import lecture
from autograd.explanation.nudging import nudge
from autograd.explanation.ordering import why_order
from autograd.explanation.path_story import paths
from autograd.explanation.playground import playground
from autograd.explanation.stepper import quiz, step_through
from autograd.explanation.story import explain
from autograd.explanation.table import trace_table
from autograd.explanation.tangent import tangent
from autograd.explanation.torch_lines import as_torch
from autograd.files import write_file
from autograd.graph import consumers, leaves, topological_order
from autograd.hinting import hint, hints, hints_refused
from autograd.lists import dist, log_softmax, mean, operands_of, surprisals, weigh, weigh_rows
from autograd.messages import add_texts, language, listed, page_language, say, word
from autograd.modes import (
    caller_place,
    enable_grad,
    inference_mode,
    is_grad_enabled,
    no_grad,
    scope,
    set_grad_enabled,
    warn,
    watch,
)
from autograd.node import Operands
from autograd.number import UNSET, is_number
from autograd.ops import *  # noqa: F403 - the functions of the table
from autograd.ops import eq, ge, gt, le, lt, ne, normal_cdf, sech2
from autograd.own import op
from autograd.program import Program
from autograd.replay import ReplayMismatch, is_recorded, pick, record
from autograd.trace.digits import digits
from autograd.value import Value

abs, pow, sum = ops.abs_, ops.pow_, ops.sum_  # assigned, so that type checkers find them at `autograd.sum`
__all__ = [
    "GradientError", "Op", "Program", "ReplayMismatch", "Value", "animate", "as_torch", "check_gradients",
    "consumers", "detect_anomaly", "dist", "draw", "draw_dot", "enable_grad", "explain", "formula", "frames",
    "grad", "hessian", "hints", "hvp", "inference_mode", "is_grad_enabled", "jacobian", "jvp", "language",
    "leaves", "lecture", "log_softmax", "mean", "no_grad", "nudge", "op", "paths", "pick", "playground",
    "quiz", "record", "scope", "set_grad_enabled", "step_through", "tangent", "topological_order",
    "trace_table", "value_and_grad", "vjp", "why_order",
]  # fmt: skip
__all__ += ops.__all__


if not TYPE_CHECKING:  # a type checker would take every name for one that is there

    def __getattr__(name: str) -> Any:
        """What to write for a name that other libraries have; Python's own error for all else."""
        said = autograd.elsewhere.what_instead(name) or autograd.elsewhere.what_for_arrays(name)
        kind = autograd.elsewhere.kind_for(sys._getframe(1)) if said else AttributeError
        raise kind(said or f"module 'autograd' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is public; abs, pow and sum too, which `from autograd import *` leaves to Python."""
    return sorted([*__all__, "__version__", "abs", "pow", "sum"])
