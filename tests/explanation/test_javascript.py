"""The table read as JavaScript computes what Python computes, for every op of the table."""

import json
import math
import random
import re

import pytest

from autograd import Value, op
from autograd.entry import BUILT_IN, TABLE
from autograd.explanation.assembly import scripts
from autograd.explanation.javascript import definitions, op_entry, rules_code, table_script, value_code
from autograd.node import local_numbers

TOLERANCE = 1e-12  # relative; absolute for numbers below SMALL, since digamma goes through 0
SMALL = 0.1
POINTS = 60
PAIRED = ("dot", "sumprod")
LITERAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number(x):
    return LITERAL.get(x, x)


def agree(mine, theirs):
    if mine is None or theirs is None:
        return mine is theirs
    mine, theirs = number(mine), number(theirs)
    if math.isnan(mine) or math.isnan(theirs) or math.isinf(mine) or math.isinf(theirs):
        return mine == theirs or (math.isnan(mine) and math.isnan(theirs))
    return abs(mine - theirs) <= TOLERANCE * max(abs(mine), abs(theirs), SMALL)


def sample_points(entry, count):
    draw = random.Random(entry.name)
    for _ in range(POINTS):
        yield [draw.uniform(*entry.sample[i % len(entry.sample)]) for i in range(count)]


def in_python(entry, point):
    node = entry(*[Value(x) for x in point]) if entry.name not in PAIRED else paired(entry, point)
    return node.data, local_numbers(node)


def paired(entry, point):
    n = len(point) // 2
    bias = [Value(point[-1])] if len(point) % 2 else []
    return entry([Value(x) for x in point[:n]], [Value(x) for x in point[n : 2 * n]], *bias)


def counts(entry):
    if entry.arity:
        return [entry.arity]
    return {"dot": [2, 4, 5], "sumprod": [2, 4], "logsumexp_rest": [2, 5]}.get(entry.name, [1, 2, 5])


@pytest.mark.program("node")
def test_every_op_of_the_table_agrees_with_python(in_node):
    cases = [
        (entry, count, list(sample_points(entry, count)))
        for entry in TABLE.values()
        if entry.name in BUILT_IN
        for count in counts(entry)
    ]
    table = table_script({f"{e.name}/{n}": op_entry(e, n) for e, n, _ in cases})
    code = [f"[OPS['{e.name}/{n}'],{json.dumps(ps)}]" for e, n, ps in cases]
    run = "seen = cases.map(([{v, d}, ps]) => ps.map(p => [v(p), d(p, v(p))]))"
    page = f"{table}\n{scripts('digits', 'symbols', 'engine')}"
    told = in_node(f"{page}\nlet seen, cases = [{','.join(code)}]\n{run}")
    wrong = []
    for (entry, _, points), answers in zip(cases, told):
        for point, (value, derivatives) in zip(points, answers):
            expected, locals_ = in_python(entry, point)
            if not agree(value, expected):
                wrong.append((entry.name, point, value, expected))
            wrong += [
                (entry.name, i, point, *pair)
                for i, pair in enumerate(zip(derivatives, locals_, strict=True))
                if not agree(*pair)
            ]
    assert not wrong, "\n".join(map(str, wrong[:20]))


@pytest.mark.program("node")
@pytest.mark.parametrize(
    "name", ["gamma", "lgamma", "digamma", "erf", "erfc", "log1p", "tanh", "exp", "sigmoid"]
)
def test_hard_functions_agree_far_from_the_samples_too(in_node, name):
    points = [-9.5, -2.7, -1e-3, 1e-9, 0.3, 0.999999, 1.00001, 1.9999, 2.000001, 2.4, 7.5, 14.99, 15.01, 60.0]
    entry = TABLE[name]
    told = in_node(f"{definitions([name])}\nlet seen = {json.dumps(points)}.map({name})")
    for x, value in zip(points, told):
        assert agree(value, entry.value(x)), (x, value, entry.value(x))


def test_whatever_an_ops_javascript_calls_is_in_the_library():
    for entry in TABLE.values():
        if entry.name in BUILT_IN:
            code = value_code(entry, entry.arity or 2)
            for name in re.findall(r"([a-z]\w*)\(", code):
                assert re.search(rf"[ {{]{name}\b", definitions([code])), (entry.name, code)


def test_a_page_takes_only_what_it_uses():
    assert definitions(["tanh(exp(x))"]) == "const {exp, tanh} = Math"
    assert "digamma" in definitions(["gamma_derivative(x)"])
    assert "digamma" not in definitions(["exp(x)"])


def test_an_op_of_ones_own_is_told_by_its_function_when_that_reads_on_text():
    cube = op("cube_on_a_page", lambda x: x * x * x, lambda x, y: 3 * x**2)
    picky = op("picky_on_a_page", lambda x: x if x > 0 else 0.0, lambda x, y: 1.0)
    try:
        assert value_code(cube, 1) == "x[0]*x[0]*x[0]"
        assert rules_code(cube, 1, False) == "[R.mul(3,R.pow(x[0],2))]"
        assert value_code(picky, 1) is None
    finally:
        del TABLE["cube_on_a_page"], TABLE["picky_on_a_page"]
