import pytest

from autograd.messages.chinese import WIDE, narrowed, widened

COMMA, COLON, OPEN, CLOSE = (WIDE[mark] for mark in ",:()")


@pytest.mark.parametrize(
    ("typed", "wide"),
    [
        ("值是 1,不变", ["值是 1", COMMA, "不变"]),
        ("a(左)", ["a", OPEN, "左", CLOSE]),
        ("{name}({file} 第 {line} 行)", ["{name}", OPEN, "{file} 第 {line} 行", CLOSE]),
        ("{name} 是 {sum},{state}", ["{name} 是 {sum}", COMMA, "{state}"]),
        ("{where}:左侧", ["{where}", COLON, "左侧"]),
        (",{uses} 次使用都已加完", [COMMA, "{uses} 次使用都已加完"]),
        ("在 o = tanh(v4)(o.grad = 1):传", ["在 o = tanh(v4)", OPEN, "o.grad = 1", CLOSE, COLON, "传"]),
        ("左 a:a = 2", ["左 a", COLON, "a = 2"]),
        ("试试 why_order(c):", ["试试 why_order(c)", COLON]),
    ],
)  # fmt: skip
def test_marks_in_prose_are_full_width(typed, wide):
    assert widened(typed) == "".join(wide)


@pytest.mark.parametrize(
    "text",
    [
        "写 grad(L, [w, b]) 或 v.detach()。",
        "math.{name}({operand}) 返回普通数",
        "共 {count:,} 个节点",
        "共 1,000 个节点",
        "见 https://graphviz.org/download 一页",
        "b: a = 2 是起点",
        '`with autograd.scope("注意:"): ...` 是代码',
        "{{1, 2}} 是集合 {1, 2} 吗",
        "x != 1 时",
        "an English sentence: it stays, as it is (all of it)",
        "(o.grad = 1)",
    ],
)
def test_code_numbers_and_other_languages_stay_half_width(text):
    assert not set(widened(text)) & set(WIDE.values())


@pytest.mark.parametrize("text", ["值是 1,不变(共 3 次):完成", "在 o = tanh(v4)(o.grad = 1):tanh 往回传"])
def test_a_wide_text_is_left_alone(text):
    assert widened(widened(text)) == widened(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tanh\uff08w\u00d7x \uff0b b\uff09", "tanh(w*x + b)"),
        ("x\u00b72", "x*2"),
        ("x\u00b2 \u2212 x\u207b\u00b9", "x**2 - x**-1"),
        ("w\uff1d\uff0d\uff10\uff0e\uff15", "w=-0.5"),
        ("0\u30025", "0.5"),
        ("dot\uff08\u3010a\uff0cb\u3011\uff0c\uff3b1\u30012\uff3d\uff09", "dot([a,b],[1,2])"),
        ("x\uff0f2 \u00f7 3", "x/2 / 3"),
        ("\u5b66\u4e60\u7387 * g", "\u5b66\u4e60\u7387 * g"),
    ],
)
def test_what_a_chinese_keyboard_types_is_read_as_python_writes_it(typed, read):
    assert narrowed(typed) == read
