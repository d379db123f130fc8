"""A notebook runs, is exported as HTML, opened from disk and stepped through."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from unicodedata import normalize

import pytest

from autograd import Value
from autograd.trace.digits import digits

pytestmark = pytest.mark.browser
CELLS = [
    "from autograd import Value, quiz, step_through\n"
    "a, b = Value(2.0), Value(-3.0)\nL = a*a + a*b\nstep_through(L)",
    "x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)\nb = Value(6.8813735870195432)\n"
    "o = (x1*w1 + x2*w2 + b).tanh()\nquiz(o)",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A notebook, run and exported as HTML."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    client = NotebookClient(notebook, timeout=None, startup_timeout=600, kernel_name="python3")
    with ThreadPoolExecutor(1) as thread:  # where Playwright works, asyncio finds a loop running already
        thread.submit(asyncio.run, client.async_execute()).result()
    html, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    path = tmp_path_factory.mktemp("exported") / "notebook.html"
    path.write_text(html, encoding="utf-8")
    return path


def test_a_notebook_runs_is_exported_and_stepped_through(exported, visit, words):
    page = visit(exported, asks=True)
    stepper = page.frame_locator("iframe >> nth=0")
    following = stepper.locator("[data-do=next]")
    for _ in range(10):  # ready, three nodes forward, the turn, the start, then step 5 of 6
        following.click()
    assert words(stepper.locator("#phase")) == "BACKWARD, step 5 of 6"
    assert (
        normalize("NFKC", words(stepper.locator("#equation .line")))  # a name is set in italics
        == "upstream v1.grad 1 · local: right factor a 2 = flow into a (left) 2"
    )
    assert words(stepper.locator(".sum")) == (
        "a.grad: -3 from v2 + 2 from v1 left + ? from v1 right = -1 2 of 3 uses"
    )

    stepper.locator("[data-tab=values]").click()
    stepper.locator("#drawer input[type=range] >> nth=0").fill("3.5")
    moved = Value(3.5), Value(-3.0)
    total = moved[0] * moved[0] + moved[0] * moved[1]
    total.backward()
    assert words(stepper.locator("#drawer tr >> nth=0")) == f"a a.grad = {digits(moved[0].grad)}"
    assert words(stepper.locator("#really")) == digits(total.data)
    assert words(stepper.locator("#phase")) == "BACKWARD, step 5 of 6"

    asked = page.frame_locator("iframe >> nth=1")
    while "into x1" not in words(asked.locator("#sentence")):
        asked.locator("[data-do=next]").click()
    asked.locator("#field").fill("-3")
    asked.locator("#field").press("Enter")
    assert "-3 is the local derivative, w1. It still has to be multiplied" in words(
        asked.locator("#sentence")
    )
    asked.locator("#field").fill("-3/2")
    asked.locator("#field").press("Enter")
    assert "Yes: 0.5 * -3 = -1.5." in words(asked.locator("#sentence"))


def test_without_scripts_the_exported_notebook_still_shows_every_step(exported, browser, words):
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(600_000)
    page = context.new_page()
    page.goto(f"file://{exported}")
    page.locator("summary >> nth=0").click()
    assert "a.grad = -1" in words(page.locator("details table >> nth=0"))
    inner = page.frame_locator("iframe >> nth=0")
    assert "1 * -3 = -3" in words(inner.locator("#steps"))
    context.close()
