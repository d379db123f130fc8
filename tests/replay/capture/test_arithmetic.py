"""Plain numbers in a recorded function are what Python and NumPy make of them."""

import math
import random
import warnings
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.replay.twins import BACKENDS, check_batch, check_training, near, outcome, replays_of


def each(kind, numbers):
    return [(kind(x),) for x in numbers]


# -- what must replay ------------------------------------------------------------------------------------

K = 3
MUST_REPLAY = {
    "2y - 1 of ints": (lambda w: lambda y: w[0] * (2 * y - 1) + w[1], lambda i: (i,)),
    "2y - 1 of NumPy's ints": (lambda w: lambda y: w[0] * (2 * y - 1) + w[1], lambda i: (np.int64(i),)),
    "y == k": (
        lambda w: lambda x, y: ag.sum([(w[0] * x - (y == k)) ** 2 for k in range(K)]) + w[1],
        lambda i: (0.1 * i, i % K),
    ),
    "range(n)": (lambda w: lambda n: ag.sum([w[0] * k for k in range(n)]) + w[1], lambda i: (1 + i % 2,)),
    "len(xs) - 1": (lambda w: lambda xs: w[0] * xs[len(xs) - 1] + w[1], lambda i: ([0.5, 1.0 + i],)),
    "1/n": (lambda w: lambda n: w[0] * (1 / n) + w[1], lambda i: (1 + i,)),
    "xs/255": (
        lambda w: lambda xs: w[0] * sum(xs / 255) + w[1],
        lambda i: (np.array([i, 7 * i % 256, 200], np.uint8),),
    ),
    "a float32 row": (
        lambda w: lambda xs: w[0] * xs[0] + w[1] * xs[1],
        lambda i: (np.array([0.1 * i, 1 / (i + 1)], np.float32),),
    ),
    "xs.sum() of ints": (lambda w: lambda xs: w[0] * xs.sum() + w[1], lambda i: (np.array([i, 2 * i, -5]),)),
    "n**2": (lambda w: lambda n: w[0] * n**2 + w[1], lambda i: (i - 7,)),
    "n % 2": (lambda w: lambda n: w[0] * (n % 2) + w[1], lambda i: (i,)),
    "x.mean()": (lambda w: lambda x: w[0] * x.mean() + w[1], lambda i: (np.array([0.1 * i, 1.0 - i, 3.0]),)),
    "n // 3": (lambda w: lambda n: w[0] * (n // 3) + w[1] * (-n // 4), lambda i: (i - 20,)),
    "x**n": (lambda w: lambda x, n: w[0] * x**n + w[1] * x**0.5, lambda i: (0.1 * i + 0.1, 3)),
    "the mean of a row": (lambda w: lambda x: w[0] * (sum(x) / len(x)) + w[1], lambda i: ([1.0 * i, 2.0],)),
    "xs.mean() of pixels": (
        lambda w: lambda xs: w[0] * xs.mean() + w[1] * xs.sum(),
        lambda i: (np.array([i, 250, 100], np.uint8),),
    ),
    "standardised": (
        lambda w: lambda x: w[0] * ((x - 2.0) / 4.0).sum() + w[1] * (x @ x),
        lambda i: (np.array([0.3 * i, 2.0]),),
    ),
    "astype": (
        lambda w: lambda x: w[0] * (x.astype(np.float64) * 2).sum() + w[1],
        lambda i: (np.array([0.1 * i, 0.7], np.float32),),
    ),
    "a table looked up": (
        lambda w: lambda k: w[0] * np.array([1.0, 2.0])[k] + w[1],
        lambda i: (np.int64(i % 2),),
    ),
    "functions of NumPy": (
        lambda w: (
            lambda x, xs: w[0] * np.exp(-x * x) + w[1] * (np.sqrt(xs) + np.log1p(np.maximum(xs, 0.5))).sum()
        ),
        lambda i: (0.05 * i, np.array([0.1 * i, 2.0])),
    ),
    "scaled by NumPy": (
        lambda w: lambda xs: w[0] * ((xs - xs.mean()) / (xs.std() + 1.0))[0] + w[1] * (xs - xs.max()).sum(),
        lambda i: (np.array([0.1 * i, 2.0, np.sin(i)]),),
    ),
    "means along an axis": (
        lambda w: lambda xs: w[0] * np.mean(xs, axis=0)[1] + w[1] * np.sum(xs.T @ np.array([1.0, 2.0])),
        lambda i: (np.array([[0.1 * i, 2.0], [np.sin(i), i]]),),
    ),
    "the largest pixel": (
        lambda w: lambda xs: w[0] * xs.max() + w[1],
        lambda i: (np.array([i, 9], np.uint8),),
    ),
    "max(n, 5)": (lambda w: lambda n: w[0] * max(n, 5) + w[1] * abs(n - 30), lambda i: (i,)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", MUST_REPLAY)
def test_plain_numbers_that_people_write_still_replay(name, backend):
    make, at = MUST_REPLAY[name]
    assert replays_of(make, [at(i) for i in range(60)], backend, audit=False) >= 50


@pytest.mark.parametrize("name", MUST_REPLAY)
def test_in_batches_and_trainings_they_are_right(name):
    make, at = MUST_REPLAY[name]
    calls = [at(i) for i in range(24)]
    loss = lambda w: lambda *xs: ag.tanh(0.01 * make(w)(*xs))
    for backend in BACKENDS:
        check_batch(make, calls, backend)
    check_training(loss, calls, "numba", epochs=2)


# -- what float64 would make something else of -----------------------------------------------------------

BIG = [(1, 2), (3, 4), (5, 6), (7, 8), (10**9, 10**9), (10**9 + 7, 10**9), (94906267, 94906265), (3, 2)]
WRAPS = {
    "products beyond 2**53": (lambda w: lambda a, b: w[0] * (a * b - (a - 1) * (b + 1)), BIG),
    "squares beyond 2**53": (lambda w: lambda a, b: w[0] * ((a**2 - b**2) / (a + b)), BIG),
    "third powers": (lambda w: lambda a, b: w[0] * (a**3 % 10 - b), BIG),
    "sums beyond 2**53": (lambda w: lambda a, b: w[0] * (a * 2**23 + b * 2**23 + 1 - a * 2**23), BIG),
    "uint8 goes round": (
        lambda w: lambda a: w[0] * (a[0] + a[1]) + w[1] * (a[0] - a[1]),
        [(np.array(x, np.uint8),) for x in ([1, 0], [3, 4], [5, 6], [200, 100], [255, 255], [4, 4], [9, 1])],
    ),
    "uint8 is negated": (lambda w: lambda a: w[0] * -a, each(np.uint8, [0, 1, 2, 3, 0, 200])),
    "uint8 is squared": (lambda w: lambda a: w[0] * (a * a), each(np.uint8, [1, 2, 3, 4, 15, 16, 17, 3])),
    "uint8 to a power": (lambda w: lambda a: w[0] * a**2, each(np.uint8, [1, 2, 3, 4, 15, 16, 17, 3])),
    "uint8 is summed": (
        lambda w: lambda a: w[0] * a.sum(),
        [(np.array([i, 200, 100], np.uint8),) for i in range(6)],
    ),
    "int8 has no 128": (lambda w: lambda a: w[0] * abs(a), each(np.int8, [1, -2, 3, -4, -128, -127, 5])),
    "int32 goes round": (lambda w: lambda a: w[0] * (a * a), each(np.int32, [1, 2, 3, 4, 50000, 70000, 3])),
    "int64 goes round": (
        lambda w: lambda a: w[0] * (a * a * a),
        each(np.int64, [1, 2, 3, 4, 2**21, 2**22, 2**31, 2**33, 3]),
    ),
    "pixels less 128": (
        lambda w: lambda a: w[0] * sum((p - 128) / 64 for p in a),
        [(np.array(x, np.uint8),) for x in ([200, 130], [210, 150], [220, 190], [250, 130], [10, 20])],
    ),
    "a uint8 array less 128": (
        lambda w: lambda a: w[0] * (a - 128).sum() + w[1] * (a * 2)[0],
        [(np.array(x, np.uint8),) for x in ([200, 130], [210, 150], [220, 190], [250, 130], [10, 20])],
    ),
    "a power overflows": (lambda w: lambda x: w[0] / (1 + x**4), each(float, [3, 2, 5, 2, 6, 1e100, 2])),
    "minus 0 of an int": (
        lambda w: lambda n: w[0] + ag.atan2(n * -1, -1.0) + ag.atan2(-n, -1.0) + ag.atan2(0 * (n - 5), -1.0),
        each(int, [3, 2, 1, 4, 0, 5, 0]),
    ),
    "a root of a negative number": (
        lambda w: lambda x: w[0] * (x**0.5 if x >= 0 else abs((-x) ** 0.5)),
        each(float, [4.0, 2.0, 3.0, 5.0, 0.0, -1.0, -2.0, 2.0]),
    ),
    "an integer of NumPy to a negative power": (
        lambda w: lambda n, k: w[0] * n**k,
        [(np.int64(2), k) for k in (1, 2, 3, 2, -1, 2)],
    ),
    "division by zero": (
        lambda w: lambda x: w[0] * (1 / x) ** 0,
        [(x,) for x in (1.0, 2.0, 3.0, 0.0, 2.0, np.float64(1.0), np.float64(2.0), np.float64(3.0))],
    ),
    "NumPy's bools": (
        lambda w: lambda n: w[0] * (2.0 if ~(n > 2) else 1.0),
        each(np.int64, [1, 2, 3, 4, 1, 3]),
    ),
    "bits": (
        lambda w: lambda n: w[0] * ((n & 1) + (6 ^ n) + (~n) + (n << 1) + (1 | n)),
        each(int, [1, 2] * 4),
    ),
    "pow of three": (lambda w: lambda n: w[0] * pow(n, 2, 7), each(int, [1, 2, 1, 2, 3, 3, 1])),
    "divmod": (
        lambda w: lambda n: w[0] * sum(divmod(n, 3)) + w[1] * divmod(7, n)[1],
        each(int, [1, 2, 4, 5] * 3),
    ),
    "fractions": (
        lambda w: lambda x: w[0] * float(x * Fraction(1, 3)),
        each(float, [1.0, 2.0, 1.0, 2.0, 1.0]),
    ),
    "large ints are compared exactly": (
        lambda w: lambda x: w[0] * (2.0 if x > 2**53 + 1 else 1.0),
        each(float, [1.0, 2.0, 3.0, 2.0**53, 2.0**53 + 2, 1.0]),
    ),
}
NARROW = {
    "products": lambda w: lambda a: w[0] * (a[0] * a[1]),
    "sums": lambda w: lambda a: w[0] * (a * a).sum() + w[1] * a.mean(),
    "dots": lambda w: lambda a: w[0] * (a @ a) + w[1] * np.dot(a, a),
    "functions": lambda w: lambda a: w[0] * np.exp(a).sum() + w[1] * np.sqrt(abs(a[0])),
    "with Python's numbers": lambda w: lambda a: w[0] * (a[0] / 3 + 0.1) + w[1] * (a / 3)[1],
    "compared": lambda w: (
        lambda a: w[0] * (2.0 if a[0] == 0.1 else 1.0) + w[1] * (3.0 if a[1] > 0.7 else 0.0)
    ),
    "mixed": lambda w: lambda a: w[0] * (a[0] * np.float64(0.1)) + w[1] * (np.array([0.1, 0.2]) * a).sum(),
}
ROWS = [[1, 2], [3, 4], [5, 6], [7, 9], [0.1, 0.2], [0.3, 0.7], [4, 4], [0.1, 0.7]]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of inf and nan
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", WRAPS)
def test_whole_numbers_and_powers_are_pythons_and_numpys(name, backend):
    make, calls = WRAPS[name]
    replays_of(make, calls, backend)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of inf and nan
@pytest.mark.parametrize("name", WRAPS)
def test_in_a_batch_too(name):
    make, calls = WRAPS[name]
    w = [Value(1.5), Value(-0.5)]
    calls = [c for c in calls if not isinstance(outcome(make(w), w, c), Exception)]
    for backend in BACKENDS:
        check_batch(make, calls, backend)


@pytest.mark.parametrize("kind", [np.float32, np.float16])
@pytest.mark.parametrize("name", NARROW)
def test_narrow_floats_are_rounded_as_numpy_rounds_them(name, kind):
    calls = [(np.array(row, kind),) for row in ROWS]
    for backend in BACKENDS:
        replays_of(NARROW[name], calls, backend)
        check_batch(NARROW[name], calls, backend)


CHANGING = {
    "out": lambda x: np.add(x, 1.0, out=x),
    "sort": lambda x: x.sort(),
    "fill": lambda x: x.fill(2.0),
    "copyto": lambda x: np.copyto(x, 3.0),
    "an element": lambda x: x.__setitem__(0, 7.0),
    "a slice": lambda x: x[:1].__setitem__(0, 7.0),
    "in place": lambda x: x.__imul__(2.0),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of inf and nan
@pytest.mark.parametrize("name", CHANGING)
def test_an_array_that_the_function_changes_is_changed(name):
    w = Value(1.5)

    def f(x):
        CHANGING[name](x)
        return w * x.sum() + w * x[0]

    fast = ag.record(f, [w], backend="python")
    for i in range(8):
        mine, theirs = np.array([2.0 + i, 1.0]), np.array([2.0 + i, 1.0])
        assert near(fast(theirs).data, f(mine).data)
        assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_array_of_its_own_may_be_changed(backend):
    def make(w):
        def f(x):
            y = x.copy()
            y[0] = 2.0
            y *= 0.5
            return w[0] * y.sum() + w[1] * x[0]

        return f

    assert replays_of(make, [(np.array([1.0 * i, 3.0]),) for i in range(30)], backend, audit=False) >= 20


def test_what_to_write_is_said_where_narrow_floats_leave_a_function_alone():
    w = Value(1.5)
    f = ag.record(lambda a: w * (a[0] * a[1]), [w], backend="python")
    rows = [np.array([0.1 * i, 2.0], np.float32) for i in range(20)]
    with pytest.warns(RuntimeWarning, match=r"computes in float32: convert to float64 first"):
        list(map(f, rows))


def test_an_overflow_is_pythons_error_in_each_call():
    w = Value(1.5)
    f = ag.record(lambda x: w * x**3, [w], backend="python")
    for x in (1.0, 2.0, 3.0, 4.0, 1e200, 5.0, 1e99, 1e101):
        if x > 1e102:
            with pytest.raises(OverflowError):
                f(x)
        else:
            assert f(x).data == 1.5 * x**3
    with pytest.raises(OverflowError):
        f(1e150)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("zero", [0, 0.0])
def test_adding_zero_makes_plus_of_minus_zero(zero, backend):
    make = lambda w: lambda x: ag.atan2(w[0] * x + zero, -1.0) + 1.0 / (w[0] * x * w[1] + zero).tanh()
    calls = each(float, [1.0, 2.0, 3.0, -0.0, 0.0, -1.0, -0.0])
    replays_of(make, calls, backend)


def test_random_arithmetic_of_any_kind_is_exact():
    """Expressions of two numbers; each operator meets each kind, near its limits too."""
    draw = random.Random(5)
    kinds = [int, float, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.int64, np.float64, np.float32]
    forms = ["a + b", "a - b", "a * b", "a / b", "a // 3", "a % 5", "b % -4", "a ** 2", "b ** 3", "-a",
             "abs(b)", "a * 2 - b", "(a + 1) * (b - 1)", "a * a - b * b", "a if a > b else b", "(a == b) + 1",
             "b - a * 0.5", "a ** 0.5 if a > 0 else 1", "divmod(a, 7)[1]",
             "2 ** (b % 3)", "(a - b) // 2 + a % 2"]  # fmt: skip
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for _ in range(150):
            one, two, form = draw.choice(kinds), draw.choice(kinds), draw.choice(forms)

            def number(kind):
                if issubclass(kind, (float, np.floating)):
                    return kind(draw.choice([0.0, -0.0, 1.5, -2.25, 1e-3, draw.gauss(0, 3)]))
                large = 2**31 if kind is int else int(np.iinfo(kind).max)
                span = draw.choice([3, 9, 100, large])
                low = 0 if kind is not int and np.iinfo(kind).min == 0 else -min(span, large)
                return kind(draw.randint(low, min(span, large)))

            calls = [(number(one), number(two)) for _ in range(10)]
            f = eval(f"lambda w: lambda a, b: w[0] * float(1) + w[1] * ({form})", {"math": math})  # noqa: S307 - our own text
            replays_of(f, calls)


def test_numpy_functions_of_a_list_take_the_wide_type():
    """A list of narrow numbers becomes an array, whose sum and mean are wider than they are."""
    forms = ["np.mean([a, b])", "np.sum([a, b, b])", "np.prod([a, b])", "np.cumsum([a, b])[-1]",
             "(np.array([a, b, 300]) + a)[1]", "(np.array([a, 2.5]) * b)[0]", "np.dot([a, b], [b, a])",
             "np.average([a, b], weights=[1, 3])", "np.std([a, b])", "np.array([a, b]).sum()",
             "np.median([a, b, b])", "np.concatenate([[a], [b]]).sum()"]  # fmt: skip
    kinds = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.float16, np.float32]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for kind in kinds:
            most = 3e4 if issubclass(kind, np.floating) else np.iinfo(kind).max
            numbers = [1, 2, 3, most, most * 0.6, 5, most * 0.9, 0.3]
            calls = [(kind(x), kind(y)) for x, y in zip(numbers, numbers[::-1])]
            for form in forms:
                f = eval(f"lambda w: lambda a, b: w[0] + w[1] * ({form})", {"np": np})  # noqa: S307 - our own text
                replays_of(f, calls, audit=False)
