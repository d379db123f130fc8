"""What every page is put together from: the folder `page`, the sentences, the colours of pictures."""

from __future__ import annotations

import base64
import json
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from string import Template
from typing import Any

from autograd.drawing.palette import COLOURS, variables
from autograd.explanation.javascript import PAGE
from autograd.files import write_file
from autograd.messages.chinese import widened
from autograd.messages.reading import TEXTS

COMPACT = (",", ":")
TELLING = ("words", "digits", "symbols", "engine", "telling", "meaning")  # what computes and tells
STEPPING = (
    *TELLING,
    *("layout", "cards", "scene"),
    *("numbers", "arithmetic", "mathml", "view", "picture", "parts", "speech", "quiz", "drawers", "tangent"),
    "controls",
)
# the sentences that the scripts say as `explain` does
SAID = (
    *("at", "colon", "uses_in", "use", "complete", "incomplete", "left", "right", "nth", "side"),
    *(
        "exactly_itself",
        "not_finite",
        "up",
        "down",
        "at_kink",
        "at_jump",
        "kink_chosen",
        "kink_slope",
        "kink_tie",
    ),
    *("nothing", "nothing_bare", "hardly", "and", "because_cancel", "because_flat", "because_relu"),
    *("because_chosen", "because_zero", "culprit_value", "culprit_local", "culprit_sum"),
    *("condition_holds", "condition_fails", "because_negative_power", "because_log", "because_root"),
)
LOADER = """const packed = "PACKED"
const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt())
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
new Response(unpacked).text().then(text => {
  document.body.appendChild(document.createElement("script")).textContent = "\\"use strict\\";" + text
})"""


class Framed(ABC):
    """A page that a notebook shows in a frame, and `.save` writes.

    Attributes:
        name: what its frame is called.
        height: of the frame, in pixels.
    """

    name: str
    height: int

    @property
    @abstractmethod
    def html(self) -> str:
        """The page: one HTML document that needs nothing else."""

    def save(self, path: Any) -> None:
        """Write the page to a file."""
        write_file(path, self.html)

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{self.height}px;border:0"
        return f'<iframe srcdoc="{escape(self.html)}" style="{style}" title="{escape(self.name)}"></iframe>'


@cache
def source(name: str) -> str:
    """The text of a file of the folder `page`."""
    return (PAGE / name).read_text(encoding="utf-8")


def scripts(*names: str) -> str:
    """Scripts of the folder `page`, one after the other."""
    return "\n".join(source(f"{name}.js") for name in names)


def sentences_script() -> str:
    """The sentences that pages share with `explain`, by their keys."""
    return texts_script({key: TEXTS[key] for key in SAID})


def texts_script(texts: Mapping[str, Sequence[str]]) -> str:
    """Texts in both languages by their keys, as `word` of a page says them."""
    said = {key: _set(pair) for key, pair in texts.items()}
    return f"const WORDS = {json.dumps(said, ensure_ascii=False, separators=COMPACT)}"


def words_script(*more: str) -> str:
    """The words of the pages themselves, of further files too, and the sentences that they share."""
    files = [json.loads(source(f"{name}.json")) for name in ("words", *more)]
    words = {key: _set(pair) for file in files for key, pair in file.items()}
    return f"{sentences_script()}\nconst W = {json.dumps(words, ensure_ascii=False, separators=COMPACT)}"


def packed(script: str) -> str:
    """A script that unpacks and runs `script`, which is thereby smaller and not read at a glance."""
    lines = [line.strip() for line in script.split("\n")]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bare = "\n".join(x for x in lines if x and x[:2] != "//").encode()
    return LOADER.replace("PACKED", base64.b64encode(packer.compress(bare) + packer.flush()).decode())


def _set(pair: Sequence[str]) -> list[str]:
    english, chinese = pair
    return [english, widened(chinese)]


def colours(theme: str = "auto") -> str:
    """The colours of pages as variables, light and dark, or those of one theme; pages tell no edges apart."""
    return variables([role for role in COLOURS if role[:-1] != "edge"], theme)


def page(**parts: str) -> str:
    """The HTML document with its parts filled in: lang, title, style, top, still, table, script."""
    return Template(source("page.html")).substitute({"top": "", "still": "", "table": "", **parts})
