"""Hints: what a learner most probably did not mean, said once per kind and place, never raised.

On at the prompt and in notebooks, off in scripts and tests, but for one: `math.exp(v)` is never meant.
A cell that begins with the comment `# Exercise ...` is left to its reader.
`autograd.hints(False)` silences all of them.
"""

from __future__ import annotations

import linecache
import math
import re
import sys
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from itertools import islice
from typing import Any

from autograd import modes
from autograd.messages import as_one_word, language, listed, page_language, say
from autograd.modes import caller_place

FLAT = {"isfinite", "isinf", "isnan", "isclose", "floor", "ceil", "trunc"}  # of `math`: nothing is lost there

BOX = (
    "background:#fff7dc;color:#3a3115;border:1px solid #d9bf62;border-radius:8px;padding:6px 12px;"
    "margin:4px 0;max-width:900px;font:14px/1.5 system-ui,sans-serif"
)
SHAPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="14" height="16" viewBox="0 0 14 16" stroke="#7a5c00">'
    '<path fill="#f2b705" d="M7 .8a5.2 5.2 0 0 0-3 9.4V12h6v-1.8A5.2 5.2 0 0 0 7 .8z"/>'
    '<path d="M4.5 13.5h5M5.5 15.3h3"/></svg>'
)
LAMP = f"data:image/svg+xml;base64,{b64encode(SHAPE.encode()).decode()}"

_switch: bool | None = None  # None: decide by where we run
_said: set[tuple[str, str, int]] = set()
_looked_at: set[tuple[Any, int]] = set()  # where `float()` of a Value was called: code and place in it


def hints(on: bool | None = None) -> bool:
    """Switch hints on or off; without an argument say whether they are on.

    Raises:
        TypeError: neither True nor False, such as "off".

    >>> hints(False)
    False
    """
    global _switch
    if on is not None:
        if not isinstance(on, bool):
            raise TypeError(say("hints_switch", got=repr(on)))
        _switch = on
        _said.clear()
        _looked_at.clear()
    return shown()


def shown() -> bool:
    """Whether hints are said here."""
    return at_the_prompt() if _switch is None else _switch


def at_the_prompt() -> bool:
    """Whether somebody types here: at Python's prompt or in a notebook."""
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules


def hints_refused() -> bool:
    """Whether somebody called `hints(False)`: then even what hints in scripts keeps quiet."""
    return _switch is False


def hint(kind: str, file: str, line: int, **fields: Any) -> None:
    """Say the hint `kind` unless it has been said about this place before, or would give an exercise away.

    At a prompt it is printed to stderr; in a notebook it is a box, whose advice unfolds.
    """
    if (kind, file, line) in _said or _is_exercise(file):
        return
    _said.add((kind, file, line))
    mark = say("hint", text="")
    indent = " " * (len(mark) if language() == "en" else 2 * len(mark.strip()))
    first, *rest = say(kind, **fields).split("\n")
    text = "\n".join([mark + first, *[indent + line for line in rest]])
    notebook = _notebook()
    if notebook is None:
        print(text, file=sys.stderr)
    else:
        notebook.display_pub.publish({"text/html": _box(first, rest), "text/plain": text})


def _notebook() -> Any:
    """IPython's shell if it serves a notebook, else None."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return None if shell is None or type(shell).__name__ == "TerminalInteractiveShell" else shell


def _is_exercise(file: str) -> bool:
    """Whether a notebook's cell begins with a comment that calls it an exercise: there nothing is said."""
    return re.match(r"#\s*(exercise|练习)", linecache.getline(file, 1), re.IGNORECASE) is not None


def _box(first: str, rest: Sequence[str]) -> str:
    """What was noticed, with a lamp, and behind a fold what to write; pale in light and in dark notebooks."""
    advice = "<br>".join(escape(line) for line in rest)
    fold = f"<details><summary>{escape(say('hint_why'))}</summary>{advice}</details>" if rest else ""
    lamp = f'<img alt="{escape(say("hint", text="")).strip()}" style="display:inline;margin:0" src="{LAMP}">'
    return f'<div lang="{page_language()}" style="{BOX}">{lamp} {escape(first)}{fold}</div>'


