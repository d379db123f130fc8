"""`trace_table` against the tables it is meant to write, to the character."""

import pytest

from autograd import trace_table


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("neuron", "neuron_table.en"),
        ("uses", "uses_table.en"),
        ("uses", "uses_table.zh"),
        ("loss", "loss_table.en"),
    ],
)
def test_the_table_is_the_target_text(name, file, expression, target):
    root, names = expression(name)
    assert str(trace_table(root, names=names, lang=file[-2:])) == target(file)


def test_the_table_of_the_loss_written_by_hand(expression, target):
    root, names = expression("by_hand")
    assert str(trace_table(root, names=names, lang="en")).split("\n", 2)[2] == target("by_hand_table.en")
