"""The exercises of notebook 04: one training step, and the missing line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from random import Random
from typing import Any

from autograd.exercise.functions import run
from autograd.exercise.question import EXERCISES, Fault, Task, fault_of, match
from autograd.exercise.small_net import SmallNet, X, Y, half_sse
from autograd.exercise.typed import read_number
from autograd.ops import tanh
from autograd.trace.digits import digits

# -- 4.1 one step -------------------------------------------------------------------------------------------


def my_step(model: SmallNet, X: Any, y: Any, rate: float) -> float:  # noqa: ARG001 - as the learner's
    """The step of exercise 4.1 as it should be; gives the loss."""
    for p in model.parameters():
        p.grad = 0.0
    loss = half_sse(model)
    loss.backward()
    for p in model.parameters():
        p.data -= rate * p.grad
    return float(loss.data)


def _mistaken_step(kind: str) -> Callable[[SmallNet, Any, Any, float], float]:
    def step(model: SmallNet, X: Any, y: Any, rate: float) -> float:  # noqa: ARG001 - as the learner's
        if kind != "not zeroed":
            model.zero_grad()
        loss = half_sse(model)
        loss.backward()
        if kind == "zeroed after":
            model.zero_grad()
        for p in model.parameters():
            if kind == "rebound":
                p = p - rate * p.grad  # noqa: PLW2901 - the mistake itself
            else:
                p.data -= (-1 if kind == "sign" else 1) * (1.0 if kind == "no rate" else rate) * p.grad
        return float(loss.data)

    return step


STEP_MISTAKES: dict[str, tuple[str, str]] = {
    "not zeroed": (
        "The second step goes too far: what do the gradients hold before its backward()?",
        "第二步走得太远:它的 backward() 之前,梯度里是什么?",
    ),
    "zeroed after": (
        "The loss stays where it is, and all gradients are 0 afterwards: they were zeroed before the step used them.",
        "损失不动,之后所有梯度都是 0:在更新之前就被清零了。",
    ),
    "sign": (
        "The loss grows: a step downhill goes against the gradient, -=.",
        "损失在增大:下坡要逆着梯度,用 -=。",
    ),
    "no rate": (
        "The steps are {rate} times as long as they should be: the learning rate is forgotten.",
        "步子是应有的 {rate} 倍长:忘了学习率。",
    ),
    "rebound": (
        "The loss stays where it is, and yet there are gradients: p = p - ... makes a new number and calls it p; "
        "the model keeps its own. Write p.data -= ...",
        "损失不动,但梯度存在:p = p - ... 得到一个新数并叫它 p,模型里的还是原来的。请写 p.data -= ...",
    ),
}
OTHER_LOSS = (
    "The first loss is {got}, not {wanted}: half the sum of the squared errors over the four samples is meant.",
    "第一次的损失是 {got},应为 {wanted}:指四个样本的平方误差之和的一半。",
)
STEP_UNKNOWN = (
    "Step {turn} begins with loss {got}, not {wanted}. In which order do zero, backward and update stand?",
    "第 {turn} 步开始时损失是 {got},应为 {wanted}。清零、反向、更新的次序是怎样的?",
)


def _tried(step: Callable[..., Any], rate: float = 0.2, count: int = 3) -> tuple[list[float], bool] | None:
    """The losses of some steps from one start, and whether gradients are left; None: nothing comes back."""
    random = Random(5)
    model = SmallNet(2, lambda: random.gauss(0, 1))
    losses = []
    for _ in range(count):
        loss = step(model, X, Y, rate)
        if loss is None or loss is ...:
            return None
        losses.append(read_number(loss))
    return losses, any(p.grad for p in model.parameters())


def judge_step(step: Callable[..., Any], rate: float = 0.2) -> Fault | None:
    """What is wrong first with a training step; every known wrong step is taken as well."""
    found = run(_tried, step)
    if isinstance(found, Fault):
        return found
    right = _tried(my_step)
    assert right is not None  # noqa: S101 - for mypy: our own step gives its loss
    if match(found[0], right[0]) and all(abs(a - b) < EXACT for a, b in zip(found[0], right[0])):
        return None
    for kind, text in STEP_MISTAKES.items():
        wrong = _tried(_mistaken_step(kind))
        assert wrong is not None  # noqa: S101 - as above
        if all(abs(a - b) < EXACT for a, b in zip(found[0], wrong[0])) and (
            kind not in ("zeroed after", "rebound") or found[1] == wrong[1]
        ):
            return fault_of(text, rate=digits(1 / rate))._replace(name=kind)
    turn = next(k for k, (a, b) in enumerate(zip(found[0], right[0])) if abs(a - b) >= EXACT)
    text = STEP_UNKNOWN if turn else OTHER_LOSS
    return fault_of(text, turn=turn + 1, got=digits(found[0][turn]), wanted=digits(right[0][turn]))


EXACT = 1e-9

EXERCISES["4.1"] = Task(
    "4.1",
    (
        "Write my_step(model, X, y, rate): gradients back to 0, half the sum of the squared errors, backward, "
        "p.data -= rate * p.grad for every parameter; it returns the loss as a float.",
        "请写 my_step(model, X, y, rate):梯度清零,平方误差之和的一半,反向,"
        "对每个参数 p.data -= rate * p.grad;返回损失(float)。",
    ),
    judge_step,
    lambda: inspect.getsource(my_step),
)

# -- 4.3 the missing line -----------------------------------------------------------------------------------


def train(model: SmallNet, X: Any, y: Any, steps: int) -> list[float]:  # noqa: ARG001 - as the learner's
    """The loop of exercise 4.3 as it should be; gives the losses."""
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = half_sse(model)
        loss.backward()
        for p in model.parameters():
            p.data -= 0.5 * p.grad
        losses.append(float(loss.data))
    return losses


def _mistaken_train(zeroed: str) -> Callable[..., list[float]]:
    def run(model: SmallNet, X: Any, y: Any, count: int) -> list[float]:  # noqa: ARG001 - as above
        losses = []
        for turn in range(count):
            if zeroed == "once" and turn == 0:
                model.zero_grad()
            loss = half_sse(model)
            loss.backward()
            if zeroed == "too early":
                model.zero_grad()
            for p in model.parameters():
                p.data -= 0.5 * p.grad
            losses.append(float(loss.data))
        return losses

    return run


TRAIN_MISTAKES: dict[str, tuple[tuple[str, str], Callable[..., list[float]]]] = {
    "nothing changed": (
        (
            "It runs as before, up and down. Look at what one number holds at the beginning of turn 2, and of turn 1.",
            "和之前一样忽上忽下。比较同一个数在第 1 轮和第 2 轮开始时的内容。",
        ),
        _mistaken_train("never"),
    ),
    "too early": (
        (
            "Now the loss does not move at all: your line stands between two that belong together.",
            "现在损失完全不动:你的这一行插在了应当相连的两行之间。",
        ),
        _mistaken_train("too early"),
    ),
}
TRAIN_UNKNOWN = (
    "The loss of turn {turn} is {got}, not {wanted}: one line is missing, the others are right as they stand.",
    "第 {turn} 轮的损失是 {got},应为 {wanted}:只少一行,其余都是对的。",
)


def judge_train(loop: Callable[..., Any]) -> Fault | None:
    """What is wrong first with the training loop of exercise 4.3."""

    def losses(of: Callable[..., Any]) -> list[float] | None:
        random = Random(3)
        seen = of(SmallNet(4, lambda: random.uniform(-1, 1), tanh, None), X, Y, 40)
        return None if seen is None or seen is ... else [read_number(x) for x in seen] or None

    found = run(losses, loop)
    if isinstance(found, Fault):
        return found
    right = losses(train)
    assert right is not None  # noqa: S101 - for mypy: our own loop gives its losses
    if match(found, right):
        return None
    for kind, (text, code) in TRAIN_MISTAKES.items():
        if match(found, losses(code) or []):
            return fault_of(text)._replace(name=kind)
    turn = next((k for k, (a, b) in enumerate(zip(found, right)) if abs(a - b) >= EXACT), len(found) - 1)
    return fault_of(TRAIN_UNKNOWN, turn=turn + 1, got=digits(found[turn]), wanted=digits(right[turn]))


EXERCISES["4.3"] = Task(
    "4.3",
    (
        "train(model, X, y, steps) goes up and down and never settles. Which line is missing, and where?",
        "train(model, X, y, steps) 忽上忽下,不收敛。少了哪一行,在哪里?",
    ),
    judge_train,
    lambda: inspect.getsource(train),
)
