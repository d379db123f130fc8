"""Random programs over Values as source text, each with its own world, its calls and what happens in between.

Whether a program is to replay stands in it before it is run: it reads no clock, draws and changes nothing.
"""

import copy
import itertools
import math
import random
import re
import types

import numpy as np

import autograd as ag
from autograd import Value

UNARY = ["ag.tanh({})", "ag.relu({})", "ag.sin({})", "ag.exp(0.3 * {})", "ag.sigmoid({})", "-{}", "{} * 0.5",
         "{} + 1", "ag.softplus({})", "ag.sqrt({} * {} + 1)", "ag.log({} * {} + 0.5)", "abs({})", "{} ** 2",
         "1 / ({} * {} + 1)", "ag.leaky_relu({})", "ag.silu({})", "ag.clamp({}, -1.0, 1.0)", "ag.cos({})",
         "ag.gelu({})", "{} + 0", "ag.atan2({} + 0.0, -1.0)"]  # fmt: skip
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / ({} + 9.5)", "ag.maximum({}, {})", "ag.minimum({}, {})",
          "ag.dot([{}, w[0]], [w[1], {}], w[2])", "ag.where(ag.gt({}, 0.1), {}, w[3])",
          "ag.logsumexp([{}, {}, w[4]])", "ag.sum([{}, {}, w[0] * w[1], x])", "{} * x + {}",
          "ag.prod([{}, {}, w[2]])"]  # fmt: skip
