"""Looking at a graph ends: every picture and story of graphs that invite to endless work has a budget.

Work is counted in functions begun and C calls ended, never in seconds; where the budget is spent, the call is
interrupted and the test fails.
"""

import inspect

import pytest
from interrupts import interrupted_at

import autograd as ag
from autograd import Value

BUDGET = 4_000_000


def doubling(depth=60):
    """2**60 paths from the result to its only leaf."""
    a = b = Value(1.0, label="a")
    for _ in range(depth):
        b = b + b
    return b, a


def recurrence():
    """300 nodes, two of them used 150 times."""
    a, b, y = Value(0.9, label="a"), Value(0.1, label="b"), Value(1.0, label="x")
    for _ in range(150):
        y = y * a + b
    return y, a


def long_names(text="x" * 10_000):
    """Names many times wider than a page."""
    a = Value(2.0, label=text)
    c = a * 3.0
    c.label = text.upper()
    y = (c + a).tanh() * a
    y.label = "L" + text
    return y, a


def wide():
    """Ops on 100 operands each."""
    xs = [Value(1 + 0.001 * k) for k in range(100)]
    return ag.sum(xs) + ag.dot(xs, xs[::-1]) + ag.logsumexp(xs) + ag.prod(xs) * ag.norm(xs), xs[0]


def unreached():
    """2**60 ways that hand on nothing."""
    a = b = Value(1.0, label="a")
    for _ in range(60):
        b = b + b
    return ag.where(b > 0, a, b) * (b > 3) + a, a


GRAPHS = {
    "doubling": doubling,
    "recurrence": recurrence,
    "long names": long_names,
    "long Chinese names": lambda: long_names("变量" * 1000),
    "wide ops": wide,
    "unreached": unreached,
}


def read(reading):
    return [repr(reading), reading.text(), reading.markdown(), reading.html(), reading.latex(), reading.steps]


LOOKS = {
    "draw": lambda y, a, _: [(p := ag.draw(y, highlight=a))._repr_html_(), p.html, p.dot],
    "draw_dot": lambda y, _a, _: ag.draw_dot(y).source,
    "explain": lambda y, a, _: [repr(read(ag.explain(y))), read(ag.explain(y, wrt=a))],
    "trace_table": lambda y, _a, _: repr(read(ag.trace_table(y))),
    "paths": lambda y, a, _: [repr(read(found := ag.paths(y, a))), repr(found.largest), found.count],
    "formula": lambda y, a, _: [f(ag.formula(y, a)) for f in (repr, lambda x: x.html(), lambda x: x.latex())],
    "as_torch": lambda y, _a, _: ag.as_torch(y).code,
    "nudge": lambda y, a, _: repr(ag.nudge(y, a)),
    "why_order": lambda y, _a, _: repr(ag.why_order(y)),
    "tangent": lambda y, a, _: repr(ag.tangent(lambda x: x * y.data + a.data, -1.0, 1.0)),
    "step_through": lambda y, _a, _: ag.step_through(y)._repr_html_(),
    "quiz": lambda y, _a, _: ag.quiz(y)._repr_html_(),
    "animate": lambda y, _a, folder: ag.animate(y, folder / "film.svg"),
    "frames": lambda y, _a, folder: ag.frames(y, folder),
}


def test_whatever_is_shown_has_its_budget():
    """A new public function that begins with `root` belongs into the list."""
    public = {name: getattr(ag, name) for name in ag.__all__}
    takes_root = {
        name
        for name, function in public.items()
        if inspect.isfunction(function) and next(iter(inspect.signature(function).parameters), "") == "root"
    }
    assert takes_root - {"topological_order", "leaves", "consumers"} == LOOKS.keys() - {"tangent"}


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("look", LOOKS)
def test_no_look_takes_more_than_its_budget(look, graph, tmp_path):
    y, a = GRAPHS[graph]()
    if look in ("animate", "frames"):  # one picture per step: for graphs that fit on a slide
        if graph == "recurrence":
            with pytest.raises(ValueError, match="are too many for one picture"):
                LOOKS[look](y, a, tmp_path)
            return
        y, a = doubling(12) if "long" not in graph else long_names("变量" * 50)
    y.backward()
    try:
        with interrupted_at(BUDGET):
            LOOKS[look](y, a, tmp_path)
    except KeyboardInterrupt:
        pytest.fail(f"{look} of {graph} was not done after {BUDGET:,} calls")


def test_of_a_long_graph_paths_are_told_at_once_and_a_formula_is_refused_with_advice():
    a = y = Value(0.9, label="a")
    for _ in range(3_400):
        y = y.tanh() * 0.5 + a
    b = a
    for _ in range(3_400):
        b = b + b
    try:
        with interrupted_at(BUDGET):
            told = str(ag.paths(y, a))
    except KeyboardInterrupt:
        pytest.fail("not done within the budget")
    assert "along 3401 paths" in told
    assert "along 3.18e+1023 paths" in str(ag.paths(b, a))
    with pytest.raises(ValueError, match=r"more than 10,000 nodes: .* Take a node inside"):
        ag.formula(y)
