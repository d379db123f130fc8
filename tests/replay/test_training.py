"""A training that goes on epoch by epoch is at every look what the loop written out would be."""

import copy
import pickle
import random
from operator import attrgetter
from threading import Event, Semaphore, Thread

import pytest

import autograd as ag
import nn
from autograd import Value, record

BACKENDS = ("numba", "numpy", "python")
OPTIMIZERS = {
    "sgd": lambda params: nn.SGD(params, lr=0.05),
    "momentum": lambda params: nn.SGD(params, lr=0.05, momentum=0.9),
    "adam": lambda params: nn.Adam(params, lr=0.02),
}


class Model:
    """Three weights and a constant."""

    def __init__(self):
        self.w = [Value(x) for x in (0.3, -0.2, 0.1)]
        self.scale = Value(0.5, requires_grad=False)

    def loss(self, x, y):
        a, b, c = self.w
        return ((a * x[0] + b * x[1] + c).tanh() * self.scale - y) ** 2


class Side:
    """One way to train: a model, an optimizer of its weights and six samples."""

    def __init__(self, make):
        self.model = Model()
        self.w, self.scale, self.loss = self.model.w, self.model.scale, self.model.loss
        self.optimizer = make(self.w)
        self.X = [[0.1 * i, 1.0 - 0.3 * i] for i in range(6)]
        self.y = [0.5 * i - 1.0 for i in range(6)]

    def numbers(self):
        memories = [sorted(self.optimizer.state.get(p, {}).items()) for p in self.w]
        return [p.data for p in self.w], memories


class Written(Side):
    """The loop written out."""

    def epoch(self, order, size):
        total = 0.0
        for begin in range(0, len(order), size):
            part = order[begin : begin + size]
            self.optimizer.zero_grad()
            losses = [self.loss(self.X[i], self.y[i]) for i in part]
            (ag.sum(losses) / len(part)).backward()
            total += sum(loss.data for loss in losses)
            self.optimizer.step()
        return total / len(order)


class Replayed(Side):
    """The training in arrays."""

    def __init__(self, make, backend, size):
        super().__init__(make)
        fast = record(self.loss, params=self.w, backend=backend)
        self.training = fast.training(self.X, self.y, optimizer=self.optimizer, batch_size=size)

    def epoch(self, order, size):
        return self.training.epoch(order)


def near(a, b):
    return a == pytest.approx(b, rel=1e-12, abs=1e-13)


def same(written, replayed, look_at_memories):
    for a, b in zip(written.w, replayed.w):
        assert near(a.data, b.data)
    if look_at_memories:
        for a, b in zip(written.numbers()[1], replayed.numbers()[1]):
            assert [name for name, _ in a] == [name for name, _ in b]
            assert near([x for _, x in a], [x for _, x in b])


def edits(draw):
    """Give one thing that a user may do between two epochs, as a function of a side."""
    place, number = draw.randrange(3), draw.uniform(-1, 1)
    sample = draw.randrange(6)

    def weight(side):
        side.w[place].data = number

    def no_gradient(side):
        side.w[place].grad = None

    def rate(side):
        side.optimizer.param_groups[0]["lr"] = 0.01 + 0.02 * abs(number)

    def data(side):
        side.X[sample][0] = number

    def label(side):
        side.y[sample] = number

    def constant(side):
        side.scale.data = 0.5 + 0.1 * number

    def memory(side):
        for name in side.optimizer.state.get(side.w[place], {}):
            if name != "step":
                side.optimizer.state[side.w[place]][name] = abs(number)

    def round_trip(side):
        side.optimizer.load_state_dict(copy.deepcopy(side.optimizer.state_dict()))

    def forget(side):
        side.optimizer.state = {}

    return draw.choice([weight, no_gradient, rate, data, label, constant, memory, round_trip, forget, id, id])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("seed", range(4))
