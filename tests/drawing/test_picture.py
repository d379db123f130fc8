from xml.etree import ElementTree

from autograd import Value, draw


def test_a_picture_is_well_formed_svg_that_shows_names_values_and_gradients():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    L.backward()
    texts = [x.text for x in ElementTree.fromstring(draw(L).svg).iter("{http://www.w3.org/2000/svg}text")]
    assert {"a", "b", "L", "-6", "grad"} <= set(texts)
