import random

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from nn.outputs import Batch


@pytest.mark.parity
def test_linear_equals_torch_on_samples_and_sequences(torch, beside_torch, numbers):
    beside_torch(nn.Linear(4, 3), torch.nn.Linear(4, 3), numbers(4))
    beside_torch(nn.Linear(4, 3, bias=False), torch.nn.Linear(4, 3, bias=False), numbers(2, 5, 4))


@pytest.mark.parity
def test_embedding_equals_torch(torch, same, weighted_sum):
    ours, theirs = nn.Embedding(5, 3), torch.nn.Embedding(5, 3)
    ours.load_state_dict({"weight": theirs.weight.tolist()})
    weighted_sum(ours([4, 0, 4])).backward()
    out = theirs(torch.tensor([4, 0, 4])).reshape(-1)
    (torch.sin(1 + 2 * torch.arange(9).double()) * out).sum().backward()
    same([[p.grad for p in row] for row in ours.weight], theirs.weight.grad)


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (nn.Linear(3, 2), [0.5, -1.0, 2.0]),
        (nn.Dense(2, "tanh", input_shape=(2,)), [0.5, -1.0]),
        (nn.Dense(3, "softmax", input_shape=(2,)), [0.5, -1.0]),
        (nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), [0.5, -1.0]),
        (nn.Residual(nn.Linear(2, 2)), [0.5, -1.0]),
        (nn.Residual(nn.Linear(2, 3), shortcut=nn.Linear(2, 3)), [0.5, -1.0]),
        (nn.MLP(2, [3, 2], act="sigmoid"), [0.5, -1.0]),
    ],
)
def test_layers_pass_check_gradients(layer, x, passes_check):
    passes_check(layer, x)


def test_embedding_and_dropout_pass_check_gradients(weighted_sum):
    table = nn.Embedding(4, 3)
    assert ag.check_gradients(lambda _: weighted_sum(table([2, 0, 2])), (table.parameters(),))
    drop = nn.Dropout(0.5)

    def dropped(x):
        random.seed(5)  # the same entries are dropped in every measurement
        return weighted_sum(drop(x))

    assert ag.check_gradients(dropped, ([0.5, -1.0, 2.0, 0.25],))
    assert ag.check_gradients(lambda x: weighted_sum(nn.Flatten()(x)), ([[0.5, -1.0], [2.0, 0.25]],))


def test_linear_draws_within_one_over_the_root_of_its_inputs():
    random.seed(3)
    numbers = [p.data for p in nn.Linear(25, 40).parameters()]
    assert max(map(abs, numbers)) <= 0.2
    assert max(map(abs, numbers)) > 0.19
    assert len(numbers) == 25 * 40 + 40


def test_linear_gives_a_list_also_for_one_output():
    assert len(nn.Linear(2, 1)([1.0, 2.0])) == 1


def test_a_sparse_sample_makes_nodes_for_its_entries_only():
    layer = nn.Linear(1000, 1)
    dense = [0.0] * 1000
    dense[3], dense[700] = 2.0, -1.0
    out, full = layer({3: 2.0, 700: -1.0})[0], layer(dense)[0]
    assert out.data == pytest.approx(full.data, rel=1e-15)
    assert len(ag.topological_order(out)) == 2 * 2 + 1 + 1
    out.backward()
    assert layer.weight[0][700].grad == -1.0
    assert layer.weight[0][1].grad is ag.UNSET


def test_a_sparse_sample_with_an_unknown_index_is_refused():
    with pytest.raises(
        ValueError, match=r"Linear\(4 -> 1\) and got an input number 4: inputs count from 0 to 3"
    ):
        nn.Linear(4, 1)({4: 1.0})


