"""Arguments of a recorded function."""

from autograd import Value, record


def test_integers_beyond_the_floats_keep_their_digits() -> None:
    w = Value(1.0)
    f = record(lambda k: w * (k % 7), [w], backend="python")
    for k in (2**53, 2**53 + 1, 2**53 + 3, 10**400, 10**400 + 1, 5, 6):
        assert f(k).data == k % 7
