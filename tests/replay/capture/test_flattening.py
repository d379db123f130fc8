"""The journal of a recording becomes the program that a walk through the graph gives."""

import random
import sys
import tracemalloc

import pytest

import autograd as ag
import nn
from autograd import Program, Value, record
from autograd.replay.capture import flattening
from autograd.replay.capture.recording import recording

FORMS = [
    lambda a, b: a + b,
    lambda a, b: a - 0.5 * b,
    lambda a, b: 2 - a * b,
    lambda a, b: -a / (b * b + 1),
    lambda a, b: a.tanh() * b.data,
    lambda a, b: ag.relu(a) ** 2 + 1.5 ** b.sigmoid(),
    lambda a, b: ag.sum([a, b, a, 1.0]),
    lambda a, b: ag.dot([a, b], [b, 0.5], a + b),
    lambda a, b: ag.dot([a * b, b], [b - 1, a], b * 3),
    lambda a, b: ag.where(ag.gt(a, b), a, b),
    lambda a, b: ag.logsumexp([a, b * 2]),
    lambda a, b: a.detach() * b,
    lambda a, b: Value(b.data) + a,
]


def random_run(seed, leaves, size=60):
    """A root and other results; many nodes are made for nothing."""
    draw = random.Random(seed)
    pool = list(leaves)
    for _ in range(size):
        pool.append(ag.tanh(draw.choice(FORMS)(draw.choice(pool), draw.choice(pool))))
    return ag.sum(pool[-15:]), [pool[-3], draw.choice(pool), leaves[0]]


def same(one, other):
    names = ("codes", "starts", "operands", "recorded", "outputs", "root", "reach", "kinds", "labels")
    return [n for n in names if getattr(one, n) != getattr(other, n)] == [] and all(
        a is b for a, b in zip(one.leaves, other.leaves, strict=True)
    )


@pytest.fixture(params=["lists", "compiled"])
def way(request, monkeypatch):
    monkeypatch.setattr(flattening, "LARGE", 0 if request.param == "compiled" else 10**9)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("seed", range(25))
def test_a_journal_gives_the_program_that_a_walk_gives(seed, monkeypatch):
    leaves = [Value(0.1 * k + 0.3, label=f"w{k}" if k % 2 else "") for k in range(5)]
    with recording() as run:
        root, others = random_run(seed, leaves)
    walked = Program.of(root, others, leaves[:3])
    monkeypatch.setattr(Program, "of", None)  # it is not asked for help
    assert same(run.journal.program(root, others, leaves[:3]), walked)


def test_layers_are_in_the_journal_too(monkeypatch):
    model = nn.MLP(3, [4, 2], act="tanh")
    with recording() as run:
        root = ag.sum(model([0.5, -1.0, 2.0]))
    walked = Program.of(root, [], list(model.parameters()))
    monkeypatch.setattr(Program, "of", None)
    assert same(run.journal.program(root, [], list(model.parameters())), walked)


def test_what_nothing_needs_is_left_out():
    x = Value(2.0)
    with recording() as run:
        for _ in range(10):
            x.tanh() * 3.0
        root = x * x
    program = run.journal.program(root, [], [])
    assert (program.counts(), program.leaves) == ({"mul": 1}, [x])


def test_a_graph_that_was_there_before_comes_along():
    x = Value(2.0)
    outer = (x * x).tanh()
    with recording() as run:
        root = outer + x
    program = run.journal.program(root, [], [x])
    assert program.counts() == {"mul": 1, "tanh": 1, "add": 1}
    assert program.leaves == [x]


def test_a_node_of_a_graph_that_was_there_before_may_be_the_result():
    x = Value(2.0)
    outer = x * x
    with recording() as run:
        x + 1.0
    assert run.journal.program(outer, [], [x]).counts() == {"mul": 1}


def test_a_node_made_by_hand_is_refused_by_name():
    with recording() as run:
        out = Value(4.0, (Value(2.0),), "mine")
        root = out + 1
    with pytest.raises(ValueError, match="made by hand"):
        run.journal.program(root, [], [])


def test_a_rule_written_for_a_node_afterwards_is_refused_too():
    with recording() as run:
        out = Value(2.0) * 3.0
        out._backward = lambda: None
        root = out + 1
    with pytest.raises(ValueError, match="made by hand"):
        run.journal.program(root, [], [])


@pytest.mark.usefixtures("way")
def test_labels_given_while_recording_are_kept():
    x = Value(2.0, label="x")
    with recording() as run:
        y = x * 3.0
        y.label = "y"
        (x + 1.0).label = "for nothing"
        root = y + x
    program = run.journal.program(root, [], [x])
    assert (program.labels, y.label) == ({0: "x", 2: "y"}, "y")


def test_a_chain_of_a_million_nodes_needs_no_recursion():
    x = Value(1.0)
    with recording() as run:
        y = x
        for _ in range(1_000_000):
            y = y + x
    program = run.journal.program(y, [], [x])
    del y
    run.journal.clear()
    assert (len(program.codes), program.recorded[program.root]) == (1_000_000, 1_000_001.0)


@pytest.mark.parametrize("shared", [True, False], ids=["a deep chain", "a wide sum"])
def test_a_recording_needs_at_most_300_bytes_a_node(shared):
    count, w = 60_000, [Value(0.5), Value(0.25)]

    def loss(x):
        terms = [x]
        for _ in range(count // 2):
            terms.append((terms[-1] if shared else x) * w[0] + w[1])
        return terms[-1] if shared else ag.sum(terms)

    recorded = record(loss, params=w, backend="python")
    recorded(0.5)  # what is imported is imported
    tracemalloc.start()
    try:
        recorded(0.25)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    listed = sys.getsizeof([None] * (count // 2)) * 9 / 8  # the function's own list, with room to grow
    assert (most - listed) / count < 300
