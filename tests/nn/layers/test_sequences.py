import copy
import pickle

import pytest

import nn

KINDS = ("RNN", "GRU", "LSTM")


@pytest.mark.parity
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{}, {"num_layers": 2}, {"bias": False, "num_layers": 3}])
def test_a_sequence_equals_torch(torch, beside_torch, numbers, kind, settings):
    ours, theirs = getattr(nn, kind)(3, 2, **settings), getattr(torch.nn, kind)(3, 2, **settings)
    assert list(ours.state_dict()) == list(theirs.state_dict())

    def run(module):
        def both(x):
            out, state = module(x)
            return (out, *state) if isinstance(state, tuple) else (out, state)

        return both

    beside_torch(ours, theirs, numbers(4, 3), run(ours), run(theirs))


@pytest.mark.parity
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_first", [True, False])
def test_a_batch_with_first_states_equals_torch(torch, same, numbers, kind, batch_first):
    settings = {"num_layers": 2, "batch_first": batch_first}
    ours, theirs = getattr(nn, kind)(3, 2, **settings), getattr(torch.nn, kind)(3, 2, **settings)
    ours.load_state_dict(theirs.state_dict())
    x, h, c = numbers(5, 4, 3), numbers(2, 5 if batch_first else 4, 2), numbers(2, 5 if batch_first else 4, 2)
    state = (h, c) if kind == "LSTM" else h
    tensors = (torch.tensor(h), torch.tensor(c)) if kind == "LSTM" else torch.tensor(h)
    out, last = ours(x, state)
    expected, wanted = theirs(torch.tensor(x), tensors)
    assert out.shape == tuple(expected.shape)
    same(out.tolist(), expected.detach())
    for a, b in zip(last, wanted) if kind == "LSTM" else [(last, wanted)]:
        assert a.shape == tuple(b.shape)
        same(a.tolist(), b.detach())


@pytest.mark.parametrize("kind", KINDS)
def test_copies_have_weights_of_their_own_that_are_used(kind):
    layer, x = getattr(nn, kind)(2, 2), [[1.0, 0.5]]
    before = layer(x)[0].tolist()
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        twin.weight_ih_l0.data = [[0.0, 0.0] for _ in twin.weight_ih_l0]
        assert twin(x)[0].tolist() != before
        assert layer(x)[0].tolist() == before


def test_a_weight_that_was_put_in_place_of_another_is_used():
    layer = nn.RNN(1, 1)
    layer.weight_ih_l0, layer.bias_ih_l0 = nn.Parameter([[0.0]]), nn.Parameter([0.0])
    layer.bias_hh_l0.data = [0.0]
    assert layer([[3.0]])[0].tolist() == [[0.0]]


def test_dropout_between_layers_is_off_in_eval():
    layer = nn.GRU(2, 3, num_layers=2, dropout=0.5)
    assert layer.draws
    layer.eval()
    assert layer([[1.0, 2.0]])[0] != []
    assert layer([[1.0, 2.0]])[0].tolist() == layer([[1.0, 2.0]])[0].tolist()


def test_wrong_nestings_and_states_are_told():
    with pytest.raises(ValueError, match=r"takes one sample as \[step\]\[number\] / \[sample\]"):
        nn.RNN(2, 3, batch_first=True)([1.0, 2.0])
    with pytest.raises(ValueError, match=r"takes its states as \[layer\]\[number\], 1 lists of 3 numbers"):
        nn.GRU(2, 3)([[1.0, 2.0]], [0.0, 0.0, 0.0])
    with pytest.raises(ValueError, match=r"takes the pair \(h, c\)"):
        nn.LSTM(2, 3)([[1.0, 2.0]], [[0.0, 0.0, 0.0]])
