"""What is timed computes the same: C programs and hand-written competitors beside the graph itself."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

import autograd as ag
import nn

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
NEAR = 1e-9


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where C programs are compiled, each once."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(autouse=True)
def works(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def trained(work, samples, steps, rate):
    """The loss before the last of some steps of gradient descent on the mean of `work.loss`."""
    work.reset()
    optimizer = nn.optim.SGD(work.params, lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ag.sum([work.loss(x, y) for x, y in samples]) / len(samples)
        loss.backward()
        optimizer.step()
    return loss.data


@pytest.fixture
def microgpt():
    from works.microgpt import Microgpt

    return Microgpt()


@pytest.fixture
def moons():
    from works.moons import Moons

    work = Moons()
    return work, trained(work, list(zip(work.X.tolist(), work.Y.tolist(), strict=True)), 3, 0.1)


@pytest.fixture
def xor():
    from works.xor import RATE, X, Xor, Y

    work = Xor()
    return work, trained(work, list(zip(X, Y, strict=True)), 20, RATE)


@pytest.mark.program("cc")
def test_moons_in_c_trains_as_the_graph_does(moons, folder):
    from works.moons import in_c

    work, truth = moons
    assert in_c(work, folder)(3, 0.1)[1] == pytest.approx(truth, rel=NEAR)


@pytest.mark.program("cc")
def test_xor_in_c_trains_as_the_graph_does(xor, folder):
    from works.xor import in_c

    work, truth = xor
    assert in_c(work, folder)(20)[1] == pytest.approx(truth, rel=NEAR)


@pytest.mark.program("cc")
@pytest.mark.parametrize("lengths", [[8], [6, 8, 5, 10], [17, 3]], ids=str)
def test_the_gpt_in_c_trains_as_the_graph_does(microgpt, lengths, folder):
    from works.microgpt import eager, in_c

    draw = random.Random(0)
    texts = [[26, *draw.choices(range(26), k=length - 2), 26] for length in lengths]
    loss = eager(microgpt)(texts, 2)
    _, *found = in_c(microgpt, folder)(texts, 2)
    assert found == pytest.approx([loss, *[p.data for p in microgpt.params]], rel=NEAR, abs=NEAR)


@pytest.mark.program("cc")
def test_a_random_graph_in_c_has_the_value_and_gradient_of_the_graph(folder):
    from works.dag import c_input
    from works.random_graph import RandomGraph
    from works.timing import c_run, compiled

    graph = RandomGraph(500)
    loss = graph.loss()
    loss.backward()
    _, *found = c_run(compiled("dag", folder), (1,), c_input(graph))
    assert found == pytest.approx([loss.data, *[leaf.grad for leaf in graph.params]], rel=NEAR)


def test_moons_by_hand_trains_as_the_graph_does(moons):
    from works.moons import by_hand

    work, truth = moons
    assert by_hand(work)(3, 0.1) == pytest.approx(truth, rel=NEAR)


def test_xor_by_hand_trains_as_the_graph_does(xor):
    from works.xor import by_hand

    work, truth = xor
    assert by_hand(work)(20) == pytest.approx(truth, rel=NEAR)


def test_digits_by_hand_has_the_loss_of_the_graph():
    from works.digits import Digits, by_hand

    work = Digits(60)
    samples = list(zip(work.X.tolist(), work.labels.tolist(), strict=True))
    assert by_hand(work)(2, 0.1) == pytest.approx(trained(work, samples, 2, 0.1), rel=NEAR)


def test_the_gpt_by_hand_trains_as_the_graph_does(microgpt):
    from works.microgpt import RATE, eager
    from works.microgpt_peers import numpy_training

    texts = microgpt.texts[:2]
    found = numpy_training(microgpt.tensors, RATE)(texts, 2)
    assert found == pytest.approx(eager(microgpt)(texts, 2), rel=NEAR)


def test_the_gpt_on_the_plain_engine_trains_as_the_graph_does(microgpt):
    from works.microgpt import RATE, eager
    from works.plain_engine import gpt_training

    text = microgpt.texts[2]
    found = gpt_training(microgpt.tensors, RATE)(text, 2)
    assert found == pytest.approx(eager(microgpt)([text], 2), rel=NEAR)


@pytest.mark.parametrize(
    ("reached", "bound", "at_least", "verdict"),
    [
        (2.9, 3, False, "met"),
        (6.0, 3, False, "MISSED by 2.00x"),
        (31.0, 30, True, "met"),
        (15.0, 30, True, "MISSED by 2.00x"),
        (None, 30, True, "not measured"),
    ],
)
def test_a_goal_says_whether_it_was_met_or_by_how_much_not(reached, bound, at_least, verdict):
    from works.timing import Goal

    assert Goal("any", reached, bound, at_least).verdict == verdict


def test_competitors_that_disagree_stop_the_run():
    from works.timing import agree

    agree([1.0, 2.0 + 1e-12], [1.0, 2.0], "a twin")
    with pytest.raises(ArithmeticError, match=r"a liar gives 2\.1 where the others give 2\.0"):
        agree([1.0, 2.1], [1.0, 2.0], "a liar")


def test_a_peer_that_is_not_installed_is_named(capsys):
    from works.timing import Race, cpu

    race = Race("any work", ours="we")
    race.enter("we", cpu(range, 1000))
    race.enter_peer("no_such_package", "they", lambda: pytest.fail("made all the same"))
    race.show(1)
    assert "they" in capsys.readouterr().out
    assert race.ratio("they", "we") is None
    assert race.missing == {"they": "no_such_package is not installed"}


def test_an_unknown_work_is_refused_with_the_names_there_are():
    command = [sys.executable, str(BENCHMARKS / "replay.py"), "mons"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no work is named mons: there are moons, xor, digits, microgpt, dag, cold" in ended.stderr
