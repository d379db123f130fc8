"""The step of an optimiser's object on floats: loops made of the formulas of updates, for few parameters.

What settings and the count of steps decide alone is computed once in a step, and switches are asked once; the
numbers are those of the object's own loop, bit for bit.
`python -m autograd.replay.executors.float_step` prints the loops of the optimisers that have names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

from autograd import descent
from autograd.entry import CONSTANT, TABLE
from autograd.files import reader_may_leave
from autograd.number import UNSET
from autograd.replay.formula import UnreadableError, Update, UpdateFormula, names_of, read
from autograd.replay.formula_source import NUMBERS, assignments, parts_of
from autograd.value import Value

Memory = dict[str, float]
Loop = Callable[[list[Value], dict[Value, Memory], Memory, dict[str, Any]], "list[Value] | None"]
OURS = frozenset(x for x in vars(descent).values() if getattr(x, "__module__", "") == descent.__name__)
CALLED: dict[str, Any] = {name: op.value for name, op in TABLE.items()}
CALLED |= {"sqrt": sqrt, "UNSET": UNSET, "CONSTANT": CONSTANT}
LOOPS: dict[Update, list[Loop]] = {}  # of an update, the last made first
KEPT = 8


def rest_of_step(update: Update, group: dict[str, Any], state: dict[Value, Memory]) -> list[Value]:
    """Change what one loop can change of a group's parameters, and give the others, which are as they were.

    Those have no float as their number or gradient, want none, or have not moved as often as the first.

    Args:
        update: of the object; only those of `autograd.descent` have loops.
        group: the parameters and their settings.
        state: what is remembered of each parameter; changed in its place.
    """
    params: list[Value] = group["params"]
    begun = next((state[p] for p in params if p in state), None)
    if begun is None or update not in OURS:
        return params
    try:
        for loop in LOOPS.get(update, ()):
            rest = loop(params, state, begun, group)
            if rest is not None:
                return rest
        made = _loop(update, group, begun)
        LOOPS[update] = [made, *LOOPS.get(update, ())[: KEPT - 1]]
        rest = made(params, state, begun, group)
    except (KeyError, UnreadableError):  # both before anything is changed
        return params
    return params if rest is None else rest


def _loop(update: Update, group: dict[str, Any], begun: Memory) -> Loop:
    settings = {name: x for name, x in group.items() if name != "params"}
    source = source_of(read(update, update.__name__, settings, begun, ()), settings)
    names: dict[str, Any] = dict(CALLED)
    exec(compile(source, f"{__file__}, {update.__name__}", "exec"), names)  # noqa: S102 - made of our formula
    return names["step"]  # type: ignore[no-any-return]  # what the line above has made


def source_of(formula: UpdateFormula, settings: Mapping[str, Any]) -> str:
    """A loop that gives the parameters left, or None where by the settings it is another's turn."""
    used, shared, once, each = parts_of(formula, formula.later)
    needed = {*used, *formula.asked}
    named = names_of(settings)
    numbers = {key: names for key, names in named.items() if not needed.isdisjoint(names)}
    switches = {f"group[{key!r}]": x for key, x in settings.items() if key not in named}
    if not all(x is None or isinstance(x, (bool, str)) for x in switches.values()):
        raise UnreadableError  # what else decides is not told from its like by `!=`
    sizes = {f"group[{key!r}]": len(x) for key, x in settings.items() if isinstance(x, tuple)}
    known = [name for name in formula.each if f"memory_{name}" in used]
    usual = ["x.__class__ is g.__class__ is float", "g is not UNSET", "p.op is not CONSTANT"]
    usual += [f"memory[{name!r}] == memory_{name}" for name in formula.shared]
    lines = [
        *(f"if {x}.__class__ is not tuple or len({x}) != {size}: return None" for x, size in sizes.items()),
        *(f"{', '.join(names)} = group[{key!r}]" for key, names in numbers.items()),
        *(f"if {name} != {x!r}: return None" for name, x in {**switches, **formula.asked}.items()),
        *(f"memory_{name} = begun[{name!r}]" for name in formula.shared),
        *assignments({**shared, **once}, NUMBERS),
        *(f"new_{name} = memory_{name}.__class__(new_{name})" for name in formula.shared),
        "rest = []",
        "for p in params:",
        "    x, g = p.data, p.grad",
        "    try:",
        "        memory = state[p]",
        *(f"        memory_{name} = memory[{name!r}]" for name in known),
        f"        usual = {' and '.join(usual)}",
        "    except KeyError:",
        "        usual = False",
        "    if usual:",
        *(f"        {line}" for line in assignments(each, NUMBERS)),
        "    if usual and new_x.__class__ is float:",
        *(f"        memory[{name!r}] = new_{name}" for name in formula.later.memory),
        "        p.data = new_x",
        "    else:",
        "        rest.append(p)",
        "return rest",
    ]
    return "\n".join(["def step(params, state, begun, group):", *(f"    {line}" for line in lines), ""])


if __name__ == "__main__":
    from autograd.replay.optimiser import NAMES, Optimiser

    with reader_may_leave():
        for chosen in NAMES:
            for one in Optimiser(chosen, [], {}).groups:
                print(source_of(one.formula, one.settings))  # noqa: T201 - so that a reader sees what runs
