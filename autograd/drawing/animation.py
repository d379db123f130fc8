"""`animate` and `frames`: forward fills in, then backward; a GIF, a page, a moving SVG, an SVG per step."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from autograd.drawing.cards import NAME, Look
from autograd.drawing.frames import after_backward, film
from autograd.drawing.layout import MARGIN, Layout
from autograd.drawing.measure import width
from autograd.drawing.page import document_of
from autograd.drawing.palette import variables
from autograd.drawing.picture import draw
from autograd.drawing.raster import rasterized
from autograd.drawing.scene import Scene
from autograd.drawing.svg import document, lay_out_scene, peak_of, pieces
from autograd.files import write_file
from autograd.graph import Root
from autograd.messages import say, word
from autograd.settings import ABOVE_0, chosen_number

MOST_BOXES = 300
SECONDS = 1.5  # per step
LAST = 3  # how many steps the last one is shown
GIF_WIDTH = 1600
WIDEST_CAPTION = 700.0


class Reel:
    """The steps of an animation, laid out once: every frame has the same size."""

    def __init__(self, root: Any, options: Mapping[str, Any]) -> None:
        names = options.get("names")
        picture = draw(root, **{**options, "collapse": False, "legend": False, "names": names})
        if len(picture.scene.boxes) > MOST_BOXES:
            raise ValueError(say("draw_too_large", count=f"{len(picture.scene.boxes):,}", most=MOST_BOXES))
        self.look: Look = picture.look
        self.full: Scene = picture.scene
        final = after_backward(picture.scene)
        self.layout: Layout = lay_out_scene(final, self.look, options.get("direction", "auto"))
        self.scenes: list[Scene] = list(film(picture.scene, self.look))
        self.peak = peak_of(final)
        words = max(width(scene.caption, NAME) for scene in self.scenes)
        self.least = min(words + 2 * MARGIN, WIDEST_CAPTION)  # so wide that the captions fit

    def svg(self, number: int, rounded: bool = True) -> str:
        """One frame as an SVG document."""
        lines, wide, high = pieces(self.scenes[number], self.layout, self.look, self.peak, self.least)
        drawing = "\n".join(filter(None, lines))
        return document(drawing, wide, high, self.scenes[number], self.look, rounded=rounded)

    def runs(self) -> tuple[list[tuple[str, int, int]], float, float]:
        """Every element with its first frame and the frame after its last, and the size of the frames."""
        drawn = [pieces(scene, self.layout, self.look, self.peak, self.least) for scene in self.scenes]
        found: list[tuple[str, int, int]] = []
        for element in zip(*[lines for lines, _, _ in drawn]):
            at = 0
            for text, same in groupby(element):
                count = len(list(same))
                if text:
                    found.append((text, at, at + count))
                at += count
        return found, drawn[0][1], drawn[0][2]


def animate(root: Root, path: str | os.PathLike[str], *, seconds: float = SECONDS, **options: Any) -> None:
    """Write an animation of the graph of `root`: forward fills in the values, then backward the gradients.

    Args:
        root: a Value.
        path: a file that ends in .svg (moves by itself), .html (with buttons and keys) or .gif.
        seconds: how long a step is shown.
        options: as for `draw`: direction, theme, lang, opened, names, labels.

    Raises:
        ValueError: another suffix, or more than 300 boxes.
        ImportError: .gif without the extra `draw`.

    The gradients are those of a pass of its own; no `.grad` is touched.
    """
    suffix = Path(path).suffix.lower()
    writers: dict[str, Callable[[Reel, float], str | bytes]]
    writers = {".svg": moving_svg, ".html": _page, ".gif": _gif}
    if suffix not in writers:
        raise ValueError(say("draw_suffix", suffix=suffix, known=" ".join(writers)))
    seconds = chosen_number("animate", "seconds", seconds, ABOVE_0)
    write_file(path, writers[suffix](Reel(root, options), seconds))


def frames(root: Root, folder: str | os.PathLike[str], **options: Any) -> list[Path]:
    """Write one SVG per step into `folder`, for slides; gives the files in order.

    Args:
        root: a Value.
        folder: where `step-000.svg` and so on are written; made if it is not there.
        options: as for `draw`: direction, theme, lang, opened, names, labels.
    """
    reel = Reel(root, options)
    Path(folder).mkdir(parents=True, exist_ok=True)
    files = [Path(folder) / f"step-{number:03}.svg" for number in range(len(reel.scenes))]
    for number, file in enumerate(files):
        write_file(file, reel.svg(number))
    return files


def moving_svg(reel: Reel, seconds: float) -> str:
    """All frames in one SVG; a reader who asked for less motion sees the last one."""
    runs, wide, high = reel.runs()
    count = len(reel.scenes)
    total = count + LAST
    rules: list[str] = []
    elements: list[str] = []
    spans: dict[tuple[int, int], str] = {}
    for text, start, end in runs:
        if (start, end) == (0, count):
            elements.append(text)
            continue
        name = spans.setdefault((start, end), f"ag-r{len(spans)}")
        shown = "visible" if end == count else "hidden"
        elements.append(f'<g class="{name}" visibility="{shown}">{text}</g>')
    for (start, end), name in spans.items():
        steps = "" if start == 0 else "0%{visibility:hidden}"
        steps += f"{100.0 * start / total:.3f}%{{visibility:visible}}"
        steps += "" if end == count else f"{100.0 * end / total:.3f}%{{visibility:hidden}}"
        steps += f"100%{{visibility:{'visible' if end == count else 'hidden'}}}"
        rules.append(f"@keyframes {name}{{{steps}}}")
        rules.append(f".{name}{{animation:{name} {total * seconds:g}s step-end infinite}}")
    rules.append("@media (prefers-reduced-motion:reduce){g{animation:none!important}}")
    return document("\n".join(elements), wide, high, reel.scenes[-1], reel.look, "".join(rules))


def _gif(reel: Reel, seconds: float) -> bytes:
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(say("draw_needs", what="GIF", library="Pillow")) from None
    reel.look = replace(reel.look, theme="dark" if reel.look.theme == "dark" else "light")
    scale = min(2.0, GIF_WIDTH / reel.layout.width)
    images = [
        Image.open(io.BytesIO(rasterized(reel.svg(i, rounded=False), scale))).convert("RGB")
        for i in range(len(reel.scenes))
    ]
    palette = _stacked(images[:: max(1, len(images) // 8)]).quantize(128)  # with all colours that occur
    drawn = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    times = [round(1000 * seconds)] * (len(drawn) - 1) + [round(1000 * seconds * LAST)]
    out = io.BytesIO()
    drawn[0].save(out, "GIF", save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)
    return out.getvalue()


def _stacked(images: Sequence[Any]) -> Any:
    """Images of one size as one image."""
    from PIL import Image

    wide, high = images[0].size
    whole = Image.new("RGB", (wide, high * len(images)))
    for i, image in enumerate(images):
        whole.paste(image, (0, i * high))
    return whole


def _page(reel: Reel, seconds: float) -> str:
    """A page with the frames in one SVG, shown by a few lines of script; without it the last frame stands."""
    runs, wide, high = reel.runs()
    last = len(reel.scenes) - 1
    elements = []
    for text, start, end in runs:
        hidden = "" if end > last else ' visibility="hidden"'
        always = (start, end) == (0, last + 1)
        elements.append(text if always else f'<g data-from="{start}" data-to="{end}"{hidden}>{text}</g>')
    svg = document("\n".join(elements), wide, high, reel.scenes[-1], reel.look)
    title = reel.scenes[0].caption
    style = variables(("paper", "ink"), reel.look.theme) + PAGE_STYLE
    told = {part: escape(word(f"frame_{part}", reel.look.lang)) for part in ("back", "next", "play", "at")}
    controls = PAGE_CONTROLS.format(last=last, **told)
    script = f"<script>{PAGE_SCRIPT.replace('SECONDS', f'{seconds:g}')}</script>"
    return document_of(title, style, f"<figure>{svg}</figure>\n{controls}\n{script}", reel.look.lang)


PAGE_STYLE = """
figure{margin:0 0 12px;overflow-x:auto}
button{font:inherit;min-width:44px;min-height:44px;margin-right:6px}
input{vertical-align:middle;width:min(400px,100%)}
"""
PAGE_CONTROLS = (
    '<p><button id="back" aria-label="{back}">‹</button><button id="next" aria-label="{next}">›</button>'
    '<button id="play" aria-label="{play}">▶</button> '
    '<input id="at" type="range" min="0" max="{last}" value="{last}" aria-label="{at}"></p>'
)
PAGE_SCRIPT = """
const at=document.getElementById('at'),parts=document.querySelectorAll('[data-from]');let timer;
function show(k){at.value=k;k=+at.value;for(const g of parts)g.setAttribute('visibility',
k>=+g.dataset.from&&k<+g.dataset.to?'visible':'hidden')}
function stop(){clearInterval(timer);timer=0}
function play(){if(timer)return stop();if(at.value==at.max)show(0);
timer=setInterval(()=>{show(+at.value+1);if(at.value==at.max)stop()},SECONDS*1000)}
at.oninput=()=>{stop();show(at.value)};
document.getElementById('back').onclick=()=>{stop();show(+at.value-1)};
document.getElementById('next').onclick=()=>{stop();show(+at.value+1)};
document.getElementById('play').onclick=play;
addEventListener('keydown',e=>{const d={ArrowRight:1,ArrowLeft:-1}[e.key];
if(d&&e.target!=at){stop();show(+at.value+d)}
if(e.key==' '&&e.target.tagName!='BUTTON'){e.preventDefault();play()}});
show(0);
"""
