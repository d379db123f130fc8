import math
import random

import pytest

import autograd as ag
from autograd import Program, Value, topological_order

FORMS = [
    lambda a, b: a + 0.5 * b,
    lambda a, b: a * b,
    lambda a, b: a - 2,
    lambda a, b: ag.relu(a * b),
    lambda a, b: ag.sum([a, b, a]),
    lambda a, b: ag.dot([a, b], [b, 0.5], a),
    ag.maximum,
    lambda a, b: ag.logsumexp([a, b]),
    lambda a, b: a / (b * b + 1),
    lambda a, b: ag.where(ag.gt(a, b), a, b),
]


def random_graph(seed, size=200):
    draw = random.Random(seed)
    leaves = [Value(draw.gauss(0, 1)) for _ in range(8)]
    pool = list(leaves)
    for _ in range(size):
        pool.append(ag.tanh(draw.choice(FORMS)(draw.choice(pool), draw.choice(pool))))
    return ag.sum(pool[-20:]), leaves


@pytest.mark.parametrize("seed", range(20))
def test_run_and_gradients_give_the_bits_of_values(seed):
    root, leaves = random_graph(seed)
    program = Program.of(root, leaves=leaves)
    slots = program.run(program.recorded[: len(program.leaves)])
    assert slots == list(program.recorded)
    root.backward()
    assert program.gradients(slots)[: len(leaves)] == [leaf.grad for leaf in leaves]


def test_other_numbers_for_the_leaves_give_what_a_new_graph_gives():
    x, y = Value(2.0), Value(3.0)
    program = Program.of(x * y + ag.sin(x), leaves=[x, y])
    slots = program.run([0.5, -1.0, *program.recorded[2 : len(program.leaves)]])
    assert slots[program.root] == 0.5 * -1.0 + math.sin(0.5)
    assert program.gradients(slots)[:2] == [-1.0 + math.cos(0.5), 0.5]


def test_nothing_flows_into_a_branch_that_nobody_took():
    x = Value(0.0)
    root = ag.where(ag.gt(x, 1.0), ag.log(x), x * 2)
    program = Program.of(root, leaves=[x])
    assert program.gradients(list(program.recorded))[0] == 2.0


def test_a_program_becomes_the_graph_again_on_its_leaves():
    x = Value(2.0, label="x")
    program = Program.of(x * x + 1, leaves=[x])
    x.data = 3.0
    node = program.as_node()
    assert [node.op.name for node in topological_order(node)] == ["leaf", "mul", "constant", "add"]
    assert node.parents[0].parents == (x, x)
    assert node.data == 10.0


def test_a_program_is_drawn_and_explained():
    x = Value(2.0, label="x")
    program = Program.of(x * x + 1, leaves=[x])
    assert "x.grad = 4" in str(ag.explain(program))
    assert "4 boxes, 4 edges" in repr(ag.draw(program))
    assert ag.draw_dot(program).source.count("label=") >= 4


def test_a_program_of_several_results_says_that_it_has_no_single_one():
    x = Value(2.0)
    with pytest.raises(ValueError, match="no single result to draw or explain"):
        Program.of(None, [x * x, x + x]).as_node()


def test_counts_and_instructions_tell_what_it_holds():
    x = Value(2.0)
    program = Program.of((x * x) * x + x, leaves=[x])
    assert program.counts() == {"mul": 2, "add": 1}
    assert [op.name for _, op, _ in program.instructions()] == ["mul", "mul", "add"]


def test_a_node_made_by_hand_is_refused_by_name():
    x = Value(2.0)
    out = Value(4.0, (x,), "mine")
    out._backward = lambda: None
    with pytest.raises(ValueError, match="made by hand"):
        Program.of(out + 1)


def test_a_chain_of_a_hundred_thousand_nodes_needs_no_recursion():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    program = Program.of(y, leaves=[x])
    assert program.run(program.recorded[: len(program.leaves)])[program.root] == 100_001.0
    assert program.gradients(list(program.recorded))[0] == 1.0
