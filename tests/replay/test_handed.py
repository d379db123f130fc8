"""The result of a recorded call: its gradient has been handed out, and nobody loses it by mistake."""

import copy
import pickle
from collections.abc import Callable

import pytest

import autograd as ag
from autograd import Value, record


def recorded_loss() -> tuple[Value, Callable[[float], Value]]:
    w = Value(2.0)
    return w, record(lambda x: w * x * x, params=[w], backend="python")


@pytest.mark.parametrize("before", [0, 1, 2, 5])  # recorded, confirmed, compared, replayed
@pytest.mark.parametrize(
    "use",
    [
        lambda loss, _: loss,
        lambda loss, w: loss * 2 + w * w,
        lambda loss, w: ag.sum([loss, w]),
        lambda loss, w: w / loss,
    ],
)
def test_a_second_backward_says_where_the_gradients_went(
    before: int, use: Callable[[Value, Value], Value]
) -> None:
    w, loss = recorded_loss()
    for _ in range(before):
        loss(3.0)
    w.grad = 0.0
    result = use(loss(3.0), w)
    with pytest.raises(RuntimeError, match=r"already added to `\.grad`.*detach\(\)"):
        result.backward()
    assert w.grad == 9.0


def test_its_number_can_be_used_like_any_other() -> None:
    w, loss = recorded_loss()
    one = loss(3.0)
    assert (one.data, float(one), one > 1, one + 1 < 20) == (18.0, 18.0, True, True)
    assert "18.0" in repr(one)
    (one.detach() * w).backward()
    assert w.grad == 9.0 + 18.0
    with ag.no_grad():
        assert (one * 2).data == 36.0


def test_it_can_be_copied_and_pickled() -> None:
    _, loss = recorded_loss()
    one = loss(3.0)
    assert copy.deepcopy(one).data == copy.copy(one).data == pickle.loads(pickle.dumps(one)).data == 18.0


def test_batches_and_structures_hand_out_the_same_kind() -> None:
    w, loss = recorded_loss()
    pair = record(lambda x: {"a": [w * x, x], "b": (w, 1)}, params=[w], backend="python")
    results = [pair.value(2.0) for _ in range(5)]
    for found in (loss.batch([1.0, 2.0]), *[result["a"][0] for result in results]):
        with pytest.raises(RuntimeError, match="already added"):
            (found * w).backward()
    assert all(result["a"][1] == 2.0 and result["b"][1] == 1 for result in results)


def test_inside_another_recorded_function_it_is_part_of_the_graph() -> None:
    w, inner = recorded_loss()
    outer = record(lambda x: inner(x) * inner.value(x) + w, params=[w], backend="python")
    for k in range(6):
        w.data, w.grad = 2.0 + k, 0.0
        assert outer(3.0).data == (9 * w.data) ** 2 + w.data
        assert w.grad == 9 * (9 * w.data) + 1
    assert outer.replays > 0
    assert inner.replays == 0


def test_a_graph_that_holds_one_from_before_is_refused_while_learning() -> None:
    w, loss = recorded_loss()
    before = loss(3.0)
    f = record(lambda x: w * x * before, params=[w], backend="python")
    with pytest.raises(RuntimeError, match="already added"):
        f(1.0)
