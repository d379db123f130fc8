"""microgpt's shape: a GPT of 16 numbers, 4 heads and 1 layer on names; loss, all gradients and Adam on one name."""

import random

import nn
from autograd import record
from works.microgpt_peers import jax_training, numba_training, numpy_training, torch_training
from works.plain_engine import gpt_training
from works.timing import (
    EPOCHS,
    MORE,
    PEERS,
    PEOPLE,
    REPLAY,
    UNAUDITED,
    Goal,
    Race,
    Work,
    agree,
    c_run,
    calls_of,
    compiled,
    cpu,
)

RATE, STEPS = 0.01, 5  # of the training after which all competitors must have the same loss
C, NUMPY, NUMBA = "C, blocked by hand", "NumPy by hand", "Numba by hand"
TORCH, JAX = "torch, fused Adam, SDPA", "JAX scan"
LOOP, OWN_ADAM = "loop: zero_grad, call, nn.Adam.step", "loop: call, microgpt's own Adam"
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


def eager(work, texts):
    def run(epochs):
        work.reset()
        optimizer = nn.optim.Adam(work.params, lr=RATE)
        for text in [*texts] * epochs:
            optimizer.zero_grad()
            loss = work.model.loss(text)
            loss.backward()
            optimizer.step()
        return loss.data

    return run


def replayed(work, texts, backend="numba", audit=True):
    fast = record(work.model.loss, params=work.params, backend=backend, audit=audit)

    def run(epochs):
        work.reset()
        return fast.train(texts, epochs=epochs, optimizer="adam", lr=RATE, batch_size=1)[-1]

    return run


def called(work, texts):
    """Calls of one recorded function's `train`, which go on from where the last one ended."""
    fast = record(work.model.loss, params=work.params)
    return lambda epochs: fast.train(texts, epochs=epochs, optimizer="adam", lr=RATE, batch_size=1)


def by_steps(work, texts):
    """The loop that PyTorch's users write, around a recorded function."""
    fast = record(work.model.loss, params=work.params)

    def run(epochs):
        work.reset()
        optimizer = nn.optim.Adam(work.params, lr=RATE)
        for text in [*texts] * epochs:
            optimizer.zero_grad()
            loss = fast(text)
            optimizer.step()
        return loss.data

    return run


def by_own_adam(work, texts):
    """The loop of microgpt's script, Adam written out over `.data` and `.grad`."""
    fast = record(work.model.loss, params=work.params)
    beta1, beta2, eps = 0.9, 0.999, 1e-8

    def run(epochs):
        work.reset()
        params = work.params
        m, v = [0.0] * len(params), [0.0] * len(params)
        for step, text in enumerate([*texts] * epochs):
            loss = fast(text)
            for i, p in enumerate(params):
                m[i] = beta1 * m[i] + (1 - beta1) * p.grad
                v[i] = beta2 * v[i] + (1 - beta2) * p.grad**2
                m_hat, v_hat = m[i] / (1 - beta1 ** (step + 1)), v[i] / (1 - beta2 ** (step + 1))
                p.data -= RATE * m_hat / (v_hat**0.5 + eps)
                p.grad = 0
        return loss.data

    return run


def in_c(work, texts, folder):
    """A function epochs -> [microseconds per step, the last loss, all parameters]."""
    program = compiled("microgpt", folder)
    tokens = [number for text in texts for number in (len(text), *text)]
    return lambda epochs: c_run(program, (epochs, RATE), [*work.start, len(texts), *tokens])


