import itertools

import pytest

from nn.historical import AND, NAND, NOR, NOT, OR, McCullochPitts, Perceptron, xor

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("gate", "table"),
    [(AND, [0, 0, 0, 1]), (OR, [0, 1, 1, 1]), (NAND, [1, 1, 1, 0]), (NOR, [1, 0, 0, 0]), (xor, [0, 1, 1, 0])],
)
def test_gates_have_their_truth_tables(gate, table):
    assert [gate(pair) for pair in PAIRS] == table


def test_not_turns_its_input_round():
    assert [NOT([0]), NOT([1])] == [1, 0]


def test_no_single_threshold_gate_is_xor():
    weights, thresholds = range(-3, 4), [t / 2 for t in range(-9, 10)]
    for a, b, t in itertools.product(weights, weights, thresholds):
        assert [McCullochPitts([a, b], t)(pair) for pair in PAIRS] != [0, 1, 1, 0]


def test_the_perceptron_rule_moves_by_whole_numbers():
    p = Perceptron(2)
    assert [p.learn(x, t) for x, t in zip(PAIRS, [0, 0, 0, 1])] == [0, 0, 0, 1]
    assert (p.w, p.b) == ([1, 1], 1)


def test_an_input_that_is_neither_0_nor_1_is_refused():
    with pytest.raises(ValueError, match="takes 0 or 1, got 2"):
        AND([1, 2])


def test_wrong_numbers_of_inputs_are_refused():
    with pytest.raises(ValueError, match="and got 3 numbers"):
        AND([1, 1, 1])
    with pytest.raises(ValueError, match="and got 1 number"):
        Perceptron(2)([1])


@pytest.mark.parametrize("y", [[0, 2], [-1, 1], [0.5, 1], ["a", "b"], [0, None]])
def test_a_perceptron_learns_from_0_and_1_alone(y):
    p = Perceptron(1)
    with pytest.raises(ValueError, match="target"):
        p.fit([[0.0], [1.0]], y)
    assert (p.w, p.b) == ([0], 0)
    assert p.fit([[0.0], [1.0]], [False, 1.0])[-1] == 0
