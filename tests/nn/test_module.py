import copy
import json

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.messages.chinese import widened


class Shared(nn.Module):
    def __init__(self):
        self.first = nn.Linear(2, 2)
        self.scales = {"a": Value(2.0), "b": [Value(3.0), Value(4.0)]}
        self.again = self.first
        self.tied = self.first.weight
        self.note = "text"
        self._private = Value(9.0)

    def forward(self, x):
        return self.first(x)


def test_parameters_are_found_in_attributes_lists_and_dicts_each_once():
    model = Shared()
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        "scales.a", "scales.b.0", "scales.b.1", "tied.0.0", "tied.0.1", "tied.1.0", "tied.1.1",
        "first.bias.0", "first.bias.1",
    ]  # fmt: skip
    assert len(model.parameters()) == 9


def test_a_computed_value_in_an_attribute_is_no_parameter():
    model = nn.Linear(2, 1)
    model.last = model([1.0, 2.0])[0]
    assert len(model.parameters()) == 3


def test_state_dict_holds_plain_numbers_and_comes_back_to_the_bit():
    first, second = (
        nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1)),
    )
    state = first.state_dict()
    assert list(state) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"]
    second.load_state_dict(json.loads(json.dumps(state)))
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]


def test_a_state_of_another_shape_is_refused_and_changes_nothing():
    model, before = nn.Linear(2, 3), None
    before = model.state_dict()
    with pytest.raises(
        ValueError,
        match=r"do not fit Linear\(2 -> 3\): weight has the shape \(3, 2\) here and \(3, 4\) there",
    ):
        model.load_state_dict(nn.Linear(4, 3).state_dict())
    assert model.state_dict() == before


def test_missing_and_unknown_names_are_listed():
    with pytest.raises(ValueError, match=r"missing bias; not in the model: biases\. Build"):
        nn.Linear(1, 1).load_state_dict({"weight": [[1.0]], "biases": [0.0]})
    nn.Linear(1, 1).load_state_dict({"weight": [[1.0]], "biases": [0.0]}, strict=False)


def test_text_among_the_weights_is_refused():
    with pytest.raises(TypeError, match=r"weights of bias are not all numbers: 'x'"):
        nn.Linear(1, 1).load_state_dict({"weight": [[1.0]], "bias": ["x"]})


def test_something_else_than_a_dict_is_refused():
    with pytest.raises(TypeError, match="takes a dict of names and nested lists, got list"):
        nn.Linear(1, 1).load_state_dict([1.0])


def test_weights_are_saved_as_json_and_loaded(tmp_path):
    first, second = nn.MLP(2, [3, 1]), nn.MLP(2, [3, 1])
    first.save(tmp_path / "w.json")
    assert json.loads((tmp_path / "w.json").read_text())["model"] == "MLP(2, [3, 1])"
    second.load(tmp_path / "w.json")
    assert second.state_dict() == first.state_dict()
    assert [path.name for path in tmp_path.iterdir()] == ["w.json"]


def test_a_file_cut_short_is_one_clear_error(tmp_path):
    path = tmp_path / "w.json"
    nn.MLP(2, [3, 1]).save(path)
    path.write_text(path.read_text()[:100])
    with pytest.raises(
        ValueError, match=r"is not a complete file of weights \(line 1, column \d+\): it was cut short"
    ):
        nn.MLP(2, [3, 1]).load(path)


def test_a_file_of_another_kind_is_named(tmp_path):
    (tmp_path / "w.json").write_text("[1, 2]")
    with pytest.raises(ValueError, match="holds no weights of this library"):
        nn.Linear(1, 1).load(tmp_path / "w.json")


def test_zero_grad_takes_the_gradients_away():
    model = nn.MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    model.zero_grad()
    assert all(p.grad is ag.UNSET for p in model.parameters())


def test_train_and_eval_reach_all_modules():
    model = nn.MLP(2, [2, 1])
    assert not any(module.training for module in model.eval().modules())
    assert all(module.training for module in model.train().modules())


def test_summary_counts_a_2_3_1_network_as_13():
    assert nn.MLP(2, [3, 1]).summary().splitlines()[-1].split() == ["total", "MLP(2,", "[3,", "1])", "13"]
    assert nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1)).summary().endswith("385")


