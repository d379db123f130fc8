"""Every op of the table in every target: value and slopes at drawn points, at ends, kinks and ties."""

import ctypes
import functools
import itertools
import random
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import special
from autograd.entry import BUILT_IN, TABLE
from tests.interop.every_target import QUICK

pytestmark = pytest.mark.parity
NUMBERS = {"pi": np.pi, "log": np.log, "inf": np.inf, "nan": np.nan}
ORDERS = {"polygamma": 1, "gamma_derivative": 1, "erf_derivative": 1, "normal_derivative": 1}
PAIRS = {
    "pow_derivative": 2,
    "hypot_derivative": 2,
    "atan2_derivative": 2,
}  # so many operands count derivatives

AT_INFINITY = {"gelu", "silu", "softsign", "atan2"}  # there a value may be nan


def edges():
    """Give (op, operands) for the ends and kinks of VALUES.md, and -1, 0, 1 for ops of one operand."""
    text = Path(special.__file__).with_name("VALUES.md").read_text(encoding="utf-8")
    table = text.partition("## Slopes at kinks")[2]
    for name, at in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE):
        yield name, [eval(x, dict(NUMBERS)) for x in at.split(",")]  # noqa: S307 - our own page
    for name in sorted(BUILT_IN):
        if TABLE[name].arity == 1:
            yield from ((name, [x]) for x in (-1.0, 0.0, 1.0))


def drawn():
    """Give (op, operands): three for each op of the table, from where it is defined."""
    draw = random.Random(5)
    for name in sorted(BUILT_IN):
        op = TABLE[name]
        if op.arity == 0:
            continue
        for _ in range(3):
            if name in ("dot", "sumprod"):
                yield name, [draw.uniform(-3, 3) for _ in range(6)]
            else:
                yield name, [draw.uniform(*op.sample[k % len(op.sample)]) for k in range(op.arity or 4)]


def with_orders(op, *orders):
    """Give the op with the last of its operands, which count derivatives."""
    return lambda *xs: op.on((*xs, *orders))


def points():
    """Give (op, numbers that become Values, a function of these)."""
    for name, operands in [*edges(), *drawn()]:
        if name not in BUILT_IN:
            continue
        op = TABLE[name]
        if name == "polygamma":
            for order in (0.0, 1.0, 4.0):
                yield name, operands[1:], functools.partial(op, order)
        elif name in ORDERS:
            for order in (1.0, 2.0):
                yield name, operands[:1], with_orders(op, order)
        elif name in PAIRS:
            for orders in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (2.0, 1.0)):
                yield name, operands[:2], with_orders(op, *orders)
        else:
            yield name, operands, with_orders(op)


class Walk:
    """All points in one function: which of its entries is the loss is its argument; the last is their sum."""

    def __init__(self, wanted=lambda name: True):
        self.points = [(name, xs, f) for name, xs, f in points() if wanted(name)]
        w = [ag.Value(x) for _, xs, _ in self.points for x in xs]
        begins = np.cumsum([0, *[len(xs) for _, xs, _ in self.points]])
        spans = [*itertools.pairwise(begins)]
        calls = [f for _, _, f in self.points]

        def loss(k):
            entries = [f(*w[a:b]) for f, (a, b) in zip(calls, spans)]
            return ag.pick([*entries, ag.sum(entries)], k)

        self.fast = ag.record(loss, params=w, backend="python")
        for k in (0, 1, 2):
            self.fast.value(k)
        self.values, self.slopes = [], []
        for f, (a, b) in zip(calls, spans):
            operands = [ag.Value(x.data) for x in w[a:b]]
            made = f(*operands)
            made.backward()
            self.values.append(made.data)
            self.slopes += [x.grad for x in operands]
        self.spans = spans

    def compare(self, values, slopes):
        """Give what differs where the page on exports does not say so."""
        wrong = []
        for (name, xs, _), (a, b), value, want in zip(self.points, self.spans, values, self.values):
            infinite = bool(np.isinf(xs).any())
            if not close(value, want) and not (infinite and name in AT_INFINITY):
                wrong.append((name, xs, "value", value, want))
            if infinite or want != want or (name.startswith("pow") and xs[0] == 0):
                continue
            pairs = [*zip(slopes[a:b], self.slopes[a:b])]
            wrong += [(name, xs, x, y) for x, y in pairs if not close(x, y) and np.isfinite([x, y]).any()]
        return wrong


def close(found, want):
    if np.isfinite(want):
        return abs(found - want) <= 1e-12 * max(1.0, abs(want))
    return found == want or (found != found and want != want)


