"""A program as people write it: every line has the type that its reader expects."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import autograd as ag
import nn
from autograd import Value, grad, hessian, no_grad, record, tanh, value_and_grad, vjp
from nn import keras, torch
from nn.data import DataLoader, TensorDataset

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
assert_type(ag.maximum(a, b, 0.0), Value)
assert_type(ag.log(a, 10), Value)
assert_type(ag.leaky_relu(0.5), float)
assert_type(ag.fma(2.0, a, b), Value)
assert_type(ag.where(a > 0, a, b), Value)
assert_type(ag.softmax([a, b]), "list[Value]")
assert_type(ag.mean([a, b]), Value)
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
assert_type(value_and_grad(square)(3.0), "tuple[float, float]")
assert_type(hessian(nn.l2, [1.0, 2.0]), "list[list[float]]")
assert_type(vjp(nn.l2, [1.0, 2.0])[1], "list[float]")
assert_type(vjp(nn.l2)([1.0, 2.0])[1], "list[float]")
assert_type(vjp(square)(3.0)[1], float)
assert_type(vjp(square)(a)[1], Value)
assert_type(hessian(nn.l2)([1.0, 2.0]), "list[list[float]]")
assert_type(hessian(square)(3.0), float)
assert_type(ag.hvp(nn.l2)([1.0, 2.0], [1.0, 0.0])[1], "list[float]")
assert_type(ag.hvp(square, 3.0, 1.0)[1], float)
assert_type(ag.jvp(square)(3.0, 1.0), tuple[Any, Any])
assert_type(ag.dist([a, b], [1.0, 2.0]), Value)
assert_type(ag.dist([1.0, 2.0], [a, b]), Value)
assert_type(ag.dist([1.0, 2.0], [0.0, 0.0]), float)
assert_type(ag.pick([a, b], 0), Value)
assert_type(ag.nudge(L, a).changes[0].error, float)

neuron, layer, model = nn.Neuron(2), nn.Linear(2, 3), nn.MLP(2, [4, 1])
assert_type(neuron([a, b]), nn.Result)
assert_type(layer([1.0, 2.0]), nn.Outputs)
assert_type(layer([1.0, 2.0]).shape, "tuple[int, ...]")
assert_type(layer([[1.0, 2.0], [3.0, 4.0]])[0][1], nn.Result)
assert_type(model.parameters(), "list[Value]")
assert_type(model([1.0, 2.0]), nn.Result)
assert_type(model([1.0, 2.0]).data, float)
assert_type(model([[1.0, 2.0]])[0] + 1, nn.Result)
assert_type(((model([[1.0, 2.0]]) - [[1.0]]) ** 2).mean(), nn.Result)
deep = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
assert_type(deep([1.0, 2.0])[0].tanh(), nn.Result)
for out in deep([1.0, 2.0]):
    assert_type(out * 2, nn.Result)

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


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.scale = nn.Linear(2, 3), nn.Parameter(1.0)

    def forward(self, x: list[float]) -> Value:
        return self.first(x)[0] * self.scale


def train(module: nn.Module, loader: DataLoader[tuple[list[float], list[float]]]) -> float:
    optimizer, criterion, mean = nn.optim.Adam(module.parameters()), nn.MSELoss(), 0.0
    for xs, ys in loader:
        assert_type(xs.shape, "tuple[int, ...]")
        step = criterion(module(xs), ys)
        optimizer.zero_grad()
        step.backward()
        optimizer.step()
        mean += step.item()
        nn.mse(module(xs), ys).backward()
    return mean


assert_type(Net()([1.0, 2.0]), Value)
assert_type(train(deep, DataLoader([([1.0, 2.0], [1.0])])), float)
for columns in DataLoader(TensorDataset([[1.0]], [0])):
    assert_type(columns[0].tolist(), Any)


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(1)

    def call(self, x: list[float]) -> nn.Outputs:
        return self.hidden(x)


assert_type(Own()([1.0]), nn.Outputs)
assert_type(nn.functional.relu(layer([1.0, 2.0])).mean(), nn.Result)
assert_type(nn.Tanh()([1.0, 2.0])[0], nn.Result)

x = torch.tensor([[1.0, 2.0]], dtype=torch.float32)
w = torch.zeros(2, requires_grad=True, device="cpu")
assert_type(x, torch.Tensor)
assert_type(torch.sigmoid(x @ w - 1.0), torch.Tensor)
assert_type(((x @ w) ** 2).mean(), torch.Tensor)
assert_type(x.sum().item(), float)
torch.where(x > 0, x, 0.0).sum()
assert_type(keras.Sequential([keras.Input((2,)), keras.Dense(1)])([1.0, 2.0]), nn.Result)
assert_type(ag.draw(L).dot, str)
assert_type(len(ag.explain(L).steps), int)
assert_type(ag.trace_table(L).latex(), str)
assert_type(ag.quiz(L).html, str)
assert_type(fast.to_numpy([1.0, 2.0], 0.5), str)
