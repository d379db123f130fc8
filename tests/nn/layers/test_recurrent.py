import numpy as np
import pytest

import nn


@pytest.mark.parity
@pytest.mark.parametrize("name", ["RNNCell", "GRUCell"])
def test_cells_equal_torch_over_a_sequence(torch, beside_torch, numbers, name):
    ours, theirs = getattr(nn, name)(3, 4), getattr(torch.nn, name)(3, 4)

    def their_sequence(x):
        states, h = [], None
        for step in x:
            h = theirs(step, h)
            states.append(h)
        return torch.stack(states)

    beside_torch(ours, theirs, numbers(5, 3), run=lambda x: nn.unroll(ours, x)[0], run_theirs=their_sequence)


@pytest.mark.parity
def test_lstm_equals_torch_over_a_sequence(torch, beside_torch, numbers):
    ours, theirs = nn.LSTMCell(3, 4), torch.nn.LSTMCell(3, 4)

    def their_sequence(x):
        state = None
        for step in x:
            state = theirs(step, state)
        return state

    beside_torch(ours, theirs, numbers(5, 3), run=lambda x: nn.unroll(ours, x)[1], run_theirs=their_sequence)


@pytest.mark.parity
def test_a_relu_cell_without_bias_equals_torch(torch, beside_torch, numbers):
    ours = nn.RNNCell(3, 4, bias=False, nonlinearity="relu")
    beside_torch(ours, torch.nn.RNNCell(3, 4, bias=False, nonlinearity="relu"), numbers(3))


@pytest.mark.parametrize("cell", [nn.RNNCell(2, 3), nn.GRUCell(2, 3), nn.LSTMCell(2, 3)])
def test_cells_pass_check_gradients(cell, numbers, weighted_sum):
    import autograd as ag

    def run(xs, _):
        return weighted_sum(nn.unroll(cell, xs)[0])

    assert ag.check_gradients(run, (numbers(2, 2), cell.parameters()))


def test_a_state_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"GRUCell\(2 -> 3\) and got 2 numbers: h"):
        nn.GRUCell(2, 3)([1.0, 2.0], [0.0, 0.0])


@pytest.mark.parametrize("cell", [nn.RNNCell(1, 2), nn.GRUCell(1, 2), nn.LSTMCell(1, 2)], ids=repr)
def test_a_state_of_zeros_in_an_array_is_the_first_state(cell):
    zeros = np.zeros((2, 2)) if isinstance(cell, nn.LSTMCell) else np.zeros(2)
    assert repr(cell([1.0], zeros)) == repr(cell([1.0]))
    assert repr(nn.unroll(cell, np.ones((3, 1)), zeros)) == repr(nn.unroll(cell, [[1.0]] * 3))


def test_a_state_that_is_no_state_is_refused():
    with pytest.raises(ValueError, match=r"takes the pair \(h, c\) as its state"):
        nn.LSTMCell(1, 2)([1.0], [0.0, 0.0])
    with pytest.raises(ValueError, match=r"got 0 numbers: h\."):
        nn.GRUCell(1, 2)([1.0], [])
    with pytest.raises(TypeError, match=r"takes a list of numbers, got 0.5"):
        nn.RNNCell(1, 1)([1.0], 0.5)
