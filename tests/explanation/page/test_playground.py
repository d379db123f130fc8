"""The playground: what is typed becomes a graph, a mistake gets its sentence, the address holds it all."""

import json
import re
from urllib.parse import quote

import pytest

from autograd import Value, playground, tanh  # noqa: F401 - the copied lines use them
from autograd.explanation.assembly import TELLING, scripts, words_script
from autograd.explanation.playground import LESSONS, PRESETS, playground_ops

MISTAKES = {
    "2x": ("product", "2*x"),
    "x^2": ("caret", "**"),
    "x²": ("raised", "**2"),
    "ln(x)": ("meant", "log"),
    "tg(x)": ("meant", "tan"),
    "(x + 1": ("open", None),
    "foo(x)": ("unknown_function", None),
    "x + 2*": ("missing", None),
    "（x + 1)": ("full_width", "("),
    "w*x = 2": ("equals", None),
    "tahn(x)": ("meant", "tanh"),
    "x y": ("product", "x*y"),
    "x(y + 1)": ("product", "x*("),
    "sin x": ("function", None),
    "max(a, b)": ("meant", "maximum"),
    "L = 2 + z; z = 3*x": ("late", None),
    "a, b": ("comma", None),
    "a and b": ("taken", None),
    "lambda*x": ("taken", None),
    "a + b\n+ c": ("nameless", None),
    "2 + 3*4": ("number", None),
    "a[0]": ("sign", None),
    "x.y": ("unknown_function", None),
    "softmax(a, b, c)": ("several", "softmax(a, b, c)[0]"),
    "softmax(a, b, c)[3]": ("place", None),
    "gamma(x)": ("elsewhere", None),
    "": ("empty", None),
}
SENTENCES = {
    "2x": ("For a product write a * between them: 2*x.", "乘积要写出 *：请写 2*x。"),
    "x^2": ("For a power write ** and not ^: x**2.", "幂请写 **，不要写 ^：例如 x**2。"),
    "x²": ("For a power write **2 and not ².", "幂请写 **2，不要写 ²。"),
    "ln(x)": ("There is no ln here: write log.", "这里没有 ln：请写 log。"),
    "tg(x)": ("There is no tg here: write tan.", "这里没有 tg：请写 tan。"),
    "(x + 1": (
        "This bracket is still open: type ) where it ends.",
        "这个括号还没有关上：请在该结束的地方输入 )。",
    ),
    "foo(x)": ("There is no function foo.", "没有函数 foo。"),
    "x + 2*": ("After * a number or a name is missing: type one.", "* 后面缺少数字或名字：请补上。"),
    "（x + 1)": ("（ is a full-width sign: type (.", "（ 是全角符号：请输入半角的 (。"),
    "w*x = 2": ("= gives a name to a whole line", "= 只用来给一整行起名"),
}


@pytest.fixture
def read(in_node):
    """Give a function from typed texts to what is made of each: names, or the mistake."""

    def run(texts):
        parts = [playground_ops(), words_script("typing"), scripts(*TELLING, "numbers", "parser")]
        make = "load(listed(parseLines(text)))\nreturn nodes.map(node => node.name)"
        wrong = "return [error.key, error.from, error.to, error.fix]"
        body = f"try {{ {make} }} catch (error) {{ {wrong} }}"
        return in_node("\n".join(parts) + f"\nconst seen = {json.dumps(texts)}.map(text => {{ {body} }})")

    return run


@pytest.mark.program("node")
def test_each_mistake_is_recognised_and_mended_where_it_is_known_what_to_type(read):
    seen = read(list(MISTAKES))
    for (text, (key, fix)), (found, start, end, mending) in zip(MISTAKES.items(), seen, strict=True):
        assert (found, mending) == (key, fix), text
        assert 0 <= start <= end <= len(text)
    mended = [
        text[:start] + fix + text[end:]
        for text, (_, start, end, fix) in zip(MISTAKES, seen, strict=True)
        if fix
    ]
    assert all("L" in names for names in read(mended))


@pytest.mark.program("node")
def test_several_lines_make_named_inner_nodes_and_a_number_sets_a_leaf(read):
    (names,) = read(["w = 2\nz = w*x + b\na = sigmoid(z)   # the guess\nL = (a - y)**2"])
    assert names == ["w", "x", "v1", "b", "z", "a", "y", "v2", "2", "L"]