def test_summary_counts_shared_parameters_once_and_frozen_ones_apart():
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, layer, nn.Linear(2, 1).requires_grad_(False))
    counts = [line.split()[-1] for line in model.summary().splitlines()]
    assert counts == ["parameters", "6", "0", "3", "9", "3"]


def test_results_know_the_module_that_made_them():
    model = nn.MLP(2, [16, 16, 1])
    out = model([1.0, -2.0])
    assert out.scope == ("MLP(2, [16, 16, 1])", "layers.2: Layer(16 -> 1)", "neurons.0: Neuron(16)")
    hidden = {node.scope[1] for node in ag.topological_order(out) if node.scope}
    assert hidden == {"layers.0: Layer(2 -> 16)", "layers.1: Layer(16 -> 16)", "layers.2: Layer(16 -> 1)"}


def test_a_module_used_alone_first_takes_its_place_in_a_model_later():
    layer = nn.Linear(2, 1)
    assert layer([1.0, 2.0])[0].scope == ("Linear(2 -> 1)",)
    model = nn.Sequential(layer)
    assert model([1.0, 2.0])[0].scope == ("Sequential(Linear(2 -> 1))", "layers.0: Linear(2 -> 1)")


def test_modules_survive_deepcopy_without_sharing_weights():
    model = nn.MLP(2, [3, 1])
    model([1.0, 2.0])
    twin = copy.deepcopy(model)
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    twin.parameters()[0].data += 1
    twin([1.0, 2.0]).backward()
    assert all(p.grad is ag.UNSET for p in model.parameters())
    assert any(p.grad for p in twin.parameters())


def test_backward_on_a_list_says_that_a_loss_is_missing():
    with pytest.raises(AttributeError) as error:
        nn.Linear(2, 3)([1.0, 2.0]).backward()
    assert str(error.value) == (
        "backward() starts from one number; the model returned a list of 3.\n"
        "                Make a loss first: nn.cross_entropy(logits, target).backward()"
    )


def test_a_module_without_forward_says_so():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward: define `def forward"):
        Empty()(1.0)


def test_parameters_and_named_parameters_agree_in_order():
    for model in (
        Shared(),
        nn.GPT(5, 4, 4, 2, 1),
        nn.Sequential(nn.BatchNorm1d(2), nn.MLP(2, [2, 1]), nn.LSTMCell(1, 2)),
    ):
        assert model.parameters() == [p for _, p in model.named_parameters()]
        assert model.modules() == [module for _, module in model.named_modules()]


def test_a_module_that_knows_its_model_is_walked_once():
    model = nn.Sequential(nn.Linear(1, 1))
    model.layers[0].model = model
    assert len(model.parameters()) == 2
    assert len(model.modules()) == 2
    assert model([1.0])[0].scope[-1] == "layers.0: Linear(1 -> 1)"


def test_backward_on_a_list_says_so_in_chinese():
    ag.language("zh")
    try:
        with pytest.raises(AttributeError) as error:
            nn.Linear(2, 3)([1.0, 2.0]).backward()
    finally:
        ag.language("en")
    assert str(error.value) == (
        widened(
            "backward() 要从一个数开始,而模型返回了 3 个数的列表。\n"
            "                先算损失:nn.cross_entropy(logits, target).backward()"
        )
    )


def test_a_state_holds_floats_and_names_the_tensor_that_holds_text():
    model = nn.Linear(1, 1)
    model.weight[0][0].data = np.float32(0.5)
    state = model.state_dict()
    assert type(state["weight"][0][0]) is float
    model.weight[0][0].data = "0.5"
    with pytest.raises(TypeError, match=r"weights of weight are not all numbers: .*text '0\.5'"):
        model.state_dict()


def test_a_model_is_on_the_cpu_and_says_how_to_get_elsewhere():
    model = nn.Linear(1, 1)
    assert model.to("cpu") is model
    with pytest.raises(ValueError, match=r"not cuda. nn.interop.to_torch\(model\) is the same network"):
        model.to("cuda")
