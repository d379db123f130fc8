import json
from types import FunctionType

import pytest

from autograd.exercise import add_exercise, another, answer, student
from autograd.exercise.endless import EndlessError, ended


def attempts(tmp_path, name="Ada"):
    return json.loads((tmp_path / f"answers-{name}.json").read_text(encoding="utf-8"))["exercises"]


def test_a_wrong_answer_names_its_mistake_and_a_right_one_says_yes():
    assert "sum of the two rates" in answer("1.2", 2).text
    assert not answer("1.2", 2).right
    assert answer("1.2", -15).right


def test_an_unknown_wrong_answer_gets_the_second_question():
    assert answer("1.2", 7).text.startswith("Not yet. a makes one turn")


def test_the_third_wrong_try_shows_the_answer_and_sets_other_numbers():
    question = answer("1.2").text
    assert "-15" not in answer("1.2", 2).text + answer("1.2", 15).text
    third = answer("1.2", 7).text
    assert "Here it is: -15." in third
    assert "Now with other numbers" in third
    assert answer("1.2").text != question
    assert not answer("1.2", -15).right


def test_a_blank_is_no_try_and_neither_is_what_is_no_number(tmp_path):
    for blank in (None, ..., "w1", True):
        assert not answer("1.2", blank).right
    assert not (tmp_path / "answers-Ada.json").exists()


@pytest.mark.parametrize("typed", ["-15", "-3*5", "5*-3", "−15", "－１５", "-30/2", "-15,0"])
def test_numbers_may_be_typed_in_many_ways(typed):
    assert answer("1.2", typed).right


def test_a_formula_may_be_typed_where_a_function_is_asked_for(tmp_path):
    assert answer("2.1", "8", "").text.endswith("the empty field.")
    assert not (tmp_path / "answers-Ada.json").exists()  # a blank is no try
    assert answer("2.1", "8", "2**n").right
    assert answer("1.5", "3*x²", "-1/x**2").right
    assert "your function adds a 2" in answer("2.1", "8", "2*n").text
    assert "number" in answer("1.2", "2*n").text  # a number alone is asked for there


def test_within_one_percent_is_right():
    assert answer("1.2", -14.9).right
    assert not answer("1.2", -14.8).right


def test_attempts_are_kept_in_one_file_per_student(tmp_path):
    answer("1.2", 2)
    student("Bob", folder=tmp_path)
    answer("1.2", -15)
    ada, bob = attempts(tmp_path), attempts(tmp_path, "Bob")
    assert [x["given"] for x in ada["1.2"]["attempts"]] == [["2"]]
    assert "sum" in ada["1.2"]["attempts"][0]["said"]
    assert (ada["1.2"]["right"], bob["1.2"]["right"]) == (False, True)


def test_a_student_goes_on_where_she_stopped(tmp_path):
    for wrong in (2, 15, 7):
        answer("1.2", wrong)
    set_then = answer("1.2").text
    student("Ada", folder=tmp_path)
    assert answer("1.2").text == set_then


def test_another_seed_gives_other_numbers(tmp_path):
    first = answer("1.4").text
    student("Ada", seed=7, folder=tmp_path / "..")
    assert answer("1.4").text != first


def test_another_sets_the_exercise_with_other_numbers():
    before = answer("1.2").text
    assert another("1.2").text == answer("1.2").text != before


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(tmp_path):
    student("Ada", folder=tmp_path / "nowhere")
    verdict = answer("1.2", -15)
    assert verdict.right
    assert "not kept" in verdict.text


def test_a_file_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "answers-Ada.json").write_text("[1, 2]")
    with pytest.raises(ValueError, match="is not a file of answers"):
        student("Ada", folder=tmp_path)
    assert (tmp_path / "answers-Ada.json").read_text() == "[1, 2]"


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match=r"no exercise '9\.9': choose one of 1\.1"):
        answer("9.9", 1)


def test_two_mistakes_that_give_the_same_number_are_both_named():
    add_exercise(
        "test-both", ("{n}?", "{n}?"), lambda _: {"n": 2}, lambda n: n * n + 1,
        (lambda n: n + n, "added", "加"), (lambda n: n * n, "squared", "平方"),
        second=("why?", "为什么?"),
    )  # fmt: skip
    assert answer("test-both", 4).text == "It looks like one of two things: added Or: squared"


def test_numbers_are_drawn_so_that_mistakes_can_be_told_apart():
    made = add_exercise(
        "test-apart", ("{n}?", "{n}?"), lambda random: {"n": random.choice([2, 2, 3])},
        lambda n: n * n + 1,
        (lambda n: n + n, "added", "加"), (lambda n: n * n, "squared", "平方"),
        second=("why?", "为什么?"),
    )  # fmt: skip
    assert {made.numbers(seed, 0)["n"] for seed in range(30)} == {3}


def test_a_sentence_is_shown_as_a_box_in_a_notebook_and_escaped():
    html = answer("1.5", 8, 0)._repr_html_()
    assert html.startswith('<div style="border-left')
    assert "<svg" not in html  # a number needs no graph
    drawn = answer("1.5", lambda x: 3 * x, 0)._repr_html_()
    assert "svg" in drawn


def test_the_picture_of_a_mistake_does_not_give_the_local_derivative_away():
    import base64
    import re

    drawn = answer("1.5", lambda x: 3 * x, 0)._repr_html_()
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", drawn)[1]).decode()
    assert ">x**3<" in svg or "x**3" in svg
    assert ">12<" not in svg


def test_a_function_that_does_not_end_is_ended_and_told():
    import sys

    def endless(root):
        waiting = [root]
        while waiting:
            node = waiting[-1]
        return node

    before = sys.gettrace()
    assert answer("2.3", endless).text.startswith("It does not end")
    assert sys.gettrace() is before


def test_lines_of_installed_packages_are_not_counted():
    import json
    import textwrap

    with ended(50):
        json.dumps(json.loads("[" + "1," * 5000 + "1]"), indent=1)
        textwrap.wrap("word " * 2000)


def test_a_number_in_place_of_an_exercises_name_is_told_to_stand_in_quotes():
    with pytest.raises(TypeError, match=r'in quotes: "1\.2"'):
        answer(1.2, -15)


@pytest.mark.parametrize(
    "place", ["/usr/lib/python3/dist-packages/numba/a.py", "/elsewhere/site-packages/b.py"]
)
def test_lines_of_installed_packages_are_not_counted_wherever_they_lie(place):
    lines = "for _ in range(500):\n    pass"
    with ended(100):
        FunctionType(compile(lines, place, "exec"), {})()
    with pytest.raises(EndlessError), ended(100):
        FunctionType(compile(lines, "mine.py", "exec"), {})()
