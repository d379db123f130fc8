import sys

import pytest

import nn
from nn.interop import load_torch, torch_state


def build(torch):
    ours = nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3, bias=False), nn.LayerNorm(3)
    )  # fmt: skip
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.BatchNorm1d(6), torch.nn.ReLU(), torch.nn.Linear(6, 3, bias=False),
        torch.nn.LayerNorm(3),
    )  # fmt: skip
    return ours, theirs


@pytest.mark.parity
def test_a_model_from_torch_gives_its_results(torch, same, numbers):
    ours, theirs = build(torch)
    theirs(torch.tensor(numbers(5, 4)))  # moves the running averages
    load_torch(ours, theirs)
    x = numbers(2, 4)
    out = ours.eval()(x)
    same([[v.data for v in row] for row in out], theirs.eval()(torch.tensor(x)))


@pytest.mark.parity
def test_a_model_goes_to_torch_with_or_without_its_names(torch, same, numbers):
    ours, theirs = build(torch)
    ours(numbers(5, 4))
    assert list(torch_state(ours)) == list(theirs.state_dict())
    theirs.load_state_dict(torch_state(ours))
    x = numbers(2, 4)
    same([[v.data for v in row] for row in ours.eval()(x)], theirs.eval()(torch.tensor(x)))
    _, again = build(torch)
    again.load_state_dict(torch_state(ours, again))


@pytest.mark.parity
def test_an_mlp_is_a_torch_sequential(torch, numbers):
    ours = nn.MLP(2, [3, 1], act="tanh")
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    theirs.load_state_dict(torch_state(ours, theirs))
    x = numbers(2)
    assert ours(x).data == pytest.approx(theirs(torch.tensor(x)).item(), rel=1e-12)


@pytest.mark.parity
@pytest.mark.parametrize(
    ("make", "make_theirs"),
    [
        (lambda: nn.LSTMCell(2, 3), lambda torch: torch.nn.LSTM(2, 3)),
        (lambda: nn.GRUCell(2, 3), lambda torch: torch.nn.GRUCell(2, 3)),
        (lambda: nn.RNNCell(2, 3), lambda torch: torch.nn.RNN(2, 3)),
        (lambda: nn.Conv1d(2, 3, 2), lambda torch: torch.nn.Conv1d(2, 3, 2)),
        (lambda: nn.Conv2d(2, 3, 2), lambda torch: torch.nn.Conv2d(2, 3, 2)),
        (lambda: nn.Embedding(2, 3), lambda torch: torch.nn.Embedding(2, 3)),
        (lambda: nn.MultiHeadAttention(4, 2), lambda torch: torch.nn.MultiheadAttention(4, 2)),
        (lambda: nn.Dense(4, input_shape=(2,)), lambda torch: torch.nn.Linear(2, 4)),
    ],
)
def test_every_layer_makes_the_round_trip(torch, make, make_theirs):
    first, theirs, second = make(), make_theirs(torch), make()
    theirs.load_state_dict(torch_state(first, theirs))
    load_torch(second, theirs.state_dict())
    assert second.state_dict() == first.state_dict()


def test_nested_lists_do_in_the_place_of_tensors():
    model = nn.Linear(2, 1)
    load_torch(model, {"weight": [[1.0, 2.0]], "bias": [3.0]})
    assert [p.data for p in model.parameters()] == [1.0, 2.0, 3.0]


def test_another_shape_is_named_and_changes_nothing():
    model = nn.Linear(2, 1)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"bias has the shape \(1,\), but b in its place has \(2,\)"):
        load_torch(model, {"w": [[1.0, 2.0]], "b": [3.0, 4.0]})
    assert model.state_dict() == before


def test_another_number_of_arrays_is_named():
    with pytest.raises(ValueError, match=r"Linear\(2 -> 1\) has 2 arrays \(weight, bias\), got 1"):
        load_torch(nn.Linear(2, 1), {"weight": [[1.0, 2.0]]})


