"""How long does a picture or an explanation take? CPU time, the best of several runs.

    python benchmarks/drawing.py [ROW ...]

A picture of about 50 nodes should take no more than 50 ms, a chain of 300 boxes 200 ms, a model of 50,000 nodes
collapsed 1 s, refusing a million nodes 1 s; `explain` and `trace_table` of 100,000 nodes 10 s each. In the playground,
by the clock of its own thread in Chromium (where one is found): the first gradient within 1 s, 40 nodes drawn again
within 100 ms after a number moved.
"""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import autograd
import nn
from autograd import Value

SHARED, OPS = 15, 35
SAMPLES = 690  # of an MLP(2, [16, 16, 1]): 50,000 nodes
BOXES = 300  # of a chain with shared leaves
LONG = 100_000  # nodes of a chain to explain


def tangled(numbers):
    """About 50 nodes whose operands are drawn at random."""
    nodes = [Value(numbers.uniform(-1, 1)) for _ in range(SHARED)]
    for _ in range(OPS):
        a, b = numbers.choice(nodes[-20:]), numbers.choice(nodes[-20:])
        nodes.append(a * b if numbers.random() < 0.5 else a + b)
    used = {id(parent) for node in nodes for parent in node.parents}
    return autograd.sum([node for node in nodes if id(node) not in used])


def model_loss(numbers):
    """The loss of a small network on many samples."""
    random.seed(1)
    model = nn.MLP(2, [16, 16, 1])
    points = [[numbers.uniform(-1, 1), numbers.uniform(-1, 1)] for _ in range(SAMPLES)]
    return autograd.sum([(model(point) - 1) ** 2 for point in points])


def chain(length):
    """A chain of that many nodes, constants counted."""
    y = Value(1.0)
    for _ in range(length // 2):
        y = y + 1
    return y


def recurrence(nodes):
    """X = x * a + b again and again: a chain whose leaves are shared."""
    x, a, b = Value(0.5, label="x"), Value(0.999, label="a"), Value(0.001, label="b")
    for _ in range(nodes // 2):
        x = x * a + b
    return x


def drawn(root, **settings):
    """Draw and write the SVG; a refusal counts as an answer."""
    try:
        return autograd.draw(root, **settings).svg
    except ValueError as refusal:
        return str(refusal)


def in_the_playground():
    """Yield what is measured in a page, its milliseconds of CPU time, and the goal."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("no Chromium: the playground is not measured")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "playground.html"
        autograd.playground().save(path)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def spent(page, tracing):
            told = {x["name"]: x["value"] for x in tracing.send("Performance.getMetrics")["metrics"]}
            return 1000 * told["TaskDuration"]

        def opened(at=""):
            page = browser.new_page(viewport={"width": 1200, "height": 850})
            tracing = page.context.new_cdp_session(page)
            tracing.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(f"file://{path}{at}")
            page.wait_for_selector("#picture [data-node]")
            return page, tracing

        yield "playground, first gradient", min(spent(*opened()) for _ in range(5)), 1000
        page, tracing = opened("#e=" + quote(" + ".join(f"tanh(w*x{i} + b)" for i in range(8))))
        best = float("inf")
        for k in range(9):
            before = spent(page, tracing)
            page.evaluate(f"setLeaf(leaves[0].n, {k / 7})\nshow()\ndocument.body.offsetHeight")
            best = min(best, spent(page, tracing) - before)
        yield "playground, 40 nodes again", best, 100
        browser.close()


def measured():
    """Yield each row's name, its milliseconds of CPU time, and the goal."""
    numbers = random.Random(1)
    rows = {  # a function that makes the graph, what is made of it, the goal, how often
        "50 nodes": (lambda: tangled(numbers), drawn, 50, 5),
        f"a chain of {BOXES} boxes": (
            lambda: recurrence(BOXES - 3), lambda x: drawn(x, collapse=False), 200, 5,
        ),
        "50,000 nodes, collapsed": (lambda: model_loss(numbers), drawn, 1_000, 3),
        "1,000,000 nodes, refused": (lambda: chain(1_000_000), drawn, 1_000, 3),
        "explain": (lambda: recurrence(LONG), lambda x: str(autograd.explain(x)), 10_000, 1),
        "explain, all steps": (
            lambda: recurrence(LONG), lambda x: str(autograd.explain(x, all=True)), 10_000, 1,
        ),
        "trace_table": (lambda: recurrence(LONG), lambda x: str(autograd.trace_table(x)), 10_000, 1),
    }  # fmt: skip
    asked = sys.argv[1:]
    for name, (graph, make, goal, repeats) in rows.items():
        if not asked or name in asked:
            root, best = graph(), float("inf")
            for _ in range(repeats):
                begin = time.process_time()
                make(root)
                best = min(best, time.process_time() - begin)
            yield name, 1000 * best, goal
    if not asked or "playground" in asked:
        yield from in_the_playground()


def main():
    for name, milliseconds, goal in measured():
        verdict = "met" if milliseconds <= goal else f"MISSED by {milliseconds / goal:.2f}x"
        print(f"{name:28} {milliseconds:10.1f} ms   goal {goal:,} ms   {verdict}", flush=True)


if __name__ == "__main__":
    main()
