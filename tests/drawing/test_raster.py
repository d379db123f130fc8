import io

import expressions
from PIL import Image

from autograd.drawing import raster

TEXT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" font-family="system-ui,sans-serif">'
    '<rect width="60" height="20" fill="#ffffff"/>{}</svg>'
)


def greys(svg):
    """How many shades occur: one where nothing is drawn."""
    with Image.open(io.BytesIO(raster.rasterized(svg, 1.0))) as image:
        return len(set(image.convert("L").tobytes()))


def test_text_is_drawn():
    assert greys(TEXT.format('<text x="5" y="15" fill="#000000">data 2</text>')) > 5


def test_text_is_drawn_on_a_machine_without_fonts(monkeypatch):
    monkeypatch.setattr(raster, "PLACES", ())
    assert greys(TEXT.format('<text x="5" y="15" fill="#000000">data 2</text>')) > 5


def test_a_scale_enlarges():
    small, large = (raster.rasterized(expressions.drawn("fan_out").svg, scale) for scale in (1.0, 2.0))
    with Image.open(io.BytesIO(small)) as one, Image.open(io.BytesIO(large)) as two:
        assert two.width == 2 * one.width
