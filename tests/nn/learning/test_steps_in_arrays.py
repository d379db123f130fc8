"""A step on arrays, and one in a loop made of the formula, have the very bits of one by `update`."""

import copy
import random

import numpy as np
import pytest

import nn
from autograd import Value
from autograd.replay.executors import float_step
from nn.learning import optimizer as module

COUNT = 12
OPTIMIZERS = {
    "sgd": lambda p: nn.SGD(p, lr=0.1),
    "decay": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "dampened": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, dampening=0.3),
    "nesterov": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: nn.Adam(p, lr=0.01),
    "adam of Keras": lambda p: nn.Adam(p, lr=0.01, form="keras", weight_decay=0.1),
    "largest": lambda p: nn.Adam(p, lr=0.01, amsgrad=True),
    "uphill": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, maximize=True),
    "adamw": lambda p: nn.AdamW(p, lr=0.01),
    "adagrad": lambda p: nn.Adagrad(p, lr=0.1, lr_decay=0.01),
    "rmsprop": lambda p: nn.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    "groups": lambda p: nn.Adam([{"params": p[:5], "lr": 0.1}, {"params": p[5:]}], lr=0.01),
}


WAYS = {"update": (10**9, frozenset()), "loop": (10**9, float_step.OURS), "arrays": (1, float_step.OURS)}


class AllWays:
    """The same optimizer three times: number by number, in the loop made of its formula, on arrays."""

    def __init__(self, make, monkeypatch):
        self.monkeypatch = monkeypatch
        self.layers = [nn.Linear(3, 3) for _ in WAYS]
        self.params = [layer.parameters() for layer in self.layers]
        for params in self.params[1:]:
            for p, q in zip(self.params[0], params):
                q.data = p.data
        self.optimizers = [make(params) for params in self.params]
        self.in_arrays = 0

    def each(self, action):
        for params, optimizer in zip(self.params, self.optimizers):
            action(params, optimizer)

    def step(self):
        for (many, ours), optimizer in zip(WAYS.values(), self.optimizers):
            self.monkeypatch.setattr(module, "MANY", many)
            self.monkeypatch.setattr(float_step, "OURS", ours)
            optimizer.step()
        self.in_arrays += self.optimizers[-1].lent_to is not None

    def compare(self):
        one, *others = (
            [(repr(p.data), repr(sorted(optimizer.state.get(p, {}).items()))) for p in params]
            for params, optimizer in zip(self.params, self.optimizers)
        )
        for other in others:
            assert one == other


def gradients(draw, share=0.0):
    found = [draw.gauss(0, 1) if draw.random() < 0.9 else 0.0 for _ in range(COUNT)]
    unset = [draw.random() < share for _ in range(COUNT)]

    def write(params, _):
        for p, g, no in zip(params, found, unset):
            p.grad = None if no else g

    return write


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_steps_in_arrays_have_the_bits_of_steps_number_by_number(kind, monkeypatch):
    draw, ways = random.Random(kind), AllWays(OPTIMIZERS[kind], monkeypatch)
    for _ in range(40):
        ways.each(gradients(draw))
        ways.step()
        if draw.random() < 0.2:
            ways.compare()
    assert ways.in_arrays > 30
    ways.compare()


def test_a_switch_of_any_kind_decides_for_its_own_step_alone(monkeypatch):
    draw = random.Random(0)
    switches = [None, True, 0, 1, "", "yes", 0.0, 2.0, False, (), (1,), np.bool_(True)]
    ways = AllWays(OPTIMIZERS["largest"], monkeypatch)
    for switch in [*switches, *reversed(switches)]:
        ways.each(lambda _, optimizer, switch=switch: optimizer.param_groups[0].update(amsgrad=switch))
        for _ in range(2):
            ways.each(gradients(draw))
            ways.step()
            ways.compare()


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_changed_between_two_steps_counts(kind, seed, monkeypatch):
    draw, ways = random.Random(f"{kind} {seed}"), AllWays(OPTIMIZERS[kind], monkeypatch)

    def edits():
        place, number = draw.randrange(COUNT), draw.random()

        def memory(params, optimizer):
            for name in optimizer.state.get(params[place], {}):
                if name not in ("step", "square"):
                    optimizer.state[params[place]][name] = number

        return draw.choice([
            lambda params, optimizer: setattr(params[place], "data", -0.0),
            lambda params, optimizer: setattr(params[place], "data", 1),
            lambda params, optimizer: optimizer.zero_grad(),
            lambda params, optimizer: optimizer.param_groups[0].update(lr=0.1 * number),
            lambda params, optimizer: optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict())),
            lambda params, optimizer: optimizer.state.pop(params[place], None),
            lambda params, optimizer: setattr(params[place], "requires_grad", number < 0.5),
            lambda params, optimizer: setattr(optimizer, "state", {}),
            memory,
        ])  # fmt: skip

    for _ in range(50):
        ways.each(gradients(draw, share=draw.choice((0.0, 0.0, 0.2, 0.9))))
        if draw.random() < 0.3:
            ways.each(edits())
        ways.step()
        if draw.random() < 0.2:
            ways.compare()
    ways.compare()


def test_an_optimizer_of_ones_own_may_call_what_no_array_can():
    class Printing(nn.Optimizer):
        def __init__(self, params):
            super().__init__(params, lr=0.1)

        def update(self, x, g, memory, group):
            return float(f"{x - group['lr'] * g:.3f}")

    params = [Value(1.0) for _ in range(module.MANY)]
    optimizer = Printing(params)
    for p in params:
        p.grad = 1.0
    optimizer.step()
    assert params[0].data == 0.9


def test_a_parameter_that_becomes_infinite_is_left_to_the_loop(monkeypatch):
    ways = AllWays(OPTIMIZERS["adam"], monkeypatch)

    def write(params, _):
        for p in params:
            p.grad = 1e300

    for _ in range(3):
        ways.each(write)
        ways.step()
    ways.compare()
