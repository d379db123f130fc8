"""The pages of `docs/`: their programs print what stands beneath them, and the site has all of them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAIR = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


GENERATED = {"index.md", "playground.md", "exercises.md", "notebooks.md"}


def check_what_is_printed(name):
    """Run every block of a page in one session."""
    page = (DOCS / name).read_text(encoding="utf-8")
    pairs = PAIR.findall(page)
    assert len(pairs) == page.count("```python")
    names = {}
    for program, expected in pairs:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(program, name, "exec"), names)  # noqa: S102 - our own page
        assert printed.getvalue() == expected
    return len(pairs)


def test_how_it_works_prints_what_it_says():
    assert check_what_is_printed("how_it_works.md") == 2


def test_what_people_try_first_runs_as_they_would_type_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # weights are written
    assert check_what_is_printed("first_tries.md") == 30


@pytest.mark.parity
@pytest.mark.program("cc")
def test_from_here_to_there_prints_what_it_says(tmp_path, monkeypatch):
    import jax

    monkeypatch.chdir(tmp_path)
    try:
        assert check_what_is_printed("from_here_to_there.md") == 7
    finally:
        jax.config.update("jax_enable_x64", False)


def test_the_site_leads_to_every_page():
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r": ([\w/]+\.md)$", settings, re.MULTILINE))
    assert named == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} | GENERATED


def test_nothing_of_the_built_site_is_in_the_repository():
    assert "/site/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not {path.suffix for path in DOCS.rglob("*") if path.is_file()} - {".md", ".py", ".svg", ".pyc"}
