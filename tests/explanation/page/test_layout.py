"""The pages lay a graph out as `draw` does: every box to half a pixel, in both directions."""

import json

import pytest

from autograd import draw
from autograd.cli.parsing import parse
from autograd.explanation.assembly import TELLING, scripts, sentences_script
from autograd.explanation.playground import playground_ops

from .expressions import random_expression

pytestmark = pytest.mark.program("node")
COUNT = 100
CODE = """
const say = x => x
const seen = GIVEN.map(([text, values, direction]) => {
  load(listed(parseLines(text), values))
  const view = scene({nodes: nodes.map(node => node.n)}, direction, false)
  return [view.boxes.map(box => box.place), view.width, view.height]
})
"""


def drawn(text, numbers, direction):
    root, leaves = parse(text, [f"{name}={number!r}" for name, number in numbers.items()])
    root.backward()
    return draw(root, names={"L": root, **leaves}, direction=direction, collapse=False).layout


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_random_expressions_are_laid_out_as_python_draws_them(in_node, direction):
    given = [(*random_expression(seed), direction) for seed in range(COUNT)]
    needed = scripts(*TELLING, "numbers", "parser", "layout", "cards", "scene")
    parts = [playground_ops(), sentences_script(), needed]
    seen = in_node("\n".join(parts) + CODE.replace("GIVEN", json.dumps(given)))
    off = []
    for (text, numbers, _), (boxes, width, height) in zip(given, seen, strict=True):
        layout = drawn(text, numbers, direction)
        pairs = [*zip(boxes, layout.boxes, strict=True), ((width, height), (layout.width, layout.height))]
        worst = max(abs(x - y) for mine, theirs in pairs for x, y in zip(mine, theirs, strict=True))
        if worst > 0.5:
            off.append((worst, text))
    assert off == []
