import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MISTAKES = [
    "(a * a).tahn()",
    "a + 'x'",
    "a * [a]",
    "Value(2.0, lable='a')",
    "ag.tanhh(a)",
    "nn.Lineer(2, 1)",
    "nn.keras.Dens(1)",
    "a.backwards()",
    "nn.Neuron(2)('x')",
    "nn.MLP(2, [1])('x')",
    "nn.Linear(2, 3)([1.0, 2.0]).data",
    "fast('x', 1.0)",
    "fast([1.0])",
    "a.grad.backward()",
    "nn.MLP(2, [1])([1.0, 2.0]).tahn()",
    "nn.Sequential(nn.Linear(2, 1))('x')",
    "nn.mse([a], [1.0]).backwards()",
    "nn.mse([a], [1.0], redution='sum')",
    "nn.mse('x', 1.0)",
    "nn.mse([1.0], [2.0]).backward()",
    "nn.cross_entropy([a, a], 0, ignore_idx=1)",
    "nn.cross_entropy(a, 0).tahn()",
    "nn.MSELoss()([a], [1.0]).tahn()",
    "ag.grad(lambda x: x * x)(2.0).backward()",
    "ag.grad(a, [a]).tahn()",
    "ag.grad(lambda x: x * x)(a).tahn()",
    "Value('2.0')",
    "nn.SGD([a], learning_rate=0.1)",
    "nn.functional.rellu(a)",
    "nn.LSTM(2, 3, batchfirst=True)",
    "tensors.tensro(2.0)",
    "ag.log(a, a, a)",
    'ag.maximum(a, "b")',
    'ag.draw("a")',
    'value_and_grad(square)("2")',
    'keras.layers.Dense("4")',
    "ag.exp(a, a)",
    'ag.exp("1")',
    "ag.sin([a, a])",
    "ag.where(a, a)",
    'ag.sum("abc")',
    "ag.dot([a], 2.0)",
    'ag.hypot(a, "1")',
    "ag.leaky_relu(a, 0.1, 0.1)",
    "a.log(a, a)",
    "a.clamp(1.0)",
    "a.tanh(1.0)",
    "a + None",
    'grad(square)("2")',
    "grad(square)(2.0, 3.0).backward()",
    'ag.hessian(square, "2")',
    "ag.hessian(square, 2.0).backward()",
    'ag.jacobian(square, "x")',
    "ag.jvp(square, 2.0)",
    'ag.explain("L")',
    "ag.explain([a])",
    "ag.trace_table(3.0)",
    'ag.quiz("L")',
    'ag.draw(a, directon="LR")',
    "ag.step_through(a).show()",
    'ag.nudge("a", a, 0.1)',
    "net([1.0, 2.0]).bakward()",
    'net("x")',
    "net()",
    "net([1.0, 2.0], 3)",
    "opt.stepp()",
    "opt.step(1.0, 2)",
    "optim.Adam([a], learning_rate=0.1)",
    "optim.lr_scheduler.StepLR(opt, step=10)",
    "nn.Linear(2)",
    'nn.Linear(2, "3")',
    "nn.Linear(2, 3)([1.0]).backwards()",
    'nn.Linear(2, 3)("x")',
    'nn.MSELoss("mean", 3)',
    "nn.MSELoss()([a])",
    "nn.CrossEntropyLoss(weights=[1.0])",
    "nn.LayerNorm(3)([1.0, 2.0, 3.0]).shap",
    "nn.Conv2d(1, 2)",
    'nn.Dropout("0.5")',
    "nn.Embedding(3, 2)(1).backwards()",
    'nn.mse([a], "x")',
    "nn.Sequential(nn.Linear(2, 1))([1.0]).sqeeze()",
    'nn.manual_seed("x")',
    'nn.Parameter("x")',
    "nn.Parameter(1.0).bakward()",
    'network.fit("x")',
    "network.fit([[1.0]], [1.0], epoch=2)",
    'network.compile(optimiser="adam")',
    "network.predit([[1.0]])",
    'network("x")',
    "keras.optimizers.Adam(lr_rate=0.1)",
    "keras.losses.MeanSquaredErrors()",
    'keras.layers.Dense(4, activaton="relu")',
    "keras.layers.Dropout()",
    'fast.train(epochs="3")',
    "fast.trian([1.0], [2.0])",
    'fast(1.0, "2")',
    "fast.to_numpi()",
    'fast.batch([1.0], [2.0], reducton="sum")',
    "DataLoader(3)",
    "DataLoader([1.0], batchsize=2)",
    'nn.data.moons(n="20")',
    "nn.accuracy([1])",
    "a.zero_gard()",
    'a.backward("1")',
    "Value()",
    "Value(1.0, 2)",
    "ag.check_gradients(square)",
    "ag.record(3)",
    "ag.softmax('ab')",
    "ag.mean('x', 1)",
    "ag.dist([a], 3)",
    "ag.hvp(square, 2.0)",
    "ag.paths(a)",
    "nn.LSTM(2, 3)([[1.0, 2.0]]).backward()",
    "nn.utils.clip_grad_norm([a], 1.0)",
    "keras.metrics.Accuracy().update([1], [1])",
    "fast.train([[1.0]], [2.0], learning_rate=0.1)",
    "ag.record(loss, parameters=[a])",
    'ag.vjp(square)("x")',
    "ag.vjp(square)(2.0)[1].backward()",
    "ag.jvp(square)(2.0)",
    'ag.hessian(square)("x")',
    "ag.hessian(square)(2.0).backward()",
    'ag.jacobian(square)("x")',
    "ag.hvp(square)(2.0)",
    "ag.dist([a], [1.0]).tahn()",
    "ag.pick([a], 0).tahn()",
    "ag.nudge(a, a).changes[0].eror",
    'ag.topological_order("x")',
    "tensors.tensor([1.0]).summ()",
    "tensors.zeros(2).meen()",
    "tensors.exp([1.0]).backwards()",
    "tensors.sigmoidd([1.0])",
    'nn.Sequential("x")',
    "nn.functional.relu(a).backwards()",
    "nn.Tanh()(a).backwards()",
]
HEAD = """
import autograd as ag
import nn
from autograd import Value, grad, record, value_and_grad
from nn import keras, optim
from nn import torch as tensors
from nn.data import DataLoader, TensorDataset

a = Value(2.0)

def square(x: float) -> float:
    return x * x

def loss(x: list[float], y: float) -> Value:
    return a * x[0] - y

class Net(nn.Module):
    def forward(self, x: list[float]) -> Value:
        return a * x[0]

fast, net, opt = record(loss, params=[a]), Net(), optim.SGD([a], lr=0.1)
network = keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])
loader = DataLoader(TensorDataset([[1.0]], [1.0]))
"""
CHECKERS = ["mypy", "basedpyright"]  # the second is Pyright, from PyPI alone
pytestmark = pytest.mark.parity


