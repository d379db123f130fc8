"""`playground`: one page on which anybody types an expression and steps through its chain rule."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

from autograd import ops
from autograd.entry import TABLE, Op
from autograd.explanation.assembly import STEPPING, Framed, colours, page, scripts, source, words_script
from autograd.explanation.javascript import as_script, op_entry, table_script
from autograd.explanation.stepper import table, without_scripts
from autograd.explanation.torch_lines import ELEMENTWISE, Torch
from autograd.messages import language, page_language, say, word
from autograd.trace.steps import Trace, trace_graph
from autograd.value import Value

OPERATORS = ("add", "sub", "mul", "div", "neg", "pow", "gt", "ge", "lt", "le", "eq", "ne")
MOST_OPERANDS = 4  # of sum, logsumexp, ... on the page
ONE_BY_ONE = ("dot", "sumprod")  # written out as products and sums
# left out, so that the page stays small: nobody meets them in a lesson
RARE = {
    "acos", "acosh", "asin", "asinh", "atanh", "cbrt", "ceil", "copysign", "cosh", "degrees", "digamma",
    "elu", "erfc", "exp2", "expm1", "fma", "fmod", "gamma", "lgamma", "log1p", "log2", "log_sigmoid",
    "norm", "polygamma", "radians", "remainder", "sinh", "trunc", "xlogy",
}  # fmt: skip
TYPED = [name for name in ops.PUBLIC if name not in RARE]
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


def _counts(op: Op) -> Sequence[int]:
    return [op.arity] if op.arity is not None else range(2, MOST_OPERANDS + 1)


@cache
def playground_ops() -> str:
    """The script with all ops that can be typed, and the functions by their names."""
    entries: dict[str, str] = {}
    functions: dict[str, dict[str, object]] = {}
    for name in (*OPERATORS, *TYPED):
        op = TABLE[name]
        if name not in OPERATORS:
            functions[name] = {"arity": op.arity, "defaults": op.defaults}
        if name in ONE_BY_ONE:
            functions[name]["paired"] = True
            continue
        for count in _counts(op):
            entries[f"{name}/{count}"] = op_entry(op, count)
    told: dict[str, str] = {}  # each sentence stands once, others name the op that has it
    for key, entry in entries.items():
        start, w, sentence = entry.rpartition(",w:")
        first = told.setdefault(sentence, key)
        entries[key] = entry if first == key else f"{start}{w}{json.dumps(first)}}}"
    shared = "for (const op of Object.values(OPS)) if (typeof op.w === 'string') op.w = OPS[op.w].w"
    return (
        f"{table_script(entries)}\n{shared}\nconst FUNCTIONS = {json.dumps(functions, separators=(',', ':'))}"
    )


def _notations() -> str:
    """How ops are written in PyTorch and in LaTeX, where that is not what Python writes."""
    torch: dict[str, str | None] = {}
    for name in (*OPERATORS, *TYPED):
        op = TABLE[name]
        if name in ELEMENTWISE or name in ONE_BY_ONE or name in ("sum", "prod"):
            continue
        for count in _counts(op):
            try:
                told = Torch.write(op, [Torch(f"§{i}", 0.0) for i in range(count)], 0.0).text
            except ValueError:  # PyTorch has none
                told = None
            usual = f"torch.{name}({', '.join(f'§{i}' for i in range(count))})"
            torch[f"{name}/{count}"] = "" if told == usual else told
    tex = {name: TABLE[name].tex for name in TYPED if TABLE[name].tex}
    return f"const TORCH = {as_script(torch)}\nconst TEX = {as_script(tex)}"


def _first() -> Trace:
    """The graph that is seen on paper and without scripts."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    return trace_graph(a * b, {})


def _plain(html: str) -> str:
    """The picture without what it says of each box: the list and the table after it say the same."""
    return re.sub(
        r"(?s)<title>.*?</title>|<desc>.*?</desc>| font-family=\"[^\"]*\"| data-\w+=\"[^\"]*\"", "", html
    )


def _page(lang: str) -> str:
    trace = _first()
    data = f"const PRESETS = {json.dumps(PRESETS)}\nconst LESSONS = "
    data += json.dumps([{"preset": preset, "leaf": leaf} for preset, leaf in LESSONS])
    start = f"const G = {{title: '', step: 'end', mode: 'watch', by: 'edge', lang: '{lang}'}}"
    parts = [
        playground_ops(),
        _notations(),
        words_script("typing"),
        data,
        start,
        f"language = {int(lang == 'zh')}",
    ]
    order = [*parts[:5], scripts(*STEPPING), parts[5], scripts(*PARSING)]
    return page(
        lang=page_language(lang), title="autograd", style=colours() + source("page.css"),
        top=source("typing.html"), still=_plain(without_scripts(trace, lang, "watch")),
        table=table(trace, lang, "watch"), script="\n".join(order),
    )  # fmt: skip
