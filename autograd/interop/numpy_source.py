"""`fast.to_numpy()`: a recorded function as readable NumPy, with its backward pass written out."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.interop.arrays import Arrays
from autograd.interop.numpy_backward import Backward
from autograd.interop.python_source import Writer, arguments_of, like_numpy
from autograd.interop.signature import Signature
from autograd.replay.executors import numpy_ops

NUMPY = like_numpy(
    "np",
    replace(
        numpy_ops.NUMPY,
        finish=None,
        calls={
            **numpy_ops.NUMPY.calls,
            "stop": "{0}",
            **{name: f"np.{name}" for name in ("floor", "fmod")},
            "nearest": "np.rint",
        },
        fast={**numpy_ops.NUMPY.fast, "fmod": ["g", "-g * np.rint(a / b - y / b)"]},
    ),
)


def logsumexp(x: Any) -> Any:
    """log(sum(exp(x))) along the last axis, without overflow."""
    top = x.max(-1, keepdims=True)
    rest = np.where(x == top, 0.0, np.exp(x - top))  # the highest apart: so no digit of a small rest is lost
    return np.log1p(rest.sum(-1) + ((x == top).sum(-1) - 1)) + top[..., 0]


def shares(x: Any, total: Any) -> Any:
    """The softmax of the last axis from its logsumexp, whose rounding is common to all."""
    powers = np.exp(x - total)
    return powers / powers.sum(-1, keepdims=True)


def pick(x: Any, k: Any) -> Any:
    """Entry k of the last axis."""
    shape = np.broadcast_shapes(x.shape[:-1], k.shape)
    x = np.broadcast_to(x, (*shape, x.shape[-1]))
    return np.take_along_axis(x, np.broadcast_to(k, shape)[..., None], -1)[..., 0]


def one_hot(k: Any, size: int) -> Any:
    """1 at entry k of a new last axis, else 0."""
    return (np.arange(size) == k[..., None]).astype(float)


def add_at(total: Any, index: Any, flow: Any) -> None:
    """Add to places of the last axis, some of which may stand in `index` more than once."""
    np.add.at(total, (Ellipsis, index), flow)  # type: ignore[arg-type]  # an index of several parts is one


def add_rows_at(total: Any, index: Any, flow: Any) -> None:
    """Likewise, to rows: places of the last axis but one."""
    np.add.at(total, (Ellipsis, index, slice(None)), flow)  # type: ignore[arg-type]  # as above


def erf(x: Any) -> Any:
    """Python's error function, number by number: NumPy has none."""
    return np.vectorize(math.erf, otypes=[float])(x)


def erfc(x: Any) -> Any:
    """1 - erf(x), likewise."""
    return np.vectorize(math.erfc, otypes=[float])(x)


HERE = {
    "erf": erf,
    "erfc": erfc,
    "logsumexp": logsumexp,
    "shares": shares,
    "pick": pick,
    "one_hot": one_hot,
    "add_at": add_at,
    "add_rows_at": add_rows_at,
}


def write_numpy(programs: Sequence[Arrays], signature: Signature, function: str) -> str:
    """The source of a module that defines `PARAMS` and `value_and_gradients(params, *inputs)`.

    Args:
        programs: the ways through the function, in arrays.
        signature: what it takes.
        function: its name, for the first line.
    """
    program = programs[0]
    inputs = [x.name for x in signature.inputs]
    ways, constants, functions = write_ways(programs, signature)
    guarded = any(one.guards for one in programs)
    parameters = {t.name: numbers for t, numbers in zip(program.tensors, program.numbers)}
    lines = [
        f'"""The function `{function}` as a recorded program, in NumPy alone.',
        "",
        _told(signature, guarded),
        '"""',
        "",
        "import math",
        "",
        "import numpy as np",
        "",
        f"PARAMS = {{{', '.join(f'{name!r}: {_array(x)}' for name, x in parameters.items())}}}",
        *(f"{name} = {_array(x)}" for name, x in constants.items()),
        *(f"\n\n{text}" for text in (*functions, *ways)),
        "",
        "",
        f"def value_and_gradients({', '.join(['params', *signature.arguments])}):",
        f'    """The loss of `{function}` and its gradients."""',
        *(f"    {line}" for line in arguments_of(signature, NUMPY)),
        *(f"    {line}" for line in _joined(len(ways), inputs, guarded)),
        f"    return loss.reshape(lead)[()], gradients{', failed.reshape(lead)[()]' if guarded else ''}",
        "",
    ]
    return "\n".join(lines)


