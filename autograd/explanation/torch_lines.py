"""`as_torch`: the same computation as lines of PyTorch, and both gradients side by side."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, count
from typing import Any, ClassVar

from autograd.entry import Op
from autograd.explanation.expressions import expression
from autograd.explanation.reading import Block, Grid, Line, Reading, Row
from autograd.explanation.symbols import Symbol, Text
from autograd.graph import Root
from autograd.messages import say, word
from autograd.trace.digits import constant
from autograd.trace.steps import Trace, in_order, trace_graph

# ops of the table that PyTorch has under the same name and meaning
SAME = {
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "copysign", "cos",
    "cosh", "digamma", "erf", "erfc", "exp", "exp2", "expm1", "floor", "fmod", "hypot", "lgamma",
    "log", "log10", "log1p", "log2", "logaddexp", "maximum", "minimum", "reciprocal", "relu",
    "sigmoid", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh", "trunc", "xlogy",
}  # fmt: skip
FUNCTIONAL = {"gelu", "silu", "softplus", "softsign"}  # in torch.nn.functional
RENAMED = {
    "clamp": "clamp", "degrees": "rad2deg", "log_sigmoid": "nn.functional.logsigmoid", "nearest": "round",
    "normal_cdf": "special.ndtr", "radians": "deg2rad",
}  # fmt: skip
MANY = {  # of any number of operands; ties share there as here
    "logsumexp": "torch.logsumexp({}, 0)", "maximum": "torch.amax({}, 0)", "minimum": "torch.amin({}, 0)",
    "norm": "torch.linalg.vector_norm({})",
}  # fmt: skip
SETTINGS = {"elu", "leaky_relu"}  # there the second operand is a number, no tensor
COMPARISONS = {"gt", "ge", "lt", "le", "eq", "ne"}
ELEMENTWISE = {"add", "sub", "mul", "div", "pow", "neg", "mod"}


class Torch(Text):
    """An expression as PyTorch code."""

    __slots__ = ()
    variables: ClassVar[dict[str, str]] = {}  # of one computation, by the names of its nodes

    @classmethod
    def name(cls, text: str, number: float) -> Torch:
        """The variable of a node: letters, digits and underscores."""
        return cls(cls.variables[text], number)

    @classmethod
    def numeral(cls, number: float, shown: str = "", fixed: bool = False) -> Torch:  # noqa: ARG003 - as others
        """A number with all its digits."""
        symbol = cls(_literal(number), number, 3 if number < 0 else 9)
        symbol.literal, symbol.fixed = True, fixed
        return symbol

    @classmethod
    def write(cls, op: Op, parts: Sequence[Text], number: float) -> Torch:
        """The op on these parts.

        Raises:
            ValueError: PyTorch has no op of this meaning.
        """
        tensors = [f"torch.tensor({x.text}, dtype=torch.float64)" if x.literal else x.text for x in parts]
        listed = ", ".join(tensors)
        if op.name in MANY and not (op.name in SAME and len(parts) == 2):
            return cls(MANY[op.name].format(f"torch.stack([{listed}])"), number)
        if op.name == "where":
            return cls(f"torch.where({tensors[0]} != 0, {tensors[1]}, {tensors[2]})", number)
        if op.name in COMPARISONS:
            return cls(f"({parts[0].text} {op.sign} {parts[1].text}).double()", number)
        if op.name in ("dot", "sumprod"):
            n = len(parts) // 2
            terms = [f"{w.text}*{x.text}" for w, x in zip(parts[:n], parts[n : 2 * n])]
            return cls(" + ".join([*terms, *[x.text for x in parts[2 * n :]]]), number, 1)
        if op.name == "floordiv":  # flat: PyTorch has no slope of it and refuses
            return cls(f"({super().write(op, parts, number).text}).detach()", number)
        if op.name in ("sum", "prod") and len(parts) == 1:
            return cls(parts[0].text, number)
        if op.name in ELEMENTWISE or op.name in ("sum", "prod"):
            return cls(super().write(op, parts, number).text, number)
        if op.name in FUNCTIONAL:
            return cls(f"torch.nn.functional.{op.name}({listed})", number)
        if op.name in SAME:
            return cls(f"torch.{op.name}({listed})", number)
        if op.name in RENAMED:
            return cls(f"torch.{RENAMED[op.name]}({listed})", number)
        if op.name in SETTINGS and parts[1].literal:
            return cls(f"torch.nn.functional.{op.name}({tensors[0]}, {parts[1].text})", number)
        raise ValueError(say("torch_op", op=op.name))


def _literal(number: float) -> str:
    return repr(number) if math.isfinite(number) else f"float('{number}')"


def identifier(name: str) -> str:
    """A name as a variable of Python.

    >>> identifier("w[0,3]"), identifier("2nd"), identifier("lambda")
    ('w_0_3', '_2nd', 'lambda_')
    """
    plain = re.sub(r"\W+", "_", name).strip("_") or "x"
    if keyword.iskeyword(plain):
        return f"{plain}_"
    return f"_{plain}" if plain[0].isdigit() or plain == "torch" else plain


def variables(trace: Trace) -> dict[str, str]:
    """A variable for every node's name; where two names would be the same one, the later has a number."""
    told = [*trace.leaves, *in_order(trace.nodes, trace.root)]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(node.name for node in told):
        plain = identifier(name)
        found[name] = next(x for x in chain([plain], (f"{plain}_{k}" for k in count(2))) if x not in taken)
        taken.add(found[name])
    return found


