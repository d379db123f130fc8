"""What every explanation can do: be read as text, Markdown, LaTeX and HTML, and show itself in a notebook.

A reading is a list of blocks, `Line` and `Grid`.  Their strings come from a kind of `Symbol`: Python text for
terminals and Markdown, HTML for notebooks.  In notebooks an explanation shows HTML and never LaTeX.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from autograd.copying import Unpickled
from autograd.drawing.measure import aligned, columns_of, folded, pad, room
from autograd.explanation.mathml import Web
from autograd.explanation.symbols import Symbol, Text

SHOWN, ENDS = 60, 20  # nodes or formulas that are told; of more, so many of both ends
Told = TypeVar("Told")


@dataclass
class Line:
    """A line of prose."""

    text: str
    rank: str = ""  # "title", "head", "note", "code" (never broken), "good", "bad"


Row = list[str] | Line  # cells, or a line that spans them


@dataclass
class Grid:
    """A table: rows of cells, and between them lines that span it."""

    head: list[str]
    rows: list[Row]
    gap: str = "  "
    indent: str = ""
    right: tuple[int, ...] = ()  # columns of numbers
    prose: tuple[int, ...] = ()  # columns of words; all others hold expressions
    ruled: bool = False
    names: tuple[int, ...] = field(default=(0,))  # columns that head their row


Block = Line | Grid


class Reading(Unpickled):
    """One list of facts, many readings."""

    lang: str | None = None

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """The reading as lines and tables."""
        raise NotImplementedError

    def text(self) -> str:
        """The reading for a terminal or a mail: at most 100 columns, less in a narrow terminal."""
        return text(self.blocks(Text))

    def markdown(self) -> str:
        """The reading for a README or an issue: tables with `|`, expressions as code."""
        return markdown(self.blocks(Text))

    def html(self) -> str:
        """The reading for a notebook or a page: tables, nothing loaded from anywhere."""
        return html(self.blocks(Web))

    def _repr_html_(self) -> str:
        return self.html()

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()


def both_ends(things: Sequence[Told]) -> list[Told | None]:
    """All of them; of more than are read the first and the last, and None for what is left out."""
    return [*things] if len(things) <= SHOWN else [*things[:ENDS], None, *things[-ENDS:]]


def sentence_after(start: str, rest: str, gap: str) -> list[str]:
    """A line and what follows it, on a line of its own where both do not fit."""
    whole = start + gap + rest
    return [whole] if columns_of(whole) <= room() else [*folded(start), *folded(rest)]


def text(blocks: Sequence[Block]) -> str:
    """Blocks as aligned text."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            lines += [block.text] if block.rank == "code" else folded(block.text)
        else:
            lines += _grid_as_text(block)
    return "\n".join(lines)


def _grid_as_text(grid: Grid) -> list[str]:
    cells = [row for row in grid.rows if isinstance(row, list)]
    if not cells:
        return [row.text for row in grid.rows if isinstance(row, Line)]
    head = [grid.head] if grid.head else []
    lines = aligned([*head, *cells], grid.gap, grid.right)
    if head:  # a heading stands at the left, also above numbers
        columns = [max(map(columns_of, column)) for column in zip(*head, *cells)]
        lines[0] = grid.gap.join(pad(x, w) for x, w in zip(grid.head, columns)).rstrip()
        if grid.ruled:
            lines.insert(1, grid.gap.join("-" * w for w in columns))
    out = lines[: len(lines) - len(cells)]
    rest = iter(lines[len(out) :])
    for row in grid.rows:
        out.append(next(rest) if isinstance(row, list) else row.text)
    return [part for line in out for part in folded((grid.indent + line).rstrip(), grid.indent + "    ")]


