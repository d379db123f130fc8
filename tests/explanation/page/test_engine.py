"""The page computes what `backward()` computes: on random graphs, at other leaf values, with inf and nan."""

import math
import random

import pytest

import autograd as ag
from autograd import Value

UNARY = [ag.tanh, ag.exp, ag.sigmoid, ag.relu, ag.sin, ag.softplus, ag.gelu, ag.square]
BINARY = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (b * b + 1.0)]
MANY = [ag.maximum, ag.logsumexp, ag.sum]
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def random_graph(seed, values=None):
    draw = random.Random(seed)
    leaves = [
        Value(x if values is None else values[i]) for i, x in enumerate(draw.uniform(-2, 2) for _ in range(4))
    ]
    nodes = list(leaves)
    for _ in range(14):
        kind = draw.random()
        if kind < 0.35:
            nodes.append(draw.choice(UNARY)(draw.choice(nodes)))
        elif kind < 0.9:
            nodes.append(draw.choice(BINARY)(draw.choice(nodes), draw.choice(nodes)))
        else:
            nodes.append(draw.choice(MANY)(*draw.choices(nodes, k=3)))
    weights = [draw.uniform(0.1, 1) for _ in nodes]
    return ag.tanh(ag.dot(weights, nodes) / 20.0), leaves


def named(root, leaves):
    return {"L": root, **{f"x{i}": leaf for i, leaf in enumerate(leaves)}}


def close(mine, theirs):
    mine = SPECIAL.get(mine, mine)
    return (
        mine == theirs
        or (mine != mine and theirs != theirs)
        or abs(mine - theirs) <= 1e-12 * max(1, abs(theirs))
    )


READ = "leaves.map(leaf => now.grad[leaf.n]).concat([now.V[root]])"


@pytest.mark.program("node")
@pytest.mark.parametrize("seed", range(6))
def test_gradients_agree_with_python_also_after_the_leaves_were_moved(on_page, seed):
    root, leaves = random_graph(seed)
    root.backward()
    others = [0.3, -1.1, 0.7, 1.9]
    moved, moved_leaves = random_graph(seed, others)
    moved.backward()
    move = f"leaves.forEach(leaf => {{ given[leaf.n] = {others}[leaf.name.slice(1)] }})\nrecompute()"
    names = named(root, leaves)
    first, second, order = on_page(
        root,
        f"const before = {READ}\n{move}\nseen = [before, {READ}, leaves.map(leaf => leaf.name)]",
        names=names,
    )
    where = [int(name[1:]) for name in order]
    assert all(map(close, first, [*(leaves[i].grad for i in where), root.data]))
    assert all(map(close, second, [*(moved_leaves[i].grad for i in where), moved.data]))


@pytest.mark.program("node")
def test_steps_come_in_the_order_and_with_the_numbers_of_the_explanation(on_page):
    root, leaves = random_graph(3)
    steps = ag.explain(root, names=named(root, leaves)).steps
    code = "seen = steps.map(step => [step.index, told(step).upstream, told(step).local, told(step).after])"
    told = on_page(root, code, names=named(root, leaves))
    assert len(told) == len(steps)
    for (index, *numbers), step in zip(told, steps):
        assert index == step.index
        assert all(map(close, numbers, [step.upstream, step.local, step.after]))


@pytest.mark.program("node")
def test_inf_and_nan_go_through_and_the_first_culprit_is_named(on_page):
    x = Value(0.0)
    y = ag.log(x)
    z = y * 2.0 + x
    names = {"x": x, "y": y, "z": z}
    code = "seen = [now.V[root], blame(), nodes.filter(heir).map(node => node.name)]"
    value, said, heirs = on_page(z, code, names=names)
    assert value == "-Infinity"
    assert (
        said == "log(0) = -inf: here the first value that is not finite appears; 2 later values inherit it."
    )
    assert heirs == ["v1", "z"]


@pytest.mark.program("node")
def test_a_choice_hands_nothing_to_what_it_did_not_choose_not_even_nan(on_page):
    x = Value(-1.0)
    y = ag.where(x > 0, ag.log(x), x * 2.0)
    y.backward()
    grads = on_page(y, "seen = leaves.map(leaf => now.grad[leaf.n])", names={"x": x, "y": y})
    assert grads == [x.grad] == [2.0]


@pytest.mark.program("node")
def test_a_hand_made_node_keeps_its_numbers_and_is_said_to(on_page):
    a = Value(3.0)
    mine = Value(9.0, (a,), "mine", local_derivatives=(6.0,))
    top = mine * 2.0
    code = "seen = [now.grad[leaves[0].n], now.V[root], frozen.name, values()]"
    grad, value, name, drawer = on_page(top, code, names={"a": a, "mine": mine, "top": top})
    assert (grad, value, name) == (12, 18, "mine")
    assert "made by hand" in drawer
