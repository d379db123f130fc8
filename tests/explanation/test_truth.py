"""Nothing printed is false: random graphs over the whole table, every reading."""

import builtins
import contextlib
import itertools
import math
import random
import re
from html import unescape

import pytest

import autograd
import autograd.explanation.reading
import autograd.explanation.text
from autograd import Value, explain, formula, paths, trace_table
from autograd.entry import TABLE
from autograd.explanation.reading import width
from autograd.explanation.tex import tex_number
from autograd.trace.digits import FORMS, is_shown_as
from autograd.trace.steps import trace_graph

WITH_ORDERS = {op.name for op in TABLE.values() if any(low == high for low, high in op.sample)}
PLAIN = [op for op in TABLE.values() if op.partials and op.name not in {*WITH_ORDERS, "dot", "sumprod"}]
FUNCTIONS = {name: getattr(autograd, name, op) for name, op in TABLE.items()}
FUNCTIONS |= {"inf": math.inf, "nan": math.nan, "abs": builtins.abs, "sum": autograd.sum, "__builtins__": {}}
NUMERIC = re.compile(r"^[\w\s.+\-*/(),\[\]<>=!]*$")


def random_graph(seed, size=9):
    """A graph of random ops on random numbers; operands are shared, so gradients meet."""
    draw = random.Random(seed)
    nodes = [Value(round(draw.uniform(-2, 2), draw.choice((0, 1, 9))), label=f"x{i}") for i in range(3)]
    while len(nodes) < size:
        if draw.random() < 0.15:  # a neuron, perhaps with an operand that stands in it twice; a sum from 0
            some = [draw.choice(nodes[-5:]) for _ in range(5)]
            nodes.append(autograd.dot(some[:2], some[2:4], some[4]) if draw.random() < 0.7 else sum(some[:3]))
            continue
        op = draw.choice(PLAIN)
        count = op.arity or draw.choice((2, 3))
        operands = [draw.choice(nodes[-5:]) for _ in range(count)]
        if op.arity and draw.random() < 0.2 and count > 1:
            operands[-1] = draw.choice((2.0, -1.0, 0.5, 3.0))
        with contextlib.suppress(TypeError):  # an op that takes lists
            nodes.append(op(*operands))
    return nodes[-1]


SEEDS = range(150)


@pytest.mark.parametrize("seed", SEEDS)
def test_flows_sum_to_every_gradient_bit_for_bit(seed):
    root = random_graph(seed)
    trace = trace_graph(root, {})
    root.backward()
    for node in [*trace.leaves, *trace.nodes]:
        if not node.inside:
            theirs = node.source.grad
            assert node.grad == theirs or (node.grad != node.grad and theirs != theirs)


def names_in(text):
    return set(re.findall(r"[A-Za-z_]\w*", re.sub(r"(?<=[\d.])e[-+]?\d+", "", text))) - set(FUNCTIONS)


def numeric_equalities(text):
    """Pairs of neighbouring sides without names of nodes, evaluated."""
    for line in text.split("\n"):
        for cell in re.split(r"\s{2,}|: |, (?=not complete|complete)|; ", line):
            sides = [re.sub(r"^ *= ", "", side) for side in re.split(r"(?<![<>=!]) = ", cell)]
            for left, right in itertools.pairwise(sides):
                numbers = NUMERIC.match(left) and NUMERIC.match(right) and "..." not in left
                if numbers and left and not names_in(left + " " + right):
                    yield left, right


def value_of(text):
    return float(eval(text, FUNCTIONS))  # noqa: S307 - our own text


@pytest.mark.parametrize("seed", SEEDS)
def test_every_printed_equality_of_numbers_is_true_python(seed, monkeypatch):
    for module in (autograd.explanation.reading, autograd.explanation.text):
        monkeypatch.setattr(module, "WIDTH", 10**6)  # lines are not folded
    root = random_graph(seed)
    told = [explain(root, names={}, all=True), trace_table(root, names={})]
    told += [explain(root, leaf.source, names={}) for leaf in trace_graph(root, {}).leaves]
    checked = 0
    for reading in told:
        for left, right in numeric_equalities(str(reading)):
            shown = value_of(right)
            value = value_of(left)
            assert is_shown_as(value, shown) or abs(value - shown) < 1e-12, f"{left} = {right}"
            checked += 1
    assert checked or not explain(root, names={}).steps


def shortened(text, space):
    """A formula's number; a constant that was cut off is taken as far as it is shown."""
    return eval(text.replace("...", ""), dict(space))  # noqa: S307 - our own text


@pytest.mark.parametrize("seed", SEEDS)
def test_formulas_are_true_python(seed):
    root = random_graph(seed, 6)
    told = formula(root, names={})
    root.backward()
    space = FUNCTIONS | {leaf.name: leaf.number for leaf in trace_graph(root, {}).leaves}
    space |= {node.name: node.number for node in trace_graph(root, {}).nodes}
    for leaf in trace_graph(root, {}).leaves:
        with contextlib.suppress(ZeroDivisionError, OverflowError, ValueError):
            for name, text in told.parts.items():
                if name.startswith("g"):
                    space[name] = shortened(text, space)
            value = shortened(told.derivatives[leaf.name], space)
            if isinstance(value, complex):
                continue  # what Python makes of a root of a negative number
            value = float(value)
            assert is_shown_as(value, leaf.grad) or abs(value - leaf.grad) < 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_no_line_is_wider_than_100_columns(seed):
    root = random_graph(seed, 12)
    for lang in ("en", "zh"):
        told = [explain(root, lang=lang), explain(root, lang=lang, all=True), trace_table(root, lang=lang)]
        for reading in told:
            assert max(map(width, str(reading).split("\n"))) <= 100


@pytest.mark.parametrize("seed", range(40))
def test_every_reading_contains_every_number(seed):
    root = random_graph(seed)
    told = explain(root, names={}, all=True)
    numbers = {x for step in told.steps for x in (step.upstream, step.local, step.flow, step.after)}
    numbers |= {node.number for node in [*told.trace.nodes, *told.trace.leaves]}
    running = {step.after for step in told.steps if not step.is_last}  # LaTeX holds the sums alone
    chinese = explain(root, names={}, all=True, lang="zh")
    readings = [str(told), str(chinese), told.markdown(), unescape(told.html())]
    for number in numbers:
        shown = {form(number) for form in FORMS}  # four digits, or more where four would not be true
        assert all(any(x in reading for x in shown) for reading in readings), number
        assert number in running or any(tex_number(x) in told.latex() for x in shown), number


@pytest.mark.parametrize("seed", range(40))
def test_paths_add_up_to_the_gradient(seed):
    root = random_graph(seed)
    root.backward()
    for leaf in trace_graph(root, {}).leaves:
        found = paths(root, leaf.source, names={})
        if found.count == len(found.largest) and math.isfinite(leaf.source.grad):
            total = math.fsum(path.product for path in found)
            sizes = math.fsum(abs(path.product) for path in found)
            assert abs(total - leaf.source.grad) <= 1e-12 * sizes
