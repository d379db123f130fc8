"""A program as people write it: every line has the type that its reader expects."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import autograd as ag
import nn
from autograd import Value, grad, no_grad, record, tanh

a, b = Value(2.0), Value(-3.0, label="b")
assert_type(a + b, Value)
assert_type(a + 1, Value)
assert_type(1 - a, Value)
assert_type(a * b / 2.0, Value)
assert_type(2 / a, Value)
assert_type(-(a**2), Value)
assert_type(abs(a), Value)
assert_type(a.tanh(), Value)
assert_type(a.log_sigmoid(), Value)
assert_type(tanh(a), Value)
assert_type(tanh(0.5), float)
assert_type(ag.exp(a * b), Value)
assert_type(ag.sum([a, b]), Value)
assert_type(ag.sum([1.0, 2.0]), float)
assert_type(ag.dot([a, b], [1.0, 2.0]), Value)
assert_type(ag.dot([1.0, 2.0], [a, b]), Value)
assert_type(ag.maximum(a, 0.0), Value)
assert_type(ag.maximum(0.0, a), Value)
assert_type(ag.where(a > 0, a, b), Value)
assert_type(ag.softmax([a, b]), "list[Value]")
assert_type(ag.abs(a), Value)
assert_type(ag.pow(a, 2), Value)
assert_type(a.data, float)
assert_type(a.grad, float)
assert_type(a > b, bool)
assert_type(float(a), float)

L = (a * b + a).relu()
assert_type(L, Value)
L.backward()
assert_type(grad(L, a), float)
assert_type(grad(L, a, create_graph=True), Value)
assert_type(grad(L, [a, b]), "list[float]")


def square(x: Value) -> Value:
    return x * x


assert_type(grad(square)(3.0), float)
assert_type(grad(square)(a), Value)
assert_type(grad(grad(square))(3.0), float)
assert_type(grad(nn.l2)([1.0, 2.0]), "list[float]")

neuron, layer, model = nn.Neuron(2), nn.Linear(2, 3), nn.MLP(2, [4, 1])
assert_type(neuron([1.0, 2.0]), Value)
assert_type(neuron([a, b]), Value)
assert_type(layer([1.0, 2.0]), "list[Value]")
assert_type(layer([[1.0, 2.0], [3.0, 4.0]]), "list[list[Value]]")
assert_type(model.parameters(), "list[Value]")
assert_type(model([1.0, 2.0]), nn.Result)
assert_type(model([1.0, 2.0]).data, float)
assert_type(model([[1.0, 2.0]])[0] + 1, Value)
deep = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
assert_type(deep([1.0, 2.0])[0].tanh(), nn.Result)
for out in deep([1.0, 2.0]):
    assert_type(out * 2, Value)

targets = [1.0, 0.0]
assert_type(nn.mse([a, b], targets), Value)
assert_type(nn.mse(a, 1.0), Value)
assert_type(nn.mse([0.5, 0.5], targets), float)
assert_type(nn.huber([a, b], targets, delta=0.5), Value)
assert_type(nn.bce_with_logits([a, b], targets, pos_weight=2.0), Value)
assert_type(nn.cross_entropy(layer([1.0, 2.0]), 1), Value)
assert_type(nn.cross_entropy(deep([[1.0, 2.0]]), [0]), Value)
assert_type(nn.cross_entropy([0.5, 0.25], 1), float)
assert_type(nn.mse([a, b], targets, "none"), list[Any])
assert_type(nn.MSELoss()([a, b], targets).data, float)
nn.MSELoss()(deep([[1.0, 2.0]]), [[1.0]]).backward()


def loss(x: list[float], y: float) -> Value:
    return (model(x) - y) ** 2


fast = record(loss, params=model.parameters())
assert_type(fast([1.0, 2.0], 0.5), Value)
assert_type(fast.value([1.0, 2.0], 0.5).data, float)
assert_type(fast.train([[1.0, 2.0]], [0.5], epochs=3), "list[float]")
with no_grad():
    assert_type(loss([0.5, 0.5], 1.0), Value)
