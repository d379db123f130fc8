"""Stages 6 to 10 of an engine of one's own: the order, numbers on either side, more ops, a network."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from autograd.exercise.local_stages import (
    MINUS_RIGHT,
    A,
    B,
    C,
    Failed,
    Make,
    made_of,
    near,
    stage_1,
    stage_2,
    stage_3,
    stage_4,
    stage_5,
)
from autograd.exercise.question import Text
from autograd.value import Value

# -- 6: the order

NO_METHOD: Text = ("There is no {name}() yet.", "还没有 {name}()。")
NOT_SEEDED: Text = (
    "After L.backward() every gradient is 0: backward() begins with self.grad = 1.",
    "L.backward() 之后所有梯度都是 0:backward() 应以 self.grad = 1 开始。",
)
AT_ONCE: Text = (
    "b = a + a; c = b + b: a.grad is {got}, not 4. b hands on whenever something arrives: it must hand on once, "
    "when all its uses are in. Go through a topological order from its end.",
    "b = a + a; c = b + b:a.grad 是 {got},应为 4。b 一收到就往回传:应当等所有使用都到齐,只传一次。"
    "请按拓扑序从后往前走。",
)
WRONG_GRADIENT: Text = (
    "{told}: {x}.grad is {got}, not {wanted}.",
    "{told}:{x}.grad 是 {got},应为 {wanted}。",
)
RECURSION: Text = (
    "On a chain of {count} nodes backward() ends in a RecursionError: a function that calls itself goes too deep. "
    "Keep what is waiting in a list.",
    "在 {count} 个节点的链上 backward() 出现 RecursionError:调用自身的函数层数太深。请用列表存放等待的节点。",
)


def stage_6(cls: Any) -> None:
    """`backward()` with a topological order; the diamond."""
    if not callable(getattr(cls, "backward", None)):
        raise Failed(NO_METHOD, name="backward")
    a, b = cls(A), cls(B)
    product = a * b
    product.backward()
    if near(a.grad, 0.0) and near(b.grad, 0.0):
        raise Failed(NOT_SEEDED, product)
    a = cls(1.0)
    b = a + a
    doubled = b + b
    doubled.backward()
    if any(near(a.grad, x) for x in (2.0, 6.0, 8.0)):
        raise Failed(AT_ONCE, doubled, got=a.grad)
    for told, f in GRAPHS:
        _compare(cls, told, f)
    count = max(20_000, 2 * sys.getrecursionlimit())
    a, one = cls(A), cls(1.0)
    chain = a
    for _ in range(count):
        chain = chain * one
    try:
        chain.backward()
    except RecursionError:
        raise Failed(RECURSION, count=f"{count:,}") from None
    if not near(a.grad, 1.0):
        raise Failed(WRONG_GRADIENT, told=f"a*1*1... ({count:,})", x="a", got=a.grad, wanted=1.0)


def _square_and_more(e: Any) -> Any:
    return e * e + e


def _diamond(a: Any, b: Any, c: Any) -> Any:
    d = a * b
    e = d + a
    f = d * e
    return f + d * c


GRAPHS: tuple[tuple[str, Make], ...] = (
    ("b = a + a; L = b + b", lambda a, b, c: (a + a) + (a + a)),
    ("e = a*b; L = e*e + e", lambda a, b, c: _square_and_more(a * b)),
    ("d = a*b; e = d + a; f = d*e; L = f + d*c", _diamond),
    ("L = a*a*b + b*c*a", lambda a, b, c: a * a * b + b * c * a),
)


def _compare(cls: Any, told: str, f: Make, numbers: Sequence[float] = (A, B, C)) -> None:
    """Value and gradients of an expression, beside the library's."""
    ours, theirs = [Value(x) for x in numbers], [cls(x) for x in numbers]
    right = f(*ours)
    made = made_of(cls, told, lambda: f(*theirs), right.data)
    right.backward()
    made.backward()
    for name, x, y in zip("abc", theirs, ours):
        if not near(x.grad, y.grad):
            raise Failed(WRONG_GRADIENT, made, told=told, x=name, got=x.grad, wanted=y.grad)


INPUT_FOR_OUTPUT: Text = (
    "The slope of tanh is taken from its input, 1 - x**2 = {local}: take it from the output, 1 - y**2 = {right}.",
    "tanh 的斜率用了输入,1 - x**2 = {local}:应当用输出,1 - y**2 = {right}。",
)
N_FORGOTTEN: Text = (
    "The slope of x**{n} at {x} is {got} here: the {n} that comes down in front is forgotten, {n} * x**{m}.",
    "x**{n} 在 {x} 处的斜率在这里是 {got}:忘了提到前面的 {n},应为 {n} * x**{m}。",
)
pythons_sum = sum  # it adds numbers of the learner's class, which is what stage 7 is about

