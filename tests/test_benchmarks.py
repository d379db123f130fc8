"""What `benchmarks/readme.py` writes into the READMEs."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def readme():
    spec = importlib.util.spec_from_file_location("benchmarks_readme", BENCHMARKS / "readme.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def timing(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module("works.timing")
    for name in [name for name in sys.modules if name.split(".")[0] == "works"]:
        del sys.modules[name]


def test_every_block_of_figures_stands_in_one_of_the_files_once(readme):
    texts = "".join(file.read_text(encoding="utf-8") for file in readme.FILES)
    named = re.findall(r"<!-- measured: ([\w ]+) -->\n(?:(?!<!--).)+<!-- end -->", texts, flags=re.DOTALL)
    assert sorted(named) == sorted([*readme.BLOCKS, "eager"])


def test_a_block_is_written_anew_and_nothing_else(readme):
    text = "before\n<!-- measured: peers -->\nold\n<!-- end -->\nafter 12 us\n"
    new = readme.fill(text, {"peers": "| a |\n| --- |"})
    assert new == "before\n<!-- measured: peers -->\n| a |\n| --- |\n<!-- end -->\nafter 12 us\n"


def test_a_row_in_which_replay_loses_is_bold_and_a_missing_one_is_empty(readme):
    race = {"rows": {readme.REPLAY: [10.0], "C": [4.0], "torch": [400.0]}}
    assert [readme.beside(race, row) for row in ("C", "torch", "JAX scan")] == ["**0.4**", "40", ""]


def test_a_competitor_that_computes_something_else_stops_the_run(timing):
    timing.agree([1.0, 2.0 + 1e-10], [1.0, 2.0], "nearly the same")
    with pytest.raises(ArithmeticError, match=r"Numba gives 2\.1"):
        timing.agree([1.0, 2.1], [1.0, 2.0], "Numba")


def test_a_missed_goal_says_by_how_much_and_what_takes_the_time(timing):
    ran = []
    met = timing.Goal(timing.PEERS, "a step", 6.5, 7, "us").explained(lambda: ran.append(1))
    missed = timing.Goal(timing.PEERS, "a step", 14.0, 7, "us").explained(lambda: sorted(range(10**5)))
    assert (met.verdict, met.limit, ran) == ("met", "", [])
    assert missed.verdict == "MISSED by 2.00x"
    assert "sorted" in missed.limit
    assert timing.Goal(timing.PEERS, "ahead", 0.5, 1, "x", True).verdict == "MISSED by 2.00x"
