"""Options and functions of PyTorch side by side with it: a table each, the same numbers and gradients."""

import math

import pytest

import nn
import nn.functional
from autograd.number import entries, number_of
from nn import torch as door

LAYERS = [
    ("Conv1d(2, 4, 2, dilation=2)", (2, 7)),
    ("Conv1d(2, 4, 4, padding='same')", (2, 7)),
    ("Conv1d(4, 4, 3, 1, 'valid', 1, 4)", (4, 6)),
    ("Conv2d(4, 2, (2, 3), padding='same', dilation=(1, 2), groups=2, bias=False)", (4, 4, 5)),
    ("Conv2d(2, 2, 2, stride=2, padding=1, groups=2)", (2, 4, 4)),
    ("MaxPool1d(2, 1, dilation=2)", (2, 7)),
    ("MaxPool2d(2, stride=1, padding=1, dilation=2)", (2, 5, 4)),
    ("AvgPool1d(3, 2, 1, count_include_pad=False)", (2, 7)),
    ("AvgPool2d(2, 2, padding=1, count_include_pad=False)", (1, 3, 4)),
    ("Softplus(2.0, threshold=20)", (2, 3)),
    ("Softplus(beta=0.5, threshold=0.25)", (2, 3)),
    ("GELU(approximate='tanh')", (2, 3)),
    ("ELU(0.5, inplace=False)", (2, 3)),
    ("Flatten(0, 1)", (2, 3)),
    ("Flatten(start_dim=1, end_dim=2)", (2, 3, 1, 2)),
]


@pytest.mark.parity
@pytest.mark.filterwarnings("ignore:Using padding='same'")  # PyTorch says that it copies
@pytest.mark.parametrize(("made", "shape"), LAYERS)
def test_options_of_layers_equal_torch_here_and_taken_along(torch, beside_torch, numbers, same, made, shape):
    ours, x = typed_there(made, vars(nn)), numbers(*shape)
    beside_torch(ours, typed_there(made, vars(torch.nn)), x)
    if made.startswith(("Conv", "MaxPool", "AvgPool", "GELU", "Softplus")):
        there = nn.interop.to_torch(nn.Sequential(ours))
        same(detached(ours(x)), there(torch.tensor([x]))[0])


def typed_there(program, names):
    return eval(program, dict(names))  # noqa: S307 - the tables above and below


def detached(x):
    return [number_of(v) for _, v in entries(x)]


