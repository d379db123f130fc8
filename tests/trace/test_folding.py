"""What the library computes with care is shown as what it means; numbers and gradients stay as they are."""

import math
import re

import pytest

import autograd as ag
from autograd import Value, draw, explain, formula, grad, paths, step_through, trace_table
from autograd.entry import TABLE
from autograd.trace.nodes import op_sign
from autograd.trace.opening import opened_graph, read_graph
from autograd.trace.steps import trace_graph

HIDDEN = re.compile(r"\w+_rest\b|\w+_difference\b|\w+_derivative\b|sech2|normal_cdf")


def scores(*numbers):
    return [Value(x, label=f"z{i}") for i, x in enumerate(numbers, 1)]


def entropy(shares):
    return -ag.sum([p * p.log() for p in shares])


@pytest.mark.parametrize("numbers", [(2.0, 1.0, 0.1), (0.5, 0.5), (3.0,), (1.0, -50.0, 2.0), (1000.0, 999.0)])
def test_a_softmax_is_one_node_per_output_and_its_gradients_are_those_of_backward(numbers):
    zs = scores(*numbers)
    loss = entropy(ag.softmax(zs))
    trace = trace_graph(loss, {})
    loss.backward()
    assert [node.op.name for node in trace.nodes].count("softmax") == len(numbers)
    for z in trace.leaves:
        size = math.fsum(abs(step.flow) for step in z.uses)
        assert abs(z.grad - z.source.grad) <= 1e-13 * (1 + size)


def test_a_share_that_is_computed_as_the_rest_of_one_is_told_as_a_share():
    zs = scores(9.0, 1.0, 0.5)
    p = ag.softmax(zs)[0]
    assert op_sign(p) == "-"
    told = str(explain(p, names={"p": p}))
    assert "exp(z1) / (exp(z1) + exp(z2) + exp(z3))" in told
    assert trace_graph(p, {}).nodes[-1].number == p.data


def test_shares_are_told_by_each_other_where_both_are_in_the_graph():
    zs = scores(2.0, 1.0, 0.1)
    p1, p2, p3 = ag.softmax(zs)
    told = str(explain(p1 * p2, names=locals()))
    assert "p1 * (1 - p1)" in told
    assert "-p1 * p2 = -0.6590 * 0.24243 = -0.15976" in told
    assert "-p1 * (exp(z3)/(exp(z1) + exp(z2) + exp(z3)))" in told
    assert p3.data > 0


def test_a_log_softmax_is_a_score_minus_the_logsumexp():
    zs = scores(2.0, 1.0, 0.1)
    told = str(explain(ag.log_softmax(zs)[0], names={}))
    assert "= z1 - v1" in told
    assert "v1 = logsumexp(z1, z2, z3)" in told


def test_opened_a_softmax_shows_exponentials_their_sum_and_quotients():
    zs = scores(2.0, 1.0, 0.1)
    loss = entropy(ag.softmax(zs))
    loss.backward()
    graph = opened_graph(read_graph(loss), True)
    signs = [op_sign(node) for node in graph.nodes]
    assert (signs.count("exp"), signs.count("/"), signs.count("softmax")) == (3, 3, 0)
    for node, operands in zip(graph.nodes, graph.operands, strict=True):
        if op_sign(node) == "exp":
            assert node.grad * node.data == pytest.approx(graph.nodes[operands[0]].grad, rel=1e-12)


def test_a_softmax_remembers_the_numbers_that_it_was_computed_from():
    zs = scores(2.0, 1.0)
    p = ag.softmax(zs)[0]
    zs[0].data = 7.0
    assert trace_graph(p, {}).nodes[-1].numbers == (2.0, 1.0)


def graphs():
    """Every public function, and the graph of its derivative."""
    for name in ag.ops.PUBLIC:
        op = TABLE[name]
        count = op.arity or 2
        middle = [(low + high) / 2 + 0.25 for low, high in op.sample[:count]]
        xs = [Value(x, label=f"x{i}") for i, x in enumerate(middle)]
        if any(low == high for low, high in op.sample):
            continue
        try:
            root = op(*xs) if op.gather is None or name not in ("dot", "sumprod") else op(xs, xs)
        except TypeError:
            root = op(xs)
        yield name, root
    for name, f in {
        "pow": lambda x: x**x, "hypot": lambda x: ag.hypot(x, x * x), "atan2": lambda x: ag.atan2(x, 2 * x),
        "gamma": ag.gamma, "erf": ag.erf, "gelu": ag.gelu, "tanh": ag.tanh,
        "logaddexp": lambda x: ag.logaddexp(x, 2.0),
        "softmax": lambda x: ag.softmax([x, 1.0, 2.0])[0],
        "log_softmax": lambda x: ag.log_softmax([x, 9.0, 2.0])[1],
        "logsumexp": lambda x: ag.logsumexp([x, x * x, 2.0]), "norm": lambda x: ag.norm([x, x * x, 2.0]),
    }.items():  # fmt: skip
        for times in (0, 1, 2):
            derived = f
            for _ in range(times):
                derived = grad(derived)
            yield f"{name} {times}", derived(Value(1.5, label="x"))


@pytest.mark.parametrize(("name", "root"), list(graphs()), ids=lambda x: x if isinstance(x, str) else "")
def test_no_name_that_only_the_library_knows_is_ever_shown(name, root):
    told = [explain(root, names={}, all=True), trace_table(root, names={}), formula(root, names={})]
    told += [paths(root, leaf.source, names={}) for leaf in told[0].trace.leaves]
    texts = [text for x in told for text in (str(x), x.latex(), x.html())]
    texts += [draw(root, names={}).svg, draw(root, names={}, opened=True).svg]
    page = step_through(root, names={}).html.split("<script", 1)
    data = re.sub(r'\bn:"\w+"|"\w+/\d+"', "", page[1])  # what the page looks ops up by
    texts += [page[0], *re.findall(r'"(?:[^"\\]|\\.)*"', data)[:2000]]
    for text in texts:
        assert HIDDEN.search(text) is None, (name, HIDDEN.search(text))
