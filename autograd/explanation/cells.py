"""What stands in the cells of every reading: the facts in names and numbers, for any kind of `Symbol`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from autograd.entry import TABLE
from autograd.explanation.closing import cross_entropy_of
from autograd.explanation.expressions import (
    LONGEST,
    defined,
    expression_text,
    first_products,
    in_numbers,
    local_symbol,
    pieces,
    symbol,
    written,
)
from autograd.explanation.meaning import meaning
from autograd.explanation.symbols import Symbol, Text, unwrapped
from autograd.messages import language, word
from autograd.messages.sentences import sentences
from autograd.trace.digits import agrees
from autograd.trace.steps import Node, Step, Trace

S = TypeVar("S", bound=Symbol)
LONGEST_TITLE = 78
LONGEST_SYMBOLS = 36


class At(NamedTuple):
    """The line above the steps of one node, and what its op does when it is told for the first time."""

    node: Node
    line: str
    sentence: str


class Told(NamedTuple):
    """The cells of one step, and the line about the uses when there are several."""

    step: Step
    into: str
    local: list[str]  # the pieces of an equality
    product: str
    after: str
    use: str


class Result(NamedTuple):
    """The gradient of one leaf."""

    leaf: Node
    gradient: str
    symbols: str
    meaning: str


def title(trace: Trace, kind: type[Symbol] = Text) -> str:
    """`o = tanh(x1*w1 + x2*w2 + b) = 0.7071`: in leaf names, down to the nodes that have a name."""
    root = trace.root
    name, value = defined(root, kind).text, kind.shown(root.digits(root.number))
    if root.is_leaf:
        return f"{name} = {value}"
    formula_ = formula(root, kind, LONGEST_TITLE)
    whole = expression_text(root, kind) if formula_ is None else formula_.text
    loss = cross_entropy_of(root)
    if loss is not None:
        scores = ", ".join(symbol(x, kind).text for x in loss.scores)
        return f"{name} = cross_entropy([{scores}], {loss.target}) = {whole} = {value}"
    return f"{name} = {whole} = {value}"


def formula(root: Node, kind: type[Symbol], longest: int) -> Symbol | None:
    """The expression of `root`, made-up names written out; None when it gets longer than `longest`."""
    found: dict[Node, Symbol] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if node in found:
            continue
        if node.is_leaf or (node is not root and not node.made_up):
            found[node] = symbol(node, kind)
        elif ready:
            found[node] = written(node, [found[x] for x in node.operands], kind)
            if found[node].length > longest:
                return None
        else:
            stack.append((node, True))
            stack.extend((x, False) for x in reversed(node.operands))
    return found[root]


def forward_cells(node: Node, kind: type[Symbol] = Text) -> list[str]:
    """Name, expression, expression in numbers ("" where it adds nothing), value."""
    value = kind.shown(node.digits(node.number))
    named = expression_text(node, kind)
    numbers = in_numbers(node, kind)
    short = numbers is not None and (len(node.operands) <= 4 or numbers.length <= LONGEST)
    middle = numbers.text if numbers is not None and short and numbers.text not in (value, named) else ""
    if not middle and named.startswith(kind.plain("dot(")):
        middle = first_products(node, kind)
    if repeats(node):
        named = ""
    return [defined(node, kind).text, named, middle, value]


def equalities(cells: Sequence[str]) -> list[str]:
    """The cells of a line of equalities, each after the first behind its sign; empty ones stay empty."""
    name, *others = cells
    return [name, *[f"= {cell}" if cell else "" for cell in others]]


def repeats(node: Node) -> bool:
    """Whether a label says the expression again: `x1*w1 = x1 * w1`."""
    added = node.op is not None and node.op.name in ("add", "sum")  # x*w + b of parts that have such labels
    bare = [
        "".join((re.sub("[()]", "", text) if added else unwrapped(text)).split())
        for text in (node.name, expression_text(node, Text))
    ]
    return bare[0] == bare[1]


def untold_leaves(trace: Trace, kind: type[Symbol] = Text) -> list[Node]:
    """The leaves whose number stands in no line of the forward pass: they get one of their own."""
    told = {x for node in trace.nodes if forward_cells(node, kind)[2] for x in node.operands}
    return [leaf for leaf in trace.leaves if leaf not in told]


def step_cells(trace: Trace, lang: str | None, kind: type[Symbol] = Text) -> Iterator[At | Told]:
    """The backward pass line by line."""
    explained: set[str] = set()
    node = None
    for step in trace.steps:
        if step.node is not node:
            node = step.node
            yield _at(node, explained, lang, kind)
        yield _told(step, lang, kind)


def _at(node: Node, explained: set[str], lang: str | None, kind: type[Symbol]) -> At:
    op = "" if node.op is None else node.op.name
    says = ""
    if op not in explained:
        names = {"y": symbol(node, kind).text}
        names.update(zip("ab", (symbol(x, kind).text for x in node.operands)))
        read = [local_symbol(x.rule, node, kind) for x in node.locals]
        rules = ["" if x is None else x.text for x in read]
        told = sentences(op, names, rules)[(lang or language()) == "zh"] if op else ""
        says = kind.prose(told)
    explained.add(op)
    uses_in = word("uses_in", lang, uses=len(node.uses)) if len(node.uses) > 1 else ""
    name = symbol(node, kind).text
    equation = f"{name} = {expression_text(node, kind)}"
    grad = kind.shown(node.digits(node.grad))
    return At(node, word("at", lang, node=equation, name=name, grad=grad, uses_in=uses_in), says)


def _told(step: Step, lang: str | None, kind: type[Symbol]) -> Told:
    name, shown = symbol(step.operand, kind).text, step.node.digits
    use = ""
    if step.uses > 1:
        terms = [step.before, step.flow] if step.use > 1 else [step.flow]
        fields = {"use": step.use, "uses": step.uses, "sum": kind.shown(shown.total(terms, step.after))}
        state = word("complete" if step.is_last else "incomplete", lang)
        use = word("use", lang, name=name, state=state, **fields)
    product = kind.shown(shown.product(step.upstream, step.local, step.flow))
    after = f"{name}.grad = {kind.shown(shown(step.after))}"
    partial = kind.partial(symbol(step.node, kind).text, name, side(step, lang))
    local = [*([partial] if partial else []), *pieces(step.node, step.index, kind, lang)]
    return Told(step, into(step, lang, kind), local, product, after, use)


def into(step: Step, lang: str | None, kind: type[Symbol] = Text) -> str:
    """The operand's name, with the side where it stands more than once: `a (left)`."""
    name = symbol(step.operand, kind).text
    return word("side", lang, name=name, side=side(step, lang)) if step.side else name