def complaints_of(checker, folder):
    """Give (file, line) of everything that a checker complains about in two files."""
    names = ["program.py", "mistakes.py"]
    if checker == "mypy":
        options = ["--strict", "--no-error-summary"]  # what it noted of our files, it need not read again
        command = [sys.executable, "-m", "mypy", *options, *(str(folder / name) for name in names)]
        out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
        lines = [line.split(":") for line in out.splitlines() if ": error:" in line]
        return {(Path(file).name, int(line)) for file, line, *_ in lines if Path(file).name in names}
    settings = {
        "typeCheckingMode": "strict",
        "include": names,
        "extraPaths": [str(ROOT)],
        "pythonVersion": "3.11",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    run_it = "from basedpyright.pyright import main; main()"
    command = [sys.executable, "-c", run_it, "--outputjson", "-p", str(folder)]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = [x for x in json.loads(out)["generalDiagnostics"] if x["severity"] == "error"]
    return {(Path(x["file"]).name, x["range"]["start"]["line"] + 1) for x in found}


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_program_has_the_types_its_reader_expects_and_each_planted_mistake_is_reported(checker, tmp_path):
    shutil.copy(HERE / "program.py", tmp_path)
    (tmp_path / "mistakes.py").write_text(HEAD + "\n".join(MISTAKES) + "\n", encoding="utf-8")
    found = complaints_of(checker, tmp_path)
    first = HEAD.count("\n") + 1
    assert found == {("mistakes.py", first + k) for k in range(len(MISTAKES))}


def test_the_program_runs():
    subprocess.run([sys.executable, str(HERE / "program.py")], cwd=ROOT, check=True, capture_output=True)
