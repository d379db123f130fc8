"""An optimiser for the kernels: code made of its formula, compiled when a training first needs it.

`python -m autograd.replay.executors.numba_updates` prints the code of the optimisers that have names.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numba import types

from autograd.files import reader_may_leave
from autograd.replay.formula import UpdateFormula, UpdateReading
from autograd.replay.formula_source import NUMBERS, assignments, parts_of
from autograd.replay.jit import addresses_of
from autograd.replay.kernels import small_kernels, updates
from autograd.replay.kernels.elementwise import VECTOR
from autograd.replay.optimiser import NAMES, Optimiser

SIGNATURE = types.void(*[types.CPointer(types.float64)] * 4, types.int64)
OPTIONS = {"_nrt": False, "error_model": "numpy", "nopython": True}
KEPT = 256
PLANNED: dict[int, tuple[UpdateFormula, tuple[int, int, int]]] = {}  # by id; each formula is kept alive


def plan_of(optimiser: Optimiser) -> Any:
    """What `update` is to do for an optimiser; its functions are compiled or loaded."""
    rows = []
    for group in optimiser.groups:
        begin, later, plain = _functions_of(group.formula)
        rows.append([begin, later, group.begin, group.count, group.state, group.first, plain])
    return np.array(rows, np.int64).ravel()


def _functions_of(formula: UpdateFormula) -> tuple[int, int, int]:
    """The addresses of a formula's first and later update, and where plain descent has its weight decay."""
    known = PLANNED.get(id(formula))
    if known is not None:
        return known[1]
    later, first = address_of(source_of(formula, formula.later)), formula.first
    begin = later if first is None else address_of(source_of(formula, first))
    alike = first is None and formula.later.text() == small_kernels.PLAIN.text()
    plain = formula.settings.index("group_weight_decay") if alike else -1
    if len(PLANNED) > KEPT:
        PLANNED.clear()
    PLANNED[id(formula)] = formula, (begin, later, plain)
    return begin, later, plain


def source_of(formula: UpdateFormula, reading: UpdateReading) -> str:
    """The function of a reading: its numbers once, then a loop over eight parameters each."""
    names, shared, same, each = parts_of(formula, reading, kernel=True)
    changed = [name for name in formula.shared if f"new_{name}" in shared]
    once = assignments({**shared, **{f"n{name}": x for name, x in same.items()}}, NUMBERS)
    size = f"{len(formula.each)} * count"
    reads = [f"{name} = at(group, {i})" for i, name in enumerate(formula.settings) if name in names]
    reads += [
        f"memory_{name} = at(memory, {size} + {i})"
        for i, name in enumerate(formula.shared)
        if f"memory_{name}" in names
    ]
    places = {name: f"memory, {k} * count + i, count - i" for k, name in enumerate(formula.each)}
    loop = ["x = some(values, i, count - i)", "g = some(gradients, i, count - i)"]
    loop += [f"memory_{name} = some({place})" for name, place in places.items() if f"memory_{name}" in names]
    loop += assignments(each, VECTOR)
    loop += [f"keep({place}, normal(new_{name}))" for name, place in places.items() if name in reading.memory]
    lines = [
        *reads,
        *once,
        *(f"{name} = splat(n{name})" for name in same),
        "for i in range(0, count, 8):",
        *(f"    {line}" for line in [*loop, "keep(values, i, count - i, new_x)"]),
        *(f"put(memory, {size} + {formula.shared.index(name)}, new_{name})" for name in changed),
    ]
    head = f"def update_{formula.name}(values, gradients, memory, group, count):"
    return "\n".join([head, *(f"    {line}" for line in lines), ""])


@cache
def address_of(source: str) -> int:
    """The address of the compiled function."""
    names: dict[str, Any] = {**updates.CALLED, "__name__": updates.__name__}  # its kernels are made of that
    name = source.partition("(")[0].removeprefix("def ")
    exec(compile(source, f"{name}.py", "exec"), names)  # noqa: S102 - made of an optimiser's formula
    return addresses_of([names[name]], SIGNATURE, OPTIONS, source)[names[name]]


if __name__ == "__main__":
    with reader_may_leave():
        for chosen in NAMES:
            for one in Optimiser(chosen, [], {}).groups:
                for reading in filter(None, (one.formula.first, one.formula.later)):
                    print(source_of(one.formula, reading))  # noqa: T201 - so that a reader sees what runs
