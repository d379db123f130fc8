"""Runs the page's own scripts in Node, without a screen, to compare what they compute and say."""

import json
import subprocess

import pytest

from autograd.explanation.javascript import PAGE
from autograd.explanation.page_graph import page_graph
from autograd.explanation.telling import tell

PRINT = "(k, v) => typeof v === 'number' && !isFinite(v) ? String(v) : v"


def run(code):
    show = f"console.log(JSON.stringify(seen, {PRINT}))"
    command = ["node", "-"]
    done = subprocess.run(
        command,
        check=False,
        input=f"{code}\n{show}",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    if done.returncode:
        pytest.fail(next((line for line in done.stderr.splitlines() if "Error:" in line), done.stderr[-300:]))
    return json.loads(done.stdout)


def script(*names):
    return "\n".join((PAGE / f"{name}.js").read_text(encoding="utf-8") for name in names)


def run_on_page(root, code, *, names, lang="en", mode="watch"):
    graph = page_graph(tell(root, names), lang=lang, mode=mode, step="ready").script
    words = (PAGE / "words.json").read_text(encoding="utf-8")
    screenless = f"const matchMedia = () => ({{}})\nconst W = {words}"
    scripts = script("numbers", "engine", "view", "speech", "quiz", "drawers").replace(
        "addEventListener(", "void ("
    )
    return run(f'"use strict"\n{graph}\n{screenless}\n{scripts}\nS.mode = G.mode\nplan()\nlet seen\n{code}')


@pytest.fixture
def in_node():
    """A function that runs JavaScript in Node and gives back what it leaves in `seen`."""
    return run


@pytest.fixture
def on_page():
    """A function that runs code among the scripts of a graph's page; only the screen is missing."""
    return run_on_page
