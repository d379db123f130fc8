"""What a learner meets in odd places: a sentence that is true and says what to do."""

import re

import pytest

import autograd as ag
from autograd import Value, explain, formula, paths, trace_table, why_order
from autograd.cli import main
from autograd.drawing.cards import Look
from autograd.drawing.frames import film


def chain(count, factor=1.001):
    a = Value(1.0, label="a")
    b = a
    for _ in range(count):
        b = b * factor
    return a, b


def test_a_text_that_is_no_number_is_not_advised_as_one():
    with pytest.raises(TypeError, match="leave the quotes out"):
        Value(1.0) + "x"
    with pytest.raises(TypeError, match=r"Write Value\(3\)"):
        Value(1.0) + "3"


@pytest.mark.parametrize("typed", ["x·2", "x×2", "x∗2"])
def test_signs_of_print_are_read_as_what_they_mean(typed, capsys):
    assert main(["grad", typed, "x=3"]) == 0
    assert "= 6.0" in capsys.readouterr().out


def test_a_function_of_a_list_says_so(capsys):
    assert main(["grad", "softmax(x)", "x=3"]) == 2
    assert "softmax takes a list" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "said"), [("nudge", "predicts the change"), ("paths", "along 2 paths"), ("order", "order")]
)
def test_every_story_has_a_command(command, said, capsys):
    assert main([command, "x*x", "x=3"]) == 0
    assert said in capsys.readouterr().out


def test_a_quiz_is_written_from_the_command_line(tmp_path, capsys):
    assert main(["quiz", "x*x", "x=3", "-o", str(tmp_path / "quiz.html")]) == 0
    assert "quiz.html" in capsys.readouterr().out
    assert "<html" in (tmp_path / "quiz.html").read_text(encoding="utf-8")


def test_where_says_that_its_condition_holds():
    c, a, b = Value(1.0), Value(2.0), Value(3.0)
    told = str(explain(ag.where(c, a, b), lang="en", names=locals()))
    assert "1, because the condition holds" in told
    told = str(explain(ag.where(Value(0.0), a, b), lang="zh", names=locals()))
    assert "0,因为条件不成立" in told.replace("，", ",")


def test_nan_of_a_power_has_its_reason():
    p, q, n = Value(-2.0, label="p"), Value(0.5, label="q"), Value(2.0, label="n")
    value, slope = (" ".join(str(explain(p**e, e, names={}, lang="en")).split()) for e in (q, n))
    assert "a negative number (p = -2) has a power only where the exponent is whole" in value
    assert "the log of a negative number (-2)" in slope


def test_the_closing_line_names_made_up_leaves_too():
    root = Value(1.0) * Value(2.0) + Value(3.0)
    assert "v1 to v5 are made-up names" in str(explain(root, names={}, lang="en"))


def test_length_and_iteration_of_very_many_paths_agree():
    a = Value(1.0)
    b = a
    for _ in range(60):
        b = b + b
    found = paths(b, a, names={})
    assert found.count == 2**60
    for ask in (len, list):
        with pytest.raises(ValueError, match=r"\.count counts them"):
            ask(found)


def test_long_paths_are_shown_where_they_differ():
    a = Value(1.0, label="a")
    b = a
    for _ in range(60):
        b = b + b
    lines = [line for line in str(paths(b, a, names={})).split("\n") if "<-" in line]
    assert len(lines) == len(set(lines)) == 5


def test_the_largest_of_many_paths_come_first():
    x = Value(1.1, label="x")
    y = x
    for i in range(6):
        y = y * y * 0.5 + y * (1 + i / 10)
    sizes = [abs(path.product) for path in paths(y, x, names={}).largest]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("tell", [explain, trace_table, formula])
def test_a_very_large_graph_is_told_by_both_ends(tell):
    _, b = chain(1000)
    told = str(tell(b, names={}))
    assert len(told.split("\n")) < 80
    assert "left out" in told


def test_a_large_table_has_one_line_per_use_and_no_torn_columns():
    values = [Value(0.3 * i - 1, label=f"x{i}") for i in range(8)]
    pairs = zip(values, values[1:] + values[:1], strict=True)
    root = ag.sum([a * b * b for a, b in pairs]).tanh() * 2 + values[0]
    for i in range(12):
        root = root * values[i % 8]
    told = trace_table(root, names={})
    rows = [line for line in str(told).split("\n")[4:] if line]
    assert len(told.trace.nodes) > 25
    assert len(rows) == sum(max(1, len(x.uses)) for x in [*told.trace.leaves, *told.trace.nodes])


