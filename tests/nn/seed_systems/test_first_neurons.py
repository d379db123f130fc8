"""Rows 1 and 2: neurons that count, before gradients."""

import itertools

from nn.historical import AND, NAND, NOR, NOT, OR, Perceptron, xor

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_row_01_mcculloch_pitts_gates():
    tables = {AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], NOR: [1, 0, 0, 0], xor: [0, 1, 1, 0]}
    for gate, table in tables.items():
        assert [gate(pair) for pair in PAIRS] == table
    assert [NOT([0]), NOT([1])] == [1, 0]


def epochs_of(targets, epochs=20):
    """Weights and bias after each epoch, and its errors."""
    p, found = Perceptron(2), []
    for _ in range(epochs):
        (errors,) = p.fit(PAIRS, targets, epochs=1)
        found.append((*p.w, p.b, errors))
        if errors == 0:
            break
    return found


def test_row_02_rosenblatts_perceptron_moves_by_exact_integers():
    as_and = [(1, 1, 1, 1), (2, 1, 0, 3), (2, 1, -1, 3), (2, 2, -1, 2), (2, 1, -2, 1), (2, 1, -2, 0)]
    as_or = [(0, 1, 1, 1), (1, 1, 1, 2), (1, 1, 0, 1), (1, 1, 0, 0)]
    assert epochs_of([0, 0, 0, 1]) == as_and
    assert epochs_of([0, 1, 1, 1]) == as_or


def test_row_02_xor_is_never_learned_and_14_of_16_functions_are():
    tail = [errors for *_, errors in epochs_of([0, 1, 1, 0], epochs=1000)][-900:]
    assert set(tail) == {4}
    learned = [t for t in itertools.product((0, 1), repeat=4) if epochs_of(t, epochs=100)[-1][-1] == 0]
    assert len(learned) == 14
    assert (0, 1, 1, 0) not in learned
    assert (1, 0, 0, 1) not in learned
