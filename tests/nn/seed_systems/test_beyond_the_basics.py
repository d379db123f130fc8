"""Rows 38 to 41: two kinds of graphs, second order, linear classifiers and hidden features, more data."""

import math
import random

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value

DRAW = random.Random(39)
X = [[DRAW.gauss(0, 1), DRAW.gauss(0, 3)] for _ in range(30)]
T = [2 * a - b + 0.5 + DRAW.gauss(0, 0.1) for a, b in X]
LABELS = [int(a + 0.3 * b + DRAW.gauss(0, 0.5) > 0) for a, b in X]


def test_row_38_the_recorded_and_the_run_function_go_side_by_side():
    w, b = Value(0.7), Value(-0.2)

    def loss(x, t):
        return (ag.tanh(w * x + b) - t) ** 2

    static = ag.record(loss, params=[w, b], backend="python")
    for x, t in ((0.5, 1.0), (-1.5, 0.25), (2.0, -0.5), (0.1, 0.0)) * 3:
        seen = []
        for run in (loss, static):
            w.grad = b.grad = 0.0
            y = run(x, t)
            if run is loss:
                y.backward()  # a recorded function has gone back already
            seen.append((y.data, w.grad, b.grad))
        assert seen[0] == pytest.approx(seen[1], rel=1e-12)
    assert static.replays > 0


def test_row_38_the_paths_add_up_to_the_gradient():
    a = Value(2.0, label="a")
    loss = a * a + a * 3
    found = ag.paths(loss, a)
    assert (found.count, found.sum()) == (3, "3 + 2 + 2 = 7")
    loss.backward()
    assert a.grad == found.gradient == 7.0


def least_squares(p):
    return ag.mean([(p[0] * a + p[1] * b + p[2] - t) ** 2 for (a, b), t in zip(X, T)])


def logistic(p):
    logits = [p[0] * a + p[1] * b + p[2] for a, b in X]
    return nn.bce_with_logits(logits, LABELS) + 0.01 * ag.sum([v * v for v in p])


def newton(f, steps=50):
    p = np.zeros(3)
    for step in range(1, steps):
        slope = np.array(ag.grad(f)(p.tolist()))
        if np.abs(slope).max() < 1e-10:
            return p, step - 1
        p = p - np.linalg.solve(np.array(ag.hessian(f, p.tolist())), slope)
    raise AssertionError("did not end")


def descent(f, rate, most=5000):
    p = [0.0] * 3
    for step in range(1, most):
        slope = ag.grad(f)(p)
        if max(map(abs, slope)) < 1e-6:
            return p, step - 1
        p = [x - rate * g for x, g in zip(p, slope)]
    raise AssertionError("did not end")


@pytest.mark.parametrize(("f", "rate", "most"), [(least_squares, 0.1, 1), (logistic, 0.4, 9)])
def test_row_39_second_order_methods_take_fewer_steps_to_the_same_place(f, rate, most):
    from scipy.optimize import minimize

    by_newton, few = newton(f)
    by_descent, many = descent(f, rate)
    quasi = minimize(
        lambda p: float(f(p.tolist())), np.zeros(3), jac=lambda p: np.array(ag.grad(f)(p.tolist())),
        method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    assert by_newton.tolist() == pytest.approx(by_descent, abs=1e-4)
    assert by_newton.tolist() == pytest.approx(quasi.x.tolist(), abs=1e-6)
    assert few <= most
    assert few < quasi.nit < many


def test_row_40_a_line_and_a_softmax_line_divide_the_plane_alike():
    random.seed(40)
    points = [[a, b] for a, b in X if abs(a + 0.3 * b) > 0.3]
    labels = [int(a + 0.3 * b > 0) for a, b in points]
    line, soft = nn.Linear(2, 1), nn.Linear(2, 2)
    for model, loss in (
        (line, lambda out: nn.hinge([row[0] for row in out], [2 * t - 1 for t in labels])),
        (soft, lambda out: nn.cross_entropy(out, labels)),
    ):
        optimizer = nn.Adam(model.parameters(), lr=0.1)
        for _ in range(150):
            optimizer.zero_grad()
            loss(model(points)).backward()
            optimizer.step()
    sides = [int(row[0].data > 0) for row in line(points)]
    shares = [int(row[1].data > row[0].data) for row in soft(points)]
    assert sides == shares == labels


def test_row_40_a_hidden_unit_of_the_digits_network_answers_most_to_its_own_picture():
    pixels, labels = nn.data.digits()
    random.seed(40)
    model = nn.Sequential(nn.Linear(64, 4), nn.ReLU(), nn.Linear(4, 10))
    before = [list(row) for row in model[0].weight.tolist()]
    model.compile(lambda p: nn.Adam(p, lr=0.02), "cross_entropy")
    model.fit(pixels[:200], labels[:200], epochs=3, verbose=False, replay=False)
    for unit, row in enumerate(model[0].weight.tolist()):
        assert row != before[unit]
        size = math.sqrt(math.fsum(w * w for w in row))
        own = [w / size for w in row]
        unit_of = lambda x, unit=unit: model[0](x)[unit].data
        lengths = [math.sqrt(math.fsum(v * v for v in x)) for x in pixels[:50]]
        assert unit_of(own) > max(unit_of([v / n for v in x]) for x, n in zip(pixels[:50], lengths))


def polynomial(x):
    return [x**k for k in range(8)]


def test_row_41_the_gap_between_training_and_validation_falls_with_more_data():
    draw = random.Random(41)

    def data(n):
        xs = [draw.uniform(-1, 1) for _ in range(n)]
        noisy = [math.sin(3 * x) + draw.gauss(0, 0.3) for x in xs]
        return np.array([polynomial(x) for x in xs]), np.array(noisy)

    unseen, wanted = data(2000)
    gaps = []
    for n in (12, 50, 400):
        A, t = data(n)
        w = np.linalg.lstsq(A, t, rcond=None)[0]
        gaps.append(float(np.mean((unseen @ w - wanted) ** 2) - np.mean((A @ w - t) ** 2)))
    assert gaps[0] > 4 * gaps[1] > 4 * abs(gaps[2])


def test_row_41_standardised_data_need_fewer_steps_of_the_same_descent():
    draw = random.Random(42)
    raw = [[draw.gauss(0, 1), draw.gauss(50, 10)] for _ in range(40)]
    targets = [a + 0.1 * b for a, b in raw]
    (scaled, *_) = nn.data.standardize(raw)

    def steps(rows):
        A = np.column_stack([np.array(rows), np.ones(len(rows))])
        curvature = np.linalg.eigvalsh(2 * A.T @ A / len(A)).max()
        w, target = np.zeros(3), np.array(targets)
        for step in range(20000):
            error = A @ w - target
            if np.mean(error**2) < 1e-6:
                return step
            w -= 2 * A.T @ error / len(A) / curvature
        return 20000

    assert steps(scaled) < 100
    assert steps(raw) == 20000
