"""What the page says to a wrong answer: sentence by sentence, in both languages."""

import pytest

from autograd import Value

NOT_YET = "Not yet. Two questions help: what arrives at v1? What is the local derivative of v1 to x1?"
CASES = [  # what is asked, what is typed, English, Chinese
    ("x1", "-3", "-3 is the local derivative, w1. It still has to be multiplied by what arrives at v1.",
     "-3 只是局部导数 w1。还要乘以传到 v1 的上游梯度。"),
    ("x1", "0.5", "0.5 is what arrives at v1. "
     "v1 is a product: on the way to x1 it is multiplied by the other factor.",
     "0.5 是传到 v1 的梯度。v1 是乘积：传给 x1 时还要乘以另一个因子。"),
    ("x1", "1.5", "The size is right, the sign is not. w1 is negative: when x1 grows, does o rise or fall?",
     "大小对了，符号不对。w1 是负数：x1 增大时，o 是升还是降？"),
    ("x1", "1", "1 is 0.5 * x1. The slope of x1 * w1 to x1 is the other factor.",
     "1 是 0.5 * x1。x1 * w1 对 x1 的导数是另一个因子。"),
    ("a", "2", "2 is the last flow alone. a has 3 uses, and each one adds to a.grad; none replaces it.",
     "2 只是最后一份贡献。a 被使用 3 次，每次都加进 a.grad，而不是覆盖它。"),
    ("a", "-1", "-1 counts 2 of the 3 uses. In `a*a`, a stands twice: left and right.",
     "-1 只算了 3 次使用中的 2 次。在 `a*a` 里 a 出现两次：左边和右边。"),
    ("v4", "0.2232", "0.2232 is 1 - v4**2. The slope of tanh is taken from its output: 1 - o**2.",
     "0.2232 是 1 - v4**2。tanh 的斜率要用它的输出：1 - o**2。"),
    ("v4", "0.8814", "0.8814 is the value of v4. Asked is its gradient: how much o changes when v4 changes.",
     "0.8814 是 v4 的数值。问的是它的梯度：v4 变一点，o 变多少。"),
    ("x1", "7", NOT_YET, "还不对。想两件事：传到 v1 的是多少？v1 对 x1 的局部导数是多少？"),
    ("x1", "w1", "Type a number or a product of numbers, such as 2 or `0.5*4`.",
     "请输入数字或算式，例如 2 或 `0.5*4`。"),
    ("x1", "-1.5", "Yes: 0.5 * -3 = -1.5.", "对：0.5 * -3 = -1.5。"),
    ("a", "1", "Yes: -3 + 2 + 2 = 1.", "对：-3 + 2 + 2 = 1。"),
]  # fmt: skip


