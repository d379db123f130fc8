"""What stands for a number while a function is recorded behaves as the number."""

import copy
import json
import math
import pickle
from numbers import Real
from typing import Any

import pytest

from autograd import Value, record


@pytest.mark.parametrize("kind", [float, int, (int, float), Real])
def test_isinstance_sees_the_number_that_it_stands_for(kind: Any) -> None:
    w = Value(2.0)

    def f(x: float) -> Value:
        return w * (x if isinstance(x, kind) else 10.0)

    recorded = record(f, [w], backend="python")
    for x in (1.0, 3.0, 4.0, 1, 3, 4):
        assert recorded(x).data == f(x).data


def test_data_is_a_float_while_recording() -> None:
    w = Value(2.0)
    f = record(lambda x: w * (x if isinstance(w.data, float) else 10.0), [w], backend="python")
    assert [f(x).data for x in (1.0, 3.0, 4.0)] == [2.0, 6.0, 8.0]


@pytest.mark.parametrize(
    "of", [lambda x: math.copysign(1.0, x), lambda x: math.atan2(0.0, x), lambda x: len(str(x))]
)
def test_negative_zero_is_another_number_than_zero(of: Any) -> None:
    w = Value(2.0)
    f = record(lambda x: w * of(x), [w], backend="python")
    for x in (0.0, 0.0, -0.0, 0.0, -0.0, -0.0):
        assert f(x).data == 2.0 * of(x)


@pytest.mark.parametrize(
    "of",
    [
        lambda x: pickle.loads(pickle.dumps(x)),
        lambda x: pickle.loads(pickle.dumps([x, (x,)]))[1][0],
        copy.copy,
        lambda x: copy.deepcopy([x])[0],
        lambda x: json.loads(json.dumps([float(x)]))[0],
    ],
)
@pytest.mark.parametrize("kind", [int, float])
def test_a_copy_of_a_number_is_the_number(of: Any, kind: Any) -> None:
    w, b = Value(2.0), Value(3.0)
    f = record(lambda x: w * of(x) + of(b.data), [w, b], backend="python", audit=False)
    for i in range(10):
        b.data = 3.0 + (i > 5)
        assert f(kind(i % 3)).data == 2.0 * (i % 3) + b.data
