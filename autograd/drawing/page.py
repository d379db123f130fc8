"""A picture in HTML: an image for notebooks, and a page where a box of many nodes opens by a click."""

from __future__ import annotations

import functools
import re
from base64 import b64encode
from html import escape

from autograd.drawing.cards import rows
from autograd.drawing.palette import variables
from autograd.drawing.svg import Drawing, lay_out_scene, render
from autograd.messages import page_language

SMALLEST = 0.8  # of its size a picture is shown at least: smaller, its numbers could not be read
MOST_VIEWS = 12  # opened boxes that a page holds
LARGE, FEWER = 20_000, 6  # of so many nodes, and then so many
BODY_STYLE = """
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;margin:0;padding:16px;
color:var(--ink);background:var(--paper)}
"""
STYLE = """
figure{margin:0;overflow-x:auto}
a{color:var(--plus)}
svg a{cursor:pointer}
svg a:hover rect:nth-of-type(2),svg a:focus rect:nth-of-type(2){stroke:var(--plus);stroke-width:2.5px}
section{display:none}
section:target,section:last-of-type{display:block}
section:target~section:last-of-type{display:none}
.high{display:none}
@media (max-width:600px){.wide{display:none}.high{display:block}}
table{border-collapse:collapse;margin-top:16px;font-variant-numeric:tabular-nums}
td,th{padding:3px 12px;border-bottom:1px solid var(--frame);text-align:right}
td:nth-child(-n+2),th:nth-child(-n+2){text-align:left}
"""
ROLES = ("paper", "ink", "frame", "plus")


def image(svg: str, alt: str, lang: str | None = None) -> str:
    """An SVG document as an image in HTML, with a description for those who do not see it.

    Hosts of notebooks that strip other people's SVG show it.  It fits into its cell as long as it can be read
    then; a wider one is scrolled.
    """
    size = re.match(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg)
    wide, high = (float(x) for x in size.groups()) if size else (600.0, 400.0)
    least = SMALLEST * wide
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    style = f"width:{wide:.0f}px;max-width:100%;min-width:{least:.0f}px;height:auto"
    return (
        f'<div lang="{page_language(lang)}" style="overflow-x:auto"><img alt="{escape(alt)}" '
        f'width="{wide:.0f}" height="{high:.0f}" style="{style}" src="{source}"></div>'
    )


def page(picture: Drawing) -> str:
    """A self-contained page: the picture, from top to bottom on narrow screens, and its numbers as a table.

    Boxes of a collapsed picture lead to views in which they are open; the browser's way back works.
    """
    title = ", ".join(box.name for box in picture.scene.boxes if box.root)
    style = variables(ROLES, picture.look.theme) + STYLE
    views = _views(picture)
    sections = [_section(*view, first=number == 0) for number, view in enumerate(views)]
    body = "\n".join([*sections[1:], sections[0]])  # the last one is shown unless another is asked for
    return document_of(title, style, body, picture.look.lang)


def document_of(title: str, style: str, body: str, lang: str) -> str:
    """An HTML document: its title, rules of style beside those of all, what stands in it."""
    return (
        f'<!DOCTYPE html>\n<html lang="{page_language(lang)}"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title><style>{BODY_STYLE}{style}</style></head><body>\n{body}\n</body></html>\n"
    )


def _views(picture: Drawing) -> list[tuple[str, str, Drawing]]:
    """The picture, and one for each box that can be opened: (name, scope opened, picture)."""
    views = [("all", "", picture)]
    if picture.reopen is None:
        return views
    nodes = functools.reduce(int.__add__, [box.size for box in picture.scene.boxes], 0)
    most = MOST_VIEWS if nodes < LARGE else FEWER
    name_of: dict[str, str] = {}
    for _, _, view in views:  # the list grows while it is gone through
        for box in view.scene.boxes:
            if not box.opens:
                continue
            if box.opens not in name_of and len(views) <= most:
                name_of[box.opens] = f"view-{len(views)}"
                views.append((name_of[box.opens], box.opens, picture.reopen(box.opens)))
            box.link = name_of.get(box.opens, "")
    return views


def _section(name: str, scope: str, picture: Drawing, first: bool) -> str:
    """One view: the way back, the picture for wide and for narrow screens, the table."""
    scene, look = picture.scene, picture.look
    back = "" if first else f'<p><a href="#all">\u2190</a> {escape(scope)}</p>'
    if picture.layout.direction == "LR":
        high = render(scene, lay_out_scene(scene, look, "TB"), look)
        figures = f'<figure class="wide">{picture.svg}</figure>\n<figure class="high">{high}</figure>'
    else:
        figures = f"<figure>{picture.svg}</figure>"
    lines = ["<table><thead><tr><th></th><th></th><th>data</th><th>grad</th></tr></thead><tbody>"]
    for box in scene.boxes:
        if box.kind not in ("constant", "group"):
            cells = [box.name, box.expression, *[text for _, text in rows(box, look)][:2]]
            lines.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>")
    table = "\n".join([*lines, "</tbody></table>"])
    return f'<section id="{name}">{back}{figures}\n{table}</section>'
