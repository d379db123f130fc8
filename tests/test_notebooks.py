"""What is in git of a notebook; `.ci/run` executes them, in both languages."""

import importlib.util
import io
import json
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CHINESE = sorted((FOLDER / "zh").glob("*.ipynb"))

spec = importlib.util.spec_from_file_location("ci_notebooks", ROOT / ".ci/notebooks.py")
ci = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ci)


def cells_of(path, kind):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def test_outputs_are_stripped():
    for path in [*NOTEBOOKS, *CHINESE]:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert (cell["outputs"], cell["execution_count"]) == ([], None), path.name


def test_notebooks_are_numbered_in_reading_order():
    numbers = [path.name[:2] for path in NOTEBOOKS]
    assert all(number.isdecimal() for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_course_is_there_in_both_languages():
    names = [path.name for path in NOTEBOOKS if path.name[:2] in ci.COURSE]
    assert [path.name for path in CHINESE] == names
    assert len(names) == len(ci.COURSE)


def without_words(code):
    """Give the tokens of a cell, comments left out and strings without what they say."""
    return [
        "''" if token.type == tokenize.STRING else token.string
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL)
    ]


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.name)
def test_code_is_the_same_in_both_languages_but_for_words(path):
    english, chinese = cells_of(FOLDER / path.name, "code"), cells_of(path, "code")
    assert 'autograd.language("en")' in english[0]
    assert english[0].replace('language("en")', 'language("zh")') == chinese[0]
    assert [without_words(code) for code in english] == [without_words(code) for code in chinese]


def test_no_text_cell_changed_in_one_language_only():
    noted = json.loads(ci.PAIRS.read_text(encoding="utf-8"))
    now = ci.pairs()
    assert ci.changed_alone(noted, now) == []
    assert noted == now, "both languages changed: note it with `python .ci/notebooks.py --pair`"


def test_a_change_in_one_language_is_found_and_one_in_both_is_not():
    noted = {"01.ipynb": [["a", "b"], ["c", "d"]]}
    assert ci.changed_alone(noted, {"01.ipynb": [["a", "b"], ["x", "d"]]}) == [
        "01.ipynb, text cell 2: changed in English only"
    ]
    assert ci.changed_alone(noted, {"01.ipynb": [["a", "x"], ["c", "d"]]}) == [
        "01.ipynb, text cell 1: changed in Chinese only"
    ]
    assert ci.changed_alone(noted, {"01.ipynb": [["a", "b"], ["x", "y"]]}) == []
    assert ci.changed_alone(noted, {"01.ipynb": [["a", "b"]]}) == [
        "01.ipynb: 2 text cells were noted, there are 1"
    ]


@pytest.mark.parametrize("path", [*NOTEBOOKS, *CHINESE], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_lesson_has_at_most_25_cells_and_5_exercises_that_answer(path):
    if path.name[:2] not in ci.COURSE:
        return
    code = cells_of(path, "code")
    assert len(code) + len(cells_of(path, "markdown")) <= 25
    exercises = [cell for cell in code if "answer(" in cell or "check_engine(" in cell]
    assert len(exercises) == 5


def test_numbers_are_read_out_of_prose_and_outputs():
    assert ci.numbers_in("v1 = 2 * -3, 10,000 rounds, 1e-05, x1, 1.2.3") == [-3.0, 1e-05, 2.0, 10000.0]
