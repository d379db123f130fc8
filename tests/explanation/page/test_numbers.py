"""The page shows numbers as Python does, and reads what a learner may type."""

import json
import random

import pytest

from autograd.exercise.typed import read_number
from autograd.explanation.assembly import scripts
from autograd.explanation.javascript import PAGE
from autograd.messages.chinese import narrowed
from autograd.trace.digits import digits

NUMBERS = scripts("digits", "numbers", "arithmetic")


def samples():
    draw = random.Random(1)
    yield from (draw.uniform(-3, 3) for _ in range(2000))
    yield from (10 ** draw.uniform(-9, 18) * draw.choice([-1, 1]) for _ in range(3000))
    yield from (draw.randint(-4000, 4000) / 2 ** draw.randint(0, 14) for _ in range(3000))  # ties
    yield from (draw.randint(-99999, 99999) / 10 ** draw.randint(0, 9) for _ in range(2000))
    yield from (0.0, -0.0, 1e16, 1e22, 0.099996, 0.00009999996, 0.1 + 0.2, 1e-5, 123456.7)


@pytest.mark.program("node")
def test_numbers_look_as_in_python(in_node):
    numbers = list(samples())
    shown = in_node(f"{NUMBERS}\nlet seen = {json.dumps(numbers)}.map(x => digits(x))")
    wrong = [(x, digits(x), text) for x, text in zip(numbers, shown, strict=True) if text != digits(x)]
    assert wrong == []
    assert in_node(f"{NUMBERS}\nlet seen = [NaN, Infinity, -Infinity].map(x => digits(x))") == [
        "nan",
        "inf",
        "-inf",
    ]


@pytest.mark.program("node")
def test_what_is_no_number_is_refused_and_never_run(in_node):
    typed = ["", "w1", "1 2", "2*", "alert(1)", "1;2", "(1", "0x10", "1/0*0", "--"]
    read = in_node(f"{NUMBERS}\nlet seen = {json.dumps(typed)}.map(text => parse(text))")
    assert read == [None] * len(typed)


@pytest.mark.program("node")
def test_sums_products_powers_and_brackets_are_read_as_in_python(in_node):
    typed = ["1 - 0.5**2", "-2**2", "2*-3", "1/4/2", "2**3**2", "(1+2)*3", "1e-3", ".5", "5.", "+3"]
    read = in_node(f"{NUMBERS}\nlet seen = {json.dumps(typed)}.map(text => parse(text))")
    assert read == [0.75, -4, -6, 0.125, 512, 9, 0.001, 0.5, 5, 3]


# what a keyboard may send beside digits and letters: full-width forms, signs, raised digits, brackets
ODD = [
    *map(chr, range(0xFF01, 0xFF5F)),
    *"\u00b7\u00d7\u00f7\u2010\u2011\u2012\u2013\u2014\u2022\u207a\u207b\u2212",
]
ODD += [
    *"\u00b2\u00b3\u00b9\u2070\u2074\u2079\u2044\u2215\u2219\u22c5\u3001\u3002\u3010\u3011\u30fb\uff61\uff65\u00bd"
]


@pytest.mark.program("node")
def test_the_page_reads_a_chinese_keyboard_as_python_does(in_node):
    draw = random.Random(3)
    texts = ODD + ["".join(draw.choices([*ODD, *"0123456789xe+-*/(), .\u5b66"], k=12)) for _ in range(3000)]
    read = in_node(f"{NUMBERS}\nlet seen = {json.dumps(texts)}.map(narrowed)")
    assert [(x, narrowed(x), y) for x, y in zip(texts, read, strict=True) if narrowed(x) != y] == []


@pytest.mark.program("node")
def test_an_answer_is_the_same_number_in_a_notebook_and_on_the_page(in_node):
    def number(text):
        try:
            return read_number(text)
        except ValueError:
            return None

    typed = [
        "\uff08\uff0d3\uff09\u00b2\u00d70\uff0e5",
        "2\u00b2",
        "x\u00b2",
        "2\u207b\u00b9",
        "\uff11\uff15",
        "\u22123/2",
        "0,5",
        "0\uff0c5",
    ]
    typed += [
        "0\u30025",
        "3\u3002",
        "1\u30012",
        "0x10",
        "True",
        "1_0",
        "1 2",
        "2*-3",
        "-2**2",
        "(-8)**0.5",
        "9**9**9",
        "\u00bd",
    ]
    wanted = [4.5, 4, None, 0.5, 15, -1.5, 0.5, 0.5, 0.5, 3, None, None, None, None, None, -6, -4, None]
    assert [number(text) for text in typed[:-2]] == wanted
    read = in_node(f"{NUMBERS}\nlet seen = {json.dumps(typed[:-2])}.map(text => parse(text))")
    assert read == wanted
    assert number(typed[-1]) == 0.5
    assert number(typed[-2]) is None  # too large for a float


def test_the_page_asks_nobody_outside():
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8").replace(
            "http://www.w3.org/2000/svg", ""
        )  # a name, not a place
        for word in ("http", "//cdn", "fetch(", "XMLHttpRequest", "import(", "@import", "url(", " src="):
            assert word not in text, (file.name, word)


@pytest.mark.program("node")
def test_an_equation_is_set_as_mathematics(in_node):
    code = f"const escaped = x => x\n{scripts('mathml')}\nlet seen = "
    typed = ["-v1 / s**2", "tanh(x1*w1 + b)", "1 - 0.7071**2", "exp(z1 - v1)", "0 (x <= 0)", "w[0,1] * -3"]
    fraction, call, minus, difference, odd, index = in_node(code + f"{json.dumps(typed)}.map(mathOf)")
    assert "<mfrac>" in fraction
    assert "<msup><mrow><mi>s</mi></mrow><mrow><mn>2</mn></mrow></msup>" in fraction
    assert "<msub><mi>x</mi><mn>1</mn></msub><mo>·</mo>" in call
    assert "<mn>1</mn><mo>−</mo>" in minus
    assert difference.startswith("<math><mi>exp</mi><mo>(</mo>")
    assert odd == "0 (x <= 0)"  # what is no expression stays a text
    assert "<mn>0,1</mn>" in index