# -- 7 and 8: numbers on either side, more ops

TAKES_NO_NUMBER: Text = (
    "{told} stops with {error}: make a MyValue of a plain number, and write {method}.",
    "{told} 出错停止:{error}。请把普通数变成 MyValue,并写 {method}。",
)
NO_RADD: Text = (
    "sum([a, b, c]) stops: Python's sum begins with 0, so it computes 0 + a. Write __radd__.",
    "sum([a, b, c]) 出错:Python 的 sum 从 0 开始,要算 0 + a。请写 __radd__。",
)
TURNED_ROUND: Text = (
    "2 - a is {got}, which is a - 2: in __rsub__(self, other) the other one stands on the left.",
    "2 - a 得到 {got},那是 a - 2:在 __rsub__(self, other) 里,other 在左边。",
)


def stage_7(cls: Any) -> None:
    """Numbers on either side: 2 * a, 1 - a, sum([...])."""
    _either_side(cls, "a * 2", lambda a: a * 2, "__mul__")
    _either_side(cls, "a + 1", lambda a: a + 1, "__add__")
    _either_side(cls, "2 * a", lambda a: 2 * a, "__rmul__")
    try:
        pythons_sum([cls(A), cls(B), cls(C)])
    except TypeError:
        raise Failed(NO_RADD) from None
    _compare(cls, "sum([a, b, c])", lambda a, b, c: pythons_sum([a, b, c]))
    _either_side(cls, "-a", lambda a: -a, "__neg__")
    a, b = cls(A), cls(B)
    try:
        made = made_of(cls, "a - b", lambda: a - b, A - B)
    except TypeError as error:
        raise Failed(TAKES_NO_NUMBER, told="a - b", error=error, method="__sub__") from None
    made.backward()
    if near(b.grad, 1.0):
        raise Failed(MINUS_RIGHT, made, got=b.grad)
    _compare(cls, "a - b", lambda a, b, c: a - b)
    _either_side(cls, "a - 2", lambda a: a - 2, "__sub__")
    try:
        turned = 2 - cls(A)
    except TypeError as error:
        raise Failed(TAKES_NO_NUMBER, told="2 - a", error=error, method="__rsub__") from None
    if near(getattr(turned, "data", None), A - 2):
        raise Failed(TURNED_ROUND, turned, got=turned.data)
    _either_side(cls, "2 - a", lambda a: 2 - a, "__rsub__")


def _either_side(cls: Any, told: str, f: Make, method: str) -> None:
    try:
        f(cls(A))
    except (TypeError, AttributeError) as error:
        raise Failed(TAKES_NO_NUMBER, told=told, error=error, method=method) from None
    _compare(cls, told, lambda a, *_: f(a))


def stage_8(cls: Any) -> None:
    """`tanh`, then `exp` and `/`, and tanh from these."""
    x = 0.8
    for name in ("tanh", "exp"):
        if not callable(getattr(cls, name, None)):
            raise Failed(NO_METHOD, name=name)
    a = cls(x)
    bent = made_of(cls, "tanh(a)", a.tanh, math.tanh(x))
    bent.backward()
    if near(a.grad, 1 - x * x):
        raise Failed(INPUT_FOR_OUTPUT, bent, local=a.grad, right=1 - math.tanh(x) ** 2)
    for told, f in (
        ("tanh(a)", lambda a: a.tanh()),
        ("2*tanh(a)", lambda a: 2 * a.tanh()),
        ("exp(a)", lambda a: a.exp()),
        ("exp(a)*a", lambda a: a.exp() * a),
    ):
        _compare(cls, told, lambda a, *_, f=f: f(a), (x, B, C))
    for n in (3, 2, -1):
        a = cls(A)
        try:
            power = made_of(cls, f"a**{n}", lambda a=a, n=n: a**n, A**n)
        except TypeError as error:
            raise Failed(TAKES_NO_NUMBER, told=f"a**{n}", error=error, method="__pow__") from None
        power.backward()
        if near(a.grad, A ** (n - 1)):
            raise Failed(N_FORGOTTEN, power, n=n, m=n - 1, x=A, got=a.grad)
        _compare(cls, f"a**{n}", lambda a, *_, n=n: a**n)
    for told, f, method in (
        ("a / 2", lambda a: a / 2, "__truediv__"),
        ("1 / a", lambda a: 1 / a, "__rtruediv__"),
    ):
        _either_side(cls, told, f, method)
    _compare(cls, "a / b", lambda a, b, c: a / b)
    _compare(cls, "(exp(2*a) - 1) / (exp(2*a) + 1)", lambda a, *_: _tanh_of_exp(a), (x, B, C))


