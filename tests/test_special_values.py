import math
import struct
from pathlib import Path

import pytest

import autograd as ag
from autograd import Value

TABLE = Path(ag.__file__).parent / "special" / "VALUES.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| function", "|---"))
]
OPERATORS = {"div": lambda a, b: a / b, "pow": lambda a, b: a**b}


def same(x, y):
    """Tell whether two floats are the same number, to the last bit and to the sign of a zero."""
    return (math.isnan(x) and math.isnan(y)) or struct.pack("<d", x) == struct.pack("<d", y)


@pytest.mark.parametrize(("name", "at", "value", "slopes"), ROWS, ids=[f"{row[0]}({row[1]})" for row in ROWS])
def test_a_special_value_is_what_the_table_says(name, at, value, slopes):
    function = OPERATORS.get(name) or getattr(ag, name)
    numbers = [float(x) for x in at.split(",")]
    leaves = [Value(x) for x in numbers]
    result = function(*leaves)
    assert close(result.data, float(value))
    if name not in OPERATORS:
        assert same(function(*numbers), result.data)
    if slopes != "-":
        found = ag.grad(result, leaves)
        assert all(close(x, float(y)) for x, y in zip(found, slopes.split(","), strict=True)), found


def close(x, y):
    """Tell whether two floats agree: exactly where special, to 4 units in the last place elsewhere."""
    return same(x, y) or (math.isfinite(x) and x != 0 and abs(x - y) <= 4 * math.ulp(y))


def test_the_table_is_long_and_names_every_kind_of_edge():
    assert len(ROWS) > 150
    cells = {x.strip() for row in ROWS for x in row[1].split(",")}
    assert {"0", "-0", "inf", "-inf", "nan"} <= cells
