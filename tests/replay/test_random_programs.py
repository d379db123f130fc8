"""Random programs over Values, written as source text: replay must equal the function itself."""

import itertools
import math
import random
import warnings

import pytest

import autograd as ag
from autograd import Value

UNARY = ["ag.tanh({})", "ag.relu({})", "ag.sin({})", "ag.exp(0.3 * {})", "ag.sigmoid({})", "-{}", "{} * 0.5", "{} + 1",
         "ag.softplus({})", "ag.sqrt({} * {} + 1)", "ag.log({} * {} + 0.5)", "abs({})", "{} ** 2", "1 / ({} * {} + 1)",
         "ag.leaky_relu({})", "ag.silu({})", "ag.clamp({}, -1.0, 1.0)", "ag.cos({})", "ag.gelu({})"]  # fmt: skip
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / ({} + 9.5)", "ag.maximum({}, {})", "ag.minimum({}, {})",
          "ag.dot([{}, w[0]], [w[1], {}], w[2])", "ag.where(ag.gt({}, 0.1), {}, w[3])", "ag.logsumexp([{}, {}, w[4]])",
          "ag.sum([{}, {}, w[0] * w[1], x])", "{} * x + {}", "ag.prod([{}, {}, w[2]])"]  # fmt: skip
CHOICES = [  # statement lines
    ["if {a} > {c}: {v} = {a} * 2", "else: {v} = {b} - 1"],
    ["if x < {c}: {v} = {a} + x", "else: {v} = {a} - x"],
    ["{v} = {a}", "for i in range(n): {v} = {v} * 0.5 + w[i]"],
    ["{v}, k = {a} * 1, 0", "while {v}.data < 1.5 and k < 4: {v}, k = {v} * 0.5 + 1, k + 1"],
    ["{v} = max({a}, {b}, w[0])"],
    ["{v} = min([{a}, {b}])"],
    ["{v} = sorted([{a}, {b}, w[1]])[1] * 2"],
    ["{v} = {a} * int({b}.data)"],
    ["{v} = {a} * w[int(abs({b}.data)) % 3].data"],
    ["{v} = {a} * table[int(abs({b}.data)) % 3]"],
    ["{v} = {a} * SCALE"],
    ["{v} = {a} + settings['shift'] * x"],
    ["{v} = sum([y * {a} for y in ys])"],
    ["if mode == 'train': {v} = {a} * 3", "else: {v} = {a}"],
    ["{v} = ag.pick(w, n % 3) * {a}"],
    ["{v} = ag.pick([{a}, {b}, w[2], w[3], w[4]], n)"],
    ["{v} = {a} + {b}.detach() * x"],
    ["{v} = {a} * {b}.data"],
    ["{v} = Value({a}.data) * {b}"],
    ["{v} = {a} + (x * 2 - 1) ** 2 * max(x, 0.5)"],
    ["with ag.no_grad(): q = {a} * 2", "{v} = q * {b}"],
    ["if bool({a}): {v} = {b} * 1.5", "else: {v} = {b}"],
    ["{v} = {a} if {b}.data == {b}.data else w[0]"],
    ["{v} = {a} * (2 if n in (1, 3) else 5) + n"],
    ["{v} = {a} * float(sum(ys) > 0) + len(ys)"],
    ["{v} = sum([w[0] if y is ys[0] else w[1] for y in ys]) * {a}"],
    ["{v} = {a} * ys[-1] if len(ys) > 2 else {a} + ys[0]"],
    ["{v} = {a} * len(mode) + (1 if mode in ('train', 'eval') else w[0])"],
    ["{v} = {a} * (w[0] if w[0] is alias else 2.0) + alias"],
    ["{v} = max([{a}, {b}, w[1]], key=lambda t: t.data) - min({a}, {b}, key=abs)"],
    ["{v} = [{a}, {b}, w[1]][n - 1]"],
    ["{v} = v_ * {a} + v_ * v_"],
    ["{v} = u_ * {a} + (3.0 if u_ is v_ else v_)"],
    ["{v} = {a} * (2.0 if v_ is w[0] else 1.0) + (v_ in w)"],
    ["{v} = {a} * random.Random(n).random()"],
    ["{v} = {a} * (x if isinstance(x, float) else 0.0)"],
]
AWKWARD = [
    ["{v} = {a} * float(w[0])"],
    ["{v} = {a} * rng.random()"],
    ["{v} = {a} * random.random()"],
    ["{v} = {a} * (2.0 if type(x) is float else 5.0)"],
    ["ys.append(0.5)", "{v} = {a} * len(ys)"],
    ["ys.sort()", "{v} = {a} * ys[0]"],
    ["cache.setdefault(n, w[0] * 2)", "{v} = {a} * cache[n]"],
    ["{v} = {a} + w[1].grad * 0"],
    ["settings['calls'] = settings.get('calls', 0) + 1", "{v} = {a} * settings['calls']"],
    ["counter.append(1)", "{v} = {a} * len(counter)"],
    ["{v} = {a} * round({b}.data, 2)"],
    ["{v} = {a} * math.exp(-x * x)"],
    ["{v} = {a} * next(ticks)"],
    ["global TOTAL", "TOTAL = TOTAL + 1", "{v} = {a} * TOTAL"],
    ["{v} = {a} * float(f'{{{b}.data:.1f}}')"],
]


