"""`handed`: the Value that a recorded call returns; its gradient has been handed out already.

The call adds the gradients to `.grad` itself. Were its result a plain constant, a `backward` of an
expression made of it would lose this part without a word; so such a `backward` raises and says what to write.
"""

from __future__ import annotations

from typing import Any

from autograd.entry import Op
from autograd.number import UNSET
from autograd.value import Value

MESSAGE = (
    "this graph holds the result of a recorded function, whose gradients the call itself has already added "
    "to `.grad`. Either leave out backward(); or write result.detach() where only its number is wanted; or "
    "record the whole expression; or call the function itself (`recorded.function(...)`) to build a graph"
)


class _Handed(Op):
    """The op of such a result: it has a number, and nobody can differentiate it a second time."""

    def __reduce__(self) -> str:  # type: ignore[override]  # pickle takes a global's name
        return "HANDED"


def _refuse(*_: Any) -> Any:
    raise RuntimeError(MESSAGE)


HANDED = _Handed("recorded", _refuse, (_refuse,))
ANCHOR = Value(0.0, label="recorded function")  # stands for everything behind the result


def handed(number: float) -> Value:
    """A recorded call's result.

    >>> loss = handed(2.0)
    >>> loss.data
    2.0
    """
    node: Value = object.__new__(Value)
    node.a, node.b, node.a_data, node.b_data = ANCHOR, None, 0.0, number
    node.op, node.grad = HANDED, UNSET
    node.data = number
    return node
