import nn
from nn.choices import Choices
from nn.judging import judge


def test_every_module_gets_its_own_mode_back():
    model = nn.Sequential(nn.Linear(1, 1), nn.Tanh())
    model.layers[0].eval()
    judge(model, None, [[1.0]], [0.0], 1)
    assert [module.training for module in model.modules()] == [True, False, True]


def test_metrics_see_all_samples_at_once():
    seen = []

    def count(predictions, targets):
        seen.append(len(predictions))
        return 0.0

    choices = Choices("sgd", nn.mse, {"count": count}, None)
    _, numbers = judge(nn.Linear(1, 1), choices, [[1.0]] * 5, [0.0] * 5, 2)
    assert seen == [5]
    assert list(numbers) == ["loss", "count"]


def test_no_graph_is_built():
    made = []

    def loss(said, wanted):
        made.append(said[0].parents)
        return nn.mse(said, wanted)

    judge(nn.Linear(1, 1), Choices("sgd", loss, {}, None), [[1.0]], [0.0], 1)
    assert made == [()]
