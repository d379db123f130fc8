import random
from pathlib import Path

import autograd as ag
import nn

README = Path(ag.__file__).parent / "replay" / "README.md"


def moons_program():
    random.seed(0)
    model = nn.MLP(2, [16, 16, 1], act="relu")
    params = list(model.parameters())

    def loss(x, y):
        return (1 - y * model(x)).relu() + 1e-4 * ag.sum([p * p for p in params])

    fast = ag.record(loss, params=params, audit=False)
    fast.batch([[0.5, -1.0], [1.0, 0.25]], [1.0, -1.0])
    return repr(fast.program)


def test_the_moons_network_becomes_what_the_readme_prints():
    assert moons_program() in README.read_text(encoding="utf-8")


def test_it_becomes_about_ten_instructions():
    assert "11 instructions" in moons_program()


def test_a_whole_data_set_in_one_graph_becomes_as_few():
    random.seed(0)
    model = nn.MLP(2, [16, 16, 1], act="relu")
    params = list(model.parameters())
    points = [[random.gauss(0, 1), random.gauss(0, 1)] for _ in range(100)]

    def loss():
        return ag.sum([(1 - model(x)).relu() for x in points])

    fast = ag.record(loss, params=params, audit=False)
    for _ in range(5):
        fast()
    text = repr(fast.program)
    assert fast.replays >= 1
    assert int(text.splitlines()[1].split()[0]) <= 13
