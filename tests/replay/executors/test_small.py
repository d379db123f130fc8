import math
import random

import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.executors.small import Small, Steps
from autograd.replay.kernels.small_kernels import HEAD, SUM
from autograd.replay.runners import InSmall

FUNCTIONS = {
    "nothing": lambda x: x,
    "sigmoid": ag.sigmoid,
    "tanh": ag.tanh,
    "relu": ag.relu,
    "square": lambda x: x * x + 0.5 * x,
    "softplus": ag.softplus,
    "silu": ag.silu,
    "gelu": ag.gelu,
    "exp": ag.exp,
    "log": lambda x: ag.log(x * x + 0.1),
    "sqrt": lambda x: ag.sqrt(x * x + 0.1),
    "abs": abs,
    "neg": lambda x: -x,
    "quotient": lambda x: x / (x * x + 0.5),
    "power": lambda x: (x * x + 0.5) ** (0.3 * x),
    "sine": lambda x: ag.sin(x) * ag.cos(x),
    "maximum": lambda x: ag.maximum(x, 0.1 * x) - ag.minimum(x, 0.2),
    "clamp": lambda x: ag.clamp(x, -0.5, 0.5),
    "hypot": lambda x: ag.hypot(x, x + 1.0),
    "error function": ag.erf,
}


def network(function, hidden, seed, scale=1.0):
    draw = random.Random(seed)
    first = [[Value(draw.gauss(0, scale)) for _ in range(3)] for _ in range(hidden)]
    last = [Value(draw.gauss(0, scale)) for _ in range(hidden + 1)]
    params = [p for row in [*first, last] for p in row]

    def loss(x, y):
        h = [function(ag.dot(row[:2], x, row[2])) for row in first]
        score = ag.dot(last[:-1], h, last[-1])
        return (score - y) ** 2 + 0.01 * last[0] * last[0] + h[0] * h[-1] * 0.1

    X = [[draw.uniform(-1, 1), draw.uniform(-1, 1)] for _ in range(8)]
    Y = [draw.uniform(-1, 1) for _ in X]
    return params, loss, X, Y


def descended(params, loss, X, Y, epochs, rate):
    history = []
    for _ in range(epochs):
        for p in params:
            p.grad = 0.0
        losses = [loss(x, y) for x, y in zip(X, Y)]
        for one in losses:
            one.backward(1 / len(X))
        for p in params:
            p.data -= rate * p.grad
        history.append(sum(one.data for one in losses) / len(X))
    return history


@pytest.fixture
def used(monkeypatch):
    """What of the tier was made in a test."""
    made = []
    whole = InSmall.made

    def watched(training, variants):
        runner = whole(training, variants)
        made.append(runner and runner.small)
        return runner

    monkeypatch.setattr(InSmall, "made", watched)
    return made


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("hidden", [1, 3])
def test_training_equals_eager_with_every_function(name, hidden, used):
    for count in range(1, 9):
        params, loss, X, Y = network(FUNCTIONS[name], hidden, count)
        X, Y = X[:count], Y[:count]
        want = descended(params, loss, X, Y, 3, 0.05)
        numbers = [p.data for p in params]
        params, loss, *_ = network(FUNCTIONS[name], hidden, count)
        got = record(loss, params=params, backend="numba").train(X, Y, epochs=3, lr=0.05)
        assert got == pytest.approx(want, rel=1e-12)
        assert [p.data for p in params] == pytest.approx(numbers, rel=1e-12, abs=1e-14)
    assert all(isinstance(small, Small) for small in used)


@pytest.mark.parametrize(("name", "count", "lanes"), [("tanh", 4, 4), ("tanh", 5, 8), ("sine", 4, 8)])
def test_up_to_four_samples_lie_in_four_lanes_unless_a_step_is_of_any_code(name, count, lanes, used):
    params, loss, X, Y = network(FUNCTIONS[name], 2, 0)
    record(loss, params=params, backend="numba").train(X[:count], Y[:count])
    assert [small.memory.shape[1] for small in used] == [lanes]


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_slopes_keep_their_digits_where_neurons_are_saturated(name, used):
    for seed in range(5):
        params, loss, X, Y = network(FUNCTIONS[name], 2, seed, 12.0)
        want = descended(params, loss, X, Y, 2, 1e-3)
        numbers = [p.data for p in params]
        params, loss, *_ = network(FUNCTIONS[name], 2, seed, 12.0)
        got = record(loss, params=params, backend="numba").train(X, Y, epochs=2, lr=1e-3)
        assert got == pytest.approx(want, rel=1e-12)
        assert [p.data for p in params] == pytest.approx(numbers, rel=1e-12)
    assert all(used)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_other_rules_follow_plain_python(optimizer, used):
    results = []
    for backend in ("python", "numba"):
        params, loss, X, Y = network(ag.tanh, 3, 0)
        losses = record(loss, params=params, backend=backend).train(
            X, Y, epochs=20, lr=0.01, optimizer=optimizer, weight_decay=0.1
        )
        results.append([*losses, *(p.data for p in params)])
    assert results[0] == pytest.approx(results[1], rel=1e-11)
    assert all(used)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_single_call_equals_eager(name):
    params, loss, X, Y = network(FUNCTIONS[name], 2, 3)
    fast = record(loss, params=params, backend="numba")
    for x, y in zip(X, Y):
        for p in params:
            p.grad = 0.0
        want = loss(x, y)
        want.backward()
        slopes = [p.grad for p in params]
        for p in params:
            p.grad = 0.0
        assert fast(x, y).data == pytest.approx(want.data, rel=1e-12)
        assert [p.grad for p in params] == pytest.approx(slopes, rel=1e-12, abs=1e-15)