@pytest.fixture(scope="module")
def walk():
    return Walk()


def in_numpy(walk, ks, folder):
    names = {}
    exec(walk.fast.to_numpy(), names)  # noqa: S102 - what the export wrote
    loss, gradients, *_ = names["value_and_gradients"](names["PARAMS"], ks)
    return loss, gradients["w"]


def in_torch(walk, ks, folder):
    import torch

    module = walk.fast.to_torch()
    loss = module(torch.tensor(ks))[0]
    loss.sum().backward()
    return loss.detach().numpy(), module.w.grad.numpy()


def in_jax(walk, ks, folder):
    import jax

    with jax.enable_x64(True):
        f, params = walk.fast.to_jax()
        loss = jax.jit(lambda p: f(p, ks)[0], compiler_options=QUICK)(params)
        # Each asked for alone keeps all that the others need: the slopes of the sum, and of some alone.
        alone = ks % 16 == 0
        asked = np.array([len(ks), *ks[alone]])
        slopes = jax.jit(jax.grad(lambda p: f(p, asked)[0].sum()), compiler_options=QUICK)(params)["w"]
        times = np.repeat(1 + alone, [b - a for a, b in walk.spans])
        return np.asarray(loss), np.asarray(slopes) / times


def in_onnx(walk, ks, folder):
    import onnxruntime

    walk.fast.to_onnx(folder / "walk.onnx", gradients=True)
    session = onnxruntime.InferenceSession(folder / "walk.onnx", providers=["CPUExecutionProvider"])
    return session.run(["loss", "gradient.w"], {"k": np.asarray(ks, np.int64)})


def in_c(walk, ks, folder):
    walk.fast.to_c(folder / "walk.c")
    command = [
        "cc",
        "-std=c11",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "walk.c",
        "-o",
        "walk.so",
        "-lm",
    ]
    subprocess.run(command, cwd=folder, check=True)
    pointer = ctypes.POINTER(ctypes.c_double)
    params = np.array([x for _, xs, _ in walk.points for x in xs])
    losses, total = [], np.zeros(len(params))
    for k in ks:
        inputs, loss, gradients = np.array([float(k)]), np.zeros(1), np.zeros(len(params))
        arrays = [x.ctypes.data_as(pointer) for x in (params, inputs, loss, gradients)]
        assert ctypes.CDLL(str(folder / "walk.so")).walk(*arrays) == 0
        losses.append(loss[0])
        total += gradients
    return losses, total


TARGETS = {"NumPy": in_numpy, "torch": in_torch, "JAX": in_jax, "ONNX": in_onnx, "C": in_c}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of inf and nan
def test_a_target_has_the_values_and_slopes_of_every_op(walk, target, tmp_path):
    ks = np.arange(len(walk.points))
    losses, slopes = TARGETS[target](walk, ks, tmp_path)
    assert walk.compare(losses, slopes) == []


def by_op():
    """Give (op, the drawn points of each of its orders)."""
    found = {}
    for name, xs, f in points():
        if name == "logsumexp_rest":  # 0 in algebra, which rounds nothing
            continue
        if np.isfinite(xs).all() and not all(float(x).is_integer() for x in xs):
            found.setdefault(name, []).append((xs, f))
    return found


BY_OP = by_op()


@pytest.mark.parametrize("name", sorted(BY_OP))
def test_algebra_has_the_value_and_the_slopes_of_an_op(name):
    import mpmath
    import sympy

    for xs, f in BY_OP[name][-2:]:
        w = [ag.Value(x, label=f"w{k}") for k, x in enumerate(xs)]
        algebra = ag.record(lambda: f(*w), params=w, backend="python").to_sympy()  # noqa: B023 - used at once
        made = f(*w)
        made.backward()
        symbols = [algebra.symbols[x.label] for x in w]
        expressions = [algebra.expression, *[algebra.gradients[x.label] for x in w]]
        with mpmath.workdps(30):
            given = [mpmath.mpf(x) for x in xs]
            known = {}
            for symbol, expression in algebra.replacements:
                known[symbol] = mpmath.mpf(
                    sympy.N(expression.subs({**dict(zip(symbols, given)), **known}), 30)
                )
            found = [
                complex(sympy.N(x.subs({**dict(zip(symbols, given)), **known}), 20)) for x in expressions
            ]
        assert found == pytest.approx([made.data, *[x.grad for x in w]], rel=1e-12, abs=1e-12)