def test_at_every_look_it_is_what_the_written_out_loop_is(backend, kind, seed):
    draw = random.Random(f"{seed} {kind}")
    size = draw.choice((1, 4, 6))
    written, replayed = Written(OPTIMIZERS[kind]), Replayed(OPTIMIZERS[kind], backend, size)
    for _ in range(40 // -(-6 // size)):
        order = draw.sample(range(6), 6)
        assert near(written.epoch(order, size), replayed.epoch(order, size))
        same(written, replayed, draw.random() < 0.3)
        edit = edits(draw)
        edit(written)
        edit(replayed)
    same(written, replayed, True)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_error_leaves_the_last_finished_update_and_the_training_goes_on(kind):
    written, replayed = Written(OPTIMIZERS[kind]), Replayed(OPTIMIZERS[kind], "numba", 2)
    order = list(range(6))
    for _ in range(5):
        written.epoch(order, 2)
        replayed.epoch(order, 2)
    replayed.X[2][0] = float("inf")
    with pytest.raises(ArithmeticError):
        replayed.epoch(order, 2)
    replayed.X[2][0] = written.X[2][0]
    written.epoch(order[:2], 2)
    same(written, replayed, True)
    written.epoch(order, 2)
    replayed.epoch(order, 2)
    same(written, replayed, True)


def test_who_held_a_memory_before_sees_it_brought_up_to_date_and_may_change_it():
    written, replayed = Written(OPTIMIZERS["adam"]), Replayed(OPTIMIZERS["adam"], "numba", 6)
    order = list(range(6))
    held = {}
    for epoch in range(12):
        written.epoch(order, 6)
        replayed.epoch(order, 6)
        for side in (written, replayed):
            if epoch == 3:
                held[side] = side.optimizer.state[side.w[1]]
            if epoch > 3:
                held[side]["mean"] *= 0.5
    assert near(held[written]["mean"], held[replayed]["mean"])
    same(written, replayed, True)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_of_an_optimizer_has_what_it_remembers_while_a_training_keeps_it(copied):
    replayed = Replayed(OPTIMIZERS["adam"], "numba", 6)
    for _ in range(6):
        replayed.epoch(None, 6)
    assert replayed.optimizer.lent_to is not None
    made = copied(replayed.optimizer)
    memories = list(made.state.values())
    assert [memory["step"] for memory in memories] == [6, 6, 6]
    replayed.epoch(None, 6)
    assert [memory["step"] for memory in replayed.optimizer.state.values()] == [7, 7, 7]


def test_a_training_that_is_over_leaves_the_optimizer_its_own_state():
    replayed = Replayed(OPTIMIZERS["momentum"], "numba", 6)
    for _ in range(6):
        replayed.epoch(None, 6)
    replayed.training.close()
    assert replayed.optimizer.lent_to is None
    assert set(replayed.optimizer.state) == set(replayed.w)


class Stepped(Side):
    """The loop as PyTorch's users write it, around a recorded function."""

    def __init__(self, make, backend):
        super().__init__(make)
        self.fast = record(self.loss, params=self.w, backend=backend)

    def epoch(self, order, size):
        total = 0.0
        for begin in range(0, len(order), size):
            part = order[begin : begin + size]
            self.optimizer.zero_grad()
            total += len(part) * self.fast.batch([self.X[i] for i in part], [self.y[i] for i in part]).data
            self.optimizer.step()
        return total / len(order)


@pytest.fixture
def in_arrays(monkeypatch):
    """Let three weights count as many: arrays and the loops over slots serve them."""
    monkeypatch.setattr("nn.learning.optimizer.MANY", 1)
    for module in ("slots", "capture.variant"):
        monkeypatch.setattr(f"autograd.replay.{module}.MANY", 1)


def odd_edits(draw):
    """Give what a user may do that no array of floats holds."""
    place = draw.randrange(3)
    return draw.choice([
        edits(draw),
        lambda side: setattr(side.w[place], "data", 1),
        lambda side: setattr(side.w[place], "data", -0.0),
        lambda side: setattr(side.w[place], "grad", 5),
        lambda side: side.optimizer.zero_grad(set_to_none=False),
        lambda side: setattr(side.w[place], "requires_grad", not side.w[place].requires_grad),
    ])  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("in_arrays")
def test_steps_around_a_recorded_function_are_those_of_the_loop_in_arrays_too(backend, kind, seed):
    draw = random.Random(f"{seed} {kind} steps")
    size = draw.choice((1, 4, 6))
    sides = [Written(OPTIMIZERS[kind]), Stepped(OPTIMIZERS[kind], backend)]
    for _ in range(40 // -(-6 // size)):
        order = draw.sample(range(6), 6)
        if any(p.op.name == "leaf" or p.requires_grad for p in sides[0].w):
            assert near(*[side.epoch(order, size) for side in sides])
        for a, b in zip(sides[0].w, sides[1].w):
            assert near(a.grad or 0.0, b.grad or 0.0)
        same(*sides, draw.random() < 0.3)
        edit = odd_edits(draw)
        for side in sides:
            edit(side)
    same(*sides, True)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.usefixtures("in_arrays")
def test_train_steps_and_epochs_in_turn_go_on_from_one_memory(backend):
    draw = random.Random(backend)
    written, stepped = Written(OPTIMIZERS["adam"]), Stepped(OPTIMIZERS["adam"], backend)
    training = stepped.fast.training(stepped.X, stepped.y, optimizer=stepped.optimizer)
    ways = [
        lambda: stepped.epoch(range(6), 6),
        training.epoch,
        lambda: stepped.fast.train(stepped.X, stepped.y, optimizer=stepped.optimizer),
    ]
    for _ in range(40):
        written.epoch(range(6), 6)
        draw.choice(ways)()
        same(written, stepped, draw.random() < 0.2)
        if draw.random() < 0.2:
            edit = edits(draw)
            edit(written)
            edit(stepped)
    same(written, stepped, True)


@pytest.mark.parametrize("way", ["epoch", "loop"])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.usefixtures("in_arrays")
def test_another_thread_sees_the_weights_after_an_update_and_none_half_written(backend, way):
    side = Stepped(OPTIMIZERS["adam"], backend)
    training = side.fast.training(side.X, side.y, optimizer=side.optimizer)
    read = attrgetter("data")
    states, seen, wanted, stop = {tuple(map(read, side.w))}, set(), Semaphore(0), Event()

    def look():
        while not stop.is_set():
            seen.add(tuple(map(read, side.w)))  # in one call of C: no other thread runs within it
            wanted.release()

    reader = Thread(target=look)
    reader.start()
    try:
        for _ in range(30):
            if way == "epoch":
                training.epoch()
            else:
                side.epoch(range(6), 6)
            states.add(tuple(map(read, side.w)))
            while wanted.acquire(blocking=False):
                pass
            wanted.acquire()  # one that began before the update ended, perhaps
            wanted.acquire()
    finally:
        stop.set()
        reader.join()
    assert seen <= states
    assert len(seen) >= 30
