"""The training loop as a flow chart: mermaid text, for READMEs and slides.

A file of its own: it draws no numbers, unlike everything else here.
"""

from __future__ import annotations

from autograd import language
from autograd.settings import chosen_word

# The way back goes to the next batch: the weights are initialised once, before the loop.
STEPS = {
    "en": ("initialise the weights, once", "next batch", "forward: outputs from inputs", "loss",
           "zero the gradients", "backward: every gradient, from the loss to the weights",
           "update: weight -= learning rate * gradient", "stop?", "no", "yes", "evaluate on held-out data"),
    "zh": ("初始化权重(仅一次)", "取下一批数据", "前向:由输入算输出", "损失",
           "梯度清零", "反向:从损失到权重,求所有梯度",
           "更新:权重 -= 学习率 * 梯度", "停止?", "否", "是", "在留出的数据上评估"),
}  # fmt: skip


def training_loop(lang: str | None = None) -> str:
    """The training loop as mermaid text.

    Args:
        lang: "en" or "zh"; None takes the language in force.

    >>> print(training_loop("en").splitlines()[0])
    flowchart TD
    """
    lang = chosen_word("training_loop", "lang", lang or language(), STEPS)
    start, batch, forward, loss, zero, backward, update, stop, no, yes, judge = STEPS[lang]
    return "\n".join(
        [
            "flowchart TD",
            f'  init["{start}"] --> batch["{batch}"]',
            f'  batch --> forward["{forward}"]',
            f'  forward --> loss["{loss}"]',
            f'  loss --> zero["{zero}"]',
            f'  zero --> backward["{backward}"]',
            f'  backward --> update["{update}"]',
            f'  update --> stop{{"{stop}"}}',
            f"  stop -- {no} --> batch",
            f'  stop -- {yes} --> judge["{judge}"]',
        ]
    )