def test_a_single_call_that_returns_its_loss_goes_through_small_and_one_with_more_does_not():
    w = Value(0.5)
    for function, small in ((lambda x: (w * x).tanh(), True), (lambda x: ((w * x).tanh(), w * x), False)):
        f = record(function, [w], backend="numba")
        for call in range(5):
            found = (f if small else f.value)(1.0 + call)
        loss = found if small else found[0]
        assert loss.data == pytest.approx(math.tanh(2.5), rel=1e-12)
        assert (next(iter(f.learned.variants.values()))[0].prepared["single"].small is not None) is small


def test_a_number_that_is_not_finite_stops_before_the_update(used):
    w = Value(1.0)
    fast = record(lambda x: ag.log(w * x), params=[w], backend="numba")
    with pytest.raises(ArithmeticError, match=r"before update 0: .* sample 2"):
        fast.train([1.0, 2.0, -1.0, 3.0], lr=0.01)
    assert w.data == 1.0
    assert all(used)


def steps_of(loss, params, *sample):
    fast = record(loss, params=params, backend="numba")
    fast(*sample)
    fast(*sample)
    variant = next(iter(fast.learned.variants.values()))[0]
    steps = Steps(arranged(variant, batched=True).tape, len(params), 4)
    kinds, k = [], 0
    while k < len(steps.numbers):
        kinds.append(steps.numbers[k])
        k = steps.numbers.index(-1, k + HEAD + 2) + 1
    return steps, kinds


def test_xor_is_a_step_for_each_neuron_and_the_loss_and_their_slopes():
    w = [Value(0.1 * k) for k in range(9)]

    def loss(x, y):
        h = [ag.sigmoid(w[3 * k] * x[0] + w[3 * k + 1] * x[1] + w[3 * k + 2]) for k in (0, 1)]
        return (ag.sigmoid(w[6] * h[0] + w[7] * h[1] + w[8]) - y) ** 2

    _, kinds = steps_of(loss, w, [0.0, 1.0], 1.0)
    assert len(kinds) == 8
    assert SUM not in kinds


def test_what_is_only_handed_on_costs_no_step():
    a, b = Value(1.0), Value(2.0)
    steps, kinds = steps_of(lambda x: ag.dot([b], [x], a), [a, b], 3.0)
    assert kinds == [SUM]  # the result: both slopes are the seed, times 1 and times x
    assert steps.slopes[0] == (steps.seed, steps.one)


def test_lists_and_long_programs_are_left_to_others():
    w = [Value(0.01 * k) for k in range(30)]
    with pytest.raises(ValueError, match="no program for small steps"):
        steps_of(lambda x: ag.logsumexp([p * x for p in w]), w, 1.0)
    many = [Value(0.01) for _ in range(5000)]
    with pytest.raises(ValueError, match="no program for small steps"):
        steps_of(lambda x: x * ag.sum([p * p for p in many]), many, 1.0)


def test_another_training_of_the_same_function_sees_its_own_samples(used):
    params, loss, X, Y = network(ag.tanh, 2, 0)
    fast = record(loss, params=params, backend="numba")
    for begin in (0, 4):
        before = [p.data for p in params]
        got = fast.train(X[begin : begin + 4], Y[begin : begin + 4], epochs=3, lr=0.05)
        plain, eager, *_ = network(ag.tanh, 2, 0)
        for p, x in zip(plain, before):
            p.data = x
        assert got == pytest.approx(
            descended(plain, eager, X[begin : begin + 4], Y[begin : begin + 4], 3, 0.05), rel=1e-12
        )
    assert used[0] is used[1] is not None