class RandomProgram:
    """One program with its own world: parameters, globals, calls that change them."""

    def __init__(self, seed, awkward=False):
        self.seed = seed
        draw = random.Random(seed)
        lines, names = [], ["w[0]", "w[1] * x", "w[2] + w[3]"]
        for k in range(draw.randint(3, 9)):
            v = f"v{k}"
            a, b = draw.choice(names), draw.choice(names)
            kind = draw.random()
            if kind < 0.35:
                lines.append(f"{v} = " + draw.choice(UNARY).replace("{}", a))
            elif kind < 0.6:
                lines.append(f"{v} = " + draw.choice(BINARY).format(a, b))
            else:
                pool = AWKWARD if awkward and draw.random() < 0.5 else CHOICES
                chosen = draw.choice(pool)
                lines += [
                    line.format(v=v, a=f"({a})", b=f"({b})", c=round(draw.uniform(-1, 1), 2))
                    for line in chosen
                ]
            names.append(v)
        head = [line for line in lines if line.startswith("global")][:1]
        body = [line for line in lines if not line.startswith("global")]
        result = f"return ag.tanh({names[-1]}) + 0.1 * {names[-2]} * w[4] + ag.tanh({names[0]} * {names[3]})"
        self.source = "def f(x, ys, n, mode, u_, v_):\n" + "\n".join(
            "    " + line for line in [*head, *body, result]
        )

    def world(self):
        """A fresh namespace with the function and all it reads."""
        draw = random.Random(self.seed + 1)
        space = {"ag": ag, "Value": Value, "math": math, "SCALE": 1.5, "settings": {"shift": 0.5},
                 "table": [0.5, 1.5, -1.0], "counter": [], "rng": random.Random(self.seed), "TOTAL": 0,
                 "random": random, "cache": {}, "others": [Value(0.5), Value(-1.5)],
                 "w": [Value(draw.gauss(0, 1)) for _ in range(5)]}  # fmt: skip
        space["alias"] = space["w"][2]
        random.seed(self.seed)
        if "next(ticks)" in self.source:
            space["ticks"] = itertools.count(1)
        exec(self.source, space)  # noqa: S102 - the source was written above
        return space

    def calls(self, count):
        """Arguments and what happens to the world before each call."""
        draw = random.Random(self.seed + 2)
        for k in range(count):
            arguments = (
                draw.gauss(0, 1),
                [draw.gauss(0, 1) for _ in range(2 if draw.random() < 0.8 else 3)],
                draw.choice([1, 1, 2, 3]),
                "train" if draw.random() < 0.7 else "eval",
                draw.choice([0] * 8 + [1, "w"]),
                draw.choice([0] * 8 + [1, "w"]),
            )
            moves = [draw.gauss(0, 0.1) for _ in range(5)]
            changes = [*[""] * 6, "SCALE", "shift", "table", "alias", "freeze", "parameter"]
            change = draw.choice(changes) if k % 5 == 4 else ""
            yield arguments, moves, change

    @staticmethod
    def move(space, moves, change):
        for p, move in zip(space["w"], moves):
            p.data += move
        for p in (*space["w"], *space["others"]):
            p.grad = 0.0
        if change == "SCALE":
            space["SCALE"] += 0.25
        elif change == "shift":
            space["settings"]["shift"] += 0.25
        elif change == "table":
            space["table"][1] += 0.25
        elif change == "alias":
            space["alias"] = space["w"][4]
        elif change == "freeze":
            space["w"][1].requires_grad = not space["w"][1].requires_grad
        elif change == "parameter":
            space["w"][3].data = 0.75

    @staticmethod
    def given(space, arguments):
        """The arguments of a call: copies of the lists, and Values of this world."""
        x, ys, n, mode, *nodes = arguments
        return [x, list(ys), n, mode, *[space["w"][0] if k == "w" else space["others"][k] for k in nodes]]