def neuron():
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    return o, {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": b, "o": o}


def three_uses():
    a, b = Value(2.0), Value(-3.0)
    total = a * a + a * b
    return total, {"a": a, "b": b, "L": total}


@pytest.fixture
def said(on_page):
    """What the page says to answers, one after the other, when asked for the gradient of a node."""

    def say(asked, typed, *, lang="en", before="", code=""):
        root, names = three_uses() if asked in "ab" else neuron()
        there = at(asked)
        code = f"S.ask = 'grad'\nplan()\n{before}\n{there}\nseen = {typed!r}.map(check){code}"
        return on_page(root, code, names=names, lang=lang, mode="predict")

    return say


def at(name):
    """Go to the first step into a node."""
    return f"S.at = screens.findIndex(one => one.steps[0] && one.steps[0].into.name === '{name}')"


@pytest.mark.program("node")
@pytest.mark.parametrize(("lang", "place"), [("en", 2), ("zh", 3)])
@pytest.mark.parametrize("make", [neuron, three_uses])
def test_a_wrong_answer_gets_the_sentence_of_its_mistake(on_page, make, lang, place):
    root, names = make()
    cases = [case for case in CASES if case[0] in names]
    ask = "".join(f"Q.tries = {{}}\n{at(case[0])}\nseen.push(check({case[1]!r}))\n" for case in cases)
    told = on_page(root, f"S.ask = 'grad'\nplan()\nseen = []\n{ask}", names=names, lang=lang, mode="predict")
    assert told == [case[place] for case in cases]


WRITTEN = [
    "-1.5",
    "-3/2",
    "0.5*-3",
    "-1,5",
    "\uff0d\uff11\uff0e\uff15",
    "\u22121.5",
    "-1.51",
    "0.5 \u00d7 (-3)",
    "-(3/2)",
]


@pytest.mark.program("node")
def test_many_ways_to_write_a_number_are_understood(said):
    assert set(said("x1", WRITTEN)) == {"Yes: 0.5 * -3 = -1.5."}


@pytest.mark.program("node")
def test_the_second_wrong_answer_brings_the_formula_with_blanks_and_the_third_the_step(said):
    first, second, third = said("x1", ["7", "8", "9"])
    assert first == NOT_YET
    assert second == f"{NOT_YET} x1.grad = [ ] * w1"
    assert third == "Here it is: 0.5 * -3 = -1.5. A step like this comes again later."
    assert said("x1", ["7", "8", "9"], lang="zh")[2] == "答案是 0.5 * -3 = -1.5。稍后还会再出现这样的一步。"
    assert said("a", ["7", "8"])[1].endswith("a.grad = [ ] + [ ] + [ ]")


@pytest.mark.program("node")
def test_a_step_is_judged_with_the_learners_own_earlier_number(said):
    slip = at("v1") + "\ncheck('0.25')\nleave()"
    assert said("x1", ["-0.75"], before=slip) == [
        "With your v1.grad = 0.25 this step is right. Look at v1.grad once more."
    ]
    assert said("x1", ["-0.75"], before=slip, lang="zh") == [
        "按你的 v1.grad = 0.25，这一步是对的。请再看看 v1.grad。"
    ]
    assert said("x1", ["-1.5"], before=slip) == ["Yes: 0.5 * -3 = -1.5."]


@pytest.mark.program("node")
def test_a_number_that_fits_several_mistakes_is_said_with_care(on_page):
    x, y = Value(2.0), Value(2.0)
    z = x * y * 3.0
    code = at("x") + "\nseen = check('-6')"
    assert on_page(z, code, names={"x": x, "y": y, "z": z}, mode="predict").startswith("The size is right")
    x, w = Value(3.0), Value(3.0)
    z = x * w * -1.0
    names = {"x": x, "w": w, "z": z}
    assert on_page(z, code.replace("-6", "3"), names=names, mode="predict").startswith(
        "It looks like 3 is the local"
    )
    assert on_page(z, code.replace("-6", "3"), names=names, mode="predict", lang="zh").startswith(
        "看起来，3 只是局部导数"
    )


@pytest.mark.program("node")
def test_a_wrong_sign_into_one_of_several_uses_is_asked_about_that_use(on_page):
    root, names = three_uses()  # a rises with L, though this flow is negative
    code = f"{at('a')}\nseen = check('3')"
    assert on_page(root, code, names=names, mode="predict") == (
        "The size is right, the sign is not. b is negative: when a grows and b stays, does v2 rise or fall?"
    )
    assert "b 是负数：a 增大而 b 不变时，v2 是升还是降？" in on_page(
        root, code, names=names, mode="predict", lang="zh"
    )
    a, b = Value(2.0), Value(3.0)
    L = a - a * b * 2.0
    into = "one.steps[0].into.name === 'a' && one.steps[0].node.of.length === 2 && one.steps[0].index === 0"
    code = f"S.at = screens.findLastIndex(one => one.steps[0] && {into})\nseen = check('6')"
    assert on_page(L, code, names={"a": a, "b": b, "L": L}, mode="predict").endswith(
        "v1.grad is negative: when v1 grows, does L rise or fall?"
    )


@pytest.mark.program("node")
def test_the_end_counts_and_names_the_most_frequent_mistakes(said):
    end = "S.at = screens.length - 1\nseen = score()"
    text = said("x1", ["-3", "-3", "-1.5"], code=f"\n{end}")
    assert "Right at once: 0. Right later: 1. Shown: 0." in text
    assert "Most frequent: forgot the upstream factor." in text


@pytest.mark.program("node")
def test_a_step_that_was_shown_comes_again_with_new_numbers(said):
    again = "[repeat(), screens.filter(one => one.kind === 'step').map(one => one.node.op.n)"
    whole = "given.filter(x => x !== undefined).every(Number.isInteger)]"
    end = f"\nS.at = screens.length - 1\nseen = {again}, {whole}"
    repeated, ops, whole = said("x1", ["7", "8", "9"], code=end)
    assert repeated
    assert set(ops) == {"mul"}
    assert whole


@pytest.mark.program("node")
def test_the_flow_and_the_local_derivative_can_be_asked_too(on_page):
    root, names = neuron()
    flow = on_page(root, at("v4") + "\nseen = ['0.2232', '0.5'].map(check)", names=names, mode="predict")
    assert flow[1] == "Yes: 1 * 0.5 = 0.5."
    local = on_page(
        root,
        f"S.ask = 'local'\n{at('v4')}\nseen = ['0.2232', '-0.5', '0.5'].map(check)",
        names=names,
        mode="predict",
    )
    assert local[0].startswith("0.2232 is 1 - v4**2.")
    assert local[1].startswith("The size is right")
    assert local[2] == "Yes: 1 - o**2 = 0.5."
