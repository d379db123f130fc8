"""A function eagerly and recorded, call by call, in a batch and in training: the numbers must be the same."""

import copy
import random
import warnings

import autograd as ag
from autograd import Value

BACKENDS = ["python", "numpy", "numba"]


def near(a, b, scale=0.0):
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-12 * max(abs(a), abs(b), scale)


def outcome(function, leaves, arguments, backward=False):
    """The loss and the gradients of the leaves, or the error."""
    for p in leaves:
        p.grad = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            result = function(*arguments)
        except Exception as error:
            return error
    if backward:
        result.backward()
    return [result.data, *[p.grad for p in leaves]]


def replays_of(make, calls, backend="python", steps=True, **how):
    """Call `make(w)` eagerly and recorded with each of `calls`; returns how many calls were replayed.

    Between the calls the parameters move, unless `steps` is false.
    """
    draw = random.Random(0)
    plain, recorded = [Value(1.5), Value(-0.5)], [Value(1.5), Value(-0.5)]
    f, fast = make(plain), ag.record(make(recorded), params=recorded, backend=backend, **how)
    for arguments in calls:
        want = outcome(f, plain, copy.deepcopy(arguments), backward=True)
        have = outcome(fast, recorded, copy.deepcopy(arguments))
        if isinstance(want, Exception):
            assert type(have) is type(want), (arguments, want, have)
        else:
            assert not isinstance(have, Exception), (arguments, have)
            assert all(map(near, want, have)), (arguments, want, have)
        if steps:
            for p, q in zip(plain, recorded):
                p.data = q.data = p.data + draw.gauss(0, 0.02)
    return fast.replays


def check_batch(make, calls, backend="python"):
    """The batch of all calls is their mean."""
    plain, recorded = [Value(1.5), Value(-0.5)], [Value(1.5), Value(-0.5)]
    f, fast = make(plain), ag.record(make(recorded), params=recorded, backend=backend)
    for _ in range(2):
        rows = [outcome(f, plain, copy.deepcopy(arguments), backward=True) for arguments in calls]
        want = [sum(column) / len(rows) for column in zip(*rows)]
        for p in recorded:
            p.grad = 0.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            loss = fast.batch(*map(list, zip(*copy.deepcopy(calls))))
        have = [loss.data, *[p.grad for p in recorded]]
        scale = max(abs(x) for row in rows for x in row)
        assert all(near(a, b, scale) for a, b in zip(want, have)), (want, have)


def check_training(make, calls, backend="python", epochs=4):
    """Training one by one is the loop over the calls."""
    plain, recorded = [Value(1.5), Value(-0.5)], [Value(1.5), Value(-0.5)]
    f, fast = make(plain), ag.record(make(recorded), params=recorded, backend=backend)
    for _ in range(epochs):
        for arguments in calls:
            outcome(f, plain, copy.deepcopy(arguments), backward=True)
            for p in plain:
                p.data -= 0.01 * p.grad
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        fast.train(*map(list, zip(*copy.deepcopy(calls))), epochs=epochs, batch_size=1, lr=0.01)
    assert all(near(p.data, q.data, 1.0) for p, q in zip(plain, recorded)), (plain, recorded)
