"""The pages of `docs/`: their programs run and print what stands beneath them, and the site has all of them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAIR = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parity
@pytest.mark.program("cc")
def test_from_here_to_there_prints_what_it_says(tmp_path, monkeypatch):
    import jax

    monkeypatch.chdir(tmp_path)
    page = (DOCS / "from_here_to_there.md").read_text(encoding="utf-8")
    pairs = PAIR.findall(page)
    assert len(pairs) == page.count("```python") == 7
    names = {}
    try:
        for program, expected in pairs:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(program, "from_here_to_there.md", "exec"), names)  # noqa: S102  our own page
            assert printed.getvalue() == expected
    finally:
        jax.config.update("jax_enable_x64", False)
