"""`explain` against the texts it is meant to write, to the character."""

import pytest

from autograd import Value, explain


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        ("neuron", "en"), ("neuron", "zh"), ("uses", "en"), ("uses", "zh"), ("loss", "en"), ("loss", "zh"),
        ("by_hand", "en"),
    ],
)  # fmt: skip
def test_explain_writes_the_target_text(name, lang, expression, target):
    root, names = expression(name)
    assert str(explain(root, names=names, lang=lang)) == target(f"{name}.{lang}")


def test_the_callers_variables_are_found():
    x, y = Value(2.0), Value(3.0)
    out = x * y
    assert str(explain(out)).startswith("out = x * y = 6")


def test_a_power_of_micrograds_kind_reads_as_a_power():
    class Node:
        def __init__(self, data, parents=(), op=""):
            self.data, self.grad, self._prev, self._op = data, 0.0, parents, op

    q = Node(4.0)
    inverse = Node(0.25, (q,), "**-1")
    text = str(explain(inverse, names={"q": q, "inverse": inverse}))
    assert "inverse = q**-1" in text
    assert "**-1(" not in text
