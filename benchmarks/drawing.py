"""How long does a picture take? CPU time, the best of several runs.

    python benchmarks/drawing.py

A picture of about 50 nodes should take no more than 50 ms, a model of 50,000 nodes collapsed 1 s, and
refusing a million nodes 1 s. In the playground, by the clock of its own thread in Chromium (where one is found):
the first gradient within 1 s, 40 nodes drawn again within 100 ms after a number moved.
"""

import random
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import autograd
import nn
from autograd import Value

SHARED, OPS = 15, 35
SAMPLES = 690  # of an MLP(2, [16, 16, 1]): 50,000 nodes
GOALS = {"50 nodes": 50, "50,000 nodes, collapsed": 1_000, "1,000,000 nodes, refused": 1_000}


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


def drawn(root):
    """Draw and write the SVG; a refusal counts as an answer."""
    try:
        return autograd.draw(root).svg
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


def main():
    numbers = random.Random(1)
    graphs = dict(zip(GOALS, (tangled(numbers), model_loss(numbers), chain(1_000_000))))
    for name, root in graphs.items():
        best = float("inf")
        for _ in range(5):
            begin = time.process_time()
            drawn(root)
            best = min(best, time.process_time() - begin)
        print(f"{name:26} {1000 * best:8.1f} ms   goal {GOALS[name]:,} ms")
    for name, best, goal in in_the_playground():
        print(f"{name:26} {best:8.1f} ms   goal {goal:,} ms")


if __name__ == "__main__":
    main()
