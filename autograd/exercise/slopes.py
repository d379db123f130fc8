"""The exercises of notebook 01: slopes, and a gradient handed along one line."""

from __future__ import annotations

from math import tanh
from random import Random

from autograd.exercise.question import EXERCISES, Exercise, Mistake, Part, add_exercise
from autograd.value import Value

add_exercise(
    "1.1",
    (
        "At which x is the slope of f(x) = x**2 - {p}*x + {q} zero?",
        "在哪个 x 处,f(x) = x**2 - {p}*x + {q} 的斜率为零?",
    ),
    lambda random: {"p": random.choice([1, 3, 5, 7]), "q": random.randint(3, 9)},
    lambda p, q: p / 2,
    (
        lambda p, q: p,
        "At x = {given} the slope is not zero: the 2 of x**2, which comes down in front, is forgotten.",
        "x = {given} 处斜率不为零:忘了 x**2 求导时提到前面的 2。",
    ),
    (
        lambda p, q: q - p * p / 4,
        "{given} is the height of the lowest point. Asked is its place, x.",
        "{given} 是最低点的高度。问的是它的位置 x。",
    ),
    (
        lambda p, q: -p / 2,
        "The size is right, the sign is not: solve 2*x - {p} = 0.",
        "大小对了,符号不对:请解 2*x - {p} = 0。",
    ),
    second=(
        "What is the slope of x**2? And of -{p}*x? They must add up to zero.",
        "x**2 的斜率是多少?-{p}*x 的呢?两者之和要为零。",
    ),
    first={"p": 3, "q": 4},
)

add_exercise(
    "1.2",
    (
        "u turns {du} times as fast as a, and L turns {dL} times as fast as u. How fast does L turn when a does?",
        "u 的转速是 a 的 {du} 倍,L 的转速是 u 的 {dL} 倍。a 转动时,L 转多快?",
    ),
    lambda random: {"du": random.randint(2, 9), "dL": -random.randint(2, 9)},
    lambda du, dL: du * dL,
    (
        lambda du, dL: du + dL,
        "{given} is the sum of the two rates. Rates of gears are multiplied.",
        "{given} 是两个变化率之和。齿轮的变化率要相乘。",
    ),
    (
        lambda du, dL: -du * dL,
        "The size is right, the sign is not: one of the two turns the direction round.",
        "大小对了,符号不对:两者之一使方向反转。",
    ),
    (
        lambda du, dL: du,
        "{given} is the first rate alone: how fast u turns. L turns {dL} times as fast as u.",
        "{given} 只是第一个变化率:u 转多快。L 的转速是 u 的 {dL} 倍。",
    ),
    (
        lambda du, dL: dL,
        "{given} is the second rate alone: L against u. And u itself turns {du} times as fast as a.",
        "{given} 只是第二个变化率:L 相对于 u。而 u 的转速是 a 的 {du} 倍。",
    ),
    (
        lambda du, dL: dL / du,
        "{given} is the quotient of the two rates. Along a chain they are multiplied.",
        "{given} 是两个变化率之商。沿着链条要相乘。",
    ),
    second=(
        "a makes one turn: how many does u make? And for each of those, how many does L make?",
        "a 转一圈,u 转几圈?u 每转一圈,L 转几圈?",
    ),
    first={"du": 5, "dL": -3},
)

# -- gradients of a whole graph: each mistake is the chain rule with one thing done wrongly ------------------

UPSTREAM = (
    "{given} is the local derivative alone. It still has to be multiplied by the upstream gradient.",
    "{given} 只是局部导数。还要乘以上游梯度。",
)
LOCAL = (
    "{given} is what arrives from upstream. On the way into this operand it is multiplied by the local derivative.",
    "{given} 是传来的上游梯度。传给这个操作数时还要乘以局部导数。",
)
OWN = (
    "{given} is the upstream gradient times the operand's own value. A product hands on the other factor.",
    "{given} 是上游梯度乘以操作数自己的数值。乘积往回传时要乘另一个因子。",
)
SIGN = (
    "The size is right, the sign is not: when this one grows, does the result rise or fall?",
    "大小对了,符号不对:它增大时,结果是升还是降?",
)
INPUT = (
    "{given} takes the slope of tanh from its input, 1 - x**2. It is taken from its output: 1 - y**2.",
    "{given} 用了 tanh 的输入来求斜率:1 - x**2。应该用它的输出:1 - y**2。",
)
ARRIVES = (
    "Two questions help: what arrives from upstream? What is the local derivative to this operand?",
    "想两件事:上游传来多少?对这个操作数的局部导数是多少?",
)


def _line_part(name: str, upstream: str, local: str) -> Part:
    """One gradient of L = d*f, d = e + c, e = a*b; `upstream` and `local` are names among the numbers."""
    mistakes = [
        Mistake(lambda **n: _with_inner(n)[local], UPSTREAM),
        Mistake(lambda **n: _with_inner(n)[upstream], LOCAL),
        Mistake(lambda **n: _with_inner(n)[upstream] * n[name], OWN),
        Mistake(lambda **n: -_with_inner(n)[upstream] * _with_inner(n)[local], SIGN),
    ]
    found = {"f": [OWN, SIGN], "c": [SIGN]}  # the others give the right number there
    kept = tuple(m for m in mistakes if name not in found or m.text in found[name])
    asked = f"{name}.grad"
    return Part(lambda **n: _with_inner(n)[upstream] * _with_inner(n)[local], kept, (asked, asked))


def _with_inner(numbers: dict[str, float]) -> dict[str, float]:
    return {**numbers, "d": numbers["a"] * numbers["b"] + numbers["c"], "1": 1.0}