def _joined(ways: int, inputs: Sequence[str], guarded: bool) -> list[str]:
    """The lines that call the only way, or for each sample the first whose conditions hold."""
    given = ", ".join(["params", "batch", *inputs])
    chosen = ", ".join(["params", "len(rest)", *[f"{x}[rest]" for x in inputs]])
    with_shapes = "gradients = {k: np.reshape(gradients[k], np.shape(params[k])) for k in gradients}"
    if ways == 1 and not guarded:
        return [
            "with np.errstate(all='ignore'):",
            f"    loss, gradients, failed = way_0({given})",
            with_shapes,
        ]
    return [
        "loss, failed = np.full(batch, np.nan), np.zeros(batch, int)",
        "gradients = {name: np.zeros(np.shape(params[name])) for name in params}",
        "rest = np.arange(batch)",
        f"for way in ({' '.join(f'way_{k},' for k in range(ways))}):",
        "    with np.errstate(all='ignore'):",
        f"        found, more, bad = way({chosen})",
        "        failed[rest] = np.where(failed[rest] == 0, bad, failed[rest])",
        "        left, rest = rest[bad != 0], rest[bad == 0]",
        "        if len(left) and len(rest):  # once more, without those that go another way",
        f"            found, more, _ = way({chosen})",
        "    if len(rest):",
        "        loss[rest], failed[rest] = found, 0",
        "        for name in gradients:",
        "            gradients[name] = gradients[name] + np.reshape(more[name], gradients[name].shape)",
        "    rest = left",
        "    if not len(rest):",
        "        break",
    ]


def write_ways(
    programs: Sequence[Arrays], signature: Signature
) -> tuple[list[str], dict[str, Any], list[str]]:
    """For each way a function `way_K(params, batch, *inputs)` of loss, gradients and what failed.

    Returns:
        (their sources, the constants that they name, the sources of the functions that they call).
    """
    ways: list[str] = []
    constants: dict[str, Any] = {}
    flows: dict[str, str] = {}
    for k, program in enumerate(programs):
        names = {x: f"params[{x.name!r}]" for x in program.parameters}
        names |= dict(zip(program.inputs, (x.name for x in signature.inputs)))
        writer = Writer(program, NUMPY, names, f"_{k}" if k else "")
        text, called = _way(writer, k)
        ways.append(text)
        constants |= writer.constants
        flows |= called
    helpers = _helpers("\n".join([*ways, *flows.values()]), flows)
    return ways, constants, [*helpers.values(), *flows.values()]


def _way(writer: Writer, k: int) -> tuple[str, dict[str, str]]:
    program = writer.program
    forward = writer.forward()
    loss = Writer.bracketed(writer.whole(program.loss))
    guards = [
        f"failed = np.where((failed == 0) & ~{writer.condition(guard)}, {i + 1}, failed)  # {guard.line}"
        for i, guard in enumerate(program.guards)
    ]
    backward = Backward(writer, NUMPY.target)
    back = backward.write()
    reached = backward.begun
    back += [f"gradients[{x.name!r}] = np.zeros({x.shape})" for x in program.parameters if x not in reached]
    lines = [
        f"def way_{k}({', '.join(['params', 'batch', *(writer.names[x] for x in program.inputs)])}):",
        *forward,
        "failed = np.zeros(batch, int)",
        *guards,
        f"loss = np.broadcast_to({loss}.reshape(-1), batch)",
        "gradients = {}",
        *back,
        "return loss, gradients, failed",
    ]
    return "\n    ".join(lines), backward.flows


def _told(signature: Signature, guarded: bool) -> str:
    shapes = ", ".join(f"{x.path} {x.shape or '(a number)'}" for x in signature.inputs)
    call = f"value_and_gradients({', '.join(['params', *signature.arguments])})"
    text = (
        f"{call} takes PARAMS, or arrays\n"
        f"like them, and {shapes}. It gives the loss and a dict of the gradients. With one more axis\n"
        "in front of the inputs, a batch, there is one loss for each sample, and the gradients are those of\n"
        "their sum."
        if shapes
        else f"{call} takes PARAMS, or arrays\nlike them. It gives the loss and a dict of the gradients."
    )
    if guarded:
        text += (
            "\nThe third result is 0 where the program holds, else 1 + the number of the condition that\n"
            "came out another way than while recording: the loss is nan, and has no part in the gradients."
        )
    return text


def _helpers(text: str, known: Container[str]) -> dict[str, str]:
    """The functions that the text calls and NumPy has not, by name; each after those that it calls."""
    found: dict[str, str] = {}

    def look(text: str) -> None:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name) and node.id not in found and node.id not in known:
                made = HERE.get(node.id) or getattr(numpy_ops, node.id, None)
                if inspect.isfunction(made):
                    source = _plain(inspect.getsource(made))
                    look(source)
                    found[node.id] = source

    look(text)
    return found


def _plain(source: str) -> str:
    """A function's source without its annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def _array(numbers: Any) -> str:
    numbers = np.asarray(numbers)
    text = repr(numbers.tolist())
    for name in ("nan", "inf"):
        text = text.replace(name, f"np.{name}")
    return f"np.array({text})"
