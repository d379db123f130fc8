"""Every sentence nn says to a person, in English and Chinese, and how it is said: `say` and `problem`."""

from __future__ import annotations

from typing import Any

from autograd import add_texts, listed, page_language, say
from nn.messages import charts, models, tensors, training

__all__ = ["TEXTS", "listed", "listing", "page_language", "problem", "say"]

ROOMS = (models, tensors, training, charts)
# key: (English, Chinese); errors say what happened, where, and what to type
TEXTS: dict[str, tuple[str, str]] = {key: texts for room in ROOMS for key, texts in room.TEXTS.items()}
add_texts(TEXTS)


def problem(kind: type[Exception], key: str, /, **fields: Any) -> Exception:
    """The exception `kind` with the sentence `key`; later lines stand below the first in a traceback."""
    return kind(say(key, **fields).replace("\n", "\n" + " " * len(f"{kind.__name__}: ")))


def listing(things: list[str], most: int = 6) -> str:
    """Names in one line: the first `most` of them, then how many more.

    >>> listing(["w", "b"]), listing(list("abcd"), most=2)
    ('w, b', 'a, b, ... (4 in all)')
    """
    text = listed(things[:most])
    return text if len(things) <= most else text + say("nn_and_more", count=len(things))
