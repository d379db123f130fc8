import os
import subprocess
import sys
from pathlib import Path

import expressions
import geometry
import pytest

from autograd import Value, draw_dot
from autograd.drawing import graphviz_layout
from autograd.drawing.arranging import Edge
from autograd.drawing.graphviz_layout import lay_out_by_dot

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.program("dot")
@pytest.mark.parametrize("way", ["LR", "TB"])
def test_dot_places_our_boxes_and_edges(way):
    done = lay_out_by_dot([(60, 40), (60, 40), (80, 50)], [Edge(0, 2, (20, 14)), Edge(1, 2)], way)
    along = 0 if way == "LR" else 1
    assert max(done.boxes[0][along], done.boxes[1][along]) < done.boxes[2][along]
    assert [box[2:] for box in done.boxes] == [(60, 40), (60, 40), (80, 50)]
    assert all(route.curved and len(route.points) % 3 == 2 for route in done.routes)


@pytest.mark.program("dot")
def test_two_uses_by_one_node_stay_two_edges():
    picture = expressions.drawn("fan_out", engine="dot")
    shape = geometry.read(picture.svg, picture.scene.links)
    assert len(set(map(tuple, shape.edges))) == 6


def test_without_the_program_our_own_layout_is_taken_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = expressions.drawn("fan_out", engine="dot")
    assert "dot is not installed" in picture.svg
    assert picture.layout.boxes == expressions.drawn("fan_out").layout.boxes
    with pytest.raises(RuntimeError, match="PDF needs Graphviz's program `dot`"):
        picture.save(tmp_path / "g.pdf")


def dot_that_never_ends(folder, *first):
    """A program `dot` in a folder of its own."""
    program = folder / "dot"
    program.write_text("\n".join(["#!/bin/sh", *first, "exec sleep 100000", ""]))
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.skipif(os.name != "posix", reason="needs a program: sh")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_dot_that_does_not_end_is_given_up_and_the_picture_says_so(tmp_path, monkeypatch, lang):
    monkeypatch.setenv("PATH", dot_that_never_ends(tmp_path))
    monkeypatch.setattr(graphviz_layout, "LIMIT", 0.01)
    picture = expressions.drawn("fan_out", engine="dot", lang=lang)
    assert {"en": "dot was not done in 10 seconds", "zh": "dot 在 10 秒内没有完成"}[lang] in picture.svg
    assert picture.layout.boxes == expressions.drawn("fan_out", lang=lang).layout.boxes
    with pytest.raises(RuntimeError, match="not done with the PDF in 10 seconds"):
        picture.save(tmp_path / "g.pdf")
    with pytest.raises(RuntimeError, match="not done with the SVG in 10 seconds"):
        draw_dot(Value(1.0) * 2)._repr_mimebundle_()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a program: prctl")
def test_dot_is_killed_with_its_parent(tmp_path):
    fifo = tmp_path / "alive"  # its end is seen when the last who writes to it is gone
    os.mkfifo(fifo)
    path = dot_that_never_ends(tmp_path, f"exec 3>'{fifo}'", "echo $$ >&3")
    code = "from autograd import *; draw(Value(1.0) * 2, engine='dot')"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as parent, open(fifo) as alive:
        assert int(alive.readline()) > 0
        parent.kill()
        assert alive.read() == ""
