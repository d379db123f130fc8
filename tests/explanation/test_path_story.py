"""`paths` and `explain(L, wrt=a)`."""

import math

import pytest

import autograd as ag
from autograd import Value, explain, paths
from autograd.drawing.measure import columns_of


@pytest.mark.parametrize(
    ("name", "leaf", "file"),
    [
        ("neuron", "w1", "neuron_w1.en"),
        ("neuron", "w1", "neuron_w1.zh"),
        ("uses", "a", "uses_a.en"),
        ("uses", "a", "uses_a.zh"),
    ],
)
def test_explain_one_leaf_writes_the_target_text(name, leaf, file, expression, target):
    root, names = expression(name)
    assert str(explain(root, names[leaf], names=names, lang=file[-2:])) == target(file)


def test_the_latex_of_one_leaf_is_the_sum_over_its_uses(expression):
    root, names = expression("uses")
    assert (
        explain(root, names["a"], names=names).latex()
        == r"""
\begin{aligned}
\frac{dL}{da} &= \frac{dL}{dv_2}\,\frac{\partial v_2}{\partial a}
               + \frac{dL}{dv_1}\,\frac{\partial v_1}{\partial a_{\text{left}}}
               + \frac{dL}{dv_1}\,\frac{\partial v_1}{\partial a_{\text{right}}} \\
              &= 1\cdot(-3) + 1\cdot 2 + 1\cdot 2 = 1
\end{aligned}""".strip()
    )


def test_the_products_of_all_paths_add_up_to_the_gradient():
    a, b = Value(0.3), Value(-1.2)
    c = a * b + a.exp()
    d = c * c / (b + 3)
    L = (d + a).tanh() * c
    L.backward()
    for leaf in (a, b):
        found = paths(L, leaf)
        assert found.count == len(found)
        assert math.isclose(math.fsum(path.product for path in found), leaf.grad, rel_tol=1e-12)


def test_as_many_paths_as_2_to_the_60_are_counted_and_the_largest_told():
    a = Value(1.0)
    b = a
    for _ in range(60):
        b = b + b
    found = paths(b, a)
    assert found.count == 2**60
    assert "1,152,921,504,606,846,976 paths" in str(found)
    assert [path.product for path in found.largest] == [1.0] * 5
    assert found
    for listing in (list, len, iter, tuple):
        with pytest.raises(ValueError, match=r"paths are too many to list .*\.count counts.*\.largest gives"):
            listing(found)


def test_iterating_gives_as_many_paths_as_len_and_count_say():
    a = Value(2.0)
    b = a
    for _ in range(5):
        b = b + b
    found = paths(b, a)
    listed = list(found)
    assert len(listed) == len(found) == found.count == 32
    assert len({tuple(step.number for step in path.steps) for path in listed}) == 32
    told = [[step.number for step in reversed(path.steps)] for path in listed]
    assert told == sorted(told)
    assert sum(path.product for path in listed) == found.gradient


def test_a_path_of_the_result_to_itself_is_one_without_steps():
    a = Value(2.0, label="a")
    (path,) = paths(a * 3, a).largest
    assert len(paths(path.nodes[0].source, path.nodes[0].source)) == 1
    (alone,) = paths(a, a)
    assert (alone.steps, alone.product, [node.name for node in alone.nodes]) == ((), 1.0, ["a"])
    never = paths(a * 3 + ag.where(a > 0, 1.0, 2.0), a)
    assert len(list(never)) == len(never) == never.count


def test_a_path_and_a_step_are_shown_in_one_line_however_the_graph_is_shared():
    a = Value(2.0, label="a")
    b = a
    for _ in range(60):
        b = b * b
    found = paths(b, a)
    assert max(len(repr(path)) for path in found.largest) < 150
    y = a * 3.0
    (short,) = paths(y, a).largest
    assert repr(short) == "y <- a: 3"
    assert repr(short.steps[0]) == "step 1: into a, 1 * 3 = 3"
    assert repr(short.nodes) == "[y = 6, a = 2]"
    assert repr(found.trace) == "<b = inf: 60 nodes, 120 steps>"


def test_the_largest_paths_are_the_largest():
    a = Value(1.0)
    parts = [a * k for k in (1, -7, 3, 5, -2, 6, 4, 8, 2, 9)]
    L = parts[0]
    for part in parts[1:]:
        L = L + part
    found = paths(L, a)
    assert found.count == 10
    assert sorted(path.product for path in found.largest) == [-7.0, 5.0, 6.0, 8.0, 9.0]


def test_a_node_outside_the_graph_is_refused_by_naming_the_leaves():
    a, b, stranger = Value(1.0), Value(2.0), Value(3.0)
    L = a * b
    with pytest.raises(ValueError, match="Leaves of L: a, b"):
        paths(L, stranger)


def test_a_chain_of_many_nodes_is_one_path_told_by_its_ends():
    x = Value(0.5)
    y = x
    for _ in range(20_000):
        y = y * 1.0
    assert "along 1 path" in str(paths(y, x))
    assert max(map(len, str(paths(y, x)).split("\n"))) <= 100


def test_a_last_line_that_is_too_wide_is_broken_into_sentences_said_once():
    a = Value(1.0)
    b = a + a
    c = b + b
    d = c + c
    assert str(paths(d, a)).split("\n")[-4:] == [
        "",
        "  a.grad = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 = 8",
        "  in symbols: 1 + 1 + (1 + 1) + (1 + 1 + (1 + 1))",
        "  a up by 0.01: d up by about 0.08",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_name_that_is_longer_than_a_line_is_folded(lang):
    x, b = Value(2.0, label="x" * 300), Value(3.0, label="b")
    told = str(explain(x * b + x, x, lang=lang))
    assert told.count("x" * 90) >= 3
    assert max(map(columns_of, told.split("\n"))) <= 100


def test_a_constant_is_not_said_to_be_outside_the_graph():
    a, c = Value(2.0, label="a"), Value(3.0, requires_grad=False)
    for reading in (paths, explain, ag.nudge):
        with pytest.raises(ValueError, match="is a constant of v1's graph: no gradient arrives there"):
            reading(a * c, c, names={})
        with pytest.raises(ValueError, match=r"not part of v1's graph\. Leaves of v1: none"):
            reading(c * c, a, names={})
