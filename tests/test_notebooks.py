"""What is in git of a notebook; `.ci/run` executes them."""

import json
from pathlib import Path

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def test_outputs_are_stripped():
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert (cell["outputs"], cell["execution_count"]) == ([], None), path.name


def test_notebooks_are_numbered_in_reading_order():
    numbers = [path.name[:2] for path in NOTEBOOKS]
    assert all(number.isdecimal() for number in numbers)
    assert len(set(numbers)) == len(numbers)
