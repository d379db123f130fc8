"""Derivatives of derivatives: of recorded functions, and recorded themselves."""

import math
import random

import pytest

import autograd as ag
from autograd import Value, grad, hessian, hvp, jvp, no_grad, record, value_and_grad
from autograd.replay.executors.backends import backend_of

BACKENDS = pytest.mark.parametrize("backend", ["python", "numpy", "numba"])


def f(p):
    return p[0] ** 2 * p[1] + ag.tanh(p[0]) * ag.gelu(p[1])


@BACKENDS
def test_second_derivatives_of_a_recorded_function_are_those_of_the_function(backend):
    fast = record(f, backend=backend, audit=False)
    for _ in range(5):  # also once it replays
        fast([2.0, 3.0])
        assert grad(fast)([2.0, 3.0]) == grad(f)([2.0, 3.0])
        assert hessian(fast, [2.0, 3.0]) == hessian(f, [2.0, 3.0])
        assert hvp(fast, [2.0, 3.0], [1.0, -1.0]) == hvp(f, [2.0, 3.0], [1.0, -1.0])
    assert fast.replays == 2


@BACKENDS
def test_a_function_of_its_own_gradient_is_replayed(backend):
    w = [Value(0.3), Value(0.7), Value(1.2)]

    def penalty(x):
        y = ag.tanh(w[0] * x) + w[1] ** 3 * ag.gelu(w[2]) + ag.maximum([w[0], w[1], x])
        return ag.sum([slope * slope for slope in grad(y * y, w, create_graph=True)])

    fast = record(penalty, params=w, backend=backend, audit=False)
    for k in range(6):
        x = 0.05 * k + 0.1
        for p in w:
            p.grad = 0.0
        result = penalty(x)
        result.backward()
        want = [result.data, *[p.grad for p in w]]
        for p in w:
            p.grad = 0.0
        have = [fast(x).data, *[p.grad for p in w]]
        assert have == pytest.approx(want, rel=1e-12)
    assert fast.replays == 3
    assert backend_of(fast.program.variant, backend) == backend


@BACKENDS
def test_the_product_of_hessian_and_vector_is_replayed(backend):
    p, v = [Value(2.0), Value(3.0)], [1.0, -1.0]

    def along():
        slopes = grad(f(p), p, create_graph=True)
        return ag.dot(slopes, v)  # its gradient is the Hessian times v

    fast = record(along, params=p, backend=backend, audit=False)
    for _ in range(5):
        for x in p:
            x.grad = 0.0
        fast()
        assert [x.grad for x in p] == pytest.approx(hvp(f, [x.data for x in p], v)[1], rel=1e-12)
        p[0].data -= 0.3
    assert fast.replays == 2


W = Value(0.7)


def with_a_choice(x):
    return jvp(lambda z: ag.relu(W * z) ** 2 + z.relu(), x, 1.0)[1] * W


def with_a_branch(x):
    value, tangent = jvp(lambda z: z * W if z > 0.3 else -z * W * W, x, 1.0)
    return tangent * value


def under_no_grad(x):
    with no_grad():
        slope = grad(lambda z: W * z * z)(x)
    return W * x * slope


def with_the_number_alone(x):
    return jvp(lambda z: z * z.item() * W, x, 1.0)[1]


def with_a_constant_inside(x):
    def cubic(z):
        with no_grad():
            square = z * z
        return z * square * W

    return jvp(cubic, x, 1.0)[1] + grad(cubic)(x)


def of_a_power_twice(x):
    return hessian(lambda p: p[0] ** 2 * p[1] * W, [x, 2.0])[0][0]


def of_a_dict(x):
    return grad(lambda p: p["a"] ** 2 * W)({"a": x})["a"]


def as_a_plain_number(x):
    return W * grad(lambda z: z**3)(x)


def of_a_value_made_inside(x):
    return W * grad(lambda z: Value(2.0) * z**3)(x)


def along_a_direction(x):
    value, product = hvp(lambda p: (W * p[0] * p[1]) ** 2, [x, 1.0], [1.0, 0.5])
    return value + product[0] * product[1]


def with_something_beside(x):
    (_, double), slope = value_and_grad(lambda z: (W * z * z, z * 3), has_aux=True)(x)
    return slope * double


INSIDE = [with_a_choice, with_a_branch, under_no_grad, with_the_number_alone, with_a_constant_inside,
          of_a_power_twice, of_a_dict, as_a_plain_number, of_a_value_made_inside, along_a_direction,
          with_something_beside]  # fmt: skip


@BACKENDS
@pytest.mark.parametrize("function", INSIDE)
def test_derivatives_of_every_kind_inside_are_replayed_with_their_gradients(function, backend):
    fast = record(function, params=[W], backend=backend)
    draw = random.Random(3)
    for _ in range(20):
        x, W.data, W.grad = draw.uniform(-1, 1), draw.uniform(0.5, 1.5), 0.0
        loss = function(x)
        loss.backward()
        want, W.grad = [loss.data, W.grad], 0.0
        assert [fast(x).data, W.grad] == pytest.approx(want, rel=1e-10, abs=1e-12)
    assert fast.replays >= 6


def test_float_of_what_is_differentiated_is_an_error_while_recording_too():
    fast = record(lambda x: W * grad(math.sin)(x), params=[W])
    with pytest.raises(TypeError, match=r"autograd.sin\(x\) for math.sin\(x\)"):
        fast(0.3)
