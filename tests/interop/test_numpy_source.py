import random
import subprocess
import sys

import numpy as np
import pytest

import autograd as ag
from tests.interop.programs import CASES, Case, branches


def defined_by(source):
    names = {}
    exec(source, names)  # noqa: S102 - what an export wrote
    return names


def test_one_sample_has_the_loss_and_gradients_of_the_function(case):
    names = defined_by(case.fast.to_numpy())
    for sample, loss, gradients in zip(case.samples, case.losses, case.gradients):
        found = names["value_and_gradients"](names["PARAMS"], *sample)
        assert found[0] == pytest.approx(loss, rel=1e-12, abs=1e-14)
        for name, g in gradients.items():
            np.testing.assert_allclose(found[1][name], g, rtol=1e-12, atol=1e-13)


def test_a_batch_has_one_loss_a_sample_and_the_gradients_of_their_sum(case):
    names = defined_by(case.fast.to_numpy())
    found = names["value_and_gradients"](names["PARAMS"], *case.columns)
    np.testing.assert_allclose(found[0], case.losses, rtol=1e-12, atol=1e-14)
    for name, g in case.sums.items():
        np.testing.assert_allclose(found[1][name], g, rtol=1e-12, atol=1e-12)


def test_single_parameters_collect_all_flows_of_a_graph_of_two_thousand_nodes():
    draw = random.Random(3)
    leaves = [ag.Value(draw.uniform(-1, 1), label=f"w{k}") for k in range(20)]
    plan = [(draw.randrange(4), draw.random(), draw.random()) for _ in range(2000)]

    def loss(x, y):
        nodes = [*leaves, x * leaves[0], y * leaves[1]]
        unused = dict.fromkeys(range(len(nodes)))
        for kind, i, j in plan:  # half of the operands are the oldest that nobody has used
            first, second = next(iter(unused)) if i < 0.5 else int(i * len(nodes)), int(j * len(nodes))
            a, b = nodes[first], nodes[second]
            nodes.append((a + b, a * b, ag.tanh(a) - b, a - 0.5 * b)[kind])
            nodes[-1] = ag.sin(nodes[-1]) if len(nodes) % 3 == 0 else nodes[-1]
            for k in (first, second):
                unused.pop(k, None)
            unused[len(nodes) - 1] = None
        return ag.tanh(ag.sum([ag.sin(nodes[k]) for k in unused]) / len(unused))

    case = Case(loss, leaves, [(0.3, -0.4), (-0.9, 0.1)])
    names = defined_by(case.fast.to_numpy())
    found = names["value_and_gradients"](names["PARAMS"], *case.columns)
    np.testing.assert_allclose(found[0], case.losses, rtol=1e-12)
    for name, g in case.sums.items():
        np.testing.assert_allclose(found[1][name], g, rtol=1e-12, atol=1e-13)


def test_the_source_runs_where_this_package_is_not(case, tmp_path):
    path = tmp_path / "exported.py"
    path.write_text(case.fast.to_numpy(), encoding="utf-8")
    ask = (
        "import sys; sys.path[:0] = '.'; import exported; print('autograd' in sys.modules, *exported.PARAMS)"
    )
    command = [sys.executable, "-I", "-c", ask]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", *case.numbers]


def test_a_layer_is_a_matrix_product():
    case = branches()
    w = [[ag.Value(0.1 * i - 0.2 * j) for j in range(3)] for i in range(4)]
    fast = ag.record(
        lambda x: ag.sum([ag.tanh(ag.dot(row, x)) for row in w]), params=[p for row in w for p in row]
    )
    source = fast.to_numpy([0.1, 0.2, 0.3])
    assert "einsum" not in source
    assert source.count(" @ ") == 2  # forward, and to the weights
    assert case.fast.to_numpy().count("def way_") == 3


def test_no_way_that_holds_is_told_by_its_number():
    function = branches().function
    names = defined_by(ag.record(function).to_numpy(0.5))  # of three ways one
    loss, gradients, failed = names["value_and_gradients"](names["PARAMS"], np.array([0.5, -0.9]))
    assert failed.tolist() == [0, 1]
    assert loss[0] == pytest.approx(function(0.5).data)
    assert np.isnan(loss[1])
    assert gradients == names["value_and_gradients"](names["PARAMS"], 0.5)[1]  # the other has no part in them


@pytest.mark.parametrize("name", ["loss", "batch", "params", "lambda_", "v12", "gradients", "np"])
def test_an_argument_may_have_any_name(name):
    w = ag.Value(2.0, label="w")
    made = {"w": w}
    exec(f"def f({name}): return {name} * w", made)  # noqa: S102 - a function with this argument
    names = defined_by(ag.record(made["f"], params=[w]).to_numpy(3.0))
    loss, gradients = names["value_and_gradients"](names["PARAMS"], 5.0)
    assert (loss, gradients["w"]) == (10.0, 5.0)


def test_arguments_keep_their_structure():
    w = ag.Value(2.0, label="w")
    fast = ag.record(lambda d, pair: w * d["left"][1] - pair[0] * pair[1][2], params=[w])
    names = defined_by(fast.to_numpy({"left": [1.0, 2.0]}, (3.0, [4.0, 5.0, 6.0])))
    loss, gradients = names["value_and_gradients"](
        names["PARAMS"], {"left": [1.0, 5.0]}, (2.0, [0.0, 0.0, 7.0])
    )
    assert (loss, gradients["w"]) == (-4.0, 5.0)


def test_rows_of_many_lengths_are_products_of_matrices_behind_a_mask():
    source = CASES["gpt"]().fast.to_numpy()
    forward = source.partition("failed = np.zeros")[0]
    assert "MASK_0" in forward
    assert "[:, INDEX_0]" not in forward  # nothing that varies is gathered one by one


def test_a_row_that_nobody_asks_for_brings_no_nan():
    w = ag.Value(1.0, label="w")

    def loss(xs):  # the last rows are longer; one of their numbers is out of the range of a float
        rows = [[ag.dot([xs[i], w], [xs[j], w]) for j in range(i + 1)] for i in range(4)]
        return ag.sum([ag.sum([ag.log(y) for y in row]) for row in rows])

    case = Case(loss, [w], [([1.0, 2.0, 3.0, 1e160],), ([0.5, 1.0, 2.0, 3.0],)])
    names = defined_by(case.fast.to_numpy())
    found = names["value_and_gradients"](names["PARAMS"], *case.columns)
    np.testing.assert_allclose(found[0], case.losses, rtol=1e-12)
    np.testing.assert_allclose(found[1]["w"], case.sums["w"], rtol=1e-12)
