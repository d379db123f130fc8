"""What stands on a box, and how large that makes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from autograd.drawing.measure import shorten, width
from autograd.drawing.scene import Box, Link
from autograd.trace.digits import digits

NAME, BODY, SMALL = 13.0, 12.0, 11.0  # type sizes in pixels
PAD = 10.0
HEAD, ROW, FOOT = 27.0, 19.0, 8.0  # heights
WIDEST = 250.0  # a longer expression is cut, and stands whole in the tooltip
NARROWEST = 92.0
SPACE = 7.0

CAPTIONS: dict[str, tuple[str, str]] = {
    "ready": (
        "The leaves have values. Forward: compute node by node.",
        "叶节点已有数值。前向:逐个节点计算。",
    ),
    "forward": ("Forward: {name} = {expression} = {value}", "前向:{name} = {expression} = {value}"),
    "turn": (
        "All values are known. Backward: how much does {root} change?",
        "数值已算完。反向:{root} 会变多少?",
    ),
    "start": (
        "{root} changes one to one with itself: {root}.grad = 1",
        "{root} 对自己的变化率是 1:{root}.grad = 1",
    ),
    "edge": (
        "At {node}, into {operand}: {upstream} * {local} = {flow}",
        "在 {node},传给 {operand}:{upstream} * {local} = {flow}",
    ),
    "use": ("{name}.grad = {grad}, use {use} of {uses}", "{name}.grad = {grad},第 {use} 次使用,共 {uses} 次"),
    "node": ("At {node}: its gradient goes to {operands}", "在 {node}:梯度传给 {operands}"),
    "end": ("Done.", "完成。"),
}
WORDS: dict[str, tuple[str, str]] = {
    "none": ("no gradient yet", "还没有梯度"),
    "nodes": ("{count:,} nodes", "{count:,} 个节点"),
    "local": ("on an edge: local derivative", "边上:局部导数"),
    "plus": ("gradient > 0", "梯度 > 0"),
    "minus": ("gradient < 0", "梯度 < 0"),
    "full": ("full bar: {size}", "满格:{size}"),
    "zero": ("dotted: hands on 0", "虚线:传回 0"),
    "bad": ("red: the first inf or nan", "红框:最先出现 inf 或 nan"),
    "no dot": ("dot is not installed: laid out without it", "未安装 dot:未使用它来布局"),
    "slow dot": (
        "dot was not done in 10 seconds: laid out without it",
        "dot 在 10 秒内没有完成:未使用它来布局",
    ),
    "before": ("before → after", "之前 → 之后"),
    "left": ("left", "左"),
    "right": ("right", "右"),
    "operand": ("operand {number} of {count}", "第 {number} 个操作数,共 {count} 个"),
    "leaf": ("leaf", "叶节点"),
    "constant": ("constant", "常量"),
    "use": ("used {count} times", "使用 {count} 次"),
}


def word(key: str, lang: str, **fields: Any) -> str:
    """The words of a picture in English or Chinese."""
    return WORDS[key][lang == "zh"].format(**fields)


@dataclass(frozen=True)
class Look:
    """How a picture is to look: language, colours, what is left blank, which labels are shown."""

    lang: str = "en"
    theme: str = "auto"
    blank: Collection[str] = ()  # of "data", "grad", "local"
    labels: bool = True
    legend: bool = True


def head(box: Box) -> tuple[str, str]:
    """The name and the expression in the upper line of a box, cut to fit."""
    name = shorten(box.name, NAME, WIDEST - 2 * PAD, bold=True)
    if not box.expression:
        return name, ""
    room = WIDEST - 2 * PAD - width(name, NAME, bold=True) - SPACE
    text = box.expression if box.kind == "group" else "= " + box.expression
    return name, shorten(text, BODY, max(room, 60.0))


def rows(box: Box, look: Look) -> list[tuple[str, str]]:
    """The lines under the head of a box: pairs (what it is, number)."""
    if box.kind == "constant":
        return []
    if box.kind == "group":
        return [("", text) for text in (box.content, word("nodes", look.lang, count=box.size)) if text]
    if box.waiting:
        return [("data", "" if box.data is None else digits(box.data)), ("grad", "")]
    old_data, old_grad = box.before or (None, None)
    grad = word("none", look.lang) if box.grad is None else _change(old_grad, box.grad)
    return [("data", _change(old_data, box.data)), ("grad" if box.grad is not None else "", grad)]


def _change(old: float | None, new: float | None) -> str:
    if new is None:
        return ""
    return digits(new) if old is None or old == new else f"{digits(old)} → {digits(new)}"


def box_size(box: Box, look: Look) -> tuple[float, float]:
    """Width and height of a box, in whole pixels."""
    name, expression = head(box)
    wide = width(name, NAME, bold=True) + (SPACE + width(expression, BODY) if expression else 0.0)
    lines = rows(box, look)
    if not lines:
        return float(round(wide + 2 * PAD + 4.0)), 26.0
    for key, text in lines:
        wide = max(wide, width(key, SMALL) + 2 * SPACE + width(text, BODY))
    return float(round(max(wide + 2 * PAD, NARROWEST))), HEAD + ROW * len(lines) + FOOT


def label(link: Link, look: Look) -> str:
    """The text on an edge: its local derivative."""
    if not look.labels or link.local is None:
        return ""
    return "    " if "local" in look.blank else digits(link.local)


def label_size(link: Link, look: Look) -> tuple[float, float]:
    """Width and height of the text on an edge."""
    text = label(link, look)
    return (width(text, SMALL) + 6.0, 14.0) if text else (0.0, 0.0)


def describe(box: Box, look: Look, uses: int) -> str:
    """A box in one line, for tooltips and screen readers."""
    parts = [f"{box.name} = {box.expression}" if box.expression and box.kind != "group" else box.name]
    if box.kind in ("leaf", "constant"):
        parts.append(word(box.kind, look.lang))
    if box.kind == "group":
        parts += [box.expression, word("nodes", look.lang, count=box.size)]
    if box.data is not None and box.kind != "constant" and "data" not in look.blank:
        parts.append(f"data {digits(box.data)}")
    if box.kind in ("leaf", "op") and "grad" not in look.blank:
        parts.append(word("none", look.lang) if box.grad is None else f"grad {digits(box.grad)}")
    if uses > 1:
        parts.append(word("use", look.lang, count=uses))
    return (";" if look.lang == "zh" else "; ").join(part for part in parts if part)
