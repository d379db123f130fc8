"""What came along with samples is the same, whoever computed it and however it is asked for."""

import pytest

from autograd import Value, record

X, Y = [0.1 * i for i in range(6)], [1.0, -1.0, 0.5, 0.0, 2.0, -2.0]


def recorded(backend, outputs):
    w = [Value(0.5), Value(-0.25)]

    def loss(x, y):
        h = (w[0] * x + w[1]).tanh()
        return (h - y) ** 2, outputs(h, x)

    return w, record(loss, params=w, backend=backend, has_aux=True)


OUTPUTS = {
    "a list": lambda h, x: [h.data, 2.0 * h.data],
    "a number": lambda h, _: h.data,
    "a dict": lambda h, x: {"h": h.data, "x": x},
}


@pytest.mark.parametrize("backend", ["numba", "numpy", "python"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_it_is_what_the_function_returned_before_the_update(backend, kind):
    _, fast = recorded(backend, OUTPUTS[kind])
    training = fast.training(X, Y, lr=0.1)
    for _ in range(6):
        wanted = [fast.function(x, y)[1] for x, y in zip(X, Y)]
        training.epoch()
        assert [*map(rounded, training.along.parts)] == [*map(rounded, wanted)]
        assert training.along.parts is training.aux


def rounded(x):
    if isinstance(x, dict):
        return {name: round(y, 12) for name, y in x.items()}
    return [round(y, 12) for y in x] if isinstance(x, list) else round(x, 12)


@pytest.mark.parametrize(("kind", "shape"), [("a list", (6, 2)), ("a number", (6,)), ("a dict", None)])
def test_numbers_are_an_array_until_somebody_asks_for_the_parts(kind, shape):
    _, fast = recorded("numba", OUTPUTS[kind])
    training = fast.training(X, Y, lr=0.1)
    for _ in range(5):
        training.epoch()
    array = training.along.array
    assert (None if array is None else array.shape) == shape
    parts = training.along.parts
    if shape is not None:
        assert array.tolist() == parts
        assert training.along.array is None  # the parts may have been changed since
    training.epoch()
    assert training.along.parts is parts
