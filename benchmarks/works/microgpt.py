"""microgpt's shape: a GPT of 16 numbers, 4 heads and 1 layer on names; loss, all gradients and Adam on one name."""

import random

import nn
from autograd import record
from works.microgpt_peers import jax_training, numpy_training, torch_training
from works.plain_engine import gpt_training
from works.timing import REPLAY, UNAUDITED, Goal, Race, Work, agree, c_run, compiled, cpu

RATE, STEPS = 0.01, 5  # of the training after which all competitors must have the same loss
C, NUMPY, TORCH, JAX = "C, blocked by hand", "numpy by hand", "torch", "jax scan, padded to the block"
LOOP = "replay, the loop written out"
SCRIPT, EAGER = "scalar script in plain Python", "autograd, eager"


class Microgpt(Work):
    """The model, and names as tokens: 26 stands before and after each."""

    def __init__(self):
        letters = "abcdefghijklmnopqrstuvwxyz"
        self.texts = [[26, *map(letters.index, name), 26] for name in nn.data.names()[:12]]
        self.text = next(text for text in self.texts if len(text) == 8)
        random.seed(0)
        self.model = nn.GPT(27, 16, dim=16, heads=4, layers=1)
        super().__init__(self.model.parameters())
        self.tensors = {name: _numbers(tensor) for name, tensor in self.model.named_tensors()}


def _numbers(tensor):
    return [_numbers(row) for row in tensor] if isinstance(tensor, (list, tuple)) else tensor.data


def eager(work):
    def run(texts, epochs):
        work.reset()
        optimizer = nn.optim.Adam(work.params, lr=RATE)
        for text in [*texts] * epochs:
            optimizer.zero_grad()
            loss = work.model.loss(text)
            loss.backward()
            optimizer.step()
        return loss.data

    return run


def replayed(work, backend, audit=True):
    fast = record(work.model.loss, params=work.params, backend=backend, audit=audit)

    def run(texts, epochs):
        work.reset()
        return fast.train(texts, epochs=epochs, optimizer="adam", lr=RATE, batch_size=1)[-1]

    return run


def by_steps(work):
    """The loop that PyTorch's users write, around a recorded function."""
    fast = record(work.model.loss, params=work.params)

    def run(texts, epochs):
        work.reset()
        optimizer = nn.optim.Adam(work.params, lr=RATE)
        for text in [*texts] * epochs:
            optimizer.zero_grad()
            loss = fast(text)
            optimizer.step()
        return loss.data

    return run


def in_c(work, folder):
    """A function (texts, epochs) -> [microseconds per step, the last loss, all parameters]."""
    program = compiled("microgpt", folder)

    def run(texts, epochs):
        tokens = [number for text in texts for number in (len(text), *text)]
        return c_run(program, (epochs, RATE), [*work.start, len(texts), *tokens])

    return run


def one_length(work, repeats, folder):
    race = Race(
        f"microgpt's shape (4,240 parameters), a name of {len(work.text) - 2} letters: loss, gradients, Adam"
    )
    texts = [work.text]
    truth = eager(work)(texts, STEPS)
    weights = [p.data for p in work.params]

    def checked(name, run, count):
        agree(run(texts, STEPS), truth, name)
        run(texts, count)  # compiled for this count
        return cpu(lambda n: run(texts, n), count)

    def limit():
        run = in_c(work, folder)
        agree(run(texts, STEPS)[1:], [truth, *weights], C)
        return lambda: run(texts, 3000)[0]

    script = gpt_training(work.tensors, RATE)
    agree(script(work.text, 2), eager(work)(texts, 2), SCRIPT)
    race.enter(SCRIPT, cpu(lambda n: script(work.text, n), 1))
    race.enter(EAGER, cpu(lambda n: eager(work)(texts, n), 2))
    race.enter(NUMPY, checked(NUMPY, numpy_training(work.tensors, RATE), 200))
    for backend, count in (("numba", 500), ("numpy", 20)):
        name = f"replay ({backend})"
        race.enter(name, checked(name, replayed(work, backend), count))
    race.enter(UNAUDITED, checked(UNAUDITED, replayed(work, "numba", audit=False), 500))
    race.enter(LOOP, checked(LOOP, by_steps(work), 200))
    race.enter_c(C, limit)
    race.enter_peer("torch", TORCH, lambda: checked(TORCH, torch_training(work.tensors, RATE), 30))
    race.enter_peer("jax", JAX, lambda: checked(JAX, jax_training(work.tensors, RATE), 500))
    race.show(repeats)
    ratio = race.ratio
    return [
        Goal("microgpt: times as fast as the script", ratio(SCRIPT, REPLAY), 2000, True),
        Goal("microgpt: times as fast as torch", ratio(TORCH, REPLAY), 15, True),
        Goal("microgpt: times as fast as JAX", ratio(JAX, REPLAY), 1, True),
        Goal("microgpt: replay's time over C's", ratio(REPLAY, C), 2.5),
        Goal("microgpt: us of a step written out: zero_grad, call, step", race.times[LOOP], 800),
    ]


def mixed_lengths(work, repeats, folder):
    texts = work.texts
    race = Race(
        f"the same, {len(texts)} names of {len({len(text) for text in texts})} lengths in turn", "us per name"
    )
    truth = eager(work)(texts, 2)
    weights = [p.data for p in work.params]

    def per_name(run, epochs):
        timed = cpu(lambda n: run(texts, n), epochs)
        return lambda: timed() / len(texts)

    def replay(audit=True):
        run = replayed(work, "numba", audit)
        run(texts, 2)
        agree([p.data for p in work.params], weights, REPLAY)
        run(texts, 1)
        return per_name(run, 50)

    def limit():
        run = in_c(work, folder)
        agree(run(texts, 2)[2:], weights, C)
        return lambda: run(texts, 250)[0]

    def peer(name, run, epochs):
        agree(run(texts, 2), truth, name)
        run(texts, epochs)
        return per_name(run, epochs)

    race.enter(REPLAY, replay())
    race.enter(UNAUDITED, replay(audit=False))
    race.enter_c(C, limit)
    race.enter_peer("torch", TORCH, lambda: peer(TORCH, torch_training(work.tensors, RATE), 3))
    race.enter_peer("jax", JAX, lambda: peer(JAX, jax_training(work.tensors, RATE), 50))
    race.show(repeats)
    return [
        Goal("microgpt, mixed lengths: times as fast as torch", race.ratio(TORCH, REPLAY), 15, True),
        Goal("microgpt, mixed lengths: times as fast as JAX", race.ratio(JAX, REPLAY), 1, True),
        Goal("microgpt, mixed lengths: replay's time over C's", race.ratio(REPLAY, C), 2.5),
    ]


def measure(repeats, folder):
    work = Microgpt()
    goals = one_length(work, repeats, folder) + mixed_lengths(work, repeats, folder)
    work.reset()
    return goals
