"""Stages 1 to 5 of an engine of one's own: numbers, operands, local rules. What fails first is one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from autograd.exercise.question import Text, fault_of
from autograd.trace.digits import digits
from autograd.trace.nodes import held_operands
from autograd.value import Value

Make = Callable[..., Any]

A, B, C, G = 2.5, -3.25, 1.75, 0.7  # G is an upstream gradient that is not 1: forgotten, it shows


class Failed(Exception):  # noqa: N818 - no error of ours: it carries the sentence out of a check
    """A check that did not come out."""

    def __init__(self, text: Text, graph: Any = None, /, **fields: Any) -> None:
        shown = {name: digits(x) if isinstance(x, float) else str(x) for name, x in fields.items()}
        self.fault = fault_of(text, graph, **shown)


def near(a: Any, b: float) -> bool:
    """True when a number of the learner's is the right one, but for rounding."""
    return isinstance(a, (int, float)) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


# -- 1 to 3: numbers, operands, nudges

LIBRARYS_OWN: Text = (
    "{name} is the library's own Value. Build yours from nothing: class {name}: ...",
    "{name} 就是本库的 Value。请从头写起:class {name}: ...",
)
NO_DATA: Text = (
    "MyValue({x}).data is {got}: __init__ should keep the number in self.data.",
    "MyValue({x}).data 是 {got}:__init__ 应把数存进 self.data。",
)
NO_GRAD: Text = (
    "MyValue({x}).grad is {got}: begin with self.grad = 0.0.",
    "MyValue({x}).grad 是 {got}:请以 self.grad = 0.0 开始。",
)
NO_REPR: Text = (
    "A MyValue shows itself as {got}: let __repr__ return a text with the number in it.",
    "MyValue 显示为 {got}:请让 __repr__ 返回含有数值的文本。",
)
WRONG_KIND: Text = (
    "{told} gives {got}, not a MyValue: return MyValue(...).",
    "{told} 得到 {got},不是 MyValue:请返回 MyValue(...)。",
)
WRONG_NUMBER: Text = ("{told} is {got}, not {wanted}.", "{told} 是 {got},应为 {wanted}。")
NO_OPERANDS: Text = (
    "{told} does not remember its operands: keep them in self.parents, a tuple.",
    "{told} 没有记住操作数:请放进 self.parents,用元组。",
)
IN_A_SET: Text = (
    "The operands are kept in a set: a*a then has one operand, and which is left or right is lost. Keep a tuple.",
    "操作数放在集合里:a*a 就只剩一个操作数,左右也分不清。请用元组。",
)
WRONG_OPERANDS: Text = (
    "The operands of {told} are {got}, not {wanted}, in this order.",
    "{told} 的操作数是 {got},应依次为 {wanted}。",
)
OPERAND_CHANGED: Text = (
    "Computing {told} changes a.data from {before} to {got}: make a new MyValue, and leave the operands alone.",
    "计算 {told} 时 a.data 从 {before} 变成 {got}:请建新的 MyValue,不要改操作数。",
)
WRONG_NUDGE: Text = (
    "With a up by {h}, {told} moves by {got}, not by {wanted}.",
    "a 增加 {h} 时,{told} 变化 {got},应为 {wanted}。",
)


def stage_1(cls: Any) -> None:
    """`MyValue(data)`, a readable repr."""
    if isinstance(cls, type) and issubclass(cls, Value):
        raise Failed(LIBRARYS_OWN, name=cls.__name__)
    for x in (A, B):
        made = cls(x)
        if not near(getattr(made, "data", None), x):
            raise Failed(NO_DATA, x=x, got=getattr(made, "data", None))
        grad = getattr(made, "grad", None)
        if not near(grad, 0.0):
            raise Failed(NO_GRAD, x=x, got=grad)
        if digits(x) not in repr(made):
            raise Failed(NO_REPR, made, got=re.sub(r" at 0x\w+", " at 0x...", repr(made)))


def stage_2(cls: Any) -> None:
    """`+` and `*` that remember their operands."""
    a, b = cls(A), cls(B)
    for told, make, right in (("a + b", a.__add__, A + B), ("a * b", a.__mul__, A * B)):
        made = made_of(cls, told, lambda make=make: make(b), right)
        kept = held_operands(made)
        if not kept:
            raise Failed(NO_OPERANDS, told=told)
        if isinstance(kept, (set, frozenset)):
            raise Failed(IN_A_SET, made)
        if [id(x) for x in kept] != [id(a), id(b)]:
            raise Failed(WRONG_OPERANDS, made, told=told, got=list(kept), wanted=[a, b])
    square = a * a
    if [id(x) for x in held_operands(square)] != [id(a), id(a)]:
        raise Failed(WRONG_OPERANDS, square, told="a * a", got=list(held_operands(square)), wanted=[a, a])


def stage_3(cls: Any) -> None:
    """Nudges as the measuring stick."""
    h = 0.001
    cases: tuple[tuple[str, Make, float], ...] = (
        ("a*b + c", lambda a, b, c: a * b + c, B),
        ("a*b*a + c", lambda a, b, c: a * b * a + c, 2 * A * B + B * h),
    )
    for told, f, slope in cases:
        a, b, c = cls(A), cls(B), cls(C)
        before = f(a, b, c).data
        if not near(a.data, A):
            raise Failed(OPERAND_CHANGED, told=told, before=A, got=a.data)
        moved = f(cls(A + h), b, c).data - before
        if not math.isclose(moved, slope * h, rel_tol=1e-6):
            raise Failed(WRONG_NUDGE, told=told, h=h, got=moved, wanted=slope * h)


