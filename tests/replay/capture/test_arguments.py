"""Arguments of a recorded function."""

import pytest

from autograd import Value, record


def test_integers_beyond_the_floats_keep_their_digits() -> None:
    w = Value(1.0)
    f = record(lambda k: w * (k % 7), [w], backend="python")
    for k in (2**53, 2**53 + 1, 2**53 + 3, 10**400, 10**400 + 1, 5, 6):
        assert f(k).data == k % 7


@pytest.mark.parametrize("array", [False, True])
def test_integers_beyond_the_floats_keep_their_digits_in_a_batch(array: bool) -> None:
    np = pytest.importorskip("numpy")
    w = Value(1.0)
    f = record(lambda k: w * (k % 7), [w], backend="python")
    for ks in ([2**53 + 1, 2**53 + 3, 2**60 + 1, 5], [5, 2**53 + 1, 2**53 + 3, 2**60 + 1]):
        for _ in range(2):
            assert f.batch(np.array(ks) if array else ks, reduction="sum").data == sum(k % 7 for k in ks)


def test_an_integer_beyond_the_largest_float_stands_in_a_batch() -> None:
    w, ks = Value(1.0), [3, 10**400, 10**400 + 1]
    f = record(lambda k: w * (k % 7), [w], backend="python")
    assert f.batch(ks, reduction="sum").data == sum(k % 7 for k in ks)
