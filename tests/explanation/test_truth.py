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
import autograd.drawing.measure
from autograd import Value, explain, formula, paths, trace_table
from autograd.drawing.measure import columns_of
from autograd.entry import TABLE
from autograd.explanation.path_story import Paths
from autograd.explanation.story import Explanation
from autograd.explanation.table import Table
from autograd.explanation.tex import tex_number
from autograd.trace.digits import agrees, digits
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
    """Neighbouring sides without names of nodes, and the number at the end of their line of equalities."""
    for line in text.split("\n"):
        for cell in re.split(r"\s{2,}|: |, (?=not complete|complete)|; ", line):
            sides = [re.sub(r"^ *= ", "", side) for side in re.split(r"(?<![<>=!]) = ", cell)]
            for left, right in itertools.pairwise(sides):
                numbers = NUMERIC.match(left) and NUMERIC.match(right) and "..." not in left
                if numbers and left and not names_in(left + " " + right):
                    yield left, right, sides[-1]


def without_tags(html):
    """What a host keeps that strips the markup, with the signs of Python for those of mathematics."""
    text = re.sub(r"<style>.*?</style>", "", html)
    text = unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(td|th|p)>", "\n", text)))
    for printed, typed in (("−", "-"), ("·", "*"), ("∞", "inf"), ("≤", "<="), ("≥", ">="), ("≠", "!=")):
        text = text.replace(printed, typed)
    return re.sub(r"\*10\*\*(-?)(\d+)", lambda m: f"e{m[1] or '+'}{int(m[2]):02d}", text)


def value_of(text):
    return float(eval(text, FUNCTIONS))  # noqa: S307 - our own text


def last_unit(shown):
    """One unit of the last digit of a number; of a short one, of the fourth decimal or fifth digit."""
    number = float(shown)
    decimals = len(shown.partition("e")[0].partition(".")[2])
    last = int(shown.partition("e")[2] or 0) - decimals
    first = math.floor(math.log10(abs(number))) if number else 0
    rule = first - 3 if abs(number) < 0.1 else -4 if abs(number) < 10 else first - 4
    return 10.0 ** min(last, rule)


def is_off(left, right, end):
    """True when the printed sides differ by more than one unit of the last digit at the end of the line."""
    value, shown = value_of(left), value_of(right)
    if not (math.isfinite(value) and math.isfinite(shown)):
        return not (value == shown or (value != value and shown != shown))
    return abs(value - shown) > 1.001 * last_unit(end)


@pytest.mark.parametrize("hundred", range(20))
def test_every_printed_equality_of_numbers_is_true_to_its_last_digit(hundred, monkeypatch):
    monkeypatch.setattr(autograd.drawing.measure, "WIDTH", 10**6)  # lines are not folded
    checked, off = 0, []
    for seed in range(100 * hundred, 100 * hundred + 100):
        trace = trace_graph(random_graph(seed), {})
        told = [Explanation(trace, None, everything=True), Table(trace, None)]
        told += [Paths(trace, leaf, None) for leaf in trace.leaves]
        for reading in told:
            found = list(numeric_equalities(str(reading)))
            checked += len(found)
            off += [(seed, *equality) for equality in found if is_off(*equality)]
    assert not off
    assert checked > 1000


@pytest.mark.parametrize("seed", SEEDS)
def test_without_tags_the_html_still_reads_as_true_equations(seed):
    trace = trace_graph(random_graph(seed), {})
    told = [Explanation(trace, None, everything=True), Table(trace, None)]
    told += [Paths(trace, leaf, None) for leaf in trace.leaves]
    checked, off = 0, []
    for reading in told:
        for line in without_tags(reading.html()).split("\n"):
            spaced = re.sub(r" ?(?<![<>=!])=(?!=) ?", " = ", line.strip().removeprefix("= "))
            for left, right, end in numeric_equalities(spaced):
                checked += 1
                off += [(left, right)] if is_off(left, right, end) else []
    assert not off
    assert checked or len(trace.steps) < 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_number_looks_the_same_wherever_it_stands(seed):
    root = random_graph(seed)
    told = explain(root, names={}, all=True)
    shown = told.trace.digits
    text = f"{told}\n{trace_table(root, names={})}"
    for step in told.steps:
        for number in (step.upstream, step.local, step.flow):
            fewer = digits(number)
            if shown(number) != fewer and not fewer.endswith(
                "0"
            ):  # the start of a longer number is not meant
                assert not re.search(rf"(?<![\w.-]){re.escape(fewer)}(?![\w.])", text), fewer


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
            assert agrees(value, leaf.grad) or abs(value - leaf.grad) < 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_no_line_is_wider_than_100_columns(seed):
    root = random_graph(seed, 12)
    for lang in ("en", "zh"):
        told = [explain(root, lang=lang), explain(root, lang=lang, all=True), trace_table(root, lang=lang)]
        for reading in told:
            assert max(map(columns_of, str(reading).split("\n"))) <= 100


@pytest.mark.parametrize("seed", range(40))
def test_every_reading_contains_every_number(seed):
    root = random_graph(seed)
    told = explain(root, names={}, all=True)
    numbers = {x for step in told.steps for x in (step.upstream, step.local, step.flow, step.after)}
    numbers |= {node.number for node in [*told.trace.nodes, *told.trace.leaves]}
    running = {step.after for step in told.steps if not step.is_last}  # LaTeX holds the sums alone
    chinese = explain(root, names={}, all=True, lang="zh")
    readings = [str(told), str(chinese), told.markdown(), without_tags(told.html())]
    for number in numbers:
        shown = told.trace.digits(number)
        assert all(shown in reading for reading in readings), number
        assert number in running or tex_number(shown) in told.latex(), number


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
