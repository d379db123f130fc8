"""SVG to pixels, by resvg, with a font that is there: a converter without one draws no text at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from autograd.files import write_file
from autograd.messages import say


class Font(NamedTuple):
    """A family and its files, a bold cut among them where there is one."""

    family: str
    files: list[str]


# where systems keep a plain font and its bold cut
PLACES = (
    ("DejaVu Sans", "/usr/share/fonts/truetype/dejavu", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("DejaVu Sans", "/usr/share/fonts/dejavu-sans-fonts", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("DejaVu Sans", "/usr/share/fonts/TTF", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("Arial", "/System/Library/Fonts/Supplemental", "Arial.ttf", "Arial Bold.ttf"),
    ("Arial", "C:/Windows/Fonts", "arial.ttf", "arialbd.ttf"),
)


def rasterized(svg: str, scale: float) -> bytes:
    """An SVG document as PNG.

    Raises:
        ImportError: resvg-py is missing.
    """
    try:
        import resvg_py
    except ImportError:
        raise ImportError(say("draw_needs", what="PNG", library="resvg-py")) from None
    with tempfile.TemporaryDirectory() as folder:
        font = next(_fonts(Path(folder)), None)
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg.replace("system-ui,", f"'{font.family}'," if font else "", 1),
                zoom=scale,
                font_files=font.files if font else None,
                sans_serif_family=font.family if font else None,
                # reading all fonts of a system takes long; Chinese and the like need them
                skip_system_fonts=font is not None and _is_plain(svg),
            )
        )


def _is_plain(svg: str) -> bool:
    """True when a European font has every character of the text."""
    return all(ord(c) < 0x250 or c in "→…−·×" for c in svg)


def _fonts(folder: Path) -> Iterator[Font]:
    """Fonts in the order of preference: a system's, matplotlib's, the one that Pillow carries."""
    for family, place, *names in PLACES:
        files = [os.path.join(place, name) for name in names]
        if all(map(os.path.exists, files)):
            yield Font(family, files)
    try:
        import matplotlib

        shipped = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        yield Font("DejaVu Sans", [str(shipped / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")])
    except ImportError:
        pass
    try:
        from PIL import ImageFont

        font: Any = ImageFont.load_default(12)
        file = folder / "font.ttf"
        write_file(file, font.font_bytes)
        yield Font(font.getname()[0], [str(file)])
    except (ImportError, TypeError, AttributeError):  # no Pillow, or one before 10.1
        return