def _draw_line(random: Random) -> dict[str, float]:
    return {name: random.choice([-1, 1]) * random.randint(2, 9) for name in "abcf"}


EXERCISES["1.3"] = Exercise(
    "1.3",
    (
        "e = a*b; d = e + c; L = d*f with a = {a}, b = {b}, c = {c}, f = {f}: "
        "the gradients of a, b, c, f, in this order? (quiz(L) on your own numbers practises it.)",
        "e = a*b; d = e + c; L = d*f,其中 a = {a},b = {b},c = {c},f = {f}:"
        "依次写出 a、b、c、f 的梯度。(可用 quiz(L) 先练自己的数字。)",
    ),
    _draw_line,
    (
        _line_part("a", "f", "b"),
        _line_part("b", "f", "a"),
        _line_part("c", "f", "1"),
        _line_part("f", "1", "d"),
    ),
    ARRIVES,
)


def _neuron_slope(n: dict[str, float], of_output: bool = True) -> float:
    z = n["x1"] * n["w1"] + n["x2"] * n["w2"] + n["b"]
    return 1 - (tanh(z) if of_output else z) ** 2


def _neuron_part(name: str, factor: str) -> Part:
    """One gradient of tanh(x1*w1 + x2*w2 + b); `factor` is the other factor, "" for the bias."""

    def local(n: dict[str, float]) -> float:
        return n[factor] if factor else 1.0

    mistakes = [
        Mistake(lambda **n: local(n), UPSTREAM),
        Mistake(lambda **n: -_neuron_slope(n) * local(n), SIGN),
        Mistake(lambda **n: _neuron_slope(n, of_output=False) * local(n), INPUT),
    ]
    if factor:
        mistakes.insert(1, Mistake(lambda **n: _neuron_slope(n) * n[name], OWN))
        mistakes.insert(2, Mistake(lambda **n: _neuron_slope(n), LOCAL))
    asked = f"{name}.grad"
    return Part(lambda **n: _neuron_slope(n) * local(n), tuple(mistakes), (asked, asked))


def _draw_neuron(random: Random) -> dict[str, float]:
    numbers = {name: random.choice([-1, 1]) * random.randint(2, 20) / 10 for name in ("x1", "x2", "w1", "w2")}
    return {**numbers, "b": random.randint(-10, 10) / 10}


EXERCISES["1.4"] = Exercise(
    "1.4",
    (
        "o = tanh(x1*w1 + x2*w2 + b) with x1 = {x1}, x2 = {x2}, w1 = {w1}, w2 = {w2}, b = {b}: "
        "the gradients of x1, x2, w1, w2, b, in this order?",
        "o = tanh(x1*w1 + x2*w2 + b),其中 x1 = {x1},x2 = {x2},w1 = {w1},w2 = {w2},b = {b}:"
        "依次写出 x1、x2、w1、w2、b 的梯度。",
    ),
    _draw_neuron,
    (
        _neuron_part("x1", "w1"),
        _neuron_part("x2", "w2"),
        _neuron_part("w1", "x1"),
        _neuron_part("w2", "x2"),
        _neuron_part("b", ""),
    ),
    ARRIVES,
)

# -- local derivatives, as numbers or as functions ----------------------------------------------------------

VALUE = (
    "{given} is the value itself. Asked is its slope: how much it changes when x changes.",
    "{given} 是函数值本身。问的是斜率:x 变一点,它变多少。",
)

EXERCISES["1.5"] = Exercise(
    "1.5",
    (
        "The local derivative of x**3, and of 1/x: two functions of x, or two numbers at x = {x}.",
        "x**3 和 1/x 的局部导数:写两个 x 的函数,或 x = {x} 处的两个数。",
    ),
    lambda random: {"x": random.choice([4, 5, -2])},
    (
        Part(
            lambda x: lambda t: 3 * t * t,
            (
                Mistake(lambda x: lambda t: t**3, VALUE),
                Mistake(
                    lambda x: lambda t: 3 * t,
                    (
                        "The 3 came down, and the power went away: x**3 becomes 3 * x**2.",
                        "3 提到了前面,但幂丢了:x**3 变成 3 * x**2。",
                    ),
                ),
                Mistake(
                    lambda x: lambda t: t * t,
                    (
                        "The power went down, but the 3 that comes in front is forgotten.",
                        "幂降了一次,但忘了提到前面的 3。",
                    ),
                ),
            ),
            ("x**3", "x**3"),
            lambda x: (x, -1.5, 0.5),
            lambda x: Value(x, label="x") ** 3,
        ),
        Part(
            lambda x: lambda t: -1 / (t * t),
            (
                Mistake(
                    lambda x: lambda t: 1 / (t * t),
                    (
                        "The size is right, the sign is not: when x grows, 1/x falls.",
                        "大小对了,符号不对:x 增大时 1/x 减小。",
                    ),
                ),
                Mistake(
                    lambda x: lambda t: -1 / t,
                    (
                        "The square is missing: 1/x is x**-1, and the power goes down by one, to -2.",
                        "少了平方:1/x 是 x**-1,幂再降一次,成为 -2。",
                    ),
                ),
                Mistake(lambda x: lambda t: 1 / t, VALUE),
            ),
            ("1/x", "1/x"),
            lambda x: (x, -1.5, 0.5),
            lambda x: 1 / Value(x, label="x"),
        ),
    ),
    ("Turn x by 0.001 and see how far the result moves.", "把 x 增加 0.001,看看结果变多少。"),
    first={"x": 2},
)
