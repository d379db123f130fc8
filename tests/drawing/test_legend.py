import expressions

from autograd.drawing.legend import legend


def words(name, **options):
    picture = expressions.drawn(name, **options)
    lines, wide, high = legend(picture.scene, picture.look, 1.5, picture.layout.width, 100.0)
    return "".join(lines), wide, high


def test_only_what_occurs_is_explained():
    text, _, _ = words("neuron")
    assert all(
        part in text for part in ("gradient &gt; 0", "gradient &lt; 0", "full bar: 1.5", "local derivative")
    )
    text, _, _ = words("fan_out", backward=False)
    assert "gradient" not in text


def test_a_narrow_picture_gets_several_lines():
    _, _, narrow = words("not_finite")
    _, _, wide = words("neuron")
    assert narrow > wide


def test_there_is_none_on_request():
    assert "full bar" not in expressions.drawn("neuron", legend=False).svg


def test_it_is_written_in_chinese():
    assert "梯度 &gt; 0" in words("neuron", lang="zh")[0]
