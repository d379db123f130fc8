"""`check_engine`: a class of the learner's own, checked in ten stages; the first failure is one sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import escape
from typing import Any

from autograd.exercise.endless import MOST, EndlessError, ended
from autograd.exercise.local_stages import Failed
from autograd.exercise.question import EXERCISES, Fault, Task, Text
from autograd.exercise.scalar import Scalar
from autograd.exercise.stages import STAGES
from autograd.messages import chosen, say

TITLES: tuple[Text, ...] = (
    ("MyValue(data), a readable repr", "MyValue(data),可读的 repr"),
    ("+ and * that remember their operands", "记住操作数的 + 和 *"),
    ("nudges as the measuring stick", "用微小变动作尺子"),
    ("a local rule for + and for *", "+ 和 * 的局部规则"),
    ("+=: a*a and a + a", "+=:a*a 和 a + a"),
    ("backward() in topological order", "按拓扑序的 backward()"),
    ("numbers on either side, sum([...])", "两边都可以是数,sum([...])"),
    ("tanh, exp, ** and /", "tanh、exp、** 和 /"),
    ("twice backward, and zeroing", "两次 backward 与清零"),
    ("a network that learns XOR", "学会 XOR 的网络"),
)
# which methods of the solution belong to a stage
METHODS: dict[int, tuple[str, ...]] = {
    1: ("__init__", "__repr__"), 2: ("__add__", "__mul__"), 3: ("__add__", "__mul__"),
    4: ("__add__", "__mul__"), 5: ("__add__", "__mul__"), 6: ("_order", "backward"),
    7: ("__radd__", "__rmul__", "__neg__", "__sub__", "__rsub__"),
    8: ("__pow__", "exp", "tanh", "__truediv__", "__rtruediv__"), 9: ("backward", "zero_grad"),
    10: ("backward", "zero_grad"),
}  # fmt: skip


class Report:
    """What `check_engine` returns; prints a line a stage, and a sentence for the first failure.

    Attributes:
        passed: True when every stage that was asked for came out.
        stage: the first that failed, None when none did.
        fault: what is wrong, None when nothing is.
    """

    def __init__(self, last: int, stage: int | None, fault: Fault | None) -> None:
        self.last, self.stage, self.fault = last, stage, fault

    @property
    def passed(self) -> bool:
        """True when no stage failed."""
        return self.stage is None

    def __str__(self) -> str:
        lines = []
        for number in range(1, self.last + 1):
            state = "engine_passed" if self.stage is None or number < self.stage else "engine_waits"
            state = "engine_failed" if number == self.stage else state
            title = chosen(TITLES[number - 1])
            lines.append(say("engine_line", n=f"{number:2}", title=title, state=say(state)))
            if number == self.stage and self.fault is not None:
                lines.append(f"          {self.fault.text}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colour = "#2da44e" if self.passed else "#bf8700"
        style = f"border-left:4px solid {colour};padding:.4em .8em;font:14px/1.5 system-ui,sans-serif"
        return f'<pre style="{style};white-space:pre-wrap">{escape(str(self))}</pre>'


def check_engine(cls: Any, stage: int | None = None) -> Report:
    """Check a class of your own, whose numbers remember their operands and hand gradients on.

    Args:
        cls: the class. Its objects need `.data`, `.grad`, and their operands in `.parents` (or `_prev`, or
            `_children`); from stage 4 on `_backward()`.
        stage: check up to this stage, 1 to 10; by default all. The stages stand in notebook 03.

    Returns:
        A report: `str(report)` has a line a stage and a sentence for the first failure, `.passed` says
        whether all came out, `.stage` which failed first. What the class does wrong raises nothing.

    Raises:
        ValueError: there is no such stage.

    >>> from autograd.exercise import check_engine
    >>> class MyValue:
    ...     def __init__(self, data):
    ...         self.data, self.grad = data, 0.0
    ...     def __repr__(self):
    ...         return f"MyValue({self.data})"
    >>> report = check_engine(MyValue, stage=1)
    >>> report.passed
    True
    >>> print(check_engine(MyValue, stage=2))
    stage  1  MyValue(data), a readable repr: passed
    stage  2  + and * that remember their operands: not yet
              There is no __add__ yet.
    """
    last = len(STAGES) if stage is None else stage
    if last not in range(1, len(STAGES) + 1):
        raise ValueError(say("engine_stage", stage=stage, most=len(STAGES)))
    if not isinstance(cls, type):
        return Report(last, 1, Fault(say("engine_no_class", got=type(cls).__name__), counts=False))
    for number in range(1, last + 1):
        fault = _first_fault(STAGES[number - 1], cls)
        if fault is not None:
            return Report(last, number, fault)
    return Report(last, None, None)


def _first_fault(check: Callable[[Any], None], cls: Any) -> Fault | None:
    try:
        with ended():
            check(cls)
    except EndlessError:
        return Fault(say("answer_endless", count=f"{MOST:,}"), "endless")
    except Failed as failed:
        return failed.fault
    except AttributeError as error:
        if error.name in dir(Scalar) and not hasattr(cls, error.name):
            return Fault(say("engine_missing", name=error.name), "missing")
        return Fault(say("engine_stops", error=f"AttributeError: {error}"), "stops")
    except (Exception, SystemExit) as error:
        return Fault(say("engine_stops", error=f"{type(error).__name__}: {error}"), "stops")
    return None


for _number, (_english, _chinese) in enumerate(TITLES, 1):
    EXERCISES[f"3.{_number}"] = Task(
        f"3.{_number}",
        (
            f"Write class MyValue up to stage {_number}: {_english}.",
            f"请写 MyValue 到第 {_number} 阶段:{_chinese}。",
        ),
        lambda cls, stage=_number: check_engine(cls, stage).fault,
        lambda stage=_number: "\n".join(inspect.getsource(getattr(Scalar, x)) for x in METHODS[stage]),
    )
