import pytest

from autograd import Value, draw


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
