import re
from pathlib import Path

import pytest

import autograd
import nn

ROOT = Path(__file__).parents[2]
README = (ROOT / "nn" / "README.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "nn").rglob("test_*.py"))


def test_the_programs_run_and_print_what_they_say(capsys):
    blocks = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == README.count("```python")
    names = {}
    for program, printed in blocks:
        exec(program, names)  # noqa: S102 - the README's own text
        assert capsys.readouterr().out == printed


ROWS = re.findall(r"^\| (\d+) \|", README, re.MULTILINE)


def test_all_rows_are_there():
    assert [int(row) for row in ROWS] == [*range(1, 42)]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test_named_after_it(row):
    assert re.search(rf"def test_row_{int(row):02d}_", TESTS)


def test_every_layer_named_there_is_here():
    homes = [nn, nn.optim, nn.schedules, autograd]
    named = set(re.findall(r"`([A-Z]\w+)`", README))
    named -= {"None"}
    assert {name for name in named if not any(hasattr(home, name) for home in homes)} == set()
    assert len(named) > 25