def test_a_label_that_repeats_its_expression_is_said_once():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    v = x * w
    v.label = "x*w"
    lines = [" ".join(line.split()) for line in str(explain(v.tanh(), names={})).split("\n")]
    assert "x*w = 2 * 3 = 6" in lines
    assert "x = 2" not in lines


def test_a_wide_dot_shows_how_it_begins_in_numbers():
    ws, xs = ([Value(k + i / 2.1, label=f"{n}{i}") for i in range(6)] for n, k in (("w", -1.0), ("x", 1.0)))
    told = str(explain(ag.dot(ws, xs, Value(0.5, label="b")), names={}))
    assert "-1*1 + -0.5238*1.4762 + ... + 0.5" in told


def test_a_product_has_blanks_only_where_it_stands_alone():
    p, q = Value(2.0, label="p"), Value(-3.0, label="q")
    told = str(formula(3 * p**2 * q - 2 * p * q, names={}))
    assert "q*3*(2*p)" in told


def test_order_says_where_it_does_not_matter():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    told = str(why_order(a * b + a, names={}, lang="en"))
    assert told.count("edge ") == 1
    assert "b = a + a" in told


def test_equal_terms_are_collected_once():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    root = a * a + a * b
    assert "b + a + a = 2*a + b" in str(explain(root, names={}))
    assert "b + a + a = 2*a + b" in str(paths(root, a, names={}))
    page = explain(root, names={}).html()
    assert "<mn>2</mn>" in page
    assert "b+a+a=2*a+b" in re.sub("<[^>]*>", "", page)


def test_terms_without_names_are_not_collected():
    a = Value(1.0, label="a")
    assert "= 2" not in str(explain((a + a) + (a + a), a, names={})).split("in symbols")[-1]


def test_latex_gives_a_result_once_and_the_order_as_a_table():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    root = a * a + a * b
    told = explain(root, names={"L": root}).latex()
    assert len(re.findall(r"= 1$", told.split(r"\frac{dL}{da}")[-1], re.MULTILINE)) == 1
    assert r"\text{left }a" in trace_table(root, names={}, lang="en").latex()
    order = why_order(root, names={}, lang="en").latex()
    assert order.startswith(r"\begin{array}")
    assert order.count(r"\\") == 1 + 6


def test_a_label_that_holds_operators_is_one_word_in_brackets():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    v = x * w
    v.label = "x*w + 1"
    y = v * v.tanh()
    y.label = "y"
    told = explain(y)
    for text in (
        str(told),
        told.markdown(),
        str(ag.trace_table(y)),
        str(ag.paths(y, x)),
        str(ag.why_order(y)),
    ):
        assert re.search(r"(?<!\()x\*w \+ 1\.grad|\+ 1 \*|\* x\*w \+", text) is None
    assert "tanh(x*w + 1)" in str(told)
    assert "(x*w + 1).grad" in "".join(
        scene.caption for scene in film(ag.draw(y * v, collapse=False).scene, Look())
    )
    assert ag.as_torch(y).variables["(x*w + 1)"] == "x_w_1"


def test_a_recorded_function_is_told_to_be_shown_by_its_program():
    fast = ag.record(lambda a: a * a)
    for show in (explain, ag.draw, ag.step_through, ag.trace_table):
        with pytest.raises(TypeError, match=r"explain\(f\.program\)"):
            show(fast)


def test_what_is_left_out_in_the_middle_of_many_operands_has_no_words():
    many = [Value(0.25 * i, label=f"long_name_{i}") for i in range(12)]
    assert "maximum(long_name_0, ..., long_name_11)" in str(explain(ag.maximum(*many), lang="zh"))


def test_a_number_of_uses_is_told_in_the_language_that_was_asked_for():
    x = Value(0.5, label="x")
    shared = x.tanh()
    root = sum((shared * float(k) for k in range(2, 16)), Value(0.0))
    assert "次使用" in str(explain(root, lang="zh"))
    assert " uses)" not in str(explain(root, lang="zh"))
