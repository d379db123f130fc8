"""The expressions of the target texts; and the page's own scripts, run in Node without a screen."""

import json
import subprocess
from pathlib import Path

import pytest

import nn
from autograd import Value
from autograd.explanation.assembly import STEPPING, scripts, words_script
from autograd.explanation.stepper import page_graph
from autograd.trace.steps import trace_graph

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
    )
    if done.returncode:
        pytest.fail(next((line for line in done.stderr.splitlines() if "Error:" in line), done.stderr[-300:]))
    return json.loads(done.stdout)


def run_on_page(root, code, *, names, lang="en", mode="watch"):
    graph = page_graph(trace_graph(root, names), lang=lang, mode=mode, step="ready")
    screenless = "const matchMedia = () => ({})"
    without = scripts(*STEPPING[: STEPPING.index("controls")]).replace("addEventListener(", "void (")
    begin = (
        "language = +(G.lang === 'zh')\nload(G.nodes)\nfindParts(G.scopes)\nS.mode = G.mode\nplan()\nlet seen"
    )
    return run(f'"use strict"\n{graph}\n{screenless}\n{words_script("parts")}\n{without}\n{begin}\n{code}')


@pytest.fixture
def in_node():
    """A function that runs JavaScript in Node and gives back what it leaves in `seen`."""
    return run


@pytest.fixture
def on_page():
    """A function that runs code among the scripts of a graph's page; only the screen is missing."""
    return run_on_page


TARGETS = Path(__file__).parent / "targets"


@pytest.fixture
def target():
    """Give a function from a name such as "neuron.en" to the text that is to be written."""
    return lambda name: (TARGETS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.fixture
def expression():
    """Give a function from a name to an expression and its variables."""
    return lambda name: EXPRESSIONS[name]()


def neuron():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    return o, locals()


def uses():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    return L, locals()


def loss():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    L = nn.cross_entropy([z1, z2, z3], 0)
    return L, locals()


def by_hand():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    e1, e2, e3 = z1.exp(), z2.exp(), z3.exp()
    s = e1 + e2 + e3
    p1 = e1 / s
    L = -p1.log()
    return L, locals()


EXPRESSIONS = {"neuron": neuron, "uses": uses, "loss": loss, "by_hand": by_hand}