def near(a, b, scale=1.0):
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-12 * max(abs(a), abs(b), scale)


COUNT, CALLS = 240, 24
replayed = {}


def compared(seed, backend, awkward):
    """Run a program and its recorded form side by side; return how many calls were replayed."""
    program = RandomProgram(seed, awkward)
    plain, recorded = program.world(), program.world()
    fast = ag.record(recorded["f"], params=recorded["w"], backend=backend)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # "runs as it is" is a right answer
        for arguments, moves, change in program.calls(CALLS):
            for space in (plain, recorded):
                program.move(space, moves, change)
            mine, theirs = program.given(plain, arguments), program.given(recorded, arguments)
            state = random.getstate()
            result = plain["f"](*mine)
            result.backward()
            random.setstate(state)
            got = fast(*theirs)
            want = [result.data, *[p.grad for p in (*plain["w"], *plain["others"])]]
            have = [got.data, *[p.grad for p in (*recorded["w"], *recorded["others"])]]
            assert mine[1] == theirs[1], program.source
            scale = max(map(abs, want))
            assert all(near(a, b, scale) for a, b in zip(want, have)), (program.source, arguments, want, have)
    return fast.replays


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("seed", range(COUNT))
def test_replay_equals_the_function_itself(seed, backend):
    replayed[seed, backend, False] = compared(seed, backend, awkward=False)


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_awkward_programs_are_never_silently_wrong(seed):
    compared(seed, "python", awkward=True)


def test_at_least_four_of_five_programs_really_replay():
    counts = [compared(seed, "python", awkward=False) for seed in range(COUNT)]
    assert sum(count > 0 for count in counts) >= 0.8 * COUNT


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("seed", range(2000, 2030))
def test_a_batch_equals_its_samples_one_by_one(seed, backend):
    program = RandomProgram(seed)
    plain, recorded = program.world(), program.world()
    fast = ag.record(recorded["f"], params=recorded["w"], backend=backend)
    columns = list(zip(*[(*arguments[:4], 0.5, -1.5) for arguments, _, _ in program.calls(40)]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for _ in range(2):
            for p, q in zip(plain["w"], recorded["w"]):
                p.grad = q.grad = 0.0
            losses = []
            for arguments in zip(*columns):
                result = plain["f"](*arguments)
                result.backward(1 / 40)
                losses.append(result.data / 40)
            got = fast.batch(*columns)
            want, have = (
                [sum(losses), *[p.grad for p in plain["w"]]],
                [got.data, *[p.grad for p in recorded["w"]]],
            )
            scale = max(map(abs, [*want, *losses]))
            assert all(near(a, b, scale) for a, b in zip(want, have)), (program.source, want, have)
