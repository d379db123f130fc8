"""Derivatives of derivatives: of recorded functions, and recorded themselves."""

import pytest

import autograd as ag
from autograd import Value, grad, hessian, hvp, record
from autograd.replay.replaying import backend_of

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
