"""The same bytes everywhere: snapshots that every Python version and every run must give again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import expressions
import pytest

import autograd as ag

SNAPSHOTS = Path(__file__).parent / "snapshots"
HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["neuron", "fan_out", "cross_entropy", "odd_labels"])
def test_a_picture_is_the_stored_one_byte_for_byte(name):
    file = SNAPSHOTS / f"{name}.svg"
    svg = expressions.drawn(name).svg
    if os.environ.get("SNAPSHOTS") == "write":  # after a change of the look: write, look at them, commit
        file.write_text(svg, encoding="utf-8", newline="\n")
    assert svg == file.read_text(encoding="utf-8")


def test_another_hash_seed_gives_the_same_bytes():
    code = "import expressions; print(*[expressions.drawn(name).svg for name in expressions.ALL])"
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    outputs = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_title_says_what_is_drawn():
    assert "<title>L = v1 + v2 = -2</title>" in expressions.drawn("fan_out").svg


def test_a_node_tells_its_story_to_a_screen_reader():
    assert "<title>v1 = a * a; data 4; grad 1</title>" in expressions.drawn("fan_out").svg
    assert "<title>a; leaf; data 2; grad 1; used 3 times</title>" in expressions.drawn("fan_out").svg


def test_a_screen_reader_gets_every_box_in_words():
    svg = expressions.drawn("fan_out").svg
    assert "<desc>a; leaf; data 2; grad 1; used 3 times. v1 = a * a; data 4; grad 1. b; leaf;" in svg


def test_dark_colours_stand_in_a_media_query_and_light_ones_in_attributes():
    svg = expressions.drawn("neuron").svg
    assert "@media (prefers-color-scheme:dark)" in svg
    assert "var(" not in svg
    assert 'fill="#ffffff"' in svg


def test_a_fixed_theme_needs_no_style():
    assert "<style>" not in expressions.drawn("neuron", theme="dark").svg


def test_a_flow_of_0_is_dotted():
    assert expressions.drawn("neuron").svg.count('stroke-dasharray="2 4"') == 2  # the edge and its legend


def chain_between(leaves, length=5):
    """A product of two sums over the same leaves, with a chain between them."""
    x = ag.sum([ag.Value(0.5, label="x"), *leaves])
    for _ in range(length):
        x = x.tanh()
    return x


def test_a_line_that_one_source_sends_into_two_edges_is_dotted_only_where_both_hand_on_0():
    def shared(factor):
        k = ag.Value(2.0, label="k")
        inner = chain_between([k])
        root = inner * k * factor + (inner * k.detach()).tanh() * 0.0 * k
        root.backward()
        svg = ag.draw(root, names={}, direction="LR").svg
        trunks = re.findall(r'<g class="ag-trunk"[^>]*><path[^>]*>', svg)
        return {"stroke-dasharray" in line for line in trunks}

    assert (shared(1.0), shared(0.0)) == ({False}, {True})


def test_parallel_lines_from_several_sources_are_told_apart():
    leaves = [ag.Value(float(i), label=f"k{i}") for i in range(1, 5)]
    picture = ag.draw(ag.sum([chain_between(leaves), *leaves]), names={}, direction="LR")
    shades = {picture.layout.shades[i] for i, box in enumerate(picture.scene.boxes) if box.name[0] == "k"}
    assert len(shades) == 4
    assert all(f"ag-s-edge{shade}" in picture.svg for shade in shades if shade)
