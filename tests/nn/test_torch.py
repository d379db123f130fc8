"""`from nn import torch`: what is typed there gives what PyTorch gives, or says what to type."""

import pytest

import nn
import nn.functional
from autograd import Value, language
from autograd.number import entries, number_of
from nn import torch as door
from nn.data import DataLoader, TensorDataset, random_split


def a_line(torch):
    X = torch.linspace(0, 1, 10)
    w, b = torch.zeros(1, requires_grad=True), torch.full((1,), 0.5, requires_grad=True)
    for _ in range(30):
        loss = ((w * X + b - (2 * X + 1)) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.5 * w.grad
            b -= 0.5 * b.grad
            w.grad.zero_()
            b.grad = None
    return [w.item(), b.item()]


def derivatives(torch):
    x = torch.tensor(3.0, requires_grad=True)
    (dy,) = torch.autograd.grad(x**3 + torch.sin(x), x, create_graph=True)
    (d2y,) = torch.autograd.grad(dy, x)
    return [dy.item(), d2y.item()]


def by_hand(torch):
    weight = torch.tensor([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], requires_grad=True)
    bias = torch.zeros(3, requires_grad=True)
    x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
    out = torch.relu(x @ weight.t() + bias)
    (out.sum() + (out**2).mean()).backward()
    return [out, weight.grad, bias.grad]


def a_vector(torch):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x**2).sum().backward()
    return [x.grad, x.exp().mean(), x.norm(), torch.matmul(x, x)]


def of_functions(torch):
    at = torch.tensor([0.5, 1.0])

    def f(x):
        return (x.exp() * x).sum()

    return [torch.autograd.functional.jacobian(f, at), torch.autograd.functional.hessian(f, at)]


def axes(torch):
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    parts = [x[:, 0], x[1, :2], x[:1], x.T, x.view(3, -1), x.view(-1), x.flatten(), x.unsqueeze(1).squeeze()]
    parts += [x.sum(dim=0), x.mean(dim=-1), x.transpose(0, 1).reshape(2, 3), torch.cat([x, x], dim=1)]
    parts += [
        torch.cat([x, x]),
        torch.stack([x, x]),
        torch.where(x > 2, x, torch.zeros_like(x)),
        torch.eye(2),
    ]
    return [*parts, torch.arange(0, 1, 0.25), torch.arange(3), x.sum(0).argmax(), x.argmax(dim=1)]


def answers(torch):
    x, y = torch.tensor([[0.2, 0.8], [0.6, 0.4], [0.5, 0.9]]), torch.tensor([1, 0, 0])
    pred = x.argmax(dim=1)
    sure = (torch.sigmoid(x) > 0.6).float()
    return [
        (pred == y).sum().item(),
        (pred == y).to(torch.float64).mean().item(),
        sure.sum(),
        (x >= 0.5).sum(dim=1),
    ]


@pytest.mark.parity
@pytest.mark.parametrize("program", [a_line, derivatives, by_hand, a_vector, of_functions, axes, answers])
def test_programs_of_tensors_print_what_pytorch_prints(torch, program):
    for ours, theirs in zip(program(door), program(torch), strict=True):
        assert getattr(ours, "shape", ()) == tuple(getattr(theirs, "shape", ()))
        numbers = [number_of(x) for _, x in entries(ours)]
        wanted = torch.as_tensor(theirs).detach().flatten().tolist()
        assert numbers == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_a_loop_over_tensors_learns_as_it_is_typed():
    door.manual_seed(0)
    X, y = door.randn(30, 2), door.randint(0, 2, (30,))
    y = (X[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2)).to(door.device("cpu"))
    optimizer = door.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(10):
        for xb, yb in DataLoader(TensorDataset(X, y), batch_size=10, shuffle=True):
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(model(xb.to("cpu")), yb)
            loss.backward()
            optimizer.step()
    assert xb.size(0) == 10
    assert (model(X).argmax(dim=1) == y).float().mean().item() > 0.9


def test_states_of_model_and_optimiser_come_back_from_one_file(tmp_path):
    model = nn.Linear(2, 1)
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)
    model([1.0, 2.0])[0].backward()
    optimizer.step()
    door.save({"epoch": 3, "model": model.state_dict(), "opt": optimizer.state_dict()}, tmp_path / "c.json")
    found = door.load(tmp_path / "c.json")
    other = nn.Linear(2, 1)
    other.load_state_dict(found["model"])
    second = nn.optim.Adam(other.parameters(), lr=0.5)
    second.load_state_dict(found["opt"])
    assert (found["epoch"], other.state_dict(), second.param_groups[0]["lr"]) == (3, model.state_dict(), 0.1)
    with pytest.raises(
        ValueError, match=r"c\.h5 has the suffix of another kind of file, Keras: write .*c\.json"
    ):
        door.save(model.state_dict(), tmp_path / "c.h5")


def test_a_tensor_of_one_number_is_a_value_and_rows_are_tensors():
    assert type(door.tensor(2.0)) is Value
    assert not door.tensor(2.0).requires_grad
    assert door.tensor(2.0, requires_grad=True).requires_grad
    assert type(door.tensor([[1, 2]])[0]) is type(door.tensor([1])[:1]) is door.Tensor
    assert door.tensor([1.5, 2.5], dtype=door.long).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (lambda: door.vmap, r"nn.torch has no vmap here. Write \[f\(x\) for x in xs\]."),
        (lambda: door.autograd.Function, r"nn.torch.autograd has no Function here. Write .*autograd.op\("),
        (lambda: nn.MultiheadAttention, "nn has no MultiheadAttention here. Write nn.MultiHeadAttention"),
        (lambda: door.tensor([[1.0], [2.0, 3.0]]), "nested lists of numbers of one shape"),
        (lambda: door.ones(2, 3).view(4, 2), r"6 entries do not fit into the shape \(4, 2\)"),
        (lambda: door.ones(2, 3) @ door.ones(2, 3), r"\(2, 3\) @ \(2, 3\) multiplies rows by columns"),
        (lambda: door.ones(2, 3).sum(dim=2), "sum: there is no axis 2 among 2"),
        (lambda: random_split([1, 2, 3], [1, 1]), r"the lengths \[1, 1\] do not add up to the 3 entries"),
    ],
)
def test_what_is_not_there_says_what_to_type(typed, said):
    with pytest.raises((AttributeError, ValueError), match=said):
        typed()
    language("zh")
    try:
        with pytest.raises((AttributeError, ValueError), match=r"[一-鿿]"):
            typed()
    finally:
        language("en")


def test_names_that_nobody_has_are_attribute_errors():
    for place in (nn, door):
        with pytest.raises(AttributeError, match=r"has no flurb: dir\(nn.*\) lists what there is"):
            _ = place.flurb


def test_tensors_are_made_with_a_dtype_and_a_device():
    assert door.arange(3, dtype=door.float32, device="cpu").tolist() == [0.0, 1.0, 2.0]
    assert type(door.arange(3, dtype=door.float32)[0]) is float
    assert door.ones(2, dtype=door.long).tolist() == [1, 1]
    assert door.zeros(2, 1, dtype=door.float64, requires_grad=True).requires_grad
    assert door.tensor([1, 2], dtype=door.float64, device=door.device("cpu")).tolist() == [1.0, 2.0]
