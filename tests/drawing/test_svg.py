"""The same bytes everywhere: snapshots that every Python version and every run must give again."""

import os
import subprocess
import sys
from pathlib import Path

import expressions
import pytest

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
