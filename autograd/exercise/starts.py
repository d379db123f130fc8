"""The exercises of notebook 04 about where training starts: starts that stick, and weights that are 0."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from autograd.exercise.question import EXERCISES, Exercise, Mistake, Part
from autograd.exercise.small_net import SmallNet, X, Y, half_sse

# -- 4.2 starts that stick ----------------------------------------------------------------------------------

STARTS, ROUNDS, RATE, STUCK = 30, 10_000, 0.5, 0.1
WIDTHS = (2, 3, 4)


@cache
def stuck(width: int, rounds: int = ROUNDS) -> int:
    """How many of 30 starts, from seed 0 to 29, still have a loss above 0.1 after so many rounds."""
    from autograd.replay import record

    model = SmallNet(width, float)
    program = record(lambda x, target: 0.5 * (model(x) - target) ** 2, params=model.parameters())
    count = 0
    for seed in range(STARTS):
        random = Random(seed)
        for p in model.parameters():
            p.data = random.gauss(0, 1)
        count += 4 * program.train(X, Y, epochs=rounds, lr=RATE, reduction="sum")[-1] > STUCK
    return count


def _width_part(width: int) -> Part:
    return Part(
        lambda: stuck(width),
        (
            Mistake(
                lambda: STARTS - stuck(width),
                (
                    "{given} are the starts that learned it. Asked are those that stick.",
                    "{given} 是学会了的起点数。问的是没学会的。",
                ),
            ),
            Mistake(
                lambda: stuck(width, ROUNDS // 10),
                (
                    "{given} stick after 1,000 rounds. Give them 10,000: some come loose.",
                    "1,000 轮后有 {given} 个没学会。给 10,000 轮:有些会脱困。",
                ),
            ),
        ),
        (f"width {width}", f"宽度 {width}"),
    )


EXERCISES["4.2"] = Exercise(
    "4.2",
    (
        "A table {{2: ..., 3: ..., 4: ...}}: with so many hidden neurons, how many of the starts with the seeds "
        "0 to 29 still have a loss above 0.1 after 10,000 rounds at rate 0.5?",
        "填表 {{2: ..., 3: ..., 4: ...}}:隐藏神经元为这么多时,种子 0 到 29 的起点中,"
        "有多少个在学习率 0.5 下 10,000 轮后损失仍大于 0.1?",
    ),
    None,
    tuple(map(_width_part, WIDTHS)),
    (
        "Count the starts whose last loss, summed over the four samples, is above 0.1.",
        "数一数最后的损失(四个样本之和)大于 0.1 的起点。",
    ),
)

# -- 4.4 all weights 0 --------------------------------------------------------------------------------------


def _zero_flows() -> list[float]:
    """What each of the four samples hands to the last bias where all nine numbers are 0."""
    flows = []
    for x, y in zip(X, Y):
        model = SmallNet(2, float)
        loss = 0.5 * (model(x) - y) ** 2
        loss.backward()
        flows.append(model.out[-1].grad)
    return flows


def _largest_hidden() -> float:
    model = SmallNet(2, float)
    half_sse(model).backward()
    return max(abs(p.grad) for row in model.rows for p in row)


SLOPE_FORGOTTEN = (
    "{given} is the error alone, output minus target. The slope of the sigmoid, y * (1 - y), is forgotten.",
    "{given} 只是误差(输出减目标)。忘了 sigmoid 的斜率 y * (1 - y)。",
)
FLIPPED = (
    "The size is right, the sign is not: the output 0.5 lies below the target 1.",
    "大小对了,符号不对:输出 0.5 低于目标 1。",
)
NOT_CANCELLED = (
    "{given} adds the sizes. Two samples pull up and two pull down, equally hard.",
    "{given} 把大小相加了。两个样本往上拉,两个往下拉,力气一样大。",
)
THROUGH_ZERO = (
    "{given} is what arrives at the output neuron. On its way to a hidden one it is multiplied by a weight, which is 0.",
    "{given} 是传到输出神经元的。传给隐藏神经元时要乘以权重,而权重是 0。",
)

EXERCISES["4.4"] = Exercise(
    "4.4",
    (
        "All nine numbers are 0, so every output is 0.5 and the loss stays at 0.5. Why? Three numbers: what the "
        "sample (0, 1) hands to the last bias; what all four hand to it; what a hidden weight gets.",
        "九个数全为 0,所以每个输出都是 0.5,损失停在 0.5。为什么?写三个数:样本 (0, 1) 传给最后偏置的贡献;"
        "四个样本一共传给它的;一个隐藏权重得到的。",
    ),
    None,
    (
        Part(
            lambda: _zero_flows()[1],
            (
                Mistake(lambda: SmallNet(2, float)(X[1]).data - Y[1], SLOPE_FORGOTTEN),
                Mistake(lambda: -_zero_flows()[1], FLIPPED),
            ),
            ("one sample", "一个样本"),
        ),
        Part(
            lambda: _zero_flows()[0] + _zero_flows()[1] + _zero_flows()[2] + _zero_flows()[3],
            (Mistake(lambda: sum_of_sizes(_zero_flows()), NOT_CANCELLED),),
            ("four samples", "四个样本"),
        ),
        Part(_largest_hidden, (Mistake(lambda: _zero_flows()[1], THROUGH_ZERO),), ("hidden", "隐藏权重")),
    ),
    (
        "flow = (output - target) * slope of the sigmoid: put in 0.5, the target, and 0.5 * (1 - 0.5).",
        "贡献 = (输出 - 目标) * sigmoid 的斜率:代入 0.5、目标、0.5 * (1 - 0.5)。",
    ),
)


def sum_of_sizes(numbers: Sequence[float]) -> float:
    """The numbers added without their signs."""
    total = 0.0
    for x in numbers:
        total += abs(x)
    return total