@pytest.mark.program("node")
def test_every_preset_can_be_read_and_every_lesson_asks_for_one_of_its_leaves(read):
    for (_, numbers), names in zip(
        PRESETS.values(), read([text for text, _ in PRESETS.values()]), strict=True
    ):
        assert set(numbers) <= set(names)
    assert len(PRESETS) == 12
    assert len(LESSONS) == 6
    assert all(leaf in PRESETS[preset][1] for preset, leaf in LESSONS)


def test_the_page_is_small_and_asks_the_network_for_nothing():
    html = playground().html
    assert len(html.encode()) <= 200_000
    for word in ("http:", "https:", 'src="', "@import", "fetch(", "XMLHttpRequest", "WebSocket", "<link"):
        assert word not in html.replace('"http://www.w3.org/2000/svg"', "")


@pytest.fixture
def play(visit, tmp_path):
    """Give a function that opens the playground at an address."""

    def open_page(at="", **how):
        path = tmp_path / "playground.html"
        playground().save(path)
        page = visit(path, at, **how)
        page.wait_for_selector("#page:not([hidden])")
        return page

    return open_page


@pytest.mark.browser
def test_a_typed_expression_is_a_graph_with_gradients_at_once(play):
    page = play("#e=tanh(w*x %2B b)&w=2&x=-1&b=0.5")
    box = page.locator("#picture [data-node]").filter(has_text="w").first
    assert "-0.1807" in box.text_content()
    page.locator("#expr").fill("w*x")
    assert "gradw" not in page.locator("#picture").text_content()
    assert page.locator("#picture [data-node]").count() == 3
    assert page.locator("#sliders input[type=range]").count() == 2


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_ten_mistakes_are_said_in_one_sentence_at_their_place(play, words, lang):
    page = play(f"#e=x&lang={lang}")
    for text, sentences in SENTENCES.items():
        page.locator("#expr").fill(text)
        assert sentences[lang == "zh"] in words(page.locator("#mistake p")), text
        assert page.locator("#mistake mark").count() == 1
    page.locator("#expr").fill("x²")
    page.locator("[data-do=fix]").click()
    assert page.locator("#expr").input_value() == "x**2"
    assert page.locator("#mistake p").count() == 0


@pytest.mark.browser
def test_the_address_holds_everything(play, words):
    page = play("#e=L = a*b&a=4&b=-2&step=2&mode=watch&lang=zh")
    assert words(page.locator("#phase")) == "反向传播，第 2 步，共 2 步"
    page.locator("#sliders input[inputmode=decimal]").first.fill("5")
    page.keyboard.press("Escape")
    assert "a=5" in page.evaluate("location.hash")
    address = page.evaluate("location.hash")
    again = play(address)
    assert words(again.locator("#sentence")) == words(page.locator("#sentence"))
    assert again.locator("#sliders input[inputmode=decimal]").first.input_value() == "5"


@pytest.mark.browser
def test_every_preset_asks_a_question_and_shows_its_graph(play, words):
    page = play()
    questions = set()
    for name in PRESETS:
        page.locator(f"[data-do=preset][data-name={name}]").click()
        questions.add(words(page.locator("#question")))
        assert page.locator("#picture [data-node]").count() > 1
        page.keyboard.press("End")
        assert "done" in words(page.locator("#phase"))
    assert len(questions) == 12
    assert all("?" in question for question in questions)


@pytest.mark.browser
def test_a_lesson_asks_first_then_shows_then_says_what_to_keep(play, words):
    page = play("#lesson=4")
    assert "4 of 6" in words(page.locator("#question"))
    assert "6" not in page.locator("#picture").text_content()
    page.locator("#guess").fill("3")
    page.keyboard.press("Enter")
    assert "You said 3, it is 6." in words(page.locator("#question"))
    assert "To keep: a*a has two edges into a" in words(page.locator("#question"))
    page.locator("[data-do=learn_on]").click()
    assert "lesson=5" in page.evaluate("location.hash")


