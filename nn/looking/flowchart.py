"""The training loop as a flow chart: mermaid text, for READMEs and slides.

A file of its own: it draws no numbers, unlike everything else here.
"""

from __future__ import annotations

from autograd import language, word
from autograd.settings import chosen_word

# The way back goes to the next batch: the weights are initialised once, before the loop.
STEPS = (
    "chart_loop_start", "chart_loop_batch", "chart_loop_forward", "chart_loop_loss", "chart_loop_zero",
    "chart_loop_backward", "chart_loop_update", "chart_loop_stop", "chart_loop_no", "chart_loop_yes",
    "chart_loop_judge",
)  # fmt: skip


def training_loop(lang: str | None = None) -> str:
    """The training loop as mermaid text.

    Args:
        lang: "en" or "zh"; None takes the language in force.

    >>> print(training_loop("en").splitlines()[0])
    flowchart TD
    """
    lang = chosen_word("training_loop", "lang", lang or language(), ("en", "zh"))
    told = (word(step, lang) for step in STEPS)
    start, batch, forward, loss, zero, backward, update, stop, no, yes, judge = told
    lines = (
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
    )
    return "\n".join(lines)
