"""Given names, for models that read and write letters."""

import os
from importlib import resources
from pathlib import Path

from nn.messages import problem


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