@pytest.mark.program("node")
def test_names_that_javascript_has_too_are_names_like_any_other(read):
    for name in ("constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "length"):
        assert read([f"{name}*2"]) == [[name, "2", "L"]]


@pytest.mark.browser
@pytest.mark.parametrize(
    "typed",
    [
        "z = w*x + b\nL = tanh(z)**2",
        "p = softmax(w, x, b)\nL = -log(p[1]) * p[0]",
        "softmax(w, x, b)[2] + log_softmax(w, x)[0]",
        "sum(w, x, b, w*x, b*b) + prod(w, x, b) % norm(w, x, b, 3)",
        "fma(w, x, b) // 2 + expm1(b) + elu(x) + cbrt(w) + xlogy(w, b)",
    ],
)
def test_what_is_copied_as_python_runs_and_gives_the_same_gradients(play, typed):
    page = play(f"#e={quote(typed)}&w=2&x=-1&b=0.5")
    page.locator("[data-kind=python]").click()
    code = page.locator("#note textarea").input_value()
    seen = {}
    exec(re.sub(r"(?m)^(print|step_through).*$", "", code), seen)  # noqa: S102 - it is what is tested
    shown = page.evaluate("leaves.map(leaf => [leaf.name, now.grad[leaf.n]])")
    for name, grad in shown:
        assert seen[name].grad == pytest.approx(grad, rel=1e-12)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("kind", "part"),
    [("torch", "torch.tanh("), ("latex", r"\tanh\left("), ("svg", '<svg xmlns="http://www.w3.org/2000/svg"')],
)
def test_the_graph_can_be_taken_elsewhere(play, kind, part):
    page = play("#e=L = tanh(w*x)&w=2&x=-1")
    page.locator(f"[data-kind={kind}]").click()
    assert part in page.locator("#note textarea").input_value()


@pytest.mark.browser
def test_the_tangent_of_any_node_to_any_leaf_is_drawn(play, words):
    page = play("#e=z = w*x %2B b%0AL = tanh(z)&w=2&x=-1&b=0.5")
    page.locator("[data-tab=tangent]").click()
    page.locator("[data-choose=tangent_node]").select_option("z")
    page.locator("[data-choose=tangent_leaf]").select_option("x")
    assert "z over x: at x = -1 the height is -1.5 and the slope 2." in words(page.locator("#drawer"))
    assert page.locator(".plot .tangent").count() == 1


FORTY = " + ".join(f"tanh(w*x{i} + b)" for i in range(8))
COUNTED = """(() => {
  const calls = {}
  for (const name of ['arrange', 'layOut', 'run', 'drawCard']) {
    const real = window[name]
    window[name] = (...xs) => {
      calls[name] = (calls[name] || 0) + 1
      return real(...xs)
    }
  }
  return window.calls = calls
})()"""


@pytest.mark.browser
def test_forty_nodes_are_drawn_again_with_one_layout_in_the_order_that_is_known(play):
    # how long that takes, benchmarks/drawing.py measures
    page = play(f"#e={quote(FORTY)}")
    nodes = page.evaluate("nodes.length")
    assert nodes >= 40
    page.evaluate(COUNTED)
    page.evaluate("setLeaf(leaves.find(leaf => leaf.name === 'x3').n, 0.123)\nshow()")
    calls = page.evaluate("calls")
    assert "arrange" not in calls  # layers and order are those of the edges alone
    assert calls["layOut"] == 1
    assert calls["drawCard"] <= nodes
    assert calls["run"] <= 1 + 2 * 3 * page.evaluate(
        "leaves.length"
    )  # and what says the gradients looks around


@pytest.mark.browser
def test_the_first_gradient_is_there_as_soon_as_the_document_is(browser, tmp_path):
    path = tmp_path / "playground.html"
    playground().save(path)
    page = browser.new_page()
    seen = "window.loaded = document.querySelectorAll('#picture [data-node] .muted').length"
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {seen} }})")
    tracing = page.context.new_cdp_session(page)
    tracing.send("Profiler.enable")
    tracing.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
    page.goto(f"file://{path}")
    assert page.evaluate("loaded") > 10  # nothing is waited for
    told = tracing.send("Profiler.takePreciseCoverage")["result"]
    calls = {x["functionName"]: x["ranges"][0]["count"] for script in told for x in script["functions"]}
    assert calls["layOut"] <= 2  # one for each direction
    assert calls["arrange"] <= 1
    assert calls["load"] == 1
    page.close()


@pytest.mark.browser
def test_what_is_printed_is_what_was_typed(play):
    page = play("#e=L = relu(w*x)&w=2&x=3")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#still h1").inner_text() == "L = relu(w*x)"
    assert page.locator("#still svg text").count() > 5
    assert page.locator("#still li").all_inner_texts() == [
        "v1 = w * x = 2 * 3 = 6",
        "L = relu(v1) = relu(6) = 6",
    ]
    assert page.locator("#steps tbody tr").count() == 5  # three steps, and the node above them twice
    assert not page.locator("#page").is_visible()


@pytest.mark.browser
def test_on_a_phone_nothing_is_wider_than_the_screen(play):
    page = play("#e=tanh(w*x %2B b)&w=2&x=-1&b=0.5", size={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
