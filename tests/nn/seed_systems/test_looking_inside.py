"""Rows 31, 32 and 37: what a model looks at, what it need not look at, and what one backward pass saves."""

import math
import random

import pytest

import autograd as ag
import nn
from nn.data import digits


def test_row_31_saliency_is_the_measured_slope_at_every_pixel():
    random.seed(31)
    X, _ = digits()
    model = nn.MLP(64, [4, 3], act="tanh")
    slopes = nn.saliency(lambda x: model(x)[1], X[0])
    for i in (0, 20, 36, 63):
        step, ends = 1e-6, []
        for sign in (1, -1):
            x = list(X[0])
            x[i] += sign * step
            ends.append(model(x)[1].data)
        assert slopes[i] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-8)


def test_row_31_integrated_gradients_sum_to_the_difference():
    random.seed(31)
    X, _ = digits()
    model = nn.MLP(64, [4, 3], act="tanh")
    x, blank = X[0], [0.0] * 64
    shares = nn.integrated_gradients(lambda x: model(x)[1], x, blank, pieces=8)
    assert math.fsum(shares) == pytest.approx(model(x)[1].data - model(blank)[1].data, rel=1e-9)
    assert all(share == 0.0 for share, pixel in zip(shares, x) if pixel == 0.0)


def test_row_32_nodes_grow_with_the_entries_of_a_sparse_sample():
    model = nn.Sequential(nn.Linear(500, 3), nn.Tanh(), nn.Linear(3, 1))

    def nodes(sample):
        return len(ag.topological_order(model(sample)[0]))

    counts = [nodes({i * 7: 1.0 for i in range(k)}) for k in (1, 2, 3, 10)]
    step = 1 + 3  # an input and its three weights
    assert [count - counts[0] for count in counts] == [0, step, 2 * step, 9 * step]
    dense = [0.0] * 500
    dense[7], dense[14] = 0.5, -2.0
    assert model({7: 0.5, 14: -2.0})[0].data == pytest.approx(model(dense)[0].data, rel=1e-14)
    assert nodes(dense) > 400 * step


def test_row_37_one_backward_pass_gives_all_gradients():
    random.seed(37)
    model, passes = nn.MLP(4, [8, 8, 2], act="tanh"), 0
    x, target = [0.5, -1.0, 0.25, 2.0], 1

    def loss():
        nonlocal passes
        passes += 1
        return nn.cross_entropy(model(x), target)

    loss().backward()
    assert passes == 1
    parameters, passes, measured, step = model.parameters(), 0, [], 1e-6
    for p in parameters:
        at = p.data
        p.data = at + step
        above = loss().data
        p.data = at - step
        measured.append((above - loss().data) / (2 * step))
        p.data = at
    assert passes == 2 * len(parameters) == 2 * 130
    assert [p.grad for p in parameters] == pytest.approx(measured, abs=1e-8)