class TorchLines(Reading):
    """What `as_torch` returns: prints the lines and both gradients.

    Attributes:
        code: the lines; they run as they stand where PyTorch is installed.
        variables: the variable of every node's name, `w_0` of `w[0]`; no two nodes share one.
        gradients: PyTorch's gradients by variable, None where it is not installed.
    """

    def __init__(self, trace: Trace, lang: str | None) -> None:
        self.trace, self.lang = trace, lang
        self.variables = variables(trace)
        self.code = _code(trace, self.variables)

    @cached_property
    def gradients(self) -> dict[str, float] | None:
        """PyTorch's gradients by variable: the lines are run when one asks."""
        return _run(self.code, [self.variables[leaf.name] for leaf in self.trace.leaves])

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """The lines, and a row for every leaf."""
        lines: list[Block] = [Line(kind.plain(line), "code") for line in self.code.splitlines()]
        head = [kind.plain(word(key, self.lang)) for key in ("gradient", "torch_here", "torch_there")]
        rows: list[Row] = []
        for leaf in self.trace.leaves:
            name = self.variables[leaf.name]
            there = "?" if self.gradients is None else self.trace.digits(self.gradients[name])
            rows.append([kind.plain(f"{name}.grad"), self.trace.digits(leaf.grad), there])
        end = [Line(kind.plain(word("torch_missing", self.lang)), "note")] if self.gradients is None else []
        return [*lines, Line(""), Grid(head, rows, gap="   "), *end]


def _code(trace: Trace, names: dict[str, str]) -> str:
    kind = type("Torch", (Torch,), {"__slots__": (), "variables": names})
    lines = ["import torch", ""]
    for leaf in trace.leaves:
        made = f"torch.tensor({_literal(leaf.number)}, dtype=torch.float64, requires_grad=True)"
        lines.append(f"{names[leaf.name]} = {made}")
    operands = [x for node in trace.nodes for x in node.operands]
    constants = dict.fromkeys(x for x in [*operands, trace.root] if x.is_constant)
    lines += [
        f"{names[x.name]} = torch.tensor({_literal(x.number)}, dtype=torch.float64)"
        for x in constants
        if x is trace.root or x.name != constant(x.number)  # it has a name, which stands in the lines
    ]
    lines += [f"{names[node.name]} = {expression(node, kind).text}" for node in trace.nodes]
    behind = {trace.root}  # whatever no flat op separates from the root
    for step in trace.steps:
        if step.node in behind:
            behind.add(step.operand)
    if not behind.isdisjoint(
        trace.leaves
    ):  # else there is nothing that wants a gradient, and PyTorch refuses
        lines.append(f"{names[trace.root.name]}.backward()")
    return "\n".join(lines)


def _run(code: str, leaves: Sequence[str]) -> dict[str, float] | None:
    try:
        import torch  # noqa: F401 - the lines import it themselves; here one asks whether it is there
    except ImportError:
        return None
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - the lines made above: names, numbers, and ops from a fixed list
    return {name: 0.0 if found[name].grad is None else float(found[name].grad) for name in leaves}


def as_torch(root: Root, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> TorchLines:
    """The same computation in PyTorch, and its gradients beside those of this library.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    Returns:
        What prints as the lines and a table; `.code` has the lines alone, `.gradients` PyTorch's numbers
        (None where PyTorch is not installed).

    Raises:
        ValueError: an op that PyTorch does not have.

    >>> from autograd import Value, as_torch
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * a + a * b
    >>> print(as_torch(L).code)
    import torch
    <BLANKLINE>
    a = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(-3.0, dtype=torch.float64, requires_grad=True)
    v1 = a * a
    v2 = a * b
    L = v1 + v2
    L.backward()
    """
    return TorchLines(trace_graph(root, names), lang)