def made_of(cls: Any, told: str, make: Make, right: float) -> Any:
    """What an expression gives, if it is a MyValue with the right number."""
    made = make()
    if not isinstance(made, cls):
        raise Failed(WRONG_KIND, told=told, got=repr(made))
    if not near(made.data, right):
        raise Failed(WRONG_NUMBER, made, told=told, got=made.data, wanted=right)
    return made


# -- 4 and 5: local rules, called by hand; they add

NO_RULE: Text = (
    "{told} has no _backward: give the result a function that hands its gradient on to its operands.",
    "{told} 没有 _backward:请给结果一个函数,把梯度传给操作数。",
)
UPSTREAM_FORGOTTEN: Text = (
    "With grad = {g} at {told} the operand {x} gets {got}: that is the local derivative alone. "
    "Multiply by out.grad, the upstream gradient.",
    "{told} 的 grad = {g} 时,操作数 {x} 得到 {got}:这只是局部导数。请乘以上游梯度 out.grad。",
)
OWN_FACTOR: Text = (
    "With grad = {g} at {told} the operand {x} gets {got}: its own number is taken. "
    "A product hands on the other factor.",
    "{told} 的 grad = {g} 时,操作数 {x} 得到 {got}:乘成了它自己的数。乘积往回传时要乘另一个因子。",
)
NOTHING_ARRIVES: Text = (
    "With grad = {g} at {told} nothing arrives at {x}: does _backward write x.grad += ...?",
    "{told} 的 grad = {g} 时,{x} 什么也没得到:_backward 里有 x.grad += ... 吗?",
)
WRONG_FLOW: Text = (
    "With grad = {g} at {told} the operand {x} gets {got}, not {wanted}.",
    "{told} 的 grad = {g} 时,操作数 {x} 得到 {got},应为 {wanted}。",
)
REPLACED: Text = (
    "{told}: a.grad is {got}, not {wanted}. _backward replaces what was there: each use adds, write += for =.",
    "{told}:a.grad 是 {got},应为 {wanted}。_backward 覆盖了原有的值:每次使用都要累加,用 += 而不是 =。",
)
MINUS_RIGHT: Text = (
    "The right side of a - b gets {got}: when b grows, a - b falls, so its sign is turned.",
    "a - b 的右边得到 {got}:b 增大时 a - b 减小,所以要变号。",
)


def stage_4(cls: Any) -> None:
    """One local rule for `+`, one for `*`, called by hand in the right order."""
    a, b, c = cls(A), cls(B), cls(C)
    _hand_on(a + b, "a + b", {"a": (a, 1.0), "b": (b, 1.0)})
    a, b = cls(A), cls(B)
    _hand_on(a * b, "a * b", {"a": (a, B), "b": (b, A)})
    a, b = cls(A), cls(B)
    e = a * b
    L = e + c  # noqa: N806 - as in the lesson
    L.grad = G
    L._backward()
    e._backward()
    for name, x, wanted in (("a", a, G * B), ("b", b, G * A), ("c", c, G)):
        if not near(x.grad, wanted):
            raise Failed(WRONG_FLOW, L, g=G, told="a*b + c", x=name, got=x.grad, wanted=wanted)


def _hand_on(node: Any, told: str, operands: dict[str, tuple[Any, float]]) -> None:
    """Let one node hand on G, and compare what arrives with G times the local derivative."""
    if not callable(getattr(node, "_backward", None)):
        raise Failed(NO_RULE, told=told)
    node.grad = G
    node._backward()
    for name, (x, local) in operands.items():
        got, wanted = x.grad, G * local
        if near(got, wanted):
            continue
        fields: dict[str, Any] = {"g": G, "told": told, "x": name, "got": got, "wanted": wanted}
        if near(got, 0.0):
            raise Failed(NOTHING_ARRIVES, node, **fields)
        if near(got, local):
            raise Failed(UPSTREAM_FORGOTTEN, node, **fields)
        if "*" in told and near(got, G * x.data):
            raise Failed(OWN_FACTOR, node, **fields)
        if told == "a - b" and name == "b" and near(got, G):
            raise Failed(MINUS_RIGHT, node, got=got / G)
        raise Failed(WRONG_FLOW, node, **fields)


def stage_5(cls: Any) -> None:
    """`+=`: a*a and a + a."""
    cases: tuple[tuple[str, Make, float], ...] = (
        ("a * a", lambda a: a * a, 2 * A),
        ("a + a", lambda a: a + a, 2.0),
    )
    for told, make, local in cases:
        a = cls(A)
        made = make(a)
        for before in (0.0, 1.0):
            a.grad, made.grad = before, G
            made._backward()
            if not near(a.grad, before + G * local):
                where = told if not before else f"{told}, a.grad = 1"
                raise Failed(REPLACED, made, told=where, got=a.grad, wanted=before + G * local)