class GptRace(Race):
    """Rows on some texts, all of which have the loss of the eager training first."""

    def __init__(self, run, name, title, unit, work, texts):
        super().__init__(run, name, title, unit)
        self.work, self.texts = work, texts
        self.truth = eager(work, texts)(STEPS)
        self.weights = [p.data for p in work.params]

    def checked(self, name, make, epochs, needs="", **options):
        def measurement():
            training = make(self.work, self.texts, **options)
            self.work.reset()
            loss = training(STEPS)
            if name.startswith("replay"):  # its loss is the mean of an epoch, and it trains our parameters
                agree([p.data for p in self.work.params], self.weights, name)
            else:
                agree(loss, self.truth, name)
            training(epochs)  # compiled for so many
            timed = cpu(training, epochs)
            return lambda: timed() / len(self.texts)

        self.enter(name, measurement, needs)

    def limit(self, epochs):
        def measurement():
            training = in_c(self.work, self.texts, self.asked.folder)
            agree(training(STEPS)[1:], [self.truth, *self.weights], C)
            return lambda: training(epochs)[0]

        self.enter(C, measurement, needs="cc")

    def calls(self, epochs):
        self.enter(
            f"replay, train(epochs={epochs})",
            lambda: calls_of(called(self.work, self.texts), epochs, len(self.texts), 200 // len(self.texts)),
        )


def peer(training):
    return lambda work, texts: training(work.tensors, RATE, texts)


def one_length(work, run):
    letters = len(work.text) - 2
    title = f"microgpt's shape (4,240 parameters), a name of {letters} letters: loss, gradients, Adam"
    race = GptRace(run, "microgpt", title, "us per step", work, [work.text])
    race.checked(REPLAY, replayed, 1000)
    for epochs in EPOCHS:
        race.calls(epochs)
    race.checked(UNAUDITED, replayed, 1000, audit=False)
    race.checked("replay (numpy)", replayed, 20, backend="numpy")
    race.checked(LOOP, by_steps, 50)
    race.checked(OWN_ADAM, by_own_adam, 20)
    race.limit(5000)
    race.checked(NUMPY, peer(numpy_training), 200)
    race.checked(NUMBA, peer(numba_training), 1000, needs="numba")
    race.checked(TORCH, peer(torch_training), 30, needs="torch")
    race.checked(JAX, peer(jax_training), 1000, needs="jax")
    if not run.quick:
        race.checked(EAGER, eager, 2)
        script = gpt_training(work.tensors, RATE)
        agree(script(work.text, 2), eager(work, [work.text])(2), SCRIPT)
        race.enter(SCRIPT, lambda: cpu(lambda n: script(work.text, n), 1))
    race.show()
    ratio, loop = race.ratio, race.times.get(LOOP)
    fixed = f"replay, train(epochs={EPOCHS[0]})"
    call = (race.times[fixed] - race.times[REPLAY]) / 1000 if fixed in race.times else None
    again = replayed(work, [work.text])
    steps, train = by_steps(work, [work.text]), called(work, [work.text])
    for ready in (again, steps, train):
        ready(10)

    def calls():
        for _ in range(300):
            train(1)

    return [
        Goal(PEOPLE, "GPT: one call of train before its first step", call, 1, "ms").explained(calls),
        Goal(
            PEOPLE, "GPT: a step of the loop written out", None if loop is None else loop / 1000, 0.8, "ms"
        ).explained(lambda: steps(500)),
        Goal(PEERS, "GPT, one length: replay's time over C's", ratio(REPLAY, C), 2.5).explained(
            lambda: again(3000)
        ),
        Goal(
            PEERS, "GPT, one length: times as fast as Numba by hand", ratio(NUMBA, REPLAY), 1, "x", True
        ).explained(lambda: again(3000)),
        Goal(PEERS, "GPT, one length: times as fast as JAX unpadded", ratio(JAX, REPLAY), 1, "x", True),
        Goal(MORE, "GPT: times as fast as NumPy by hand", ratio(NUMPY, REPLAY), 5, "x", True).explained(
            lambda: again(3000)
        ),
        Goal(MORE, "GPT: times as fast as torch", ratio(TORCH, REPLAY), 15, "x", True),
        Goal(MORE, "GPT: times as fast as the script", ratio(SCRIPT, REPLAY), 2000, "x", True),
    ]


def mixed_lengths(work, run):
    texts = work.texts
    title = f"the same, {len(texts)} names of {len({len(text) for text in texts})} lengths in turn"
    race = GptRace(run, "microgpt mixed", title, "us per name", work, texts)
    race.checked(REPLAY, replayed, 50)
    race.checked(UNAUDITED, replayed, 50, audit=False)
    race.limit(500)
    race.checked(TORCH, peer(torch_training), 3, needs="torch")
    for epochs in EPOCHS:
        race.calls(epochs)
        race.checked(f"{JAX}, epochs={epochs}", peer(jax_training), epochs, needs="jax")
    race.show()
    goals = [
        Goal(
            PEERS,
            f"GPT, many lengths: times as fast as JAX, {epochs} epochs a train",
            race.ratio(f"{JAX}, epochs={epochs}", f"replay, train(epochs={epochs})"),
            1,
            "x",
            True,
        )
        for epochs in EPOCHS[1:]
    ]
    train = called(work, texts)
    train(5)

    def calls():
        for _ in range(50):
            train(5)

    return [
        *(goal.explained(calls) for goal in goals),
        Goal(MORE, "GPT, many lengths: replay's time over C's", race.ratio(REPLAY, C), 2.5),
        Goal(MORE, "GPT, many lengths: times as fast as torch", race.ratio(TORCH, REPLAY), 15, "x", True),
    ]


def measure(run):
    work = Microgpt()
    goals = one_length(work, run) + mixed_lengths(work, run)
    work.reset()
    return goals