def side(step: Step, lang: str | None) -> str:
    """`left`, `right`, or `no. 3`; "" when the operand stands there once."""
    if step.side is None:
        return ""
    index, count = step.side
    return word(("left", "right")[index], lang) if count == 2 else word("nth", lang, n=index + 1)


def results(
    trace: Trace, lang: str | None, kind: type[Symbol] = Text, most: int | None = None
) -> list[Result]:
    """The gradient of the leaves: number, in symbols, what it says; of the first `most` without symbols."""
    formulas = gradients_in_symbols(trace, kind) if most is None else {}
    return [
        Result(
            leaf,
            kind.shown(trace.digits(leaf.grad)),
            formulas[leaf].text if leaf in formulas else "",
            meaning(trace, leaf, lang),
        )
        for leaf in trace.leaves[:most]
    ]


def gradients_in_symbols(trace: Trace, kind: type[Symbol] = Text) -> dict[Node, Symbol]:
    """Every node's gradient as an expression of names, while it stays short enough to be read."""
    one = kind.numeral(1.0, fixed=True)
    found: dict[Node, Symbol] = {trace.root: one}
    too_long: set[Node] = set()
    terms: dict[Node, list[Symbol]] = {}
    for step in trace.steps:
        upstream = found.get(step.node)
        if step.is_kept_out:
            found.setdefault(step.operand, kind.numeral(0.0, fixed=True))
            continue
        operand = step.operand
        if upstream is None or step.node in too_long:
            too_long.add(operand)
        if operand in too_long:
            continue
        selects = step.node.op is not None and step.node.op.choice
        rule = (lambda *_, x=step.local: x) if selects else step.node.locals[step.index].rule
        local = local_symbol(rule, step.node, kind)
        if local is None or not agrees(local.number, step.local):
            too_long.add(operand)
            continue
        flow: Symbol = TABLE["mul"](upstream, local)
        added = operand in found and found[operand].text != "0"
        total: Symbol = kind.write(TABLE["add"], [found[operand], flow], step.after) if added else flow
        found[operand] = total
        if total.length > LONGEST_SYMBOLS:
            too_long.add(operand)
        terms.setdefault(operand, []).append(flow)
    told = {node: x for node, x in found.items() if node not in too_long}
    for node, whole in told.items():
        collected = _collected(terms.get(node, []), kind)
        if collected is not None:
            told[node] = kind.joined(whole, collected)
    return told


def _collected(terms: Sequence[S], kind: type[S]) -> S | None:
    """`b + a + a` as `2*a + b`: equal terms once, those that stand several times first; None without any."""
    counts = Counter(x.text for x in terms)
    named = [x for x in terms if re.search(r"[^\W\d]", re.sub("<[^>]*>", "", x.text))]
    if len(counts) == len(terms) or len(named) < len(terms):
        return None
    first = {x.text: x for x in reversed(terms)}
    order = sorted(counts, key=lambda text: (counts[text] == 1, [x.text for x in terms].index(text)))
    parts = [kind.multiple(counts[text], first[text]) for text in order]
    return parts[0] if len(parts) == 1 else kind.write(TABLE["sum"], parts, 0.0)
