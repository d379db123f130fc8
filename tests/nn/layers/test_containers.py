import copy

import pytest

import nn


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(2)])
        self.choices = nn.ModuleDict({"tanh": nn.Tanh(), "line": nn.Linear(2, 1)})

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.choices["line"](self.choices["tanh"](x))


def test_modules_in_lists_and_dicts_are_found_named_switched_and_copied():
    model = Heads()
    assert list(model.state_dict()) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
        "choices.line.weight", "choices.line.bias",
    ]  # fmt: skip
    assert len(model.parameters()) == 15
    assert not model.eval().layers[1].training
    twin = copy.deepcopy(model)
    assert twin([1.0, 2.0]).tolist() == model([1.0, 2.0]).tolist()
    assert twin.layers[0] is not model.layers[0]


@pytest.mark.parity
def test_their_names_are_those_of_torch(torch):
    class Theirs(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList([torch.nn.Linear(2, 2) for _ in range(2)])
            self.choices = torch.nn.ModuleDict({"tanh": torch.nn.Tanh(), "line": torch.nn.Linear(2, 1)})

    theirs, ours = Theirs(), Heads()
    ours.load_state_dict(theirs.state_dict())
    assert ours.choices["line"].weight.tolist() == theirs.choices["line"].weight.tolist()


def test_lists_and_dicts_of_modules_behave_as_such():
    layers = nn.ModuleList()
    layers.extend([nn.ReLU(), nn.Tanh()]).insert(0, nn.Sigmoid())
    layers[1] = nn.Identity()
    assert (len(layers), repr(layers[:2]), [type(x) for x in layers][2]) == (
        3, "ModuleList(Sigmoid(), Identity())", nn.Tanh
    )  # fmt: skip
    named = nn.ModuleDict([("a", nn.ReLU())])
    named["b"] = nn.Tanh()
    assert ("b" in named, list(named.keys()), len(named.values()), len(named.items())) == (
        True, ["a", "b"], 2, 2
    )  # fmt: skip
    named.pop("a")
    assert repr(named) == "ModuleDict(b=Tanh())"
    wrong = lambda: nn.ModuleList([3.0]), lambda: nn.ModuleDict({"a": "b"}), lambda: layers.append(None)
    for make in wrong:
        with pytest.raises(TypeError, match="holds modules, got a"):
            make()