def test_numpy_rows_are_samples():
    import numpy

    layer = nn.Linear(2, 1)
    batch = layer(numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    assert [row[0].data for row in batch] == [layer([1.0, 2.0])[0].data, layer([3.0, 4.0])[0].data]


def test_dense_learns_its_inputs_at_first_use_and_follows_in_a_sequential():
    model = nn.Sequential([nn.Dense(3, activation="relu", input_shape=(4,)), nn.Dense(2)])
    assert len(model.parameters()) == 4 * 3 + 3 + 3 * 2 + 2
    late = nn.Sequential([nn.Dense(3), nn.Dense(2)])
    assert late.parameters() == []
    late([1.0, 2.0])
    assert len(late.parameters()) == 2 * 3 + 3 + 3 * 2 + 2


def test_dense_softmax_gives_shares():
    assert sum(y.data for y in nn.Dense(3, "softmax")([1.0, 2.0])) == pytest.approx(1)


def test_a_residual_around_a_change_of_shape_asks_for_a_shortcut():
    with pytest.raises(
        ValueError, match=r"shapes \(2,\) and \(3,\): they must be the same, or give shortcut"
    ):
        nn.Residual(nn.Linear(2, 3))([1.0, 2.0])


def test_sequential_refuses_what_is_no_layer():
    with pytest.raises(TypeError, match="Sequential takes layers, got a int"):
        nn.Sequential(nn.Linear(2, 3), 4)
    with pytest.raises(TypeError, match=r"got the class ReLU\. Write ReLU\(\.\.\.\), which makes one"):
        nn.Sequential(nn.Linear(2, 3), nn.ReLU)


def test_flatten_keeps_the_samples_of_a_batch_apart():
    assert nn.Flatten()([[1.0], [2.0]]) == [1.0, 2.0]
    assert nn.Flatten()(Batch([[[1.0], [2.0]], [[3.0], [4.0]]])) == [[1.0, 2.0], [3.0, 4.0]]


def test_an_index_outside_the_table_is_refused():
    with pytest.raises(ValueError, match=r"got the index 3: indices are whole numbers from 0 to 2"):
        nn.Embedding(3, 2)(3)


def test_dropout_keeps_the_mean_and_is_off_in_eval():
    drop = nn.Dropout(0.3, generator=random.Random(1))
    out = drop([1.0] * 10_000)
    assert {round(x, 9) for x in out} == {0.0, round(1 / 0.7, 9)}
    assert sum(out) / 10_000 == pytest.approx(1, abs=0.02)
    x = [Value(1.0)]
    assert drop.eval()(x) is x


def test_dropout_of_an_impossible_share_is_refused():
    with pytest.raises(ValueError, match=r"Dropout needs a finite number 0 <= p <= 1, got 1\.5"):
        nn.Dropout(1.5)


def test_a_slice_of_a_sequential_is_a_sequential_of_the_same_layers():
    model = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1))
    part = model[:2]
    assert isinstance(part, nn.Sequential)
    assert part.layers == model.layers[:2]
    assert [v.data for v in part([1.0])] == [v.data for v in model[1](model[0]([1.0]))]
    assert model[-1] is model.layers[2]
    assert len(model[::-2]) == 2
    with pytest.raises(ValueError, match=r"layers\.0 is Linear\(1 -> 2\) and got 2 numbers"):
        model[:1]([1.0, 2.0])  # called as the model calls it


@pytest.mark.parametrize(
    "index", [True, 1.0, "1", "ab", None, Value(1.0), np.float64(1), np.bool_(True)], ids=repr
)
def test_what_is_no_whole_number_names_no_row(index):
    with pytest.raises(ValueError, match="indices are whole numbers from 0 to 2"):
        nn.Embedding(3, 2)(index)
    with pytest.raises(ValueError, match="indices are whole numbers from 0 to 2"):
        nn.Embedding(3, 2)([0, index])


@pytest.mark.parity
def test_what_dropout_drops_stays_in_the_graph_so_that_a_step_is_torchs(torch):
    model = nn.Sequential(nn.Linear(2, 1), nn.Dropout(1.0))
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Dropout(1.0)).double()
    model.load_state_dict(theirs.state_dict())
    steps = [(model, nn.SGD(model.parameters(), lr=0.1, weight_decay=0.5))]
    steps.append((theirs, torch.optim.SGD(theirs.parameters(), lr=0.1, weight_decay=0.5)))
    for net, optimizer in steps:
        x = [1.0, 2.0] if net is model else torch.tensor([1.0, 2.0], dtype=torch.float64)
        net(x).sum().backward()
        optimizer.step()
    assert [w.item() for w in model[0].weight[0]] == pytest.approx(theirs[0].weight[0].tolist(), rel=1e-15)


def test_dropout_refuses_what_is_no_number_whether_it_is_dropped_or_not():
    for share in (0.0001, 1.0):
        with pytest.raises(TypeError, match="got the text 'a'"):
            nn.Dropout(share)([1.0, "a"])
