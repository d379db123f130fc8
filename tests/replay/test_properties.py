"""Whatever program Hypothesis writes: its replay is the program, or an error that names the line."""

import linecache
import warnings
from itertools import count
from math import fsum

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import Value, record

NAMES = [
    "w[0]",
    "w[1]",
    "w[2]",
    "x",
    "(w[0] * x)",
    "(w[1] * RATE)",
    "(w[2] * settings['shift'])",
    "ag.sum(table) * w[0]",
]
OPS = ["({} + {})", "({} - {})", "({} * {})", "ag.tanh({})", "ag.relu({})", "ag.sigmoid({})", "ag.gelu({})",
       "({} / (1 + {} * {}))", "ag.maximum({}, {})", "ag.minimum([{}, {}, {}])", "ag.hypot({}, 1 + {} * {})",
       "ag.erf({})", "ag.softplus({})", "ag.logsumexp([{}, {}])", "ag.atan2({}, 2 + ag.sin({}))",
       "ag.dot([{}, {}], [{}, {}])", "ag.elu({})", "ag.where(ag.gt({}, 0.2), {}, {})"]  # fmt: skip
STATEMENTS = ["if {a} > {c}: {v} = {b} * 2", "if ({a}).data <= x: {v} = {b} - x",
              "while len(r) < n: r.append({a})", "{v} = max({a}, {b}, key=float)",
              "{v} = sorted([{a}, {b}])[0]",
              "{v} = {a} * float({b})", "{v} = {a} * int(10 * x)", "{v} = r[int(abs(x)) % len(r)] + {a}",
              "{v} = ag.pick([{a}, {b}], n % 2)", "{v} = {a} * ({b}).data"]  # fmt: skip
CHANGES = ["", "", "", "RATE", "settings", "table", "w[2]", "longer"]  # what happens between two calls
numbers = st.floats(-2, 2).map(lambda x: round(x, 3))
serial = count()


@st.composite
def programs(draw):
    """The text of a function f(x, n) of the Values w: expressions and statements in some order."""

    def expression(names, depth=0):
        if depth == 3 or draw(st.booleans()):
            return draw(st.sampled_from(names))
        op = draw(st.sampled_from(OPS))
        return op.format(*[expression(names, depth + 1) for _ in range(op.count("{}"))])

    names, lines = list(NAMES), ["v = w[0] * 1", "r = [v]"]
    for k in range(draw(st.integers(1, 5))):
        v = f"v{k}"
        lines.append(f"{v} = {expression(names)}")
        if draw(st.booleans()):
            a, b, c = draw(st.sampled_from(names)), draw(st.sampled_from(names)), draw(numbers)
            lines.append(draw(st.sampled_from(STATEMENTS)).format(v=v, a=f"({a} + v)", b=f"({b} + v)", c=c))
        names.append(v)
    body = [*lines, f"return {names[-1]} + 0.1 * ({' + '.join(names[-3:])}) * v + ag.sum(r)"]
    return "def f(x, n):\n" + "".join(f"    {line}\n" for line in body)


def world(source):
    """The function and its Values, with a file name under which its lines are found."""
    name = f"<program {next(serial)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = {"ag": ag, "w": [Value(0.4), Value(-0.7), Value(1.1)],
             "RATE": 0.5, "settings": {"shift": 0.25}, "table": [0.1, 0.2]}  # fmt: skip
    exec(compile(source, name, "exec"), space)  # noqa: S102 - the source was written above
    return space, name


def outcome(function, w, arguments):
    """The loss and the gradients, or the error."""
    for p in w:
        p.grad = 0.0
    try:
        result = function(*arguments)
    except (ArithmeticError, ValueError, TypeError) as error:
        return error
    return [result.data, *[p.grad for p in w]]


def same(want, have):
    scale = max(1.0, *map(abs, want))
    return all(a == b or (a != a and b != b) or abs(a - b) <= 1e-12 * scale for a, b in zip(want, have))


def change(space, what):
    """Let something that the function reads be another: a global, a dict, a list, a parameter's object."""
    if what == "RATE":
        space["RATE"] += 0.25
    elif what == "settings":
        space["settings"]["shift"] -= 0.5
    elif what == "table":
        space["table"][0] += 0.3
    elif what == "longer":
        space["table"].append(0.1)
    elif what:
        space["w"][2] = Value(0.9)


calls = st.lists(
    st.tuples(numbers, st.integers(1, 3), st.tuples(numbers, numbers, numbers), st.sampled_from(CHANGES)),
    min_size=4,
    max_size=6,
)


def check(source, rounds, backend):
    plain, _ = world(source)
    recorded, name = world(source)
    fast = record(recorded["f"], params=recorded["w"], backend=backend)

    def eager(*arguments):
        result = plain["f"](*arguments)
        result.backward()
        return result

    for x, n, moves, changed in rounds:
        for space in (plain, recorded):
            change(space, changed)
            for p, to in zip(space["w"], moves):
                p.data = to
        want = outcome(eager, plain["w"], (x, n))
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            have = outcome(fast, recorded["w"], (x, n))
        assert all("runs as it is" in str(w.message) for w in said)
        if isinstance(have, Exception):
            assert isinstance(want, type(have)) or name in str(have), (source, have)
        else:
            assert not isinstance(want, Exception), (source, want)
            assert same(want, have), (source, (x, n, moves), want, have)
    return fast.replays


def quick(count):
    """Few examples, the same in each run, and no clock."""
    return settings(
        max_examples=count, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )


@quick(60)
@given(programs(), calls)
def test_what_is_replayed_in_plain_python_is_the_program(source, rounds):
    check(source, [*rounds, *rounds], "python")


@quick(20)
@given(programs(), calls)
def test_what_is_replayed_by_numpy_is_the_program(source, rounds):
    check(source, [*rounds, *rounds], "numpy")


@quick(25)
@given(programs(), calls)
def test_what_is_replayed_by_numba_is_the_program(source, rounds):
    check(source, [*rounds, *rounds], "numba")


@quick(25)
@given(programs(), st.lists(st.tuples(numbers, st.integers(1, 3)), min_size=9, max_size=16), st.data())
def test_a_batch_of_samples_that_take_different_branches_is_their_sum(source, samples, data):
    backend = data.draw(st.sampled_from(["python", "numpy", "numba"]))
    plain, _ = world(source)
    recorded, name = world(source)
    fast = record(recorded["f"], params=recorded["w"], backend=backend)
    for changed in ("", "", "RATE", "table"):
        for space in (plain, recorded):
            change(space, changed)
            for p in space["w"]:
                p.grad, p.data = 0.0, 0.9 * p.data
        losses = []
        try:
            for x, n in samples:
                result = plain["f"](x, n)
                result.backward()
                losses.append(result.data)
        except (ArithmeticError, ValueError, TypeError):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            got = fast.batch(*map(list, zip(*samples)), reduction="sum")
        want = [fsum(losses), *[p.grad for p in plain["w"]]]
        assert same([*want, *losses], [got.data, *[p.grad for p in recorded["w"]], *losses]), (source, name)


def test_four_of_five_programs_really_replay():
    replays = []

    @quick(40)
    @given(programs(), calls)
    def collect(source, rounds):
        steady = [(x, n, moves, "") for x, n, moves, _ in rounds[:2]]
        replays.append(check(source, steady * 5, "python"))

    collect()
    assert sum(n > 0 for n in replays) >= 0.8 * len(replays)
