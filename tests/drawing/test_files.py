import json
import sys

import expressions
import pytest

PICTURE = expressions.drawn("odd_labels")


@pytest.mark.parametrize("suffix", [".svg", ".html", ".dot", ".mmd", ".json"])
def test_every_suffix_without_extras_is_written(suffix, tmp_path):
    file = tmp_path / f"picture{suffix}"
    PICTURE.save(file)
    assert "学习率" in file.read_text(encoding="utf-8")


@pytest.mark.program("dot")
def test_pdf_is_written_by_dot(tmp_path):
    PICTURE.save(tmp_path / "picture.pdf")
    assert (tmp_path / "picture.pdf").read_bytes()[:5] == b"%PDF-"


def test_png_is_twice_as_large_as_the_picture(tmp_path):
    import io

    from PIL import Image

    picture = expressions.drawn("fan_out")
    assert abs(Image.open(io.BytesIO(picture.png)).width - 2 * picture.layout.width) <= 2


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ImportError, match=r'^PNG needs resvg-py: pip install "scalar-autograd\[draw\]"$'):
        PICTURE.save(tmp_path / "picture.png")


def test_without_dot_a_pdf_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"or save as \.svg"):
        PICTURE.save(tmp_path / "picture.pdf")


def test_an_unknown_suffix_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(ValueError, match=r"'.jpg' says no kind of file: write one of .svg .html"):
        PICTURE.save(tmp_path / "picture.jpg")


def test_json_holds_the_numbers_and_the_places(tmp_path):
    expressions.drawn("not_finite").save(tmp_path / "picture.json")
    written = json.loads((tmp_path / "picture.json").read_text())
    assert [node["data"] for node in written["nodes"]][:2] == [0.0, "-inf"]
    assert written["edges"][0]["source"] == 0
    assert len(written["nodes"][0]["box"]) == 4
