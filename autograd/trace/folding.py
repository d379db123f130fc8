"""Nodes that stand for several of a graph: what the library computes with care is shown as what it means.

    softmax       exp_difference(z1, logsumexp(z1, z2), logsumexp_rest(z1, z2, logsumexp(z1, z2)))
    is shown as   exp(z1) / (exp(z1) + exp(z2))

Nothing is computed anew: a shown node holds the number and the gradient of the node it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, reduce
from operator import add
from typing import Any, NamedTuple

from autograd import ops
from autograd.entry import TABLE, Op
from autograd.graph import is_constant
from autograd.node import Operands
from autograd.trace import higher_orders
from autograd.trace.higher_orders import Written, written
from autograd.value import Value


class Graph(NamedTuple):
    """Nodes in forward order, and for each the numbers of its operands, in order, repeats kept."""

    nodes: list[Any]
    operands: list[tuple[int, ...]]
    sources: list[Any]  # the user's node that each stands for; itself where it is shown as it is
    owners: list[Any]  # the user's node that each is, or is a part of

    def add(self, node: Any, operands: Sequence[int], source: Any, owner: Any) -> int:
        """Append a node; gives its number."""
        for column, x in zip(self, (node, tuple(operands), source, owner)):
            column.append(x)
        return len(self.nodes) - 1

    def only(self, kept: Sequence[int]) -> Graph:
        """The graph of these nodes alone."""
        number = {i: n for n, i in enumerate(kept)}
        operands = [tuple([number[k] for k in self.operands[i]]) for i in kept]
        nodes, sources, owners = ([x[i] for i in kept] for x in (self.nodes, self.sources, self.owners))
        return Graph(nodes, operands, sources, owners)


class Shown(Op):
    """An op that stands in no table, since its operands are those of several nodes.

    `form` writes it in ops that everybody knows, `text` with names; `share` is the operand whose softmax
    share it is.
    """

    __slots__ = ("form", "share", "text")

    def __init__(
        self,
        name: str,
        form: Callable[..., Any],
        *how: Any,
        text: Callable[[Sequence[str]], str] | None = None,
        share: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name, *how, **more)
        self.form, self.share = form, share
        self.text = text or (lambda names: f"{name}({', '.join(names)})")


def is_known(op: Op | None) -> bool:
    """True for an op whose value can be computed again: of the table, or made here from it."""
    return op is not None and (TABLE.get(op.name) is op or isinstance(op, Shown))


@cache
def softmax_op(k: int) -> Shown:
    """`exp(x[k]) / (exp(x[0]) + exp(x[1]) + ...)` as one op."""

    def form(*xs: Any) -> Any:
        return ops.exp(xs[k]) / reduce(add, map(ops.exp, xs))

    def readable(i: int, xs: Sequence[Any], y: Any) -> Any:
        return y * (1 - y) if i == k else -y * softmax_op(i).form(*xs)

    def exact(i: int, xs: Sequence[Any], y: Any) -> Any:
        total = ops.logsumexp(xs)
        others = [ops.exp(x - total) for n, x in enumerate(xs) if n != k]
        return y * reduce(add, others, 0.0) if i == k else -y * ops.exp(xs[i] - total)

    def value(*xs: Any) -> Any:
        return ops.exp(xs[k] - ops.logsumexp(xs))

    def text(names: Sequence[str]) -> str:
        return f"exp({names[k]}) / ({' + '.join(f'exp({x})' for x in names)})"

    return Shown("softmax", form, value, [readable], stable=[exact], arity=None, text=text, share=k)


@cache
def _share_op(op: Op) -> Shown:
    """The share of two: a softmax of its own exact rules."""
    same = softmax_op(0)
    readable = [lambda *ab_y: ab_y[-1] * (1 - ab_y[-1]), lambda a, b, y: -y * softmax_op(1).form(a, b)]
    exact = [op.rule(0), op.rule(1)]
    return Shown("softmax", same.form, op, readable, stable=exact, arity=2, text=same.text, share=0)


ORDERS = {  # how many of the last operands say how often to differentiate
    "erf_derivative": 1, "normal_derivative": 1, "gamma_derivative": 1,
    "pow_derivative": 2, "hypot_derivative": 2, "atan2_derivative": 2,
}  # fmt: skip


# what ops without a name of the field are, in ops that have one; None: there is no short form
FORMS: dict[str, Callable[..., Any]] = {
    "identity": lambda x: x,
    "sech2": lambda x: 1 - ops.tanh(x) ** 2,
    "normal_cdf": lambda x: (1 + ops.erf(x / ops.sqrt(2.0))) / 2,
    "share": lambda a, b: ops.exp(a) / (ops.exp(a) + ops.exp(b)),
    "exp_difference": lambda a, b, c: ops.exp(a - b - c),
    "logsumexp_rest": lambda *xs: ops.logsumexp([x - xs[-1] for x in xs[:-1]]),
    "gamma_derivative": higher_orders.gamma,
    "pow_derivative": higher_orders.power,
    "hypot_derivative": higher_orders.hypotenuse,
    "atan2_derivative": higher_orders.angle,
}


TEXTS = {"sech2": "1 - tanh({0})**2", "normal_cdf": "(1 + erf({0} / sqrt(2))) / 2"}


def form_of(op: Op, operands: Sequence[Any]) -> Any:
    """The op in ops that have a name of the field, read on these operands; None where it has one itself.

    Orders of derivatives among the operands are plain numbers.
    """
    if isinstance(op, Shown):
        return op.form(*operands)
    if TABLE.get(op.name) is not op or (op.name not in FORMS and op.name not in ORDERS):
        return None
    orders = operands[len(operands) - ORDERS.get(op.name, 0) :]
    if not all(isinstance(k, (int, float)) for k in orders):
        return None
    form = FORMS.get(op.name) or op.composed
    return None if form is None else form(*operands)


def name_of(op: Op, orders: Sequence[float] = ()) -> str:
    """What an op is called: `gamma^(3)` for the third derivative of gamma, else its own name."""
    base, derivative, _ = op.name.partition("_derivative")
    return f"{base}^({','.join(f'{k:g}' for k in orders)})" if derivative and orders else op.name


def _differentiated(op: Op, orders: tuple[float, ...]) -> Shown:
    """A derivative as an op of what it is differentiated by: the orders are no operands any more."""
    count = len(op.partials) - len(orders)

    def on(rule: Any) -> Any:
        return None if rule is None else lambda *xs_y: rule(*xs_y[:-1], *orders, xs_y[-1])

    return Shown(
        name_of(op, orders),
        lambda *xs: form_of(op, [*xs, *orders]),
        lambda *xs: op(*xs, *orders),
        [on(op.rule(i, readable=True)) for i in range(count)],
        stable=[on(op.rule(i)) for i in range(count)],
        arity=count,
        text=lambda names: written(form_of(op, [*map(Written, names), *orders])).text,
    )


def folded_graph(graph: Graph) -> Graph:
    """The graph with each group of nodes that means one thing as one node."""
    if not any(isinstance(node, Value) and node.op.name in FOLDED for node in graph.nodes):
        return graph
    uses = [0] * len(graph.nodes)
    for places in graph.operands:
        for k in places:
            uses[k] += 1
    stand_ins: dict[int, tuple[Value, tuple[int, ...]]] = {}
    for i, node in enumerate(graph.nodes):
        folded = _folded(graph, i, uses) if isinstance(node, Value) and graph.operands[i] else None
        if folded is not None:
            op, places = folded
            at = [graph.nodes[k] for k in places]
            shown = Value.apply(op, at)
            shown.data, shown.grad, shown.scope = node.data, node.grad, node.scope
            _remember(shown, _recorded(graph, i, places))
            stand_ins[i] = shown, places
    return _kept(graph, stand_ins)


def _recorded(graph: Graph, i: int, places: Sequence[int]) -> list[float]:
    """The numbers that the nodes at these places had when node i was computed."""
    found: dict[int, float] = {}
    waiting = [i]
    while waiting:
        node = waiting.pop()
        for k, number in zip(graph.operands[node], graph.nodes[node].numbers):
            found.setdefault(k, number)
            if k not in places and graph.operands[k]:
                waiting.append(k)
    return [found[k] for k in places]


def _remember(node: Value, numbers: list[float]) -> None:
    """Give a node the numbers that its operands had."""
    if isinstance(node.a, Operands):
        node.a_data, node.b_data = numbers, node.data
    else:
        node.a_data, node.b_data = numbers[0], numbers[1] if len(numbers) > 1 else node.data


Folding = tuple[Op, tuple[int, ...]]  # the op by which a node is shown, and the places of its operands
FOLDED = {*TEXTS, "share", "exp_difference", "logsumexp_rest", *ORDERS}


def _folded(graph: Graph, i: int, uses: Sequence[int]) -> Folding | None:
    """The op by which a node is shown and the places of its operands; None where it is shown as it is."""
    node, places = graph.nodes[i], graph.operands[i]
    name = node.op.name
    if name in ORDERS:
        count = ORDERS[name]
        if all(_is_fixed(graph, k) for k in places[-count:]):
            return _differentiated(node.op, node.numbers[-count:]), places[:-count]
    if name in TEXTS:
        op = node.op
        form, text = FORMS[name], TEXTS[name]
        rules = [op.rule(0, readable=True)], [op.rule(0)]
        return Shown(name, form, op, rules[0], stable=rules[1], text=lambda x: text.format(*x)), places
    if name == "share":
        return _share_op(node.op), places
    if name == "exp_difference":
        scores = _scores(graph, places)
        if scores is None:
            return None
        return softmax_op(_keys(graph, scores).index(_keys(graph, places)[0])), scores
    if name in ("sub", "add"):  # of log_softmax and of a cross-entropy
        return (name == "sub" and _rest_of_one(graph, places, uses)) or _log_share(graph, places, uses)
    return None


def _is_fixed(graph: Graph, i: int) -> bool:
    """True for a constant without a name, and for what is computed from such alone: 1 + 1."""
    node, places = graph.nodes[i], graph.operands[i]
    return all(_is_fixed(graph, k) for k in places) if places else is_constant(node) and not node.label


def _scores(graph: Graph, places: Sequence[int]) -> tuple[int, ...] | None:
    """The scores of `exp_difference(score, logsumexp(scores), what its rounding dropped)`."""
    score, total, rest = places
    if graph.nodes[rest].op.name != "logsumexp_rest" or graph.operands[rest][-1] != total:
        return None
    scores = graph.operands[total]
    same = _keys(graph, scores) == _keys(graph, graph.operands[rest][:-1])
    return scores if same and _keys(graph, [score])[0] in _keys(graph, scores) else None


def _keys(graph: Graph, places: Sequence[int]) -> list[Any]:
    """What tells operands apart: a plain number becomes a new constant wherever it is used."""
    nodes = [graph.nodes[k] for k in places]
    return [x.data if is_constant(x) and not x.label else (k,) for k, x in zip(places, nodes)]


def _rest_of_one(graph: Graph, places: Sequence[int], uses: Sequence[int]) -> Folding | None:
    """The share that `softmax` computes as 1 minus all the others."""
    one, others = places
    if not _is_hidden(graph, others, "sum", uses) or not is_constant(graph.nodes[one]):
        return None
    shares = graph.operands[others]
    found = [
        (graph.operands[k][0], _scores(graph, graph.operands[k]))
        for k in shares
        if isinstance(graph.nodes[k], Value) and graph.nodes[k].op.name == "exp_difference"
    ]
    if len(found) != len(shares) or graph.nodes[one].data != 1.0 or len({scores for _, scores in found}) != 1:
        return None
    scores, taken = found[0][1], [score for score, _ in found]
    if scores is None:
        return None
    keys, others_ = _keys(graph, scores), _keys(graph, taken)
    left = [k for k in range(len(scores)) if [*keys[:k], *keys[k + 1 :]] == others_]
    return (softmax_op(left[0]), scores) if left else None


def _log_share(graph: Graph, places: Sequence[int], uses: Sequence[int]) -> Folding | None:
    """A score and a logsumexp, one minus the other: what rounding dropped is left out."""
    difference, rest = places
    if not isinstance(graph.nodes[rest], Value) or graph.nodes[rest].op.name != "logsumexp_rest":
        return None
    if not _is_hidden(graph, difference, "sub", uses):
        return None
    inner = graph.operands[difference]
    return (ops.sub, inner) if graph.operands[rest][-1] in inner else None


def _is_hidden(graph: Graph, i: int, name: str, uses: Sequence[int]) -> bool:
    node = graph.nodes[i]
    return isinstance(node, Value) and node.op.name == name and uses[i] == 1 and not node.label


def _kept(graph: Graph, stand_ins: dict[int, tuple[Value, tuple[int, ...]]]) -> Graph:
    """The graph with these nodes in the place of the old ones, and without what nothing uses any more."""
    pairs = zip(graph.nodes, graph.operands)
    nodes, places = zip(*[stand_ins.get(i, pair) for i, pair in enumerate(pairs)])
    used_before = {k for ks in graph.operands for k in ks}
    needed = [i not in used_before for i in range(len(graph.nodes))]  # the roots
    for i in range(len(graph.nodes) - 1, -1, -1):
        for k in places[i] if needed[i] else ():
            needed[k] = True
    whole = graph._replace(nodes=list(nodes), operands=list(places))
    return whole.only([i for i, wanted in enumerate(needed) if wanted])