STATEMENTS = [  # lines; {v} is new, {a} and {b} are there, {c} is a number
    # branches and numbers read
    ["if {a} > {c}: {v} = {a} * 2", "else: {v} = {b} - 1"],
    ["if x < {c}: {v} = {a} + x", "else: {v} = {a} - x"],
    ["{v} = {a}", "for i in range(n): {v} = {v} * 0.5 + w[i]"],
    ["{v}, k_ = {a} * 1, 0", "while {v}.data < 1.5 and k_ < 4: {v}, k_ = {v} * 0.5 + 1, k_ + 1"],
    ["{v} = max({a}, {b}, w[0])"],
    ["{v} = min([{a}, {b}])"],
    ["{v} = sorted([{a}, {b}, w[1]])[1] * 2"],
    ["{v} = {a} * int({b}.data)"],
    ["{v} = {a} * w[int(abs({b}.data)) % 3].data"],
    ["{v} = {a} * table[int(abs({b}.data)) % 3]"],
    ["{v} = {a} + {b}.detach() * x"],
    ["{v} = {a} * {b}.data"],
    ["{v} = Value({a}.data) * {b}"],
    ["if bool({a}): {v} = {b} * 1.5", "else: {v} = {b}"],
    ["{v} = {a} if {b}.data == {b}.data else w[0]"],
    ["{v} = max([{a}, {b}, w[1]], key=lambda t: t.data) - min({a}, {b}, key=abs)"],
    ["with ag.no_grad(): q = {a} * 2", "{v} = q * {b}"],
    # guards between numbers that are equal at first
    ["z = {a} * 1", "{v} = z * 2 if z > -1.0 else z * 3 if z > -2.0 else z * 5"],
    ["{v} = ({a} * hi if x > hi else {a} * x) if x > lo else {b} * lo"],
    ["{v} = {a} * 2 if w[3] > w[4] else {a} * 3 if w[3] > w[2] else {b}"],
    ["{v} = {a} + (1.0 if lo == hi else 2.0) * w[0]"],
    # what stands around
    ["{v} = {a} * SCALE"],
    ["{v} = {a} + settings['shift'] * x"],
    ["{v} = {a} * Config.gain"],
    ["if mode == 'train': {v} = {a} * 3", "else: {v} = {a}"],
    ["{v} = {a} * len(mode) + (1 if mode in ('train', 'eval') else w[0])"],
    ["{v} = {a} * (w[0] if w[0] is alias else 2.0) + alias"],
    ["{v} = {a} * (2.0 if getattr(w[1], 'mask', 1) else 0.5)"],
    ["{v} = {a} * (3.0 if w[2].label == 'new' else 1.0)"],
    ["{v} = {a} * point.scaled()"],
    ["{v} = {a} * shape[1] + shape.extra"],
    ["{v} = {a} * maximum_of(1.5, SCALE)"],
    ["{v} = {a} * sum(v * (10 if isinstance(k_, bool) else 1) for k_, v in opts.items())"],
    ["{v} = {a} * next(iter(opts.values()))"],
    ["{v} = {a} * random.Random(n).random()"],
    # arguments
    ["{v} = sum([y * {a} for y in ys])"],
    ["{v} = ag.pick(w, n % 3) * {a}"],
    ["{v} = ag.pick([{a}, {b}, w[2], w[3], w[4]], n)"],
    ["{v} = {a} + (x * 2 - 1) ** 2 * max(x, 0.5)"],
    ["{v} = {a} * (2 if n in (1, 3) else 5) + n"],
    ["{v} = {a} * float(sum(ys) > 0) + len(ys)"],
    ["{v} = sum([w[0] if y is ys[0] else w[1] for y in ys]) * {a}"],
    ["{v} = {a} * ys[-1] if len(ys) > 2 else {a} + ys[0]"],
    ["{v} = [{a}, {b}, w[1]][n - 1]"],
    ["{v} = v_ * {a} + v_ * v_"],
    ["{v} = u_ * {a} + (3.0 if u_ is v_ else v_)"],
    ["{v} = {a} * (2.0 if v_ is w[0] else 1.0) + (v_ in w)"],
    ["{v} = {a} * (x if isinstance(x, float) else 0.0)"],
    # numbers that are not floats
    ["{v} = {a} * ((2 * k - 1) / 7)"],
    ["{v} = {a} * (k**2 % 5) + k // 3"],
    ["{v} = {a} / (abs(k) + 1) + 1 / (k * k + 1)"],
    ["{v} = ag.sum([({a} - (n == j)) ** 2 for j in range(4)])"],
    ["{v} = {a} * ((big * big - (big - 1) * (big + 1)) + 0.5)"],
    ["{v} = {a} * sum(img / 255) + {b} * (img[0] + img[1])"],
    ["{v} = {a} * img.mean() + (img[0] - 100) * img.sum() * 0.01"],
    ["{v} = {a} * row.sum() + row[0] * {b}"],
    ["{v} = ag.dot([w[0], w[1]], [r for r in row]) + {a}"],
    ["{v} = {a} * (row[0] * row[1] + 1)"],
    ["{v} = {a} * ((row - 0.5) / 2).mean()"],
    ["try: q = x**4", "except OverflowError: q = 7.0", "{v} = {a} / (1 + q)"],
    ["{v} = {a} * ag.atan2(lo * 0.0 + 0.0, -1.0)"],
    # Values looked at and copied
    ["t = copy.copy(w[2])", "{v} = ({a} - t) ** 2"],
    ["t = copy.deepcopy(w[2])", "{v} = ({a} - t) ** 2"],
]  # fmt: skip
UNSTEADY = [  # what no replay repeats, each with a right answer all the same
    ["{v} = {a} * rng.random()"],
    ["{v} = {a} * random.random()"],
    ["{v} = {a} * (2.0 if type(x) is float else 5.0)"],
    ["ys.append(0.5)", "{v} = {a} * len(ys)"],
    ["ys.sort()", "{v} = {a} * ys[0]"],
    ["img[0] = 3", "{v} = {a} * float(img[0])"],
    ["row *= 2", "{v} = {a} * float(row[0])"],
    ["cache.setdefault(n, w[0] * 2)", "{v} = {a} * cache[n]"],
    ["memo.setdefault('w', w[1].data)", "{v} = {a} * memo['w']"],
    ["alias.seen = getattr(alias, 'seen', 0) + 1", "{v} = {a} * alias.seen"],
    ["{v} = {a} + w[1].grad * 0"],
    ["settings['calls'] = settings.get('calls', 0) + 1", "{v} = {a} * settings['calls']"],
    ["counter.append(1)", "{v} = {a} * len(counter)"],
    ["{v} = {a} * next(ticks)"],
    ["global TOTAL", "TOTAL = TOTAL + 1", "{v} = {a} * TOTAL"],
]
AWKWARD = [  # steady, but of too many values, or read in a way that no recording follows
    ["{v} = {a} * (-1.0 if '-' in repr(w[1]).split(',')[0] else 1.0)"],
    ["q = w[3] * 1.0", "{v} = {a} * q.a_data"],
    ["q = w[3] * w[3]", "{v} = {a} * q.local_derivatives[0]()"],
    ["{v} = {a} * float(w[0])"],
    ["{v} = {a} * round({b}.data, 2)"],
    ["{v} = {a} * math.exp(-x * x)"],
    ["{v} = {a} * float(f'{{w[4].data:.2f}}')"],
    ["{v} = {a} * float(f'{{{b}.data:.1f}}')"],
]
ARGUMENTS = ["x", "ys", "n", "mode", "u_", "v_", "lo", "hi", "k", "big", "img", "row", "opts"]
CHANGES = [
    "SCALE",
    "shift",
    "table",
    "alias",
    "freeze",
    "parameter",
    "mask",
    "label",
    "gain",
    "scaled",
    "builtin",
]