def markdown(blocks: Sequence[Block]) -> str:
    """Blocks as Markdown: prose escaped, expressions as code."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            marks = {"title": "**{}**", "head": "#### {}"}.get(block.rank, "{}")
            code = block.rank in ("title", "code")
            told = marks.format(_code(block.text) if code else _prose(block.text))
            parts += [told] if block.text else []
        else:
            parts.append(_grid_as_markdown(block))
    return "\n\n".join(parts) + "\n"


def _grid_as_markdown(grid: Grid) -> str:
    count = max([len(row) for row in grid.rows if isinstance(row, list)] + [len(grid.head)])
    head = [_prose(x) for x in grid.head] or [" "] * count
    rows = [head, ["---:" if i in grid.right else "---" for i in range(count)]]
    for row in grid.rows:
        if isinstance(row, Line):
            if row.text:
                rows.append([_prose(row.text), *[""] * (count - 1)])
        else:
            rows.append([_prose(x) if i in grid.prose else _code(x) for i, x in enumerate(row)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _code(text: str) -> str:
    """An expression as code, also one with a backtick or a bar in a name."""
    if not text.strip():
        return ""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text.strip()}{space}{fence}".replace("|", "\\|")


def _prose(text: str) -> str:
    """A sentence, its special characters escaped."""
    for mark in ("\\", "*", "_", "|", "`", "[", "<", "#"):
        text = text.replace(mark, "\\" + mark)
    return text.strip()


HTML_STYLE = (
    "<style>.ag-x{font:13px/1.5 system-ui,sans-serif;overflow-x:auto}"
    ".ag-x table{font:inherit;border-collapse:collapse;margin:.4em 0}"
    ".ag-x td,.ag-x th{text-align:left!important;padding:.15em .9em .15em 0}"
    ".ag-x td,.ag-x th{vertical-align:baseline;white-space:nowrap}"
    ".ag-x th{font-weight:600;border-bottom:1px solid}"
    ".ag-x td.n{text-align:right!important;font-variant-numeric:tabular-nums}"
    ".ag-x td.w{white-space:normal;min-width:16em}.ag-x td.s{padding-top:.6em;white-space:normal}"
    ".ag-x td.s.use{padding:0 0 .2em 5em}"
    ".ag-x math{font-size:15px;math-style:normal}.ag-x .t math{font-size:17px}"
    ".ag-x .t{font-size:15px;margin:.2em 0}.ag-x .h{font-weight:600;margin:.8em 0 0}.ag-x p{margin:.4em 0}"
    ".ag-x sup{line-height:0;font-size:.75em}.ag-x .good,.ag-x .bad{border-left:4px solid;padding-left:.5em}"
    ".ag-x .good{border-color:#2da44e}.ag-x .bad{border-color:#d1242f}"
    ".ag-x .good::before{content:'\\2713  '}.ag-x .bad::before{content:'\\2717  '}</style>"
)


def html(blocks: Sequence[Block]) -> str:
    """Blocks, made with `Web` symbols, as HTML that needs nothing else."""
    parts = []
    for block in blocks:
        if isinstance(block, Grid):
            parts.append(_grid_as_html(block))
        elif block.text:
            style = {"title": "t", "head": "h"}.get(block.rank, block.rank)
            parts.append(f'<p class="{style}">{block.text}</p>')
    return f'<div class="ag-x">{HTML_STYLE}{"".join(parts)}</div>'


def _grid_as_html(grid: Grid) -> str:
    count = max([len(row) for row in grid.rows if isinstance(row, list)] + [len(grid.head), 1])
    rows = ["".join(f'<th scope="col">{x.strip()}</th>' for x in grid.head)] if grid.head else []
    for row in grid.rows:
        if isinstance(row, Line):
            if row.text.strip():
                rows.append(f'<td class="s {row.rank}" colspan="{count}">{row.text.strip()}</td>')
            continue
        style = ["w" if i in grid.prose else "n" if i in grid.right else "" for i in range(count)]
        cells = [x.strip() for x in row]
        marked = [f'<td class="{s}">{x}</td>' if s else f"<td>{x}</td>" for s, x in zip(style, cells)]
        rows.append("".join(marked))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
