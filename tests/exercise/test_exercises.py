"""Every exercise: the solution passes, a blank fails, each known wrong answer gets a sentence of its own."""

import pytest

from autograd import Value, topological_order
from autograd.exercise import answer
from autograd.exercise.question import EXERCISES, Exercise, Part
from autograd.exercise.small_net import SmallNet, half_sse
from autograd.exercise.starts import stuck

# key: (solution, {wrong answer: a piece of its English sentence})
NUMBERS = {
    "1.1": ((1.5,), {(3,): "2 of x**2", (1.75,): "height", (-1.5,): "sign"}),
    "1.2": (
        (-15,),
        {
            (2,): "sum",
            (15,): "sign",
            (5,): "first rate alone",
            (-3,): "second rate alone",
            (-0.6,): "quotient",
        },
    ),
    "1.5": (
        (12, -0.25),
        {
            (8, -0.25): "value itself",
            (6, -0.25): "power went away",
            (4, -0.25): "3 that comes in front",
            (12, 0.25): "sign",
            (12, -0.5): "square is missing",
            (12, 0.5): "1/x: 0.5 is the value itself",
        },
    ),
    "2.1": (
        (8, lambda n: 2**n),
        {
            (6, None): "adds a 2 per doubling",
            (3, None): "counts the doublings",
            (8, lambda n: n**2): "too slowly",
            (8, lambda n: 2 * n): "your function adds a 2",
        },
    ),
    "2.5": (
        (1, 2, 3, 22, 38),
        {
            (10, 0, 0, 0, 0): "right gradient",
            (2, 0, 0, 0, 0): "another bug says: = for +=, in order",
            (1, 3, 0, 0, 0): "another bug says: operands in a set",
            (1, 2, 22, 0, 0): "another bug says: += at once",
            (1, 2, 3, 38, 0): "another bug says: run twice",
            (1, 2, 3, 22, 1): "another bug says: = for +=, at once",
        },
    ),
    "4.4": (
        (-0.125, 0, 0),
        {
            (-0.5, 0, 0): "slope of the sigmoid",
            (0.125, 0, 0): "sign",
            (-0.125, 0.5, 0): "two pull down",
            (-0.125, 0, -0.125): "multiplied by a weight, which is 0",
        },
    ),
}


@pytest.mark.parametrize("key", NUMBERS)
def test_numbers_pass_and_each_wrong_one_has_its_own_sentence(key, lang):
    solution, wrong = NUMBERS[key]
    assert not answer(key, *[None] * len(solution)).right
    told = []
    for given, piece in wrong.items():
        exercise = EXERCISES[key]
        fault = exercise.judge(exercise.numbers(0, 0), given)
        told.append(fault.text)
        if lang == "en":
            assert piece in fault.text
        else:
            assert "还不对" not in fault.text
    assert len(set(told)) == len(told)
    assert answer(key, *solution).right


@pytest.mark.parametrize("key", [key for key, x in EXERCISES.items() if isinstance(x, Exercise) and x.draw])
def test_every_mistake_of_every_variant_is_named_and_every_solution_passes(key, lang):
    exercise = EXERCISES[key]
    for variant in range(6):
        numbers = exercise.numbers("class B", variant)
        assert exercise.judge(numbers, [part.right(**numbers) for part in exercise.parts]) is None
        for k, part in enumerate(exercise.parts):
            assert isinstance(part, Part)
            told = []
            for mistake in part.mistakes:
                given = [p.right(**numbers) for p in exercise.parts]
                given[k] = mistake.made(**numbers)
                told.append(exercise.judge(numbers, given).text)
            assert len(set(told)) == len(part.mistakes)
            assert not [text for text in told if "{" in text or "Not yet" in text or "还不对" in text]


def test_functions_that_are_not_written_yet_are_no_try(lang):
    fault = EXERCISES["1.5"].judge({"x": 2}, [lambda x: None, lambda x: ...])
    assert not fault.counts
    assert ("filled in" in fault.text) is (lang == "en")


def test_the_order_of_seven_nodes_passes_where_it_is_allowed_and_names_a_pair_otherwise(lang):
    exercise = EXERCISES["2.2"]
    numbers = {
        "lines": "",
        "edges": {"c": ["b", "a"], "d": ["b", "a"], "e": ["d", "c"], "f": ["e", "a"], "L": ["c", "f"]},
    }
    for allowed in ("L f e d c b a", ["L", "f", "e", "c", "d", "a", "b"], "L, f, e, d, c, a, b"):
        assert exercise.judge(numbers, [allowed]) is None
    told = [
        exercise.judge(numbers, [wrong]).text
        for wrong in ("L e f d c b a", "a b c d e f L", "L f e d c b", "L f e d c b a a", "L f e d c b z")
    ]
    assert len(set(told)) == 5
    if lang == "en":
        assert told[0].startswith("e hands on before f, which uses it")
        assert "forward order" in told[1]
    assert not exercise.judge(numbers, [""]).counts
    assert EXERCISES["2.2"].judge(numbers, [exercise.solution(numbers)]) is None


# -- functions ----------------------------------------------------------------------------------------------


def recursive(root, done=None):
    done = [] if done is None else done
    if root not in done:
        for p in root.parents:
            recursive(p, done)
        done.append(root)
    return done


def twice(root):
    done = []
    stack = [root]
    while stack:
        node = stack.pop()
        done.append(node)
        stack += node.parents
    return done[::-1]


def breadth_first(root):
    done, waiting = [], [root]
    while waiting:
        node = waiting.pop(0)
        if node not in done:
            done.append(node)
            waiting += node.parents
    return done[::-1]


