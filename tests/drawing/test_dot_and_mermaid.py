import graphviz
import pytest

from autograd import Value, draw, draw_dot


def test_draw_dot_builds_what_micrograd_builds():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    c.label = "c"
    dot = draw_dot(c)
    assert isinstance(dot, graphviz.Digraph)
    assert "{ c | data -6.0000 | no gradient yet }" in dot.source
    c.backward()
    assert "{ b | data -3.0000 | grad 2.0000 }" in draw_dot(c).source
    assert dot.source.count("->") == 3
    assert "rankdir=LR" in dot.source


@pytest.mark.program("dot")
def test_dot_accepts_hostile_labels():
    a = Value(2.0, label='x<y & "q" {|} \\ \n 学习率')
    L = a * a
    assert "<svg" in graphviz.Source(draw(L).dot).pipe("svg", encoding="utf-8")
    assert "<svg" in draw_dot(L).pipe("svg", encoding="utf-8")


def test_both_uses_are_edges():
    a = Value(2.0)
    assert draw(a * a).dot.count("n0 -> n1") == 2


def test_another_direction_is_refused():
    with pytest.raises(ValueError, match="rankdir"):
        draw_dot(Value(2.0) * 3, rankdir="RL")


def test_nodes_edges_and_local_derivatives_are_written():
    a = Value(2.0)
    L = a * 5
    lines = draw(L).mermaid.splitlines()
    assert lines[0] == "flowchart LR"
    assert '  n0["a<br/>data 2<br/>no gradient yet"]' in lines
    assert '  n0 -- "5" --> n2' in lines


def test_what_mermaid_gives_a_meaning_is_written_as_a_code():
    a = Value(2.0, label='x<y "q"; [z]')
    assert '"x#60;y #34;q#34;#59; #91;z#93;<br/>' in draw(a * 2).mermaid


def test_a_graph_beyond_its_limits_is_refused():
    y = Value(1.0)
    for _ in range(600):
        y = y.tanh()
    with pytest.raises(ValueError, match="mermaid draws up to 500 edges"):
        _ = draw(y, engine="own").mermaid
