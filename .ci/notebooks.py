"""Run every notebook from top to bottom; a cell that raises an error fails the run. Nothing is written."""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).parent.parent / "notebooks"

failed = 0
for path in sorted(FOLDER.glob("*.ipynb")):
    start = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    try:
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
        verdict = "ok"
    except CellExecutionError as error:
        failed += 1
        verdict = f"FAILED\n{error}"
    print(f"{path.name}: {time.perf_counter() - start:.1f} s, {verdict}")
sys.exit(f"{failed} notebooks failed" if failed else 0)
