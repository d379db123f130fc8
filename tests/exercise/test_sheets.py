"""The exercises on a page say what `answer` says in Python, sentence for sentence, and keep each try."""

import json
import re
import subprocess
from shutil import which

import pytest

from autograd import language
from autograd.exercise import add_exercise, answer, sheet, student
from autograd.exercise.answering import current_student
from autograd.exercise.question import EXERCISES, Exercise, Task
from autograd.exercise.typed import read_formula, read_number
from autograd.explanation.assembly import scripts

NUMBERS = [key for key, exercise in EXERCISES.items() if isinstance(exercise, Exercise)]
VARIANTS = 4
FORMULAS = {  # what may be typed where a function is asked for
    "1.5": [["3*x**2", "-1/x**2"], ["3*t", "-1/t**2"], ["x**3", "0"], ["3*x*x", "1/x"], ["x", "1"]],
    "2.1": [[None, "2**n"], [None, "n**2"], [None, "2*n"], [None, "n"], [None, "n*m"], [None, "1/(n - 5)"],
            [None, "n!"]],
}  # fmt: skip


def answers_to(key, numbers):
    """Give what may be answered: right, blank, no number, unknown, and every wrong answer that is known."""
    parts = EXERCISES[key].parts
    right = []
    for part in parts:
        found, at = part.right(**numbers), part.at(numbers)
        right.append(repr(float(found(at[0]) if at else found)))
    tried = [[""] * len(parts), ["1x"] * len(parts), ["12345.678"] * len(parts)]
    for k, part in enumerate(parts):
        for mistake in part.mistakes:
            made, at = mistake.made(**numbers), part.at(numbers)
            tried.append([*right[:k], repr(float(made(at[0]) if at else made)), *right[k + 1 :]])
    tried += [[right[k] if x is None else x for k, x in enumerate(xs)] for xs in FORMULAS.get(key, [])]
    return [*tried, right]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Give a page of all exercises, in Chromium; an error in it or a request fails the tests."""
    from playwright.sync_api import sync_playwright

    path = tmp_path_factory.mktemp("sheet") / "exercises.html"
    sheet(variants=VARIANTS).save(path)
    program = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))))
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], timeout=600_000)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(600_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if "http" in request.url else None)
        page.goto(f"file://{path}")
        page.wait_for_selector("form")
        yield page
        browser.close()
    assert wrong == []


@pytest.fixture
def page(opened):
    """Give the page as a new reader finds it."""
    opened.evaluate("localStorage.clear()")
    opened.reload()
    opened.wait_for_selector("form")
    return opened


# sets the variant of an exercise, types and answers by the form as a reader does, and gives what is said
ANSWER = """([key, tried]) => {
  const n = SHEET.exercises.findIndex(exercise => exercise.key === key), section = sections[n]
  return tried.map(([variant, given]) => {
    kept[key] = {variant, wrong: 0, right: false, attempts: []}
    const fields = [...section.querySelectorAll('input')]
    fields.forEach((field, i) => { field.value = given[i] })
    section.querySelector('form').requestSubmit()
    return [section.querySelector('.said').textContent, stateOf(key).attempts.map(x => x.said)]
  })
}"""


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", NUMBERS)
def test_the_page_says_what_answer_says_to_right_blank_and_every_known_wrong_answer(page, key, lang):
    exercise = EXERCISES[key]
    tried, said = [], []
    language(lang)
    try:
        for variant in range(VARIANTS if exercise.draw else 1):
            for given in answers_to(key, exercise.numbers(0, variant)):
                state = current_student().at(key)
                state.update(variant=variant, wrong=0, right=False, attempts=[])
                tried.append([variant, given])
                said.append([answer(key, *given).text, [x["said"] for x in state["attempts"]]])
    finally:
        language("en")
    if lang == "zh":
        page.locator("header button").click()
    seen = page.evaluate(ANSWER, [key, tried])
    assert [(given, x, y) for given, x, y in zip(tried, seen, said, strict=True) if x != y] == []
    assert len({text for text, _ in seen}) > 3


@pytest.mark.browser
def test_the_third_wrong_try_shows_the_answer_and_sets_other_numbers_as_in_python(page):
    section = page.locator("section", has=page.get_by_role("heading", name="1.2", exact=True))
    field = section.locator("input")
    for given in ("2", "15", "7"):
        field.fill(given)
        page.keyboard.press("Enter")
        assert section.locator(".said").text_content() == answer("1.2", given).text
    assert section.locator(".question").text_content() == answer("1.2").text
    assert field.input_value() == ""
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('section')[1].querySelector('input')"
    )
    page.reload()
    page.wait_for_selector("form")
    assert section.locator(".question").text_content() == answer("1.2").text  # it goes on where it stopped
    kept = json.loads(page.evaluate("localStorage.getItem(STORE)"))["1.2"]
    assert kept == current_student().at("1.2")


@pytest.mark.browser
def test_other_numbers_are_set_on_request_and_after_the_last_the_first_again(page):
    section = page.locator("section").first
    seen = [section.locator(".question").text_content()]
    for _ in range(VARIANTS):
        section.get_by_role("button", name="Other numbers").click()
        seen.append(section.locator(".question").text_content())
    assert seen[0] == seen[-1]
    assert len(set(seen)) > 1


@pytest.mark.browser
def test_what_needs_python_is_asked_and_says_where_it_runs(page):
    for key, exercise in EXERCISES.items():
        if isinstance(exercise, Task):
            section = page.locator("section", has=page.get_by_role("heading", name=key, exact=True))
            assert f'in the notebook, answer("{key}", ...)' in section.inner_text()
            assert section.locator("input").count() == 0


@pytest.mark.browser
def test_every_field_and_button_has_a_name_of_its_own_and_keys_are_enough(page):
    names = page.evaluate(
        "[...document.querySelectorAll('input, section button:not([hidden])')].map(x => x.ariaLabel)"
    )
    assert all(names)
    assert len(set(names)) == len(names)
    for control in ("input", "button"):
        assert page.evaluate(f"[...document.querySelectorAll('{control}')].every(x => x.tabIndex === 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("header button").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_an_answer_cannot_be_read_in_the_page_and_nothing_is_asked_of_the_network():
    html = sheet("1.2").html
    bare = re.sub(r'"[A-Za-z0-9+/=]{400,}"', "", html)
    assert "-15" not in bare
    assert "the sum of the two rates" not in bare
    for word in ("http:", "https:", "src=", "@import", "fetch("):
        assert word not in bare


def test_a_page_of_some_exercises_has_those_and_one_of_a_teachers_own_too():
    try:
        add_exercise(
            "test-sheet", ("{n} & {n}?", "{n}?"), lambda random: {"n": random.randint(1, 9)}, lambda n: 2 * n,
            second=("Add.", "加。"),
        )  # fmt: skip
        made = sheet("test-sheet", "2.3", lang="zh")
        assert [exercise["key"] for exercise in made.exercises] == ["test-sheet", "2.3"]
        assert made.html.count("<section") == 2
        assert "iframe" in made._repr_html_()
    finally:
        del EXERCISES["test-sheet"]
    with pytest.raises(ValueError, match=r"no exercise '9\.9'"):
        sheet("9.9")


def test_another_seed_gives_the_numbers_that_a_student_of_that_seed_gets(tmp_path):
    student("Ada", seed="class B", folder=tmp_path)
    (asked,) = sheet("1.4", seed="class B").exercises
    assert asked["variants"][0]["question"][0] == answer("1.4").text


@pytest.mark.program("node")
def test_a_formula_is_the_same_function_on_the_page_as_in_python(tmp_path):
    typed = ["2**n", "n", "-n**2", "1/n", "n*m", "n n", "2n", "n(2)", "n2", "2e3*n", "e", "2e", "1e", "e3",
             "n**0.5", "(n)", "x²", "（n＋1）×2", "0,5*n", "n.", "n.5", "5", "n**-1", "007*n", "_", "nan",
             "inf", "2^n"]  # fmt: skip
    points = [4.0, -2.0]

    def in_python(text):
        def at(x):
            try:
                return (read_formula(text) or (lambda _: read_number(text)))(x)
            except ValueError:
                return None

        return [at(x) for x in points]

    code = scripts("digits", "numbers", "arithmetic")
    code += "\nconst finite = x => x !== null && isFinite(x) ? x : null\n"
    code += f"const seen = {json.dumps(typed)}.map(t => {points}.map(x => finite(parse(t, x))))\n"
    code += "console.log(JSON.stringify(seen))"
    done = subprocess.run(["node", "-"], input=code, capture_output=True, encoding="utf-8", check=True)
    seen = dict(zip(typed, json.loads(done.stdout), strict=True))
    assert seen == {text: in_python(text) for text in typed}
