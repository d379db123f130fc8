"""The reference's numbers for large programs: its bits, with most of its loops compiled.

Every op's value and slope come from the same rules on the same numbers as in `Program.run` and `backward`;
what is compiled are sums, differences and products, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import ops
from autograd.backward import PASS
from autograd.entry import LEAF, Op, read_on_floats
from autograd.node import set_grads
from autograd.number import to_grad
from autograd.program import Program, local_derivatives
from autograd.replay.jit import LARGE, have_numba, natively

PLAIN: dict[Op, int] = {ops.add: 0, ops.sub: 1, ops.mul: 2}  # what `advance` computes


def hand_out(program: Program) -> bool:
    """Add the gradients of the recorded run to its leaves' `.grad`; False, nothing done, if one is nan."""
    grads = gradients(program) if program.root >= 0 else None
    if grads is None:
        return False
    places = [i for i, leaf in enumerate(program.leaves) if leaf.op is LEAF]
    places = sorted({*places} - program.without_flow(places))
    leaves = [program.leaves[i] for i in places]
    with PASS:
        set_grads(leaves, [to_grad(leaf.grad) + g for leaf, g in zip(leaves, grads[places].tolist())])
    return True


def slots_at(program: Program, numbers: Sequence[float]) -> Sequence[float]:
    """`program.run(numbers)`, with compiled loops where the program is large."""
    if len(program.codes) < LARGE or not have_numba():
        return program.run(numbers)
    import numpy as np

    codes = np.frombuffer(program.codes, np.uint16)
    starts, operands = np.frombuffer(program.starts, np.int32), np.frombuffer(program.operands, np.int32)
    first = len(program.leaves)
    slots = np.empty(program.size)
    slots[:first] = numbers
    plain = np.array([PLAIN.get(op, -1) for op in program.kinds], np.int8)
    advanced = natively(advance)
    k = advanced(codes, starts, operands, plain, slots, first, 0)
    while k < len(codes):
        places = operands[starts[k] : starts[k + 1]]
        slots[first + k] = program.kinds[codes[k]].value(*slots[places].tolist())
        k = advanced(codes, starts, operands, plain, slots, first, k + 1)
    return slots.tolist()  # type: ignore[no-any-return]  # a list


def gradients_at(program: Program, slots: Sequence[float]) -> Sequence[float]:
    """`program.gradients(slots)`, likewise."""
    found = None
    if len(program.codes) >= LARGE and have_numba():
        found = gradients(program, slots)
    return program.gradients(slots) if found is None else found.tolist()


def gradients(program: Program, slots: Any = None) -> Any:
    """The gradient of the root to every slot, as an array; None where one is nan.

    What is nan may be 0 * inf in a branch that nobody chose; the reference then looks twice.

    Args:
        program: a program with a root.
        slots: every slot's number; those of the recorded run when left out.
    """
    import numpy as np

    count, first = program.reach, len(program.leaves)
    codes = np.frombuffer(program.codes, np.uint16)[:count] if count else np.zeros(0, np.uint16)
    starts = np.frombuffer(program.starts, np.int32)
    numbers = np.asarray(program.recorded if slots is None else slots)
    operands = np.frombuffer(program.operands, np.int32) if count else np.zeros(0, np.int32)
    local, flows = np.ones(len(operands)), np.ones(len(operands), bool)
    for code, op in enumerate(program.kinds):
        made = np.flatnonzero(codes == code)
        begin = starts[made]
        if op is ops.add or op is ops.sum_:
            continue
        if op is ops.sub:
            local[begin + 1] = -1.0
        elif op is ops.mul:
            local[begin], local[begin + 1] = numbers[operands[begin + 1]], numbers[operands[begin]]
        elif op.arity == 1 and op.bulk is None:
            rule = op.rules[0] if op.rules else None
            xs, ys = numbers[operands[begin]].tolist(), numbers[first + made].tolist()
            local[begin] = 0.0 if rule is None else _slopes(rule, xs, ys)
            flows[begin] = rule is not None and (local[begin] != 0.0 if op.choice else True)
        else:
            for s, k in zip(begin.tolist(), made.tolist()):
                places = slice(s, int(starts[k + 1]))
                found = _some(op, numbers[operands[places]].tolist(), float(numbers[first + k]))
                local[places], flows[places] = found
    grads = np.zeros(program.size)
    grads[program.root] = 1.0
    natively(add_up)(starts, operands, local, flows, count, first, grads)
    return None if np.isnan(grads).any() else grads


def _slopes(rule: Any, xs: list[float], ys: list[float]) -> list[float]:
    """A rule of one operand at many points."""
    try:
        return list(map(rule, xs, ys))
    except (ArithmeticError, ValueError):
        return [read_on_floats(rule, (x,), y) for x, y in zip(xs, ys)]


def _some(op: Op, numbers: list[float], result: float) -> tuple[list[float], list[bool]]:
    """For each operand the local derivative, and whether anything flows."""
    found = local_derivatives(op, numbers, result)
    return [d or 0.0 for d in found], [d is not None and bool(d or not op.choice) for d in found]


def add_up(starts: Any, operands: Any, local: Any, flows: Any, count: int, first: int, grads: Any) -> None:
    """Send the gradients back, each times its local derivative."""
    for k in range(count - 1, -1, -1):
        g = grads[first + k]
        for j in range(starts[k], starts[k + 1]):
            if flows[j]:
                grads[operands[j]] += g * local[j]


def advance(codes: Any, starts: Any, operands: Any, plain: Any, slots: Any, first: int, k: int) -> int:
    """Compute from instruction k on what is a sum, difference or product; returns the first other."""
    while k < len(codes) and plain[codes[k]] >= 0:
        x, y = slots[operands[starts[k]]], slots[operands[starts[k] + 1]]
        kind = plain[codes[k]]
        slots[first + k] = x + y if kind == 0 else x - y if kind == 1 else x * y
        k += 1
    return k
