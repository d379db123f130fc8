"""The text reading: aligned columns, at most 100 wide, Chinese characters two columns each."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.explanation.cells import (
    At,
    Told,
    equalities,
    forward_cells,
    results,
    step_cells,
    title,
    untold_leaves,
)
from autograd.explanation.closing import closing
from autograd.explanation.reading import WIDTH, aligned, folded, pad, sentence_after, width
from autograd.messages import word
from autograd.trace.steps import Trace


def whole(trace: Trace, lang: str | None) -> str:
    """The whole story of a graph."""
    root = trace.root.name
    lines = sentence_after(title(trace), word("rounded", lang), "   ")
    if trace.nodes:
        gap = "   " if word("forward", lang) == "FORWARD" else "  "  # as wide as BACKWARD
        lines += [
            "",
            f"{word('forward', lang)}{gap}{word('forward_what', lang, root=root)}",
            *_forward(trace),
        ]
    if trace.steps:
        lines += ["", f"{word('backward', lang)}  {word('backward_what', lang, root=root)}"]
        lines += [word("start", lang, root=root), "", *_backward(trace, lang)]
    lines += ["", *_result(trace, lang)] if trace.leaves else ["", word("constant_root", lang, root=root)]
    end = closing(trace, lang)
    return "\n".join([*lines, *([""] if end else []), *[part for line in end for part in folded(line)]])


def _forward(trace: Trace) -> list[str]:
    leaves = [[leaf.name, "", "", trace.digits(leaf.number)] for leaf in untold_leaves(trace)]
    rows = [*leaves, *[forward_cells(node) for node in trace.nodes]]
    cells = [equalities(row) for row in rows]
    if not any(row[2] for row in cells):  # nothing is told in numbers
        cells = [[row[0], row[1], row[3]] for row in cells]
    lines = aligned([["", *row] for row in cells], " ")
    return [part for line, row in zip(lines, cells) for part in _broken(" " + line, row)]


def _broken(line: str, row: Sequence[str]) -> list[str]:
    """A line of equalities, broken before `=` where it is too wide."""
    if width(line) <= WIDTH:
        return [line]
    name, first, *others = [cell for cell in row if cell]
    indent = " " * min(width(name) + 3, WIDTH // 2)
    start = folded(f"  {name} {first}", indent + "  ")
    return start + [part for cell in others for part in folded(indent + cell, indent + "  ")]


def _backward(trace: Trace, lang: str | None) -> list[str]:
    told = list(step_cells(trace, lang))
    head = [word(key, lang) for key in ("step", "into", "local", "product", "after")]
    steps = [x for x in told if isinstance(x, Told)]
    rows = [[f"{x.step.number:4}", x.into, " = ".join(x.local), x.product, x.after] for x in steps]
    below = _too_wide([head, *rows])
    if all(row[2] in below for row in rows):
        lines = iter(aligned([[*row[:2], *row[3:]] for row in (head, *rows)], "  "))
        out = [*folded(next(lines)), f"      {head[2]}"]
    else:
        beside = [[*row[:2], "", *row[3:]] if row[2] in below else row for row in (head, *rows)]
        lines = iter(aligned(beside, "  "))
        out = [next(lines)]
    for x in told:
        if isinstance(x, At):
            colon = word("colon", lang)
            out += sentence_after(x.line, x.sentence, colon) if x.sentence else folded(x.line)
            continue
        out += folded(next(lines), "      ")
        out += _own_line(x.local) if " = ".join(x.local) in below else []
        out += folded(f"      {x.use}", "      ") if x.use else []
    return out


def _too_wide(rows: Sequence[Sequence[str]]) -> set[str]:
    """The local derivatives for which there is no room beside the other columns."""
    columns = [max(map(width, column)) for column in zip(*rows)]
    room = WIDTH - len("  ".join("x" * column for column in [*columns[:2], *columns[3:]])) - len("  ")
    if max(width(row[2]) for row in rows[1:]) <= room:
        return set()
    return {row[2] for row in rows[1:] if width(row[2]) > room or room < width(rows[0][2])}


def _own_line(local: Sequence[str]) -> list[str]:
    joined = "      " + " = ".join(local)
    if width(joined) <= WIDTH:
        return [joined]
    split = [f"      {local[0]}", *[f"        = {piece}" for piece in local[1:]]]
    return [part for line in split for part in folded(line, " " * 10)]


def _result(trace: Trace, lang: str | None) -> list[str]:
    found = results(trace, lang)
    names = aligned([[f"{x.leaf.name}.grad", f"= {x.gradient}"] for x in found], " ")
    head = [word("result", lang) + word("result_gap", lang) + word("gradient", lang)]
    with_symbols = [[f"  {name}", x.symbols, x.meaning] for name, x in zip(names, found)]
    if all(x.symbols for x in found) and max(map(width, aligned(with_symbols, "   "))) <= WIDTH:
        rows, head = with_symbols, [*head, word("symbols", lang), word("meaning", lang)]
    else:
        rows, head = [[row[0], row[2]] for row in with_symbols], [*head, word("meaning", lang)]
    least = [word("result", lang) + "  " + word("gradient", lang), *head[1:]]
    columns = [max(map(width, column)) for column in zip(least, *rows)]
    lines = ["   ".join(pad(cell, w) for cell, w in zip(row, columns)).rstrip() for row in [head, *rows]]
    return [part for line in lines for part in folded(line, "      ")]
