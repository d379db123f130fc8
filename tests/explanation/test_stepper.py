"""The page as a file: its size, that it needs nobody, what is left without scripts, what it refuses."""

import base64
import random
import re
import zlib

import pytest

import autograd as ag
import nn
from autograd import Value, quiz, step_through
from autograd.trace.steps import trace_graph

BASE, PER_NODE = 70_000, 1_700  # bytes: engine, layout and sentences come with every page


def neuron():
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    return (x1 * w1 + x2 * w2 + b).tanh()


def three_uses():
    a, b = Value(2.0), Value(-3.0)
    return a * a + a * b


def smallest():
    return Value(2.0) * Value(3.0)


def by_hand():
    e = [Value(x).exp() for x in (2.0, 1.0, 0.1)]
    return -(e[0] / (e[0] + e[1] + e[2])).log()


def cross_entropy():
    return nn.cross_entropy([Value(2.0), Value(1.0), Value(0.1)], 0)


def mlp(*sizes):
    random.seed(1)
    return (nn.MLP(2, [*sizes, 1])([Value(0.5), Value(-1.0)]) - 1.0) ** 2


def chain():
    x = start = Value(0.5)
    for _ in range(60):
        x = x.sin() * start
    return x


def exotic():
    x, y = Value(1.5), Value(0.5)
    return ag.lgamma(x) * ag.erf(y) + ag.gelu(x) ** y - ag.atan2(x, y) + ag.maximum(x, y, 1.0)


GRAPHS = [
    smallest,
    three_uses,
    neuron,
    by_hand,
    cross_entropy,
    lambda: mlp(4),
    lambda: mlp(16, 16),
    chain,
    exotic,
]


def script_of(html):
    """All that runs in a page: what stands there, and what is packed."""
    packed = re.search(r'const packed = "([^"]*)"', html)[1]
    return html + zlib.decompress(base64.b64decode(packed), -15).decode()


@pytest.mark.parametrize("make", GRAPHS)
def test_a_page_is_small(make):
    root = make()
    nodes = len(ag.topological_order(root))
    for page in (step_through(root), quiz(root)):
        assert len(page.html.encode()) <= BASE + PER_NODE * nodes


@pytest.mark.parametrize("make", GRAPHS)
def test_nothing_in_a_page_refers_to_the_network(make):
    everything = script_of(step_through(make()).html)
    for word in ("http:", "https:", 'src="', "@import", "fetch(", "XMLHttpRequest", "WebSocket", "<link"):
        assert word not in everything


def test_without_scripts_all_steps_remain_as_a_table():
    shown = step_through(by_hand())._repr_html_()
    bare = re.sub(r"<(script|iframe)\b.*?</\1>", "", shown, flags=re.DOTALL)
    for step in trace_graph(by_hand()).steps:
        assert f"<td>{step.number}</td>" in bare
    assert "-1.5174 * 0.08919 = -0.13534" in bare
    assert "z1.grad = -0.3410" not in bare  # the names are of another frame: v1, v2, ...
    assert bare.count("<tr>") == 12


