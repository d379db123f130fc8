"""`playground`: one page on which anybody types an expression and steps through its chain rule."""

from __future__ import annotations

import keyword
import re
from functools import cache

from autograd import ops
from autograd.entry import TABLE
from autograd.explanation.assembly import STEPPING, Framed, colours, page, scripts, source, words_script
from autograd.explanation.javascript import Entry, as_script, op_entry, table_script, typed_rules
from autograd.explanation.stepper import table, without_scripts
from autograd.explanation.torch_lines import ELEMENTWISE, SETTINGS, Torch
from autograd.messages import language, page_language, say, word
from autograd.messages.sentences import template
from autograd.trace.steps import Trace, trace_graph
from autograd.value import Value

OPERATORS = ("add", "sub", "mul", "div", "neg", "pow", "mod", "floordiv", "gt", "ge", "lt", "le", "eq", "ne")
ONE_BY_ONE = ("dot", "sumprod")  # written out as products and sums
# their series would make the page too large; it says so, and where they are
ELSEWHERE = ("gamma", "lgamma", "digamma", "polygamma")
# the lines that are copied as Python would not run with these as names
RESERVED = " ".join([*keyword.kwlist, "Value print step_through torch"])
TYPED = [name for name in ops.PUBLIC if name not in (*ONE_BY_ONE, *ELSEWHERE)]
Numbers = dict[str, float]
PRESETS: dict[str, tuple[str, Numbers]] = {
    "product": ("L = a*b", {"a": 2, "b": -3}),
    "chain": ("u = 3*x\nv = u + 1\nL = v**2", {"x": 1}),
    "fan": ("L = a*b + a*c", {"a": 2, "b": -3, "c": 4}),
    "square": ("L = a*a", {"a": 3}),
    "diamond": ("u = x**2\nv = 3*x\nL = u*v", {"x": 2}),
    "cancel": ("L = x - x", {"x": 2}),
    "saturated": ("L = sigmoid(w*x)", {"w": 2, "x": 3}),
    "dead": ("L = relu(w*x + b)", {"w": -2, "x": 3, "b": 1}),
    "softmax": ("L = logsumexp(z1, z2, z3) - z1", {"z1": 2, "z2": 1, "z3": 0.1}),
    "kink": ("L = abs(x)", {"x": 0}),
    "exploding": ("h1 = w*x\nh2 = w*h1\nh3 = w*h2\nL = w*h3", {"w": 3, "x": 1}),
    "neuron": ("o = tanh(x1*w1 + x2*w2 + b)", {"x1": 2, "w1": -3, "x2": 0, "w2": 1, "b": 6.881373587019543}),
}
# six to predict, to look at, and to keep a sentence of: the preset, and the leaf whose gradient is guessed
LESSONS = [
    ("product", "a"),
    ("chain", "x"),
    ("fan", "a"),
    ("square", "a"),
    ("cancel", "x"),
    ("saturated", "w"),
]
PARSING = ("copies", "parser", "playground")
WHOLE = [name for name in STEPPING if name not in ("arithmetic", "parts")]  # its parser, and shown whole


class Playground(Framed):
    """What `playground` returns: shows itself in a notebook, `.save` writes the page."""

    name, height = "playground", 1000

    def __init__(self, lang: str) -> None:
        word("forward", lang)  # another language is refused here
        self.lang = lang

    @property
    def html(self) -> str:
        """The page: one HTML document that needs nothing else."""
        return _page(self.lang)

    def __repr__(self) -> str:
        return say("playground_repr")


def playground(*, lang: str | None = None) -> Playground:
    """A page on which anybody types an expression, moves its numbers and steps through the chain rule.

    It is one static file in JavaScript: no server, no request, no installation where it is opened.

    Args:
        lang: "en" or "zh" to open in; by default the language in force. The page switches.

    >>> from autograd import playground
    >>> playground()
    <playground: .save("playground.html") writes the page>
    """
    return Playground(lang or language())


@cache
def playground_ops() -> str:
    """The script with all ops that can be typed: `a` is their number of operands where that is not one."""
    entries: dict[str, Entry] = {}
    for name in (*OPERATORS, *TYPED):
        op = TABLE[name]
        entries[name] = op_entry(op, op.arity)
        for part, readable in (("r", True), ("e", False)):
            rules = typed_rules(op, readable) if part in entries[name] else None
            if rules is not None and any(rules):
                entries[name][part] = as_script(rules)
        if op.arity != 1:
            entries[name]["a"] = str(op.arity or 0)
        if op.defaults:
            entries[name]["o"] = as_script(op.defaults)
    names = {"ELSEWHERE": ELSEWHERE, "RESERVED": RESERVED, "SHARE": template("softmax", [True])}
    data = [f"const {name} = {as_script(texts)}" for name, texts in names.items()]
    return "\n".join([table_script(entries), *data])


def _notations() -> str:
    """How ops are written in PyTorch and in LaTeX: forms with `@` for the op and `§` for all its operands."""
    forms: dict[str, str] = {}
    for name in (*OPERATORS, *TYPED):
        op = TABLE[name]
        if name in ELEMENTWISE or name in ("sum", "prod"):
            continue
        parts = [Torch(f"§{i}", 0.0) for i in range(op.arity or 2)]
        parts[-1].literal = name in SETTINGS
        try:
            told = Torch.write(op, parts, 0.0).text
        except ValueError:  # PyTorch has none
            continue
        form = re.sub(rf"\b{name}\(", "@(", told.replace(", ".join(x.text for x in parts), "§"))
        forms[form] = f"{forms[form]} {name}" if form in forms else name
    tex = {name: TABLE[name].tex for name in (*OPERATORS, *TYPED) if TABLE[name].tex}
    return f"const TORCH = {as_script(forms)}\nconst TEX = {as_script(tex)}"


def _first() -> Trace:
    """The graph that is seen on paper and without scripts."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    return trace_graph(a * b, {})


def _plain(html: str) -> str:
    """The picture without what it says of each box: the list and the table after it say the same."""
    return re.sub(
        r"(?s)<title>.*?</title>|<desc>.*?</desc>| (font-family|class|data-[\w-]+)=\"[^\"]*\"", "", html
    )


def _page(lang: str) -> str:
    trace = _first()
    data = f"const PRESETS = {as_script(PRESETS)}\nconst LESSONS = {as_script(LESSONS)}"
    start = f"const G = {{title: '', step: 'end', mode: 'watch', by: 'edge', lang: '{lang}'}}"
    parts = [
        playground_ops(),
        _notations(),
        words_script("typing"),
        data,
        start,
        f"language = {int(lang == 'zh')}",
    ]
    order = [*parts[:5], scripts(*WHOLE), parts[5], scripts(*PARSING)]
    return page(
        lang=page_language(lang), title="autograd", style=colours() + source("page.css"),
        top=source("typing.html"), still=_plain(without_scripts(trace, lang, "watch")),
        table=table(trace, lang, "watch"), script="\n".join(order),
    )  # fmt: skip
