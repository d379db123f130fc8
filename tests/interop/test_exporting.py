import pytest

import autograd as ag
from autograd.interop.exporting import ExportError
from autograd.messages import language

TARGETS = ["to_numpy", "to_torch", "to_jax", "to_sympy"]


def export(fast, target, *example):
    return getattr(fast, target)(*example)


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_never_called_asks_for_an_example(target):
    w = ag.Value(2.0)
    with pytest.raises(ExportError, match="call it once, or pass an example"):
        export(ag.record(lambda x: w * x, params=[w]), target)


@pytest.mark.parametrize("given", [(), (3.0,), ([1.0, 2.0],)])
def test_what_was_called_once_is_written(given):
    w = ag.Value(2.0)
    fast = ag.record(lambda *xs: w * ag.sum([w, *map(ag.sum, xs)]), params=[w])
    assert fast(*given).data == 2.0 * (2.0 + sum(map(ag.sum, given)))
    w.grad = 0.0
    names = {}
    exec(fast.to_numpy(), names)  # noqa: S102 - what the export wrote
    assert w.grad == 0.0
    found, slopes = names["value_and_gradients"](names["PARAMS"], *given)[:2]
    assert found == fast(*given).data
    assert [*slopes.values()] == [w.grad]
    assert fast.learned.unconfirmed is None


def test_several_kinds_of_arguments_ask_for_an_example():
    w = ag.Value(2.0)
    fast = ag.record(lambda xs: w * ag.sum(xs), params=[w], backend="python")
    for length in (2, 3):
        for _ in range(3):
            fast([1.0] * length)
    with pytest.raises(ExportError, match="2 kinds of arguments"):
        fast.to_numpy()
    assert "xs (3,)" in fast.to_numpy([1.0, 2.0, 3.0])


def test_what_runs_as_it_is_says_why():
    w = ag.Value(2.0)
    fast = ag.record(lambda x: w * __import__("random").random(), params=[w])
    with (
        pytest.warns(RuntimeWarning, match="runs as it is"),
        pytest.raises(ExportError, match=r"as it is: .*random"),
    ):
        fast.to_numpy(1.0)


def test_several_results_are_no_loss():
    w = ag.Value(2.0)
    fast = ag.record(lambda x: [w * x, w], params=[w], backend="python")
    for _ in range(3):
        fast.value(1.0)
    with pytest.raises(ExportError, match="no single Value"):
        fast.to_numpy()


def test_a_function_of_no_arguments_needs_no_example():
    w = ag.Value(2.5, label="w")
    assert "'w': np.array(2.5)" in ag.record(lambda: w * w, params=[w]).to_numpy()


def test_errors_speak_chinese():
    language("zh")
    try:
        with pytest.raises(ExportError, match="示例参数"):
            ag.record(lambda x: x).to_numpy()
    finally:
        language("en")


def test_an_export_leaves_the_gradients_alone():
    w = ag.Value(2.0)
    fast = ag.record(lambda x: w * x, params=[w])
    fast.to_numpy(3.0)
    assert w.grad == 0.0


def test_parameters_have_the_numbers_of_the_moment():
    w = ag.Value(2.0, label="w")
    fast = ag.record(lambda x: w * x, params=[w])
    fast.to_numpy(3.0)
    w.data = 7.5
    assert "'w': np.array(7.5)" in fast.to_numpy()


def test_a_branch_that_returns_no_loss_is_named_by_its_line():
    w = ag.Value(2.0, label="w")

    def loss(x):
        if w * x > 0:
            return w * x
        return [w * x, w]

    fast = ag.record(loss, params=[w], backend="python")
    for x in (1.0, -1.0):
        for _ in range(3):
            fast.value(x)
    line = loss.__code__.co_firstlineno + 1
    with pytest.raises(ExportError, match=rf"test_exporting.py:{line} .*in every branch"):
        fast.to_jax()


def test_what_watches_the_nodes_keeps_nothing_from_being_recorded():
    w = ag.Value(2.5, label="w")
    with ag.no_grad(), ag.scope("around"):
        assert "'w': np.array(2.5)" in ag.record(lambda x: w * x, params=[w]).to_numpy(3.0)


def test_a_condition_is_asked_once_and_not_between_constants():
    w = ag.Value(0.4, label="w")
    third = ag.grad(ag.grad(ag.grad(lambda t: ag.sigmoid(w * t))))
    lines = ag.record(lambda x: 2.0 * third(x), params=[w]).to_numpy(0.7).splitlines()
    asked = [line.partition("& ")[2].rpartition(", failed)")[0] for line in lines if "failed == 0) &" in line]
    asked = [text.rpartition(", ")[0] for text in asked]
    assert asked
    assert len({*asked}) == len(asked)
    assert not any("np.array" in line for line in asked)


def test_an_example_may_be_given_by_name(tmp_path):
    w = ag.Value(2.0, label="w")
    fast = ag.record(lambda x, *, scale: w * x * scale, params=[w], backend="python")
    assert "def value_and_gradients(params, x, scale)" in fast.to_numpy(1.5, scale=2.0)
    fast.to_c(tmp_path / "a b.c", x=1.5, scale=2.0)
    assert "int a_b(" in (tmp_path / "a b.c").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["to_torch", "to_jax"])
@pytest.mark.parity
def test_where_no_recorded_way_holds_the_loss_is_nan(target):
    w = ag.Value(2.0, label="w")
    fast = ag.record(lambda x: w * x if x > 0 else w, params=[w], backend="python")
    made = getattr(fast, target)(1.5)
    loss, valid = made(-1.5) if target == "to_torch" else made[0](made[1], -1.5)
    assert (bool(loss != loss), bool(valid)) == (True, False)
