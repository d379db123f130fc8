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
