"""What an index and an installer are told; `.ci/package.py` builds both archives and compares their files."""

import re
import subprocess
import sys
from pathlib import Path

import autograd
from autograd.cli import main

ROOT = Path(__file__).parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
NOTEBOOKS = sorted(path.relative_to(ROOT / "notebooks") for path in (ROOT / "notebooks").rglob("*.ipynb"))


def test_every_link_of_the_readme_is_a_file_beside_it():
    assert LINKS
    for link in LINKS:
        assert (ROOT / link).is_file(), link


def test_the_address_of_the_project_is_the_same_in_all_three_files_or_in_none():
    keys = {
        "CITATION.cff": "repository-code: ",
        "mkdocs.yml": "repo_url: ",
        "pyproject.toml": "Repository = ",
    }
    found = set()
    for name, key in keys.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        given = re.search(rf'^{re.escape(key)}"?(https://[^"\s]+)"?$', text, re.MULTILINE)
        found.add(given and given[1])
    assert len(found) == 1


def test_the_classifiers_name_every_python_from_the_oldest():
    named = [int(minor) for minor in re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', PYPROJECT)]
    oldest = int(re.search(r'requires-python = ">=3\.(\d+)"', PYPROJECT)[1])
    assert named == [*range(oldest, 15)]
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert "python: " + str([f"3.{minor}" for minor in named]).replace("'", '"') in workflow


def test_change_log_and_citation_have_this_version():
    version = autograd.__version__
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_console_script_is_the_module():
    name, target, function = re.search(
        r'^(scalar-autograd) = "([\w.]+):(\w+)"', PYPROJECT, re.MULTILINE
    ).groups()
    assert name == autograd.__distribution__
    program = f"import sys; from {target} import {function}; sys.argv[:] = ['', '--version']; {function}()"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert printed.stdout == f"{autograd.__distribution__} {autograd.__version__}\n"


def test_notebooks_are_written_in_both_languages(tmp_path, capsys):
    assert main(["notebooks", str(tmp_path / "lessons")]) == 0
    written = sorted((tmp_path / "lessons").rglob("*.ipynb"))
    assert [path.relative_to(tmp_path / "lessons") for path in written] == NOTEBOOKS
    for path, name in zip(written, NOTEBOOKS, strict=True):
        assert path.read_bytes() == (ROOT / "notebooks" / name).read_bytes()
    assert capsys.readouterr().out.count("written: ") == len(NOTEBOOKS)


def test_a_notebook_that_somebody_worked_in_is_kept(tmp_path, capsys):
    mine = tmp_path / NOTEBOOKS[0]
    mine.write_text("mine", encoding="utf-8")
    assert main(["notebooks", str(tmp_path)]) == 0
    assert mine.read_text(encoding="utf-8") == "mine"
    assert f"kept as it is: {mine}" in capsys.readouterr().out
    mine.unlink()
    assert main(["notebooks", str(tmp_path)]) == 0
    assert mine.read_bytes() == (ROOT / "notebooks" / NOTEBOOKS[0]).read_bytes()