def say_place(file: str, line: int) -> str:
    """Say where: (cell 4, line 2) in a notebook, (file.py, line 2) elsewhere."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None and (file.startswith("<ipython-input-") or "ipykernel_" in file):
        return say("cell", cell=_number_of_cell(file, shell), line=line)
    return say("place", file=file.replace("\\", "/").rsplit("/", 1)[-1], line=line)


def _number_of_cell(file: str, shell: Any) -> int | str:
    """The number of the cell whose code this file is: the last one that was run with that source."""
    cell = re.match(r"<ipython-input-(\d+)-", file)
    if cell:
        return cell[1]
    source = "".join(linecache.getlines(file)).strip()
    inputs = list(enumerate(getattr(shell, "user_ns", {}).get("In", ())))
    found = (number for number, text in reversed(inputs) if text.strip() == source)
    return next(found, int(shell.execution_count))


def say_caller() -> str:
    """`say_place` of the innermost frame outside this library."""
    return say_place(*caller_place(2))


def name_of(value: Any, file: str, line: int, otherwise: str = "x") -> str:
    """What the source line calls `value`: its label, else the variable of the calling frame."""
    if value.label:
        return as_one_word(str(value.label))
    frame: Any = sys._getframe(1)
    while frame is not None and (frame.f_code.co_filename, frame.f_lineno) != (file, line):
        frame = frame.f_back
    spaces = () if frame is None else (frame.f_locals, frame.f_globals)
    named = (name for space in spaces for name, x in space.items() if x is value and name[0] != "_")
    return next(named, otherwise)


def watch_float(value: Any) -> None:
    """`float(v)`, `math.exp(v)`, `array[0] = v` drop the gradient; scripts hear of the second alone."""
    frame = sys._getframe(2)
    place = (frame.f_code, frame.f_lasti)
    if not shown() and (place in _looked_at or modes.is_library(frame.f_globals.get("__name__", ""))):
        return
    _looked_at.add(place)
    function = _math_function(frame)
    file, line = caller_place(2)
    if function in FLAT or not (function or shown()):
        return
    name = name_of(value, file, line)
    op = getattr(sys.modules["autograd"], function, None) if function else None
    if op is not None:
        alone = getattr(op, "arity", None) == 1 and callable(getattr(value, function, None))
        entry = f"{name}.{function}() or " if alone else ""
        fields = {"name": function, "operand": name, "write": f"{entry}autograd.{function}({name})"}
        hint("hint_math", file, line, place=say_place(file, line), **fields)
    elif shown():
        hint("hint_float", file, line, operand=name, place=say_place(file, line))


def _math_function(frame: Any) -> str:
    """The name of the function of `math` that this frame is calling right now, "" for none."""
    code, text = frame.f_code, linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    if hasattr(code, "co_positions"):  # Python 3.11 knows which part of the line it runs
        first, last, start, end = next(islice(code.co_positions(), frame.f_lasti // 2, None))
        if first == last and start is not None:
            text = text.encode()[start:end].decode(errors="replace")
    elif "float(" in text:
        return ""
    names = {**frame.f_globals, **frame.f_locals}
    for path in re.findall(r"([A-Za-z_][\w.]*)\(", text):
        first_name, *rest = path.split(".")
        found = names.get(first_name)
        for step in rest:
            found = getattr(found, step, None)
        name = getattr(found, "__name__", "")
        if getattr(found, "__module__", "") == "math" and found is getattr(math, name, None):
            return str(name)
        if hasattr(code, "co_positions"):
            break  # what is called stands first
    return ""


def watch_equal(value: Any, other: Any) -> None:
    """`v == 1` compares objects."""
    file, line = caller_place(2)
    hint(
        "hint_equal",
        file,
        line,
        left=name_of(value, file, line),
        right=repr(other),
        place=say_place(file, line),
    )


def watch_backward(root: Any, order: Sequence[Any], leaves: Sequence[Any]) -> None:
    """A second pass into the same leaves, and an update that made a new node instead."""
    if modes.is_library(sys._getframe(2).f_globals.get("__name__", "")):  # a recorded call, a step of `fit`
        return
    file, line = caller_place(2)
    again: dict[int, list[Any]] = {}
    for leaf in leaves:
        runs = leaf.__dict__.get("runs", 0) + 1 if leaf.grad else 1
        leaf.__dict__["runs"] = runs
        if runs > 1:
            again.setdefault(runs, []).append(leaf)
    if again:
        count = max(again)
        names = sorted(name_of(leaf, file, line, "") for leaf in again[count])
        told = listed(names) if len(names) <= 3 and all(names) else say("leaves", count=len(names))
        result = name_of(root, file, line, "")
        zero = say("zero_root", root=result) if result else say("zero_result")
        hint("hint_twice", file, line, count=count, names=told, zero=zero)
    for node in order:
        rate = _rate_of_update(node)
        if rate is not None:
            hint("hint_update", file, line, name=name_of(node, file, line), rate=f"{rate:g}")


def _rate_of_update(node: Any) -> float | None:
    """The learning rate r when `node` is `w - r * w.grad` of a leaf w, else None."""
    if node.op.name != "sub" or node.a.a is not None or not node.a.grad or node.b.op.name != "constant":
        return None
    rate = node.b_data / node.a.grad
    return rate if 0 < rate <= 1 and math.isclose(rate, float(f"{rate:.3g}"), rel_tol=1e-12) else None