def _tanh_of_exp(a: Any) -> Any:
    e = (2 * a).exp()
    return (e - 1) / (e + 1)


# -- 9 and 10: twice backward; XOR

INNER_KEPT: Text = (
    "y = x*x; L = y*x at 3, backward() twice: x.grad is {got}, not 54. y still holds its gradient of the first run, "
    "and hands it on again: inner nodes begin each run at 0.",
    "y = x*x; L = y*x 在 3 处运行两次 backward():x.grad 是 {got},应为 54。y 还留着第一次的梯度,又传了一遍:"
    "中间节点每次运行要从 0 开始。",
)
LEAVES_WIPED: Text = (
    "After two runs x.grad is {got}, that of one run: leaves add over runs, only inner nodes begin at 0.",
    "运行两次后 x.grad 是 {got},只是一次的:叶节点要跨次累加,只有中间节点从 0 开始。",
)
NOT_ZERO: Text = (
    "After L.zero_grad() {x}.grad is {got}: every node of the graph is set to 0.",
    "L.zero_grad() 之后 {x}.grad 是 {got}:图中每个节点都应为 0。",
)
OTHER_LOSSES: Text = (
    "XOR, step {turn}: the loss is {got}; the library in the same program gives {wanted}.",
    "XOR 第 {turn} 步:损失是 {got};同一程序换成本库得到 {wanted}。",
)


def stage_9(cls: Any) -> None:
    """Twice backward, and zeroing."""
    x = cls(3.0)
    y = x * x
    L = y * x  # noqa: N806 - as in the lesson
    L.backward()
    L.backward()
    if near(x.grad, 27.0):
        raise Failed(LEAVES_WIPED, L, got=x.grad)
    if not near(x.grad, 54.0):
        raise Failed(INNER_KEPT, L, got=x.grad)
    if not callable(getattr(L, "zero_grad", None)):
        raise Failed(NO_METHOD, name="zero_grad")
    L.zero_grad()
    for name, node in (("x", x), ("y", y), ("L", L)):
        if not near(node.grad, 0.0):
            raise Failed(NOT_ZERO, L, x=name, got=node.grad)
    L.backward()
    if not near(x.grad, 27.0):
        raise Failed(WRONG_GRADIENT, L, told="x*x*x", x="x", got=x.grad, wanted=27.0)


def stage_10(cls: Any) -> None:
    """A neuron, a layer, XOR; the library in its place gives the same losses."""
    for turn, (got, wanted) in enumerate(zip(xor_losses(cls), xor_losses(Value))):
        if not math.isclose(got, wanted, rel_tol=1e-9):
            raise Failed(OTHER_LOSSES, turn=turn + 1, got=got, wanted=wanted)


XOR = (((0.0, 0.0), -1.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), -1.0))
START = (0.9, -0.8, 0.1, -0.7, 0.6, -0.2, 0.8, 0.7, 0.3, 1.0, -0.9, 0.5, 0.2)


def xor_losses(cls: Any, steps: int = 120, rate: float = 0.1) -> Iterator[float]:
    """Train a network of three hidden neurons on XOR in the arithmetic of a class; yields each loss."""
    p = [cls(x) for x in START]
    for _ in range(steps):
        loss = 0
        for (x1, x2), target in XOR:
            hidden = [(p[k] * x1 + p[k + 1] * x2 + p[k + 2]).tanh() for k in (0, 3, 6)]
            out = (p[9] * hidden[0] + p[10] * hidden[1] + p[11] * hidden[2] + p[12]).tanh()
            loss = loss + (out - target) ** 2
        loss.zero_grad()  # type: ignore[attr-defined]  # a number of the class by now
        loss.backward()  # type: ignore[attr-defined]  # as above
        for w in p:
            w.data -= rate * w.grad
        yield loss.data  # type: ignore[attr-defined]  # as above


STAGES = (
    stage_1, stage_2, stage_3, stage_4, stage_5, stage_6, stage_7, stage_8, stage_9, stage_10,
)  # fmt: skip