def test_without_torch_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r'tensors need PyTorch: pip install "scalar-autograd\[parity\]"'):
        torch_state(nn.Linear(2, 1))


@pytest.mark.parity
def test_normalisations_from_torch_bring_their_eps(torch, same, numbers):
    theirs = torch.nn.Sequential(torch.nn.LayerNorm(3, eps=0.02), torch.nn.BatchNorm1d(3, eps=0.5)).eval()
    ours = nn.Sequential(nn.LayerNorm(3), nn.BatchNorm1d(3)).eval()
    x = numbers(4, 3)
    load_torch(ours, theirs)
    assert [layer.eps for layer in ours] == [0.02, 0.5]
    same([[v.data for v in row] for row in ours(x)], theirs(torch.tensor(x)).detach())


NETWORKS = {
    "moons": (lambda: nn.MLP(2, [4, 3, 1], act="tanh", last="sigmoid"), (5, 2)),
    "linear": (lambda: nn.Sequential(nn.Linear(3, 4), nn.ELU(0.5), nn.LayerNorm(4), nn.Linear(4, 2)), (5, 3)),
    "keras": (lambda: nn.Sequential([nn.Dense(4, "relu", (3,)), nn.Dense(2, "softmax")]), (5, 3)),
    "image": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2),
            nn.GroupNorm(2, 2), nn.Flatten(), nn.Linear(8, 3), nn.LogSoftmax(),
        ),
        (4, 1, 4, 4),
    ),
    "residual": (
        lambda: nn.Sequential(nn.Residual(nn.Linear(3, 3)), nn.LeakyReLU(0.2), nn.RMSNorm(3)), (5, 3)
    ),
    "mixed": (lambda: nn.Sequential(nn.Conv1d(2, 3, 2), nn.AvgPool1d(2), nn.Flatten(), nn.GELU()), (4, 2, 5)),
}  # fmt: skip


@pytest.mark.parity
@pytest.mark.parametrize(("make", "shape"), NETWORKS.values(), ids=NETWORKS)
def test_a_network_becomes_one_of_torch_with_the_same_numbers_and_weights_both_ways(
    torch, same, numbers, make, shape
):
    model, x = make(), numbers(*shape)
    theirs = nn.interop.to_torch(model)
    same(model(x), theirs(torch.tensor(x)).detach())
    model.eval(), theirs.eval()
    same(model(x), theirs(torch.tensor(x)).detach())
    with torch.no_grad():
        for p in theirs.parameters():
            p.mul_(1.5)
    load_torch(model, theirs)
    same(model(x), theirs(torch.tensor(x)).detach())
    theirs.load_state_dict(torch_state(make(), theirs))
    if not isinstance(model, nn.MLP):
        assert list(theirs.state_dict()) == list(torch_state(model))
        model.load_state_dict(theirs.state_dict())
        same(model(x), theirs(torch.tensor(x)).detach())


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_a_recurrent_layer_becomes_one_of_torch(torch, same, numbers, kind):
    model, x = getattr(nn, kind)(3, 2, num_layers=2, batch_first=True), numbers(4, 5, 3)
    same(model(x)[0], nn.interop.to_torch(model)(torch.tensor(x))[0].detach())
    cell = getattr(nn, f"{kind}Cell")(3, 2)
    h = cell(x[0][0])
    theirs = nn.interop.to_torch(cell)(torch.tensor(x[0][:1]))
    same(h[0] if kind == "LSTM" else h, (theirs[0] if kind == "LSTM" else theirs).detach())


@pytest.mark.parity
def test_what_torch_does_not_have_is_named_with_a_way_out():
    class Own(nn.Module):
        pass

    for model in (Own(), nn.Sequential(nn.Linear(1, 1), Own())):
        with pytest.raises(TypeError, match=r"Own is none of them: build .* record"):
            nn.interop.to_torch(model)
    with pytest.raises(TypeError, match="does not know its number of inputs yet"):
        nn.interop.to_torch(nn.Dense(2))
