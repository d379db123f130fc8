"""The pictures themselves, measured: nothing overlaps, no edge runs through a box, few edges cross."""

import json
import re
import subprocess
from itertools import combinations

import expressions
import geometry
import pytest

from autograd.drawing import graphviz_layout

DIRECTIONS = ["LR", "TB"]


@pytest.fixture(params=[(name, way) for name in expressions.ALL for way in DIRECTIONS], ids=" ".join)
def shape(request):
    name, way = request.param
    picture = expressions.drawn(name, direction=way)
    return geometry.read(picture.svg, picture.scene.links)


def test_no_box_and_no_label_overlaps_another(shape):
    rects = [*shape.boxes, *shape.labels.values()]
    assert [pair for pair in combinations(rects, 2) if pair[0].overlaps(pair[1])] == []


def test_no_edge_runs_through_a_box(shape):
    assert geometry.edges_through(shape, dict(enumerate(shape.boxes))) == []


def test_no_edge_runs_through_the_label_of_another(shape):
    labels = {number: rect.shrunk(1) for number, rect in shape.labels.items()}
    assert geometry.edges_near(shape, labels) == []


@pytest.mark.program("dot")
@pytest.mark.parametrize("way", DIRECTIONS)
@pytest.mark.parametrize("name", expressions.ALL)
def test_edges_cross_hardly_more_often_than_in_the_layout_of_dot(name, way, monkeypatch):
    source = graphviz_layout._source
    free = re.compile(r" ordering=in;|headport=\w, tailport=\w, ")  # let dot choose where edges end
    monkeypatch.setattr(graphviz_layout, "_source", lambda *given: free.sub("", source(*given)))
    own, by_dot = (
        geometry.crossing_count(geometry.read(picture.svg, picture.scene.links))
        for picture in (expressions.drawn(name, direction=way, engine=engine) for engine in ("own", "dot"))
    )
    assert own <= 1.2 * by_dot


MEASURE = """
const found = [];
for (const svg of document.querySelectorAll('svg')) {
  const [, , wide, high] = svg.getAttribute('viewBox').split(' ').map(Number);
  const texts = [...svg.querySelectorAll('text')].map(t => [t, t.getBBox()]);
  for (const [t, r] of texts)
    if (r.x < 0 || r.y < 0 || r.x + r.width > wide || r.y + r.height > high)
      found.push(['cut', t.textContent]);
  for (const g of svg.querySelectorAll('.ag-node')) {
    const box = [...g.querySelectorAll('rect')].map(x => x.getBBox())
      .reduce((a, b) => a.width * a.height > b.width * b.height ? a : b);
    for (const t of g.querySelectorAll('text')) {
      const r = t.getBBox();
      if (r.x < box.x + 3 || r.x + r.width > box.x + box.width - 3)
        found.push(['over the edge', t.textContent]);
    }
  }
  for (const [i, [t, p]] of texts.entries())
    for (const [u, q] of texts.slice(0, i))
      if (p.x < q.x + q.width - 1 && q.x < p.x + p.width - 1 && p.y + 2 < q.y + q.height - 2
          && q.y + 2 < p.y + p.height - 2) found.push(['overlap', t.textContent, u.textContent]);
}
document.body.innerHTML = '<pre id="found"></pre>';
document.getElementById('found').textContent = JSON.stringify(found);
"""


@pytest.mark.browser
def test_in_a_browser_no_text_is_cut_or_overlaps_another(chromium, tmp_path):
    drawn = (expressions.drawn(name, direction=way) for way in DIRECTIONS for name in expressions.ALL)
    pictures = "".join(picture.svg for picture in drawn)
    page = tmp_path / "page.html"
    page.write_text(f"<meta charset=utf-8>{pictures}<script>{MEASURE}</script>", encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command = [chromium, *quiet, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)[1]) == []
