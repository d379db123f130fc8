import copy
import pickle

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, language
from autograd.number import depth_of
from nn.outputs import Batch, Outputs, for_each_sample
from nn.parameters import Parameters


def test_outputs_are_lists_and_miss_what_lists_miss():
    out = Outputs([1.0, 2.0])
    assert out == [1.0, 2.0]
    with pytest.raises(AttributeError, match="Outputs has no to_sparse: nested lists compute"):
        out.to_sparse()
    with pytest.raises(AttributeError, match=r"starts from one number; the model returned a list of 2"):
        out.backward()


def test_the_results_of_samples_are_a_batch_and_activations_keep_it():
    batch = for_each_sample(nn.Linear(2, 3), [[1.0, 2.0], [3.0, 4.0]])
    assert type(batch) is Batch
    assert type(nn.ReLU()(batch)) is Batch
    assert type(nn.Softmax()(batch)) is Batch


def test_depth_counts_lists_but_not_sparse_samples():
    assert [depth_of(x) for x in (1.0, [], [1.0], [[[1.0]]], [{3: 1.0}])] == [0, 1, 1, 3, 1]


X, Y = [[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]], [[0.5], [1.0], [2.0]]


@pytest.mark.parametrize(
    "loss",
    [
        lambda p, y: ((p - y) ** 2).mean(),
        lambda p, y: ((y - p) ** 2).sum() / 3,
        lambda p, y: ((p - y) * (p - y)).mean(),
    ],
)
def test_a_loss_is_written_as_on_tensors(loss):
    model = nn.Linear(2, 1)
    assert loss(model(X), Y).data == pytest.approx(nn.mse(model(X), Y).data, rel=1e-15)
    assert loss(model(X), np.array(Y)).data == pytest.approx(nn.mse(model(X), Y).data, rel=1e-15)
    assert isinstance(loss(model(X), Y), Value)


@pytest.mark.parity
def test_arithmetic_of_lists_equals_torch(torch, same):
    a, b, row = [[1.0, -2.0], [3.0, 0.5]], [[0.5, 2.0], [-1.0, 4.0]], [2.0, -3.0]
    ours, theirs = (Outputs(map(Outputs, a)), b, row), [torch.tensor(x) for x in (a, b, row)]
    for f in (
        lambda x, y, r: x + (0 + x) * y, lambda x, y, r: y - x, lambda x, y, r: x * r,
        lambda x, y, r: r * x, lambda x, y, r: y / x, lambda x, y, r: 2 / x + x * 3,
        lambda x, y, r: (x - r) ** 2,
        lambda x, y, r: -x, lambda x, y, r: x.abs(),
    ):  # fmt: skip
        same(f(*ours), f(*theirs))
    assert ours[0].shape == tuple(theirs[0].shape)
    assert (ours[0].numel(), ours[0].dim(), ours[0].size(1)) == (4, 2, 2)


def test_two_results_add_and_a_plain_list_is_joined_as_lists_are():
    assert Outputs([1.0, 2.0]) + Outputs([0.5, 0.5]) == [1.5, 2.5]
    assert 1 + Outputs([0.5, 0.5]) == [1.5, 1.5]
    rows = []
    rows += Outputs([0.5, 0.5])
    assert rows + Outputs([1.0]) == [0.5, 0.5, 1.0]
    layer = nn.Linear(2, 1)
    assert layer.weight[0] + [layer.bias[0]] == layer.parameters()
    assert type(np.array([1.0, 2.0]) - Outputs([0.5, 0.5])) is Outputs


def test_a_column_less_a_row_is_refused_and_not_made_a_square():
    with pytest.raises(ValueError, match=r"shapes \(3, 1\) and \(3,\) do not go together"):
        nn.Linear(2, 1)(X) - [0.5, 1.0, 2.0]
    language("zh")
    try:
        with pytest.raises(ValueError, match="不能逐项运算"):
            Outputs([1.0, 2.0]) - [1.0]
    finally:
        language("en")
    with pytest.raises(TypeError):
        Outputs([1.0]) - "1"


def test_weights_have_a_shape_numbers_and_gradients():
    layer = nn.Linear(2, 3)
    assert (layer.weight.shape, layer.weight.numel(), layer.bias.shape) == ((3, 2), 6, (3,))
    (layer([1.0, 2.0]) ** 2).sum().backward()
    assert layer.weight.grad == [[p.grad for p in row] for row in layer.weight]
    layer.weight.data = [[1, 2], [3, 4], [5, 6]]
    assert layer.weight[2][1].data == 6.0
    with pytest.raises(ValueError, match=r"have the shape \(3, 2\), got numbers of the shape \(2,\)"):
        layer.weight.data = [1, 2]
    layer.weight.requires_grad = False
    assert not layer.weight.requires_grad
    assert {p.numel() for p in layer.parameters()} == {1}


def test_parameters_of_ones_own_are_found_trained_copied_and_pickled():
    class Line(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.b = nn.Parameter(np.array([2.0, -1.0])), nn.Parameter(0.5)

        def forward(self, x):
            return (self.w * x).sum() + self.b

    model = Line()
    assert list(model.state_dict()) == ["w", "b"]
    assert model([1.0, 3.0]).data == -0.5
    twin = copy.deepcopy(model)
    assert type(twin.w) is Parameters
    assert twin.w[0] is not model.w[0]
    assert pickle.loads(pickle.dumps(model.w)).tolist() == [2.0, -1.0]
    fixed = nn.Parameter([1.0], requires_grad=False)
    assert not fixed[0].requires_grad
    with pytest.raises(TypeError):
        nn.Parameter(["one"])


def test_parameters_in_lists_are_moved_by_hand_as_in_torch():
    w = nn.Parameter([[1.0, 2.0]])
    (w * [[3.0, 4.0]]).sum().backward()
    with ag.no_grad():
        w -= 0.5 * w.grad
    assert (w.data, w.grad) == ([[-0.5, 0.0]], [[3.0, 4.0]])
    w.grad.zero_()
    assert w.grad == [[0.0, 0.0]]
    w.grad = [[1.0, 2.0]]
    assert [p.grad for p in w[0]] == [1.0, 2.0]
    w.grad = None
    assert w.grad == [[0.0, 0.0]]
    with pytest.raises(RuntimeError, match=r"with no_grad\(\): w -= 0.1 \* w.grad"):
        w -= 0.1
    assert nn.Parameter([2.0]).item() == 2.0
    with pytest.raises(ValueError, match="for one number, and there are 2"):
        w.item()


def test_argmax_and_its_comparisons_count_as_in_torch():
    scores = nn.outputs.Batch([[Value(0.1), Value(0.9)], [Value(0.7), Value(0.3)], [Value(0.2), Value(0.4)]])
    said = scores.argmax(dim=1)
    assert said.tolist() == [1, 0, 1]
    assert (said == [1, 1, 1]).tolist() == [True, False, True]
    assert (said != [1, 1, 1]).sum().item() == 1
    assert (said == np.array([1, 1, 1])).float().mean().item() == 2 / 3
    assert (said == 1).sum() == 2
    assert Outputs(scores[0]).argmax() == 1
    assert (scores.argmax(dim=0).tolist(), scores.argmax()) == ([1, 0], 1)
    with pytest.raises(ValueError, match="do not go together"):
        said == [1]  # noqa: B015 - it raises
