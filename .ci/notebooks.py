"""Run every notebook from top to bottom, in both languages; nothing is written.

A run fails where a cell raises an error or takes more than 10 seconds, where a number in the prose stands
neither in the code nor in the outputs, and where a number in the outputs differs between the languages.
`python .ci/notebooks.py --pair` notes that the texts of both languages belong together as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

FOLDER = Path(__file__).parent.parent / "notebooks"
PAIRS = FOLDER / "zh" / "pairs.json"
SLOWEST = 10.0  # seconds a cell may take, in the notebooks of the course
COURSE = ("01", "02", "03")  # held to the rules of a lesson
SMALL = 12  # whole numbers up to this one may stand in prose as words do: three knobs, two rules
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]|\.\d)")


def texts(path: Path) -> list[str]:
    """The text cells of a notebook, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def sums(path: Path) -> list[str]:
    """A short sum of every text cell."""
    return [hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts(path)]


def pairs() -> dict[str, list[list[str]]]:
    """By notebook, the sums of each text cell in English and Chinese, as they are now."""
    chinese = sorted((FOLDER / "zh").glob("*.ipynb"))
    return {
        path.name: [list(pair) for pair in zip(sums(FOLDER / path.name), sums(path), strict=True)]
        for path in chinese
    }


def changed_alone(noted: dict[str, list[list[str]]], now: dict[str, list[list[str]]]) -> list[str]:
    """A line for every text cell that changed in one language only since the pairs were noted."""
    lines = []
    for name, cells in now.items():
        before = noted.get(name, [])
        for number, (old, new) in enumerate(zip(before, cells), 1):
            changed = [language for language, a, b in zip(("English", "Chinese"), old, new) if a != b]
            if len(changed) == 1:
                lines.append(f"{name}, text cell {number}: changed in {changed[0]} only")
        if before and len(before) != len(cells):
            lines.append(f"{name}: {len(before)} text cells were noted, there are {len(cells)}")
    return lines


def numbers_in(text: str) -> list[float]:
    """The numbers of a text, in the order of their size."""
    return sorted(float(found.replace(",", "")) for found in NUMBER.findall(text))


def output_text(cell: nbformat.NotebookNode) -> str:
    """What a cell printed and showed, as plain text."""
    shown = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.get("outputs", [])]
    return "\n".join(shown)


def made_up_numbers(notebook: nbformat.NotebookNode) -> list[str]:
    """A line for every number in the prose that no cell holds or computes."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    known = set(numbers_in("\n".join(cell.source + "\n" + output_text(cell) for cell in cells)))
    known |= {-x for x in known} | set(range(-SMALL, SMALL + 1))
    lines = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        prose = re.sub(
            r"^#.*$|\*\*(?:Exercise|练习) \d\.\d|\d+ (?:minutes|分钟)", "", cell.source, flags=re.MULTILINE
        )
        lines += [f"{x:g} stands in the prose and in no cell" for x in numbers_in(prose) if x not in known]
    return lines


def seconds(cell: nbformat.NotebookNode) -> float:
    """How long a cell ran."""
    times = cell.metadata.get("execution", {})
    ends = [times.get(f"iopub.status.{state}") for state in ("busy", "idle")]
    if None in ends:
        return 0.0
    begin, end = (datetime.fromisoformat(x.replace("Z", "+00:00")) for x in ends)
    return (end - begin).total_seconds()


def run(path: Path) -> tuple[nbformat.NotebookNode, list[str]]:
    """Execute a notebook; the notebook with its outputs, and what is wrong."""
    import nbformat  # takes seconds, for which the tests of what is in git need not wait
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as answers:
        os.environ["AUTOGRAD_ANSWERS"] = answers  # the kernel inherits it: every notebook has a new student
        client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
        try:
            client.execute()
        except CellExecutionError as error:
            return notebook, [f"FAILED\n{error}"]
    wrong = []
    if path.name[:2] in COURSE:
        slow = [(k, t) for k, cell in enumerate(notebook.cells, 1) if (t := seconds(cell)) > SLOWEST]
        wrong += [f"cell {k} takes {t:.1f} s, more than {SLOWEST:.0f}" for k, t in slow]
        wrong += made_up_numbers(notebook)
    return notebook, wrong


def other_numbers(english: nbformat.NotebookNode, chinese: nbformat.NotebookNode) -> list[str]:
    """A line for every cell whose outputs hold other numbers than the English one's."""
    lines = []
    for k, (a, b) in enumerate(zip(english.cells, chinese.cells, strict=True), 1):
        ours, theirs = numbers_in(output_text(a)), numbers_in(output_text(b))
        if ours != theirs:
            lines.append(f"cell {k} shows {theirs}, the English one {ours}")
    return lines


def main() -> int:
    """Run all notebooks; how many are wrong."""
    failed = 0
    executed: dict[str, nbformat.NotebookNode] = {}
    for path in [*sorted(FOLDER.glob("*.ipynb")), *sorted((FOLDER / "zh").glob("*.ipynb"))]:
        start = time.perf_counter()
        notebook, wrong = run(path)
        if path.parent == FOLDER:
            executed[path.name] = notebook
        elif not wrong:
            wrong = other_numbers(executed[path.name], notebook)
        failed += bool(wrong)
        name = path.relative_to(FOLDER).as_posix()
        print(f"{name}: {time.perf_counter() - start:.1f} s, {'; '.join(wrong) or 'ok'}")
    return failed


if __name__ == "__main__":
    if "--pair" in sys.argv:
        noted = json.loads(PAIRS.read_text(encoding="utf-8")) if PAIRS.exists() else {}
        alone = changed_alone(noted, now := pairs())
        if alone and "--yes" not in sys.argv:
            sys.exit(
                "\n".join([*alone, "Change the other language too, or say --yes if it needs no change."])
            )
        PAIRS.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8", newline="")
    elif failed := main():
        sys.exit(f"{failed} notebooks failed")
