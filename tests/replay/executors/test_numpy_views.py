import numpy as np
import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.executors.numpy_views import OperandView, Store, steps_of
from autograd.replay.passes import codes


def test_regular_places_have_steps_and_others_none():
    assert steps_of(np.array([[3, 5, 7], [13, 15, 17]])) == (10, 2)
    assert steps_of(np.array([[4, 4], [4, 4]])) == (0, 0)
    assert steps_of(np.array([[3, 5, 8]])) is None


@pytest.fixture
def tape():
    w = [Value(0.5 + k) for k in range(6)]

    def loss(x, y):
        h = [ag.dot(w[3 * k : 3 * k + 2], [x, y], w[3 * k + 2]) for k in (0, 1)]
        return h[0] * h[1] + w[5] * y

    fast = record(loss, params=w, backend="numpy")
    fast(1.0, 2.0)
    fast(1.0, 2.0)
    return arranged(next(iter(fast.learned.variants.values()))[0], batched=True).tape


def test_views_and_copies_of_places_are_the_same_numbers(tape):
    store = Store(tape, 4)
    store.rows[:] = np.arange(store.rows.size).reshape(store.rows.shape)
    for places in (np.array([[0, 1], [3, 4]]), np.array([[tape.edge, tape.edge + 1]])):
        assert store.view(places, slopes=False).tolist() == store.read(places).tolist()
    mixed = store.read(np.array([2, tape.edge]))
    assert mixed.tolist() == [[store.numbers[2, 0]] * 4, store.rows[0].tolist()]
    assert store.view(np.array([2, tape.edge]), slopes=False) is None


def operands(tape, lanes):
    for row in tape.rows:
        for block in (codes.A, codes.B, codes.C):
            store = Store(tape, lanes)
            if row[block + codes.START] != codes.ABSENT:
                yield store, OperandView(store, tape, row, block)


def test_flows_are_summed_over_lanes_and_over_results_that_share_an_operand(tape):
    kinds = set()
    for store, operand in operands(tape, 4):
        like = (*operand.places.shape, 4)
        flow = np.random.default_rng(0).normal(size=like)

        def give(out, flow=flow):
            if out is None:
                return flow
            out[...] = flow
            return out

        want, wide = np.zeros(tape.edge), np.zeros_like(store.slopes)
        for place, one in zip(operand.places.ravel(), flow.reshape(-1, 4)):
            if place < tape.edge:
                want[place] += one.sum()
            else:
                wide[place - tape.edge] += one
        operand.receiver(give, like, fresh=operand.target is not None)()
        assert store.number_slopes[:, 0] == pytest.approx(want, rel=1e-12)
        assert store.slopes == pytest.approx(wide, rel=1e-12)
        operand.receiver(give, like, fresh=False)()
        assert store.number_slopes[:, 0] == pytest.approx(2 * want, rel=1e-12)
        assert store.slopes == pytest.approx(2 * wide, rel=1e-12)
        kinds.add((operand.wide, bool(operand.common)))
    assert {(False, False), (True, True)} <= kinds
