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
]
HEAD = """
import autograd as ag
import nn
from autograd import Value, record
from nn import torch as tensors

a = Value(2.0)

def loss(x: list[float], y: float) -> Value:
    return a * x[0] - y

fast = record(loss, params=[a])
"""
CHECKERS = ["mypy", "basedpyright"]  # the second is Pyright, from PyPI alone
pytestmark = pytest.mark.parity


def complaints_of(checker, folder):
    """Give (file, line) of everything that a checker complains about in two files."""
    names = ["program.py", "mistakes.py"]
    if checker == "mypy":
        options = ["--strict", "--no-error-summary", "--cache-dir", str(folder / "cache")]
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
