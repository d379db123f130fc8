"""The pages of `docs/`: their programs print what stands beneath them, and the site has all of them."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
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


THERE = [  # what an import line is in the other library, longest first
    ("from nn import torch\n", "import torch\n"),
    ("from nn import optim\n", "from torch import optim\n"),
    ("import nn.functional as F\n", "import torch.nn.functional as F\n"),
    ("from nn.data import", "from torch.utils.data import"),
    ("from nn.keras", "from keras"),
    ("from nn import keras\n", "import keras\n"),
    ("import nn\n", "import torch.nn as nn\n"),
    ("import numpy as jnp\n", "import jax.numpy as jnp\n"),
    ("import autograd as jnp\n", "import jax.numpy as jnp\n"),
    ("import autograd as jax\n", "import jax\n"),
    ("from autograd import", "from jax import"),
]
HERE_ALONE = {
    "Keras 4": "Keras draws its summary with frames",
    "Keras 6": "Keras has no tf without TensorFlow",
    "Keras 10": "Keras refuses the suffix .json",
    "JAX 6": "it shows an error of ours and records",
    "JAX 9": "it shows errors of ours",
}
RUN_ALL = """
import contextlib, io, json, sys

wrong = {}
for name, program, expected in json.load(sys.stdin):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(program, {})
    except Exception as error:
        printed.write(repr(error))
    if printed.getvalue() != expected:
        wrong[name] = printed.getvalue()[-200:]
print(json.dumps(wrong))
"""  # all in one process, since these libraries take seconds to be imported
PROGRAM = re.compile(
    r"^### (\w+ \d+): [^\n]*\n\n```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.mark.parity
@pytest.mark.more
def test_what_people_try_first_prints_the_same_in_the_library_that_they_come_from(tmp_path):
    programs = PROGRAM.findall((DOCS / "first_tries.md").read_text("utf-8"))
    assert len(programs) == 30
    environment = {**os.environ, "KERAS_BACKEND": "torch", "KERAS_HOME": str(tmp_path), "JAX_ENABLE_X64": "1"}
    for ours, theirs in THERE:
        programs = [(name, program.replace(ours, theirs), expected) for name, program, expected in programs]
    command, given = [sys.executable, "-W", "ignore", "-c", RUN_ALL], json.dumps(programs)
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, input=given, capture_output=True, text=True, check=True
    )
    wrong = json.loads(done.stdout.splitlines()[-1])
    assert sorted(wrong) == sorted(HERE_ALONE)


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
