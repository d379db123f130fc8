"""Functions of kinds that programs have beside layers and losses, in NumPy, torch, JAX and ONNX."""

import numpy as np
import pytest

import autograd as ag
from tests.interop.test_odd_arguments import agree, ready, results

pytestmark = pytest.mark.parity


def w(*numbers):
    return [ag.Value(x, label=f"w{k}") for k, x in enumerate(numbers)]


def detached(p, x):
    with ag.no_grad():
        scale = p[0] * p[0] + x
    return scale * p[1]


def triangle(p, xs):
    """Sums of rows of many lengths."""
    return ag.sum([ag.tanh(ag.sum([p[0] * xs[j] for j in range(i + 1)])) * p[1] for i in range(len(xs))])


def scores(p, xs):
    """Softmax over rows of many lengths, divided and rooted on the way."""
    rows = [[ag.dot([xs[i], p[0]], [p[1], xs[j]]) for j in range(i + 1)] for i in range(len(xs))]
    shares = [ag.softmax(row) for row in rows]
    mixed = [ag.dot(share, xs[: len(share)]) for share in shares]
    return ag.sum(
        [ag.sqrt(m * m + 1) / (1 + ag.sum([s * s for s in share])) for m, share in zip(mixed, shares)]
    )


FUNCTIONS = {
    "constants alone": (lambda p: 3.0 * p[0] + 2.0, (0.5,), ()),
    "one parameter twice": (lambda p, x: p[0] * x + p[0] ** 2 * x, (0.5,), (1.5,)),
    "a parameter without use": (lambda p, x: p[0] * x + 0 * p[1], (0.5, 2.0), (1.5,)),
    "no input reaches it": (lambda p, x: p[0] * p[1], (0.5, 2.0), (1.5,)),
    "part without gradient": (detached, (0.5, 2.0), (1.5,)),
    "a dict of lists": (
        lambda p, d: ag.dot(d["a"], p) + d["b"] * p[0],
        (0.5, 2.0),
        ({"a": [1.0, 2.0], "b": 3.0},),
    ),
    "ties of a maximum": (lambda p, x: ag.maximum(p[0] * x, p[1] * x, p[2]), (1.0, 1.0, 1.0), (1.0,)),
    "ties of a minimum": (lambda p, x: ag.minimum(*[q * x for q in p]) * x, (2.0, 2.0, 2.0, 3.0), (1.0,)),
    "an index": (lambda p, k: ag.pick([q * q for q in p], k) * ag.pick(p, 1), (1.0, 2.0, 3.0), (2,)),
    "an index twice": (lambda p, ks: ag.pick(p, ks[0]) * ag.pick(p, ks[1]), (1.0, 2.0, 3.0), ([2, 2],)),
    "zero to a power": (lambda p, x: (p[0] * x) ** 2 + (p[0] * x) ** 3, (0.0,), (1.5,)),
    "a norm of nothing": (lambda p, x: ag.norm([q * x for q in p]) + p[0], (0.0, 0.0), (1.5,)),
    "a choice next to nan": (
        lambda p, x: ag.where(x > 0, ag.log(ag.where(x > 0, x, 1.0)) * p[0], p[1]),
        (0.5, 2.0),
        (-1.5,),
    ),
    "large exponents": (lambda p, x: ag.logsumexp([q * x for q in p]), (700.0, 710.0, -900.0), (1.5,)),
    "a product of many": (
        lambda p, xs: ag.prod([q * x for q, x in zip(p, xs)]),
        (1.0, 0.0, 3.0),
        ([1.0, 2.0, 3.0],),
    ),
    "a deep chain": (lambda p, x: deep(p[0], x), (0.5,), (0.3,)),
    "steps of a floor": (lambda p, x: ag.floor(p[0] * x) + (p[0] * x) % 1.0 + x // p[1], (0.7, 0.3), (2.5,)),
    "the gamma function": (
        lambda p, x: ag.lgamma(p[0] * x) - ag.digamma(p[1]) * x + ag.gamma(p[0]),
        (0.7, 2.3),
        (2.5,),
    ),
    "the error function": (lambda p, x: ag.erf(p[0] * x) * ag.erfc(p[1]) + ag.gelu(p[0]), (0.7, 2.3), (2.5,)),
    "angles": (
        lambda p, x: ag.atan2(p[0], x) + ag.asin(p[0]) * ag.acos(p[1]) + ag.atanh(p[0]),
        (0.7, 0.2),
        (-2.5,),
    ),
    "rows of many lengths": (triangle, (0.7, 0.2), ([0.1, -0.2, 0.3, 0.4, -0.5],)),
    "attention of many lengths": (scores, (0.7, 0.2), ([0.1, -0.2, 0.3, 0.4, -0.5],)),
    "tuples in lists": (
        lambda p, xs: ag.sum([a * p[0] + b * p[1] for a, b in xs]),
        (0.5, 2.0),
        ([(1.0, 2.0), (3.0, 4.0)],),
    ),
    "a list of one": (
        lambda p, xs: ag.sum([p[0] * x for x in xs]) + ag.logsumexp([p[0] * xs[0]]),
        (0.5,),
        ([2.0],),
    ),
    "a remainder": (lambda p, x: ag.remainder(p[0], x) + ag.fmod(p[1], x), (5.3, -7.1), (2.0,)),
}


def deep(a, x):
    for _ in range(60):
        a = ag.sin(a * x) + a
    return a


def in_onnx(fast, path, *given):
    import onnxruntime

    fast.to_onnx(path, gradients=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = fast._chosen(()).signature.inputs
    feed = {}
    for there, x in zip(session.get_inputs(), inputs):
        value = eval(x.path, dict(zip(fast._chosen(()).signature.arguments, given)))  # noqa: S307 - a path of ours
        feed[there.name] = np.array([value], np.int64 if x.whole else float)
    found = dict(zip([x.name for x in session.get_outputs()], session.run(None, feed)))
    return found["loss"][0], {name.removeprefix("gradient."): g for name, g in found.items() if "." in name}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_target_has_the_loss_and_the_gradients(name, tmp_path):
    function, numbers, example = FUNCTIONS[name]
    p = w(*numbers)
    fast = ready(lambda *given: function(p, *given), p, *example)
    chosen = fast._chosen(())
    if not chosen.signature.inputs or len(chosen.leaves) < len(p):
        p = [leaf for leaf in p if any(leaf is x for x in chosen.leaves)]
    want, found = results(fast, p, *example)
    agree(want, found)
    loss, gradients = in_onnx(fast, tmp_path / "f.onnx", *example)
    assert loss == pytest.approx(want[0], rel=1e-12)
    assert [float(gradients[t.name]) for t in chosen.tensors] == pytest.approx(want[1], rel=1e-12)
