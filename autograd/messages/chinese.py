"""Chinese punctuation: full-width in prose, half-width in code and numbers.

Editors and tools fold U+FF01 to U+FF5E into ASCII without a word, so Chinese texts are typed half-width, and
`widened` sets them: the one place where this is decided, for everything that is printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

WIDE = {mark: chr(ord(mark) + 0xFEE0) for mark in ",:;?!()"}  # the full-width forms stand in ASCII's order
# ideographs, and the marks that stand between them: quotation marks, dots, commas, full-width forms
CHINESE = re.compile("[\u2018-\u201d\u2026\u3001-\u3011\u3400-\u9fff\uff00-\uff60]")
# a brace that is meant, a field to fill in, code in backticks or quotes, or one character
_TOKEN = re.compile(r"""\{\{|\}\}|\{[^{}]*\}|`[^`]*`|"[^"\n]*"|'[^'\n]*'|.""", re.DOTALL)
_FIELD, _QUOTED = "{}", "''"
_TYPED = str.maketrans(
    {**dict.fromkeys("\u00b7\u00d7\u2022\u2219\u22c5\u30fb", "*"), **dict.fromkeys("\u2010\u2012\u2013\u2014\u2212", "-"),
     "\u00f7": "/", "\u2215": "/", "\u2044": "/", "\u3010": "[", "\u3011": "]", "\u3001": ","}
)  # fmt: skip
_RAISED = re.compile("[\u207a\u207b]?[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")  # x\u00b2, x\u207b\u00b9
_POINT = re.compile(r"(?<=\d)\u3002(?=\d)")  # the full stop of Chinese between digits


@cache
def widened(text: str) -> str:
    r"""A Chinese text, which may have fields in braces, with full-width punctuation in its prose.

    Calls, lists, what stands in quotes or backticks, and numbers are code; so is a mark with a space after it
    that does not touch Chinese. A text without Chinese stays as it is.

    >>> print(ascii(widened("f(a, b) 是 1,000,不变")))
    'f(a, b) \u662f 1,000\uff0c\u4e0d\u53d8'
    """
    if not CHINESE.search(text):
        return text
    tokens = _TOKEN.findall(text)
    signs = [_sign_of(token) for token in tokens]
    partners = _partners(signs)
    code = _in_code(signs, partners)
    wide = {i for i, sign in enumerate(signs) if i in partners and i not in code and sign in "()"}
    more = True
    while more:  # what touches a mark that was set touches Chinese
        more = False
        for i, sign in enumerate(signs):
            if sign in WIDE and i not in wide | code and i not in partners and _is_prose(signs, i, wide):
                wide.add(i)
                more = True
    return "".join(WIDE[token] if i in wide else token for i, token in enumerate(tokens))


def _sign_of(token: str) -> str:
    if len(token) == 1:
        return token
    return token[0] if token in ("{{", "}}") else _FIELD if token[0] == "{" else _QUOTED


def _partners(signs: Sequence[str]) -> dict[int, int]:
    """Opening and closing brackets that belong together, each with the place of the other."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for i, sign in enumerate(signs):
        if sign in "([":
            waiting.append(i)
        elif sign in ")]" and waiting:
            start = waiting.pop()
            found[start], found[i] = i, start
    return found


def _in_code(signs: Sequence[str], partners: dict[int, int]) -> set[int]:
    """The places of brackets that are code, and of all that stands in them."""
    code: set[int] = set()
    for start, end in partners.items():
        if start < end and _is_code(signs, start, end):
            code.update(range(start, end + 1))
    return code


def _is_code(signs: Sequence[str], start: int, end: int) -> bool:
    content = "".join(signs[start + 1 : end])
    before = signs[start - 1] if start else ""
    if CHINESE.search(content):
        return False
    if signs[start] == "[":
        return True
    if before in (_FIELD, _QUOTED) or re.fullmatch(r"[\w)\]]", before, re.ASCII):  # a call
        return (
            " = " not in content
        )  # no call has that: `o = tanh(v4)(o.grad = 1)` is an equation and a remark
    return not CHINESE.match(before)


def _is_prose(signs: Sequence[str], i: int, wide: set[int]) -> bool:
    """Whether the mark at `i` touches Chinese, or stands between others where code would have a space."""
    before = signs[i - 1] if i else "\n"
    after = signs[i + 1] if i + 1 < len(signs) else "\n"
    if any(CHINESE.match(sign) for sign in (before, after)) or wide & {i - 1, i + 1}:
        return not (signs[i] == "!" and after == "=")
    if signs[i] in "()" or " " in (before, after) or before == after == "\n":
        return False
    return not (before.isdigit() and after.isdigit()) and (signs[i], after) not in ((":", "/"), ("!", "="))


def narrowed(text: str) -> str:
    """What a Chinese keyboard types, as Python writes it: brackets, digits, letters and signs in ASCII.

    >>> narrowed("\uff12\u00d7\uff08x\u00b2 \u2212 \uff13\uff09")
    '2*(x**2 - 3)'
    """
    raised = _RAISED.sub(lambda found: "**" + unicodedata.normalize("NFKC", found[0]), text)
    return _POINT.sub(".", unicodedata.normalize("NFKC", raised).translate(_TYPED))