class Shape(tuple):
    """A tuple with an attribute."""

    extra = 0.5


class RandomProgram:
    """One program: its source, its calls, and whether it is to replay.

    Args:
        seed: all of it follows from this.
        unsteady: whether it does something that no replay repeats.
    """

    def __init__(self, seed, unsteady=False):
        self.seed, self.steady = seed, not unsteady
        draw = random.Random(seed)
        lines, names = [], ["w[0]", "w[1] * x", "w[2] + w[3]"]
        count = draw.randint(3, 8)
        odd = draw.randrange(count) if unsteady else -1
        for i in range(count):
            v = f"v{i}"
            a, b = draw.choice(names), draw.choice(names)
            kind = draw.random()
            if i == odd or kind > 0.6:
                pool = UNSTEADY if i == odd else STATEMENTS if draw.random() < 0.96 else AWKWARD
                lines += [
                    line.format(v=v, a=f"({a})", b=f"({b})", c=round(draw.uniform(-1, 1), 2))
                    for line in draw.choice(pool)
                ]
            elif kind < 0.35:
                lines.append(f"{v} = " + draw.choice(UNARY).replace("{}", f"({a})"))
            else:
                lines.append(f"{v} = " + draw.choice(BINARY).format(f"({a})", f"({b})"))
            names.append(v)
        lines.append(
            f"return ag.tanh({names[-1]}) + 0.1 * {names[-2]} * w[4] + ag.tanh({names[0]} * {names[3]})"
        )
        lines = [line for line in lines if "global" in line] + [
            line for line in lines if "global" not in line
        ]
        used = set(re.findall(r"\w+", " ".join(lines)))
        self.arguments = [name for name in ARGUMENTS if name == "x" or name in used]
        self.source = f"def f({', '.join(self.arguments)}):\n" + "".join(f"    {line}\n" for line in lines)

    def world(self):
        """A fresh module with the function and all it reads."""
        draw = random.Random(self.seed + 1)
        module = types.ModuleType(f"program_{self.seed}")
        space = vars(module)
        point = types.SimpleNamespace(scaled=lambda: 1.25)
        space |= {"ag": ag, "Value": Value, "math": math, "SCALE": 1.5, "settings": {"shift": 0.5},
                  "table": [0.5, 1.5, -1.0], "counter": [], "rng": random.Random(self.seed), "TOTAL": 0,
                  "random": random, "cache": {}, "memo": {}, "others": [Value(0.5), Value(-1.5)],
                  "copy": copy, "Config": type("Config", (), {"gain": 2.0}), "point": point,
                  "shape": Shape((1.0, 2.0)), "maximum_of": max,
                  "w": [Value(draw.gauss(0, 1)) for _ in range(5)]}  # fmt: skip
        if draw.random() < 0.3:  # equal while recording
            space["w"][3].data = space["w"][4].data = space["w"][2].data
        space["alias"] = space["w"][2]
        random.seed(self.seed)
        if "next(ticks)" in self.source:
            space["ticks"] = itertools.count(1)
        exec(self.source, space)  # noqa: S102 - the source was written above
        return space

    def calls(self, count):
        """Arguments by name, how far the parameters move, and what happens to the world, before each call."""
        draw = random.Random(self.seed + 2)
        late = [draw.choice([2, 2, 2, 9, 15]) for _ in range(5)]  # when each parameter moves first
        ties, mode = draw.choice([0.0, 0.5, -1.0]), draw.choice(["train", "eval"])
        size, n, spread = draw.choice([2, 3]), draw.choice([1, 2, 3]), draw.choice([0.1, 0.3, 1.0])
        whole = draw.choice([int, np.int64, np.int32])
        at, change = draw.randrange(20, 28), draw.choice(CHANGES)
        kind = draw.choice([np.float64, np.float64, np.float64, np.float32])
        late_mode, late_node, late_keys = (draw.choice([30, 99, 99]) for _ in range(3))
        for i in range(count):
            odd = i > 10 and draw.random() < 0.1
            given = {
                "x": draw.gauss(0.7, spread)
                if not odd
                else draw.choice([0.0, -1.5, -0.0, 1e100 if i % 2 else 2.0]),
                "ys": [draw.gauss(0, 1) for _ in range(size if not odd else 5 - size)],
                "n": n if not odd else draw.choice([1, 2, 3]),
                "mode": mode if i < late_mode else "eval",
                "u_": 0 if i < late_node else "w",
                "v_": 1 if i < late_node else draw.choice([0, 1]),
                "lo": ties if i < 12 else draw.gauss(0, 0.1) + ties,
                "hi": ties if i < 12 else ties + 1 + draw.random(),
                "k": whole(draw.randint(-9, 99)),
                "big": draw.randint(1, 99) if not odd else draw.randint(10**8, 10**9),
                "img": [
                    draw.randint(101, 120),
                    draw.randint(0, 60) + (190 if odd else 0),
                    100 + draw.randint(0, 9),
                ],
                "row": [kind(draw.random()), kind(draw.gauss(0, 1))],
                "opts": {1: draw.random(), 2: 0.5} if i < late_keys else {True: draw.random(), 2: 0.5},
            }
            moves = [draw.gauss(0, 0.05) if i >= at_ else 0.0 for at_ in late]
            yield {name: given[name] for name in self.arguments}, moves, change if i == at else ""

    @staticmethod
    def move(space, moves, change):
        """Let the parameters move, and the world change."""
        for p, move in zip(space["w"], moves):
            p.data += move
        for p in (*space["w"], *space["others"]):
            p.grad = 0.0
        changed = {
            "SCALE": lambda: space.update(SCALE=space["SCALE"] + 0.25),
            "shift": lambda: space["settings"].update(shift=0.75),
            "table": lambda: space["table"].__setitem__(1, 1.75),
            "alias": lambda: space.update(alias=space["w"][4]),
            "freeze": lambda: setattr(space["w"][1], "requires_grad", False),
            "parameter": lambda: setattr(space["w"][3], "data", 0.75),
            "mask": lambda: setattr(space["w"][1], "mask", 0),
            "label": lambda: setattr(space["w"][2], "label", "new"),
            "gain": lambda: setattr(space["Config"], "gain", 3.0),
            "scaled": lambda: setattr(space["point"], "scaled", lambda: 0.75),
            "builtin": lambda: space.update(abs=lambda x: x * 2, len=lambda xs: 7),
        }
        if change:
            changed[change]()

    @staticmethod
    def given(space, arguments):
        """The arguments of a call: fresh lists and arrays, and Values of this world."""
        kinds = {"img": lambda x: np.array(x, np.uint8), "row": np.array, "ys": list, "opts": dict}
        nodes = {0: space.get("others", [0])[0], 1: space.get("others", [0])[-1], "w": space.get("w", [0])[0]}

        def made(name, x):
            return nodes[x] if name in ("u_", "v_") and not isinstance(x, float) else kinds.get(name, same)(x)

        return [made(name, x) for name, x in arguments.items()]


def same(x):
    return x
