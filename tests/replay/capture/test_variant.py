"""A run's graph goes when its program is there; two runs on one path leave the same program behind."""

import gc
import weakref

import pytest

import autograd as ag
from autograd import Value, record
from autograd.collector import uncollected
from autograd.replay.capture import variant
from autograd.replay.capture.arguments import Arguments
from autograd.replay.capture.recorded_run import RecordedRun
from autograd.replay.capture.variant import Variant


def run_of(function, *args):
    return RecordedRun(function, Arguments(args, {}))


def test_the_graph_of_a_run_is_freed_without_the_collector():
    w = Value(2.0)
    seen = []

    def loss(x):
        hidden = (w * x).tanh()
        seen.append(weakref.ref(hidden))
        return hidden * hidden + [w, 1.0][0]

    gc.disable()
    try:
        run = run_of(loss, 3.0)
        variant = Variant(run, [w])
        run.hand_out()
        run.release()
        assert seen[0]() is None
    finally:
        gc.enable()
    assert variant.program.counts()["mul"] == 2


def test_a_guard_keeps_no_graph_alive():
    w = Value(2.0)
    seen = []

    def loss(x):
        hidden = w * x
        seen.append(weakref.ref(hidden))
        return hidden if hidden > 0 else w

    run = run_of(loss, 3.0)
    variant = Variant(run, [w])
    run.release()
    gc.collect()
    assert seen[0]() is None
    assert variant.same_path(run_of(loss, 4.0))
    assert not variant.same_path(run_of(loss, -4.0))


def test_backward_of_a_run_is_that_of_its_root():
    w = Value(2.0)
    run = run_of(lambda x: w * w * x, 3.0)
    run.hand_out()
    assert w.grad == 12.0
    run_of(lambda x: 2 * x, 3.0).hand_out()  # a number: nothing to differentiate


def test_a_chain_of_a_million_nodes_is_recorded_and_freed():
    w = Value(1.0)

    def chain():
        y = w
        for _ in range(1_000_000):
            y = y + w
        return y

    fast = record(chain, params=[w])
    assert fast().data == 1_000_001.0
    assert w.grad == 1_000_001.0


@pytest.mark.parametrize("fails", [False, True])
def test_the_collector_is_as_before_after_a_recorded_call(fails):
    w, states = Value(2.0), []

    def loss(x):
        states.append(gc.isenabled())
        if fails:
            raise KeyError("mine")
        return w * x

    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            if fails:
                with pytest.raises(KeyError):
                    record(loss, params=[w])(1.0)
            else:
                record(loss, params=[w])(1.0)
            assert gc.isenabled() is enabled
        finally:
            gc.enable()
    assert states == [False, False]


def test_the_last_of_several_pauses_restores_the_collector():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_numbers_that_a_large_run_makes_are_kept_once(monkeypatch):
    monkeypatch.setattr(variant, "LARGE", 0)
    w = Value(2.0)
    fast = record(lambda x: (w * 0.0 + 3.0) * x + 3.0 - -0.0 * w, params=[w])
    results = [fast(x).data for x in (1.0, 2.0, 2.0, 3.0, 4.0)]
    assert results == [6.0, 9.0, 9.0, 12.0, 15.0]
    leaves = fast.program.flat.leaves
    numbers = [leaf.data for leaf in dict.fromkeys(leaves) if leaf is not w][1:]
    assert sorted(map(repr, numbers)) == ["-0.0", "0.0", "3.0"]


def test_one_list_of_places_serves_the_tape_and_the_kernels():
    import numpy as np

    w = [Value(0.1 * k) for k in range(9)]
    fast = record(
        lambda x: ag.sum([(w[k] * w[(4 * k) % 9] * x).tanh() for k in range(9)]), params=w, backend="numba"
    )
    for x in (1.0, 2.0, 3.0, 4.0, 5.0):
        fast(x if x < 5 else -x)
    (found,) = [v for variants in fast.learned.variants.values() for v in variants]
    index = found.prepared["arranged", False].tape.index
    assert np.shares_memory(index, found.prepared["single"].memory.record.index)


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_parameters_that_the_loss_does_not_reach_get_no_gradient_not_even_zero(backend):
    w, other, bound = ag.Value(2.0), ag.Value(3.0), ag.Value(5.0)

    def loss(x):
        return w * x if other * x < bound else w * x + bound

    fast = ag.record(loss, params=[w, other, bound], backend=backend, audit=False)
    for x in (0.5, 0.6, 0.7, 0.8):
        fast(x)
    fast.batch([0.5, 0.6])
    assert fast.replays
    assert other.grad is ag.UNSET
    assert bound.grad is ag.UNSET
    assert w.grad == pytest.approx(0.5 + 0.6 + 0.7 + 0.8 + 0.55)