def without_frames(html):
    """What a host keeps of a notebook that somebody else ran."""
    return re.sub(r"<(script|iframe|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_where_frames_are_stripped_there_are_a_picture_the_forward_pass_and_what_to_do():
    bare = without_frames(step_through(three_uses())._repr_html_())
    assert "<p>Run the cell to step through it.</p>" in bare
    alt, source = re.search(r'<img alt="([^"]*)"[^>]*src="data:image/svg\+xml;base64,([^"]*)"', bare).groups()
    assert "grad 1" in alt
    assert "<title>" in base64.b64decode(source).decode()
    assert re.findall(r"<li>[^<]* = (-?\d+)</li>", bare) == ["4", "-6", "-2"]


def test_where_frames_are_stripped_a_quiz_gives_nothing_away():
    bare = without_frames(quiz(three_uses())._repr_html_())
    alt, source = re.search(r'<img alt="([^"]*)"[^>]*src="data:image/svg\+xml;base64,([^"]*)"', bare).groups()
    assert "grad" not in alt
    assert 'data-of="grad"' not in base64.b64decode(source).decode()


def test_chinese_says_that_it_is_chinese():
    shown = step_through(three_uses(), lang="zh")
    assert shown._repr_html_().startswith('<div lang="zh-CN">')
    assert '<html lang="zh-CN">' in shown.html


@pytest.mark.parametrize("make", [step_through, quiz])
def test_a_theme_decides_and_else_the_browser_does(make):
    auto, dark = (make(three_uses(), theme=theme).html for theme in ("auto", "dark"))
    assert "@media(prefers-color-scheme:dark)" in auto
    assert ":root:root{color-scheme:dark;" in dark
    assert "@media(prefers-color-scheme:dark)" not in dark
    with pytest.raises(ValueError, match="'blue'"):
        make(three_uses(), theme="blue")


def test_the_page_itself_holds_the_table_too():
    assert "<td>1 * -3 = -3</td>" in step_through(three_uses()).html


def test_a_quiz_holds_no_answers():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    loss = nn.cross_entropy([z1, z2, z3], 0)
    watched, asked = step_through(loss).html, quiz(loss).html
    for number in ("0.6590", "0.2424", "0.09857", "-0.3410"):
        assert number in watched
        assert number not in asked


@pytest.mark.parametrize(
    "label", ["</script><img src=x onerror=alert(1)>", "a\"b'c", "x<y & z", "two\nlines", "质量", "`${1}`"]
)
def test_a_hostile_label_stays_a_label(label):
    x = Value(2.0, label=label)
    html = step_through(x * x)._repr_html_() + step_through(x * x).html
    assert "<img src=x" not in html
    assert html.count("<script>") == html.count("</script>") == 1


def test_in_a_terminal_its_one_line_says_what_to_do_next():
    x = Value(2.0)
    Loss = x * x
    assert repr(step_through(Loss)).endswith('; to use it: .save("loss.html"); in words: explain(Loss)>')
    assert repr(quiz(Loss)).endswith('; to take it: .save("loss.html")>')
    assert "explain(L)" in repr(step_through(x * x))


def test_looking_changes_nothing():
    a, b = Value(2.0), Value(-3.0)
    total = a * a + a * b
    total.backward()
    before = [(x.data, x.grad) for x in ag.topological_order(total)]
    step_through(total)._repr_html_()
    quiz(total)._repr_html_()
    assert [(x.data, x.grad) for x in ag.topological_order(total)] == before


def test_a_notebook_gets_html_and_no_latex_beside_it():
    page = step_through(three_uses())
    shown = [name for name in dir(page) if name.startswith("_repr_")]
    assert shown == ["_repr_html_"]
    assert "srcdoc=" in page._repr_html_()


def test_a_page_can_be_saved(tmp_path):
    page = step_through(neuron())
    page.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    assert page.html.startswith("<!doctype html>")


def test_the_same_graph_gives_the_same_page():
    first, second = neuron(), neuron()
    assert step_through(first, names={"o": first}).html == step_through(second, names={"o": second}).html


def test_beyond_200_steps_a_page_opens_at_the_turn():
    assert '"step":"ready"' in step_through(three_uses()).html
    assert '"step":"turn"' in step_through(mlp(16, 16)).html


class Endless:
    """A node of a graph without end: whoever walks through all of it never comes back."""

    data, grad, walked = 1.0, 0.0, 0

    @property
    def parents(self):
        Endless.walked += 1
        return (Endless(), Endless())


def test_a_graph_that_nobody_steps_through_is_refused_with_advice():
    with pytest.raises(ValueError, match=r"more than 3,000 nodes.*explain\(L, wrt=w\)"):
        step_through(Endless())
    assert Endless.walked <= 3_001


def test_a_node_of_ones_own_can_be_stepped_through():
    class Mine:
        def __init__(self, data, parents=()):
            self.data, self.grad, self._prev = data, 0.0, parents

        def _backward(self):
            for parent in self._prev:
                parent.grad += 2 * self.grad

    leaf = Mine(3.0)
    page = step_through(Mine(6.0, (leaf,)), names={"leaf": leaf})
    assert "<td>1 * 2 = 2</td>" in page.html


def test_a_single_leaf_has_a_page_too():
    assert "<!doctype html>" in step_through(Value(2.0)).html


def test_the_language_can_be_chosen():
    assert '<html lang="zh-CN">' in step_through(three_uses(), lang="zh").html
    assert "局部导数" in step_through(three_uses(), lang="zh").html.split("<script>")[0]


def test_a_label_that_holds_markup_is_in_no_attribute_of_an_image():
    a = Value(2.0, label="<img src=x onerror=alert(1)>")
    assert "<img " not in ag.step_through(a * a)._repr_html_()
    assert "<img " in ag.step_through(Value(2.0, label="a") * 3.0)._repr_html_()
