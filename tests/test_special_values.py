"""`autograd/special/VALUES.md`, cell by cell, for numbers and for Values."""

import math
import re
from pathlib import Path

import pytest

import autograd
from autograd import Value, ops
from autograd.entry import BUILT_IN, TABLE
from autograd.lists import log_softmax

DOCUMENT = (Path(autograd.__file__).parent / "special" / "VALUES.md").read_text(encoding="utf-8")
FUNCTIONS = {**TABLE, "softmax": ops.softmax, "log_softmax": log_softmax}
CONSTANTS = {"inf": math.inf, "nan": math.nan, "pi": math.pi, "__builtins__": {}}


def number(text):
    """A cell as a float: -0 keeps its sign, whole numbers become floats."""
    return -0.0 if text.strip() == "-0" else float(eval(text, {**CONSTANTS, "log": math.log}))  # noqa: S307 - our text


def rows(heading):
    """The cells of the table below a heading, without its two head lines."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def same(got, wanted):
    """Whether two numbers are the same: nan and the sign of zero, others to the last digit."""
    if wanted != wanted or got != got:
        return wanted != wanted and got != got
    if wanted == 0:
        return got == 0 and math.copysign(1, got) == math.copysign(1, wanted)
    return got == wanted or math.isclose(got, wanted, rel_tol=4e-16)


def call(text, kind):
    """What a call gives; every number in it, -0 too, is made a `kind`."""
    numbers = re.sub(
        r"(?<!\)\[)-?\b(\d+(?:\.\d+)?(?:e-?\d+)?|inf|nan)\b", lambda m: f"number('{m[0]}')", text
    )
    names = {**CONSTANTS, **FUNCTIONS, "number": lambda text: kind(number(text))}
    return eval(numbers, names)  # noqa: S307 - our own text


ONE = [
    (row[0].strip("`"), at, cell)
    for row in rows("One operand")
    for at, cell in zip(["-inf", "-1", "-0", "0", "1", "inf"], row[1:], strict=True)
    if cell
]
CALLS = [
    (text, row[1])
    for heading in (
        "Beyond the range of floats",
        "Outside the domain, and at poles",
        "Powers and quotients",
        "Lengths and angles",
        "Choices and ties",
        "Sums",
    )
    for row in rows(heading)
    for text in re.findall(r"`(.*?)`", row[0])
]
SLOPES = [[cell.strip("`") for cell in row] for row in rows("Slopes at kinks, ends and ties")]


@pytest.mark.parametrize("kind", [float, Value])
@pytest.mark.parametrize(("name", "at", "gives"), ONE)
def test_one_operand(name, at, gives, kind):
    got = TABLE[name](kind(number(at)))
    assert same(getattr(got, "data", got), number(gives))


@pytest.mark.parametrize("name", [row[0].strip("`") for row in rows("One operand")])
def test_nan_gives_nan(name):
    assert math.isnan(TABLE[name](math.nan))


def test_every_op_with_one_operand_is_in_the_table():
    told = {row[0].strip("`") for row in rows("One operand")}
    assert told == {name for name in BUILT_IN if TABLE[name].arity == 1}


@pytest.mark.parametrize("kind", [float, Value])
@pytest.mark.parametrize(("text", "gives"), CALLS)
def test_calls(text, gives, kind):
    got = call(text, kind)
    assert same(getattr(got, "data", got), number(gives))


@pytest.mark.parametrize(("name", "at", "value", "slopes"), SLOPES)
def test_slopes(name, at, value, slopes):
    xs = [Value(number(text)) for text in at.split(",")]
    y = TABLE[name](*xs)
    assert same(y.data, number(value))
    got, wanted = autograd.grad(y, xs), [number(text) for text in slopes.split(",")]
    assert [abs(d) if d == 0 else d for d in got] == pytest.approx(wanted, rel=4e-16, abs=0, nan_ok=True)
