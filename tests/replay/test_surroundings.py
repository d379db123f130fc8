"""What a recorded function reads besides its arguments."""

from array import array
from collections import deque
from math import copysign
from typing import Any

import pytest

from autograd import Value, record


class Slotted:
    __slots__ = ("factor",)

    def __init__(self) -> None:
        self.factor = 1.0

    def __getitem__(self, _: int) -> float:
        return self.factor

    def __setitem__(self, _: int, x: float) -> None:
        self.factor = x


@pytest.mark.parametrize(
    "held", [Slotted(), deque([1.0]), array("d", [1.0]), bytearray(b"\1"), [1.0], {0: 1.0}]
)
def test_a_factor_changed_in_any_container_is_noticed(held: Any) -> None:
    w = Value(2.0)
    f = record(lambda x: w * x * held[0], [w], backend="python")
    assert [f(1.0).data for _ in range(4)] == [2.0] * 4
    held[0] = 3
    assert [f(1.0).data for _ in range(4)] == [6.0] * 4


def test_zero_that_turns_negative_is_noticed() -> None:
    w, held = Value(2.0), [0.0]
    f = record(lambda x: w * x * copysign(1.0, held[0]), [w], backend="python")
    assert [f(1.0).data for _ in range(3)] == [2.0] * 3
    held[0] = -0.0
    assert f(1.0).data == -2.0


def test_one_that_turns_true_is_noticed() -> None:
    w, held = Value(2.0), {"mask": 1}
    f = record(lambda x: w * x * (5.0 if held["mask"] is True else 1.0), [w], backend="python")
    assert [f(1.0).data for _ in range(3)] == [2.0] * 3
    held["mask"] = True
    assert f(1.0).data == 10.0
