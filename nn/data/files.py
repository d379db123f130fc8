"""Data from files: tables of numbers, with a message that says where a cell is none; and lists of names."""

import csv
import math
import os
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from nn.messages import problem, say


class Table(NamedTuple):
    """What `read_csv` returns; it unpacks as `X, y, columns`."""

    X: list[list[float]]
    """One list of numbers per row, without the target."""
    y: list[float] | list[int] | list[str]
    """The target of each row: int where all are whole numbers, float where all are numbers, else text."""
    columns: list[str]
    """The names of the columns of X."""


def read_csv(path: str | os.PathLike[str], target: str, delimiter: str = ",") -> Table:
    r"""Read a table of numbers with a header line; one column is what is to be learned.

    Args:
        path: a CSV file in UTF-8, the names of the columns in its first line.
        target: the name of the column to predict. Its cells may be text if the first one is.
        delimiter: what stands between cells.

    Returns:
        The table; see `Table`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is empty or not UTF-8; a column is named twice or the target is no column; a row
            has too few or too many cells; a cell is empty, text, nan or inf where a number is needed. The
            message names the line of the file and the column.

    >>> folder = __import__("tempfile").mkdtemp()
    >>> _ = Path(folder, "t.csv").write_text("height,width,kind\n1,2.5,cup\n3,4,jar\n", encoding="utf-8")
    >>> X, y, columns = read_csv(Path(folder, "t.csv"), target="kind")
    >>> X, y, columns
    ([[1.0, 2.5], [3.0, 4.0]], ['cup', 'jar'], ['height', 'width'])
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except UnicodeDecodeError as error:
        raise problem(ValueError, "data_encoding", path=path, byte=error.start) from None
    except csv.Error as error:
        raise problem(ValueError, "data_csv", path=path, line=reader.line_num, problem=error) from None
    if len(lines) < 2:
        raise problem(ValueError, "data_no_rows", path=path)
    (_, header), *rows = lines
    place = _target_column(str(path), header, target, delimiter)
    for line, row in rows:
        if len(row) != len(header):
            fields = {"line": line, "count": len(row), "columns": len(header)}
            raise problem(ValueError, "data_cells", path=path, **fields)
    others = [index for index in range(len(header)) if index != place]
    X = [[_number(str(path), line, header[i], row[i]) for i in others] for line, row in rows]
    y = _targets(str(path), target, [(line, row[place]) for line, row in rows])
    return Table(X, y, [header[i] for i in others])


def _target_column(path: str, header: list[str], target: str, delimiter: str) -> int:
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    if twice:
        raise problem(ValueError, "data_column_twice", path=path, name=twice[0])
    if target in header:
        return header.index(target)
    other = next((mark for mark in ";\t|," if mark != delimiter and mark in header[0]), None)
    advice = say("data_delimiter", mark=other) if other else ""
    names = ", ".join(map(repr, header))
    raise problem(ValueError, "data_no_column", path=path, target=target, names=names, advice=advice)


def _targets(path: str, target: str, cells: list[tuple[int, str]]) -> list[float] | list[int] | list[str]:
    if not _is_number(cells[0][1]):
        for line, cell in cells:
            if not cell:
                raise problem(ValueError, "data_cell_empty", path=path, line=line, column=target)
        return [cell for _, cell in cells]
    numbers = [_number(path, line, target, cell) for line, cell in cells]
    whole = all(_is_whole(cell) for _, cell in cells)
    return [int(cell) for _, cell in cells] if whole else numbers  # not by floats: they end at 2**53


def _number(path: str, line: int, column: str, cell: str) -> float:
    if _is_number(cell) and math.isfinite(number := float(cell)):
        return number
    key = "data_cell" if cell else "data_cell_empty"
    raise problem(ValueError, key, path=path, line=line, column=column, cell=cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # Python reads 1_000 as a number; in a table it is a code


def _is_whole(cell: str) -> bool:
    return cell.lstrip("+-").isdecimal()


def names() -> list[str]:
    """Give 1,000 given names in lower case, the letters a to z alone, the most frequent first.

    Source: statistics of the U.S. Social Security Administration, public domain.

    >>> names()[:3]
    ['emma', 'olivia', 'ava']
    """
    return _lines(resources.files("nn.data").joinpath("names.txt").read_text(encoding="utf-8"))


def load_names(path: str | os.PathLike[str]) -> list[str]:
    """Read words from a text file, one a line, in the order of the file; empty lines are left out.

    Args:
        path: a file in UTF-8.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not UTF-8 text, or holds no word.
    """
    try:
        found = _lines(Path(path).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise problem(ValueError, "data_encoding", path=path, byte=error.start) from None
    if not found:
        raise problem(ValueError, "data_no_names", path=path)
    return found


def _lines(text: str) -> list[str]:
    return [word for line in text.splitlines() if (word := line.strip())]