ORDERS = {
    "RecursionError": recursive,
    "set has no order": lambda root: set(topological_order(root)),
    "turn it round": lambda root: topological_order(root)[::-1],
    "root is missing": lambda root: topological_order(root)[:-1],
    "2 times": twice,
    "stands before its operand": breadth_first,
    "no node of the graph": lambda root: [*topological_order(root), Value(0.0)],
    "is missing.": lambda root: topological_order(root)[1:] or [root],
    "stops with ZeroDivisionError": lambda root: 1 / 0,
}


def test_order_passes_and_each_wrong_one_has_its_own_sentence(lang):
    exercise = EXERCISES["2.3"]
    faults = {piece: exercise.judge({}, [order]) for piece, order in ORDERS.items()}
    assert len({fault.text for fault in faults.values()}) == len(ORDERS)
    if lang == "en":
        assert [piece for piece, fault in faults.items() if piece not in fault.text] == []
    assert not exercise.judge({}, [lambda root: None]).counts
    assert exercise.judge({}, [topological_order]) is None


def test_the_smallest_graph_that_shows_it_is_drawn():
    fault = EXERCISES["2.3"].judge({}, [twice])
    assert len(topological_order(fault.graph)) == 2  # b = a*a
    assert "svg" in answer("2.3", twice)._repr_html_()


def walk(kind):
    def run(turns):
        w, seen = Value(0.0), []
        for _ in range(turns):
            if kind == "again":
                w = Value(0.0)
            loss = (w - 2) ** 2
            if kind != "blank":
                loss.zero_grad()
            loss.backward()
            if kind == "after":
                loss.zero_grad()
            w.data += (1 if kind == "uphill" else -1) * (0.1 if kind == "rate" else 0.6) * w.grad
            seen.append(w.data)
        return seen

    return run


def test_the_loop_passes_and_each_wrong_one_has_its_own_sentence(lang):
    exercise = EXERCISES["2.4"]
    kinds = {
        "blank": "swings",
        "after": "does not move",
        "again": "begins at",
        "uphill": "away",
        "rate": "one line",
    }
    told = {kind: exercise.judge({}, [walk(kind)]).text for kind in kinds}
    assert len(set(told.values())) == len(kinds)
    if lang == "en":
        assert [kind for kind, piece in kinds.items() if piece not in told[kind]] == []
    assert exercise.judge({}, [walk("right")]) is None
    assert not exercise.judge({}, [lambda turns: None]).counts


def step(kind):
    def my_step(model, X, y, rate):
        if kind != "not zeroed":
            model.zero_grad()
        loss = half_sse(model) if kind != "other loss" else 2 * half_sse(model)
        loss.backward()
        if kind == "zeroed after":
            model.zero_grad()
        for p in model.parameters():
            if kind == "rebound":
                p = p - rate * p.grad  # noqa: PLW2901 - the mistake itself
            else:
                p.data -= {"sign": -rate, "no rate": 1.0}.get(kind, rate) * p.grad
        return loss if kind == "a Value" else loss.data

    return my_step


def test_the_step_passes_and_each_wrong_one_has_its_own_sentence(lang):
    exercise = EXERCISES["4.1"]
    kinds = {
        "not zeroed": "too far", "zeroed after": "zeroed before the step", "sign": "grows",
        "no rate": "5 times as long", "rebound": "p = p - ...", "other loss": "half the sum",
    }  # fmt: skip
    told = {kind: exercise.judge({}, [step(kind)]).text for kind in kinds}
    assert len(set(told.values())) == len(kinds)
    if lang == "en":
        assert [kind for kind, piece in kinds.items() if piece not in told[kind]] == []
    for right in ("right", "a Value"):
        assert exercise.judge({}, [step(right)]) is None
    assert not exercise.judge({}, [lambda model, X, y, rate: None]).counts


def loop(kind):
    def train(model, X, y, steps):
        losses = []
        for turn in range(steps):
            if kind == "right" or (kind == "once" and not turn):
                model.zero_grad()
            loss = half_sse(model)
            loss.backward()
            if kind == "after":
                model.zero_grad()
            for p in model.parameters():
                p.data -= (0.1 if kind == "rate" else 0.5) * p.grad
            losses.append(loss.data)
        return losses

    return train


def test_the_missing_line_is_found_and_no_sentence_gives_it_away(lang):
    exercise = EXERCISES["4.3"]
    told = {kind: exercise.judge({}, [loop(kind)]).text for kind in ("blank", "once", "after", "rate")}
    assert len(set(told.values())) == 3  # zeroed once before the loop is as good as never
    assert not [text for text in told.values() if "zero" in text.lower() or "清零" in text]
    assert exercise.judge({}, [loop("right")]) is None
    assert not exercise.judge({}, [lambda model, X, y, steps: None]).counts


def test_the_table_of_starts_is_counted_with_the_same_starts(lang):
    exercise = EXERCISES["4.2"]
    right = {width: stuck(width) for width in (2, 3, 4)}
    assert exercise.judge({}, [right]) is None
    learned = exercise.judge({}, [{**right, 2: 30 - right[2]}]).text
    early = exercise.judge({}, [{**right, 2: stuck(2, 1000)}]).text
    assert len({learned, early}) == 2
    if lang == "en":
        assert "learned it" in learned
        assert "after 1,000 rounds" in early
    assert not exercise.judge({}, [{2: None, 3: None, 4: None}]).counts


def test_the_small_net_takes_its_numbers_in_the_order_of_nn():
    import nn

    ours, theirs = SmallNet(2, float), nn.MLP(2, [2, 1], act="sigmoid", last="sigmoid")
    for k, (p, q) in enumerate(zip(ours.parameters(), theirs.parameters(), strict=True)):
        p.data = q.data = 0.1 * k + 0.05
    for x in ([0.0, 1.0], [1.0, 1.0]):
        assert ours(x).data == pytest.approx(theirs(x).data, rel=1e-15)
