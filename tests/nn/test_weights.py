import nn
from autograd import Value
from nn import weights
from nn.weights import Snapshot


def test_a_tensor_is_a_leaf_or_lists_of_leaves():
    a = Value(1.0)
    assert weights.is_tensor(a)
    assert weights.is_tensor([[a], (a,)])
    assert not weights.is_tensor([a, 1.0])
    assert not weights.is_tensor([a * 2])
    assert not weights.is_tensor([])


class Averaging(nn.Module):
    buffers = ("mean",)

    def __init__(self):
        self.linear = nn.Linear(1, 1)
        self.mean = [0.0, 1.0]

    def forward(self, x):
        self.mean[0] += 1.0
        return self.linear(x)


def test_a_snapshot_holds_weights_and_running_averages():
    model = Averaging()
    kept, before = Snapshot(model), model.state_dict()
    model([1.0])
    model.linear.bias[0].data = 7.0
    assert model.state_dict() != before
    kept.put_back()
    assert model.state_dict() == before


def test_a_later_take_replaces_the_earlier():
    model = nn.Linear(1, 1)
    kept = Snapshot(model)
    model.bias[0].data = 7.0
    kept.take()
    model.bias[0].data = 8.0
    kept.put_back()
    assert model.bias[0].data == 7.0