ON_TENSORS = (
    """
x.max()|x.min()|x.amax(1)|x.max(dim=1).values|x.max(1)[1]|x.min(0).indices|x.argmax()|x.argmin(dim=0)
x.std()|x.var(0)|x.std(dim=1, keepdim=True)|x.var(unbiased=False)|x.prod(1)|x.norm()|x.norm(p=1)
x.norm(dim=1)|x.sum(1, keepdim=True)|x / x.sum(1, keepdim=True)|x - x.mean(dim=0, keepdim=True)
x.logsumexp(1)|x.softmax(0)|torch.softmax(x, dim=1)|F.softmax(x, dim=0)|F.log_softmax(x, 0)
torch.log_softmax(x, dim=-1)|x.cumsum(0)|x.sort().values|x.sort(dim=0)[1]|x.argsort(descending=True)
x.topk(2).values|torch.topk(x, 2, dim=1)[1]|x.clamp(-0.5, 0.5)|x.clamp(min=0)|x.round()|x.permute(1, 0)
x.repeat(2, 1)|x.unsqueeze(0).expand(2, -1, -1)|x.flip(0)|x.tril()|torch.triu(x, 1)|x.reshape(-1)[1:3]
x.masked_fill(x > 0, -1.0)|x[x > 0]|x[[2, 0]]|x[:, [0, 2]]|x[range(3), torch.tensor([0, 1, 2])]
x[None].shape|x[..., 0]|x.split(2)[1]|x.chunk(2, dim=1)[0]|x.gather(1, torch.tensor([[0], [2], [1]]))
x.index_select(0, torch.tensor([1, 1]))|torch.stack([x, x], dim=1)|x.add(x, alpha=2)|x.mul(2)|x.div(3.0)
torch.mm(x, x)|x.matmul(x)|torch.bmm(x[None], x[None])|x.eq(x)|x.gt(0).sum()|(x > 0).any()|(~(x > 0)).sum(1)
((x > 0) & (x < 1)).sum()|torch.max(x, -x)|torch.minimum(x, -x)|torch.flatten(x[None], 1)|torch.numel(x)
x.view_as(x.t())|torch.arange(5) % 3|torch.arange(5) // 2|torch.isfinite(x)|F.normalize(x)
F.normalize(x, dim=0)|F.cosine_similarity(x, x * x)|F.one_hot(torch.tensor([0, 2]))|torch.abs(input=x)
F.max_pool2d(x[None], 2, stride=1)|F.avg_pool1d(x, kernel_size=2)|F.softplus(x, beta=2.0)
F.relu(x, inplace=False)|F.binary_cross_entropy_with_logits(x, (x > 0).double(), weight=x * x)
F.cross_entropy(input=x, target=torch.tensor([0, 1, 2]))|(x > 0).all(1)|torch.all(x)
torch.tensor([1.0, float("nan"), 0.5]).sort(descending=True).indices
torch.cat([x, x], dim=-2)|torch.stack([x, x], dim=-2)|torch.cat([torch.tensor([]), x[0]])
torch.tensor([1.0, float("nan"), 0.5]).argmin()|x.gather(-1, x.argsort())
F.binary_cross_entropy(torch.sigmoid(x), (x > 0).double(), weight=x[0] * x[0], reduction="sum")
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parity
@pytest.mark.parametrize("typed", ON_TENSORS)
def test_functions_of_tensors_equal_torch(torch, typed):
    rows = [[0.25, -1.5, 2.5], [0.75, 0.5, -0.375], [-2.0, 1.25, 0.125]]
    ours = typed_there(typed, {"torch": door, "F": nn.functional, "x": door.tensor(rows)})
    theirs = typed_there(typed, {"torch": torch, "F": torch.nn.functional, "x": torch.tensor(rows)})
    assert getattr(ours, "shape", ()) == tuple(getattr(theirs, "shape", ()))
    wanted = torch.as_tensor(theirs).flatten().tolist()
    assert detached(ours) == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_a_deviation_of_equal_numbers_has_the_gradient_that_torch_gives():
    x = door.tensor([[2.0, 2.0], [1.0, 3.0]], requires_grad=True)
    x.std(1).sum().backward()
    assert (x.grad[0].tolist(), x.grad[1][1]) == ([0.0, 0.0], pytest.approx(math.sqrt(0.5)))
    assert math.isnan(door.tensor([2.0]).std())
    assert math.isnan(door.tensor([2.0]).var())


WRONG_SIZES = """
x.topk(4)|x.sort(2)|x.permute(0, 0)|x.permute(0)|x.repeat(2)|x.repeat(2, -1)|x.expand(4, 3)|x.expand(3)
x.split(0)|x.split([1, 2])|x.split(1, 2)|x.chunk(0)|x.chunk(2, 5)|x.gather(1, [[0]] * 3)|x.gather(0, [[2]])
x.index_select(0, [2])|x[0].tril()|x.flatten(1, 0)|door.tensor([]).argmax()|door.tensor([]).max(0)
door.cat([x, x[0]])|door.cat([x, x], 2)|door.cat([])|door.stack([x, x[0]])|door.stack([x], -4)|door.stack([])
nn.functional.one_hot([0, 3], 3)
""".strip().replace("\n", "|")  # fmt: skip


@pytest.mark.parametrize("typed", WRONG_SIZES.split("|"))
def test_sizes_that_a_tensor_does_not_have_are_refused_in_a_sentence(typed):
    x = door.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    with pytest.raises(ValueError, match=r"does not go with the shape|there is no axis"):
        typed_there(typed, {"x": x, "door": door, "nn": nn})


@pytest.mark.parity
@pytest.mark.parametrize("norm_type", [1, 2, 3.0, math.inf])
def test_gradients_are_clipped_by_any_norm(torch, norm_type):
    ours, theirs = nn.Parameter([1.0, 2.0]), torch.tensor([1.0, 2.0], requires_grad=True)
    for x, module in ((ours, nn), (theirs, torch.nn)):
        (x * x * x).sum().backward()
        module.utils.clip_grad_norm_(list(ours) if x is ours else [x], max_norm=1.0, norm_type=norm_type)
    assert ours.grad.tolist() == pytest.approx(theirs.grad.tolist(), rel=1e-12)


def test_a_padding_row_is_zero_and_stays():
    table = nn.Embedding(3, 2, padding_idx=0)
    table([0, 1]).sum().backward()
    assert (table.weight[0].data, table.weight.grad[:2].tolist()) == ([0.0, 0.0], [[0.0, 0.0], [1.0, 1.0]])


def test_numbers_beside_the_weights_are_saved_with_them():
    class Masked(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("mask", door.tril(door.ones(2, 2)))
            self.register_buffer("seen", 0.0, persistent=False)
            self.add_module("layer", nn.Linear(2, 1))

        def forward(self, x):
            return self.layer(self.mask * x)

    model = Masked()
    assert sorted(model.state_dict()) == ["layer.bias", "layer.weight", "mask"]
    assert model(door.ones(2, 2)).shape == (2, 1)


def test_a_leaf_is_moved_in_place_where_nothing_is_recorded():
    w = door.tensor(2.0, requires_grad=True)
    same = w
    (w * w).backward()
    with door.no_grad():
        w -= 0.25 * w.grad
    assert (w is same, w.data, w.requires_grad) == (True, 1.0, True)
    w -= 0.5
    assert (w is same, w.data) == (False, 0.5)


IN_PLACE = """
w.data.add_(w.grad, alpha=-0.5)|w.data.sub_(0.1 * w.grad)|w.data -= 0.5 * w.grad.data|w.data.mul_(2.0)
w.add_(w.grad, alpha=-0.5)|w.sub_(w.grad)|w.copy_(torch.ones(2) * 3)|w.zero_()|w.fill_(2.0)|w.clamp_(0, 1)
w += 1|w *= 2|w /= 2|w -= w.grad|w.data.fill_(3.0)|w.data.clamp_(min=1.5)|w.grad.zero_()|w.grad.data.zero_()
w.grad *= 0.5|w.grad.mul_(2.0)|w.data += 1
""".strip().replace("\n", "|").split("|")  # fmt: skip


@pytest.mark.parity
@pytest.mark.parametrize("typed", IN_PLACE)
def test_parameters_their_numbers_and_gradients_move_in_place_as_in_torch(torch, typed):
    found = []
    for library in (door, torch):
        names = {"torch": library, "w": library.tensor([1.0, -2.0], requires_grad=True)}
        (names["w"] ** 2).backward(gradient=library.tensor([1.0, 3.0]))
        same = names["w"]
        with library.no_grad():
            exec(typed, names)  # noqa: S102 - the table above
        assert same is names["w"]
        found.append([same.data.tolist(), same.grad.tolist()])
    assert found[0] == found[1]


def test_backward_of_several_numbers_takes_a_gradient_of_their_shape():
    x = door.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(AttributeError, match="starts from one number"):
        (x * 2).backward()
    with pytest.raises(ValueError, match="entry by entry"):
        (x * 2).backward(door.ones(3))
    x[:1].sum().backward(door.tensor(3.0))
    assert x.grad.tolist() == [3.0, 0.0]
    with pytest.raises(RuntimeError, match="moved under no_grad"):
        x.add_(1.0)


@pytest.mark.parity
def test_kinds_of_numbers_print_as_in_torch(torch):
    typed = (
        "torch.tensor([1.5]) * 2|torch.tensor([1, 2])|torch.ones(2) > 0|torch.tensor([1.5]).to(torch.long)"
    )
    typed += "|torch.tensor([1, 2]).type(torch.float64)|torch.ones(2, dtype=torch.float)"
    for program in typed.split("|"):
        ours, theirs = (eval(program, {"torch": library}) for library in (door, torch))  # noqa: S307 - as above
        assert str(ours.dtype) == str(theirs.double().dtype if theirs.is_floating_point() else theirs.dtype)
        assert ours.tolist() == theirs.tolist()


PLACES = """
x[0] = 5.0|x[:, 0] = 5.0|x[0, 1] = 9.0|x[x > 0.5] = 0.0|x[:2] = 1.0|x[1:, 1:] = 7.0|x[[0, 2]] = -1.0
x[:, 1] = torch.tensor([1.0, 2.0, 3.0])|x[1:] = torch.tensor([1.0, 2.0, 3.0]); x[1, 0] = 4.0|x[-1, -1] = 8.0
x[:, 1:] = torch.tensor([8.0, 9.0])|x[:2] = torch.zeros(2, 3)
x[torch.arange(3), torch.tensor([0, 1, 2])] = 0.5|x[..., 0] = 3.0|x[[True, False, True]] = 2.0
""".strip().replace("\n", "|").split("|")  # fmt: skip


@pytest.mark.parity
def test_places_take_numbers_as_in_torch(torch):
    for typed in PLACES:
        found = []
        for library in (door, torch):
            x = library.tensor([[0.25, -1.5, 2.5], [0.75, 0.5, -0.375], [-2.0, 1.25, 0.125]])
            exec(typed, {"torch": library, "x": x})  # noqa: S102 - the table above
            found.append(x.tolist())
        assert found[0] == found[1], typed
    x = door.zeros(3, 3)
    with pytest.raises(ValueError, match=r"shapes \(3,\) and \(2,\) do not go together"):
        x[:, 0] = [1.0, 2.0]
