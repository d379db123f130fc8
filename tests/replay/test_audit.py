"""The audit: state that no recording sees is told, and nothing else is."""

import ctypes
import math
import mmap
import pickle
import random
import sqlite3
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import autograd as ag
import nn
from autograd import ReplayMismatch, Value, language, record
from autograd.replay.audit import Audit, is_power_of_two

BACKENDS = pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
XS = [0.1 * i for i in range(10)]
YS = [2.0 * x for x in XS]


class Hidden:
    """A line through two parameters, and a factor in foreign memory."""

    def __init__(self) -> None:
        self.w, self.b = Value(0.5), Value(0.1)
        held = self.held = (ctypes.c_double * 1)(1.0)
        self.ran = 0
        w, b, count = self.w, self.b, self._count

        def loss(x: Any, y: Any) -> Any:
            return (w * x * held[0] + b - y) ** 2

        self.loss, self.counted = loss, lambda x, y: (count(), loss(x, y))[1]

    def _count(self) -> None:
        self.ran += 1


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples are compared from the 64th on."""
    monkeypatch.setattr("autograd.replay.audit.FIRST", 64)


# -- when ------------------------------------------------------------------------------------------------


def test_a_million_calls_of_one_program_are_compared_twenty_times() -> None:
    audit = Audit()
    assert sum(audit.due(k) for k in range(1, 10**6 + 1)) == 20


def test_a_million_samples_are_compared_twice() -> None:
    audit = Audit()
    assert [k for k in range(1, 10**4 + 1) if audit.serve(100)] == [2622, 5243]


def test_the_function_itself_runs_in_place_of_a_replay_so_it_prints_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    w = Value(2.0)
    f = record(lambda x: (print("ran"), w * x)[1], [w], backend="python")
    for k in range(500):
        w.grad = 0.0
        assert f(float(k)).data == 2.0 * k
        assert w.grad == k
    ran = capsys.readouterr().out.count("ran")
    assert ran == 500 - f.replays == 2 + 9  # recorded twice; the 1st, 2nd, 4th, ..., 256th that it served


def test_without_an_audit_one_comparison_is_all() -> None:
    w = Value(2.0)
    f = record(lambda x: w * x, [w], backend="python", audit=False)
    for k in range(100):
        w.data += 1.0
        f(float(k))
    assert f.replays == 97


# -- calls -----------------------------------------------------------------------------------------------


def in_a_database() -> tuple[Callable[[], float], Callable[[], Any]]:
    db = sqlite3.connect(":memory:")
    db.execute("create table t (v)")
    db.execute("insert into t values (2.0)")
    return lambda: db.execute("select v from t").fetchone()[0], lambda: db.execute("update t set v = 9.0")


def in_shared_memory() -> tuple[Callable[[], float], Callable[[], Any]]:
    page = mmap.mmap(-1, 1)
    page[0] = 2
    return lambda: page[0], lambda: page.write_byte(9)


def in_foreign_memory() -> tuple[Callable[[], float], Callable[[], Any]]:
    number = ctypes.c_double(2.0)
    return lambda: number.value, lambda: setattr(number, "value", 9.0)


def in_the_class_of_an_object() -> tuple[Callable[[], float], Callable[[], Any]]:
    class Two:
        def factor(self) -> float:
            return 2.0

    class Nine:
        def factor(self) -> float:
            return 9.0

    thing = Two()
    return lambda: thing.factor() + 0.0, lambda: setattr(thing, "__class__", Nine)


def in_a_subclass_of_an_array() -> tuple[Callable[[], float], Callable[[], Any]]:
    import numpy as np

    array = np.array([2.0]).view(type("Mine", (np.ndarray,), {}))
    return lambda: float(array[0]), lambda: array.fill(9.0)


PLACES = [
    in_a_database, in_shared_memory, in_foreign_memory, in_the_class_of_an_object, in_a_subclass_of_an_array,
]  # fmt: skip


@BACKENDS
@pytest.mark.parametrize("place", PLACES)
def test_hidden_state_in_calls_is_told_before_the_calls_have_doubled(place: Any, backend: str) -> None:
    read, change = place()
    w = Value(1.5)
    f = record(lambda x: w * x * read(), [w], backend=backend)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        told = None
        for k in range(20):
            if k == 7:
                change()
            try:
                f(1.0 + k)
            except ReplayMismatch as problem:
                told = (problem.call, problem.since)
    assert told == (10, 7) or "is not replayed" in str(said[0].message)


def test_a_call_that_stops_hands_out_no_gradient_and_the_next_one_runs_the_function() -> None:
    hidden = Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend="python")
    for x in XS[:5]:
        f(x, 1.0)
    hidden.held[0] = 2.0
    before = hidden.w.grad
    with pytest.raises(ReplayMismatch, match=r"all numbers since call 5 are in doubt"):
        f(0.7, 1.0)
    assert hidden.w.grad == before
    for x in XS:
        assert f(x, 1.0).data == hidden.loss(x, 1.0).data


def test_a_function_that_came_to_raise_is_told_with_its_own_error_beside_it() -> None:
    hidden = Hidden()
    f = record(lambda x: hidden.loss(x, 1.0) / (1 / hidden.held[0]), [hidden.w], backend="python")
    for x in XS[:5]:
        f(x)
    hidden.held[0] = 0.0
    with pytest.raises(ReplayMismatch, match="the function itself raises ZeroDivisionError") as found:
        f(0.7)
    assert isinstance(found.value.__cause__, ZeroDivisionError)


def test_a_difference_before_anything_was_served_is_a_warning() -> None:
    hidden = Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend="python")
    for x in XS[:3]:
        f(x, 1.0)
    hidden.held[0] = 2.0
    with pytest.warns(RuntimeWarning, match="is not replayed but runs as it is"):
        assert f(0.7, 2.0).data == hidden.loss(0.7, 2.0).data


def test_a_difference_as_something_moves_for_the_first_time_is_a_warning_that_says_what_may_be_in_doubt() -> (
    None
):
    hidden = Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend="python")
    for x in XS[:5]:
        f(x, 1.0)
    hidden.held[0] = 2.0
    with pytest.warns(RuntimeWarning, match="numbers since call 5 are in doubt too"):
        assert f(0.7, 2.0).data == hidden.loss(0.7, 2.0).data  # no other y was ever seen


def test_the_error_speaks_both_languages_and_can_be_sent() -> None:
    said = {}
    for code in ("en", "zh"):
        hidden = Hidden()
        f = record(hidden.loss, [hidden.w, hidden.b], backend="python")
        language(code)
        try:
            for x in XS[:5]:
                f(x, 1.0)
            hidden.held[0] = 2.0
            with pytest.raises(ReplayMismatch) as found:
                f(0.8, 1.0)
        finally:
            language("en")
        said[code] = str(found.value)
        sent = pickle.loads(pickle.dumps(found.value))
        assert (str(sent), sent.call, sent.since) == (said[code], 6, 5)
    wrong, right = (0.5 * 0.8 + 0.1 - 1.0) ** 2, (1.0 * 0.8 + 0.1 - 1.0) ** 2
    for text in said.values():
        assert f" {wrong}" in text
        assert f" {right}" in text
    assert "自第 5 次调用起的所有数值都不可信" in said["zh"]


# -- batches and trainings -------------------------------------------------------------------------------


@BACKENDS
@pytest.mark.usefixtures("_soon")
def test_hidden_state_is_told_in_batches(backend: str) -> None:
    hidden = Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend=backend)
    for k in range(12):
        hidden.held[0] = 1.0 if k < 10 else 2.0
        f.batch(XS, YS)
    before = hidden.w.grad
    with pytest.raises(ReplayMismatch) as found:  # sample 128 is in the 13th
        f.batch(XS, YS)
    assert (found.value.call, found.value.since) == (13, 8)
    assert before == hidden.w.grad


@BACKENDS
@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_hidden_state_is_told_in_a_training_that_nobody_watches(backend: str, batch_size: int | None) -> None:
    hidden = Hidden()

    def rate(step: int) -> float:
        hidden.held[0] = 2.0 if step >= 300 else 1.0  # rates are asked for some updates ahead
        return 0.01

    f = record(hidden.loss, [hidden.w, hidden.b], backend=backend)
    with pytest.raises(ReplayMismatch, match=r"Found in call 1, epoch \d+; all numbers since call 1, epoch"):
        f.train(XS, YS, epochs=1000, lr=rate, batch_size=batch_size)


@BACKENDS
@pytest.mark.parametrize("optimizer", ["sgd", nn.RMSprop])  # the second is none that a kernel knows
def test_what_a_callback_changed_is_told_at_an_epochs_end(backend: str, optimizer: Any) -> None:
    hidden = Hidden()
    seen = []

    def change(epoch: int, _loss: float) -> None:
        seen.append(hidden.w.data)
        if epoch == 2:
            hidden.held[0] = 2.0

    if optimizer != "sgd":
        optimizer = optimizer([hidden.w, hidden.b], lr=0.01)
    f = record(hidden.loss, [hidden.w, hidden.b], backend=backend)
    with pytest.raises(ReplayMismatch, match="Found in call 1, epoch 5; all numbers since call 1, epoch 4"):
        f.train(XS, YS, epochs=100, batch_size=4, optimizer=optimizer, callbacks=[change])
    assert len(seen) == 4  # epochs 2, 3 and 5 were compared
    assert hidden.w.data != seen[-1]  # the finished updates of the fifth are kept
    assert hidden.w.grad == 0.0


def test_a_training_after_the_error_goes_on_with_the_function_itself() -> None:
    hidden, twin = Hidden(), Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend="numba")
    with pytest.raises(ReplayMismatch):
        f.train(XS, YS, epochs=9, callbacks=[lambda *_: hidden.held.__setitem__(0, 2.0)])
    twin.held[0], twin.w.data, twin.b.data = 2.0, hidden.w.data, hidden.b.data
    fresh = record(twin.loss, [twin.w, twin.b], backend="python")
    assert f.train(XS, YS, epochs=3) == pytest.approx(fresh.train(XS, YS, epochs=3), rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_what_is_compared_is_what_the_kernel_trained_on(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograd.replay import runners

    hidden = Hidden()
    f = record(hidden.loss, [hidden.w, hidden.b], backend=backend)
    for kind in (runners.InLanes, runners.InTurns):
        monkeypatch.setattr(
            kind, "served", lambda self: [x * (1 + 1e-6) for x in self.batches.losses.tolist()]
        )
    with pytest.raises(ReplayMismatch, match=r"gives .* where the function itself gives"):
        f.train(XS, YS, epochs=9, callbacks=[lambda *_: None])


@BACKENDS
def test_hidden_state_is_told_by_fit(backend: str) -> None:
    held = (ctypes.c_double * 1)(1.0)

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(1, 1)

        def forward(self, x: Any) -> Any:
            return self.layer([x[0] * held[0]])

    def change(run: Any) -> None:
        held[0] = 2.0 if run.epoch == 3 else held[0]

    model = Net()
    model.compile(lambda p: nn.SGD(p, lr=0.01), loss="mse")
    with pytest.raises(ReplayMismatch, match="fit stopped in epoch 5, losses and weights since epoch 4 are"):
        model.fit(
            [[x + 1.0] for x in XS],
            YS,
            epochs=30,
            batch_size=4,
            verbose=False,
            replay=backend,
            callbacks=[change],
        )


# -- and nothing else ------------------------------------------------------------------------------------


@BACKENDS
@pytest.mark.usefixtures("_soon")
def test_trainings_to_convergence_raise_no_false_alarm(backend: str) -> None:
    for seed in range(40 if backend == "numba" else 8):
        assert converged(seed, backend) >= 0.0


def converged(seed: int, backend: str) -> float:
    """The last loss of a small random training, down to where terms cancel in every digit."""
    draw = random.Random(seed)
    w = [Value(draw.gauss(0, 1)) for _ in range(4)]
    scale = 10.0 ** draw.randrange(-3, 4)
    X = [(draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(draw.randrange(1, 5))]
    hinge, aim = draw.random() < 0.5, [draw.gauss(0, 1) for _ in range(3)]

    def loss(x: Any, y: Any) -> Any:
        said = w[0] * x[0] + w[1] * x[1] + w[2] * 1.0
        return (1.0 - y * said).relu() + 0.0 * w[3] if hinge else ((said - y) * scale) ** 2 / scale**2

    Y = [math.copysign(1.0, x[0]) if hinge else aim[0] * x[0] + aim[1] * x[1] + aim[2] for x in X]
    f = record(loss, w, backend=backend)
    watch = [lambda *_: None] if draw.random() < 0.5 else []
    size = draw.choice([None, 1, 2])
    epochs = 600 if backend == "numba" else 100
    optimizer, lr = draw.choice([("sgd", 0.1), ("adam", 0.03), ("momentum", 0.02)])
    last: float = f.train(X, Y, epochs=epochs, optimizer=optimizer, lr=lr, batch_size=size, callbacks=watch)[
        -1
    ]
    return last + f.batch(X, Y).data + f(X[0], Y[0]).data


def test_is_power_of_two() -> None:
    assert [k for k in range(-1, 70) if is_power_of_two(k)] == [1, 2, 4, 8, 16, 32, 64]


def test_the_audit_is_public() -> None:
    assert issubclass(ag.ReplayMismatch, RuntimeError)


def test_an_array_that_goes_into_a_model_replays() -> None:
    import numpy as np

    model = nn.MLP(2, [3, 1])
    f = record(lambda x: model(x) ** 2, model.parameters(), backend="python")
    for k in range(20):
        f(np.array([0.1 * k, 1.0 - k]))
    assert "1 program" in repr(f)
    assert f.replays >= 8
