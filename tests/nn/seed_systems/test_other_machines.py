"""Rows 33 and 34: one recorded loss on several devices and processes, and in other libraries.

The programs are those of `docs/scaling/`, run as their page says.
"""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
PROGRAMS = ROOT / "docs" / "scaling"
STEPS, RATE, NEAR = 20, 0.5, 1e-9
STORED = {0: 0.6631263650000274, 9: 0.2648324980833627, 19: 0.21361820487362895}
LONGEST = 90  # seconds until a run counts as hanging; JAX by itself waits 100 for a process that is gone


def start(program, *words):
    """Start one of the page's programs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SAMPLES": "64"}
    command = [sys.executable, str(PROGRAMS / program), *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=PROGRAMS)


def start_all(program, steps, count=2):
    """Start it once a rank, on a port that nobody has."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    return [start(program, steps, count, port, rank) for rank in range(count)]


def losses(processes):
    """Wait for all; what the first one printed."""
    try:
        told = [process.communicate(timeout=LONGEST) for process in processes]
    finally:
        for process in processes:
            process.kill()
    for process, (_, errors) in zip(processes, told, strict=True):
        assert process.returncode == 0, errors
    return numbers(told[0][0].splitlines())


def numbers(lines):
    """Leave out what a library says of its connections."""
    return [float(line) for line in lines if line[:1].isdigit()]


@pytest.fixture(scope="module")
def problem():
    """Give the module that every program imports."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("problem", PROGRAMS / "problem.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def expected(problem):
    """Give the losses of one process; the weights stay at the start."""
    before = [p.data for p in problem.model.parameters()]
    found = problem.fast.train(problem.X, problem.y, epochs=STEPS, lr=RATE)
    for p, data in zip(problem.model.parameters(), before, strict=True):
        p.data = data
    return found


def test_row_33_the_losses_of_one_process_are_the_stored_ones(expected):
    assert len(expected) == STEPS
    for step, loss in STORED.items():
        assert expected[step] == pytest.approx(loss, abs=NEAR)


@pytest.mark.parity
@pytest.mark.more
def test_row_33_jax_trains_on_eight_devices_as_one_process_does(expected):
    assert losses([start("jax_devices.py", STEPS, 8)]) == pytest.approx(expected, abs=NEAR)


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("program", ["jax_processes.py", "torch_processes.py"])
def test_row_33_two_processes_train_as_one_does(program, expected):
    assert losses(start_all(program, STEPS)) == pytest.approx(expected, abs=NEAR)


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("killed", [0, 1])
@pytest.mark.parametrize("program", ["jax_processes.py", "torch_processes.py"])
def test_row_33_a_killed_process_is_an_error_of_the_other_and_no_hang(program, killed):
    processes = start_all(program, 10**9)
    try:
        seen = []
        while len(seen) < 3:  # then the training is under way
            line = processes[0].stdout.readline()
            assert line, processes[0].communicate()[1]
            seen += numbers([line])
        processes[killed].kill()
        _, errors = processes[1 - killed].communicate(timeout=LONGEST)
        assert processes[1 - killed].returncode != 0
        assert errors.strip()
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def columns(problem):
    return np.array(problem.X), np.array(problem.y)


def test_row_34_the_recorded_program_trains_in_numpy(problem, expected):
    names = {}
    exec(problem.fast.to_numpy(problem.X[0], problem.y[0]), names)  # noqa: S102 - our own source
    params, found = {name: np.array(p) for name, p in names["PARAMS"].items()}, []
    for _ in range(STEPS):
        loss, gradients = names["value_and_gradients"](params, *columns(problem))
        found.append(loss.mean())
        params = {name: p - RATE * gradients[name] / len(loss) for name, p in params.items()}
    assert found == pytest.approx(expected, abs=NEAR)


@pytest.mark.parity
def test_row_34_the_recorded_program_trains_in_torch(problem, expected):
    import torch

    module = problem.fast.to_torch(problem.X[0], problem.y[0])
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = module(*map(torch.tensor, columns(problem))).mean()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    assert found == pytest.approx(expected, abs=NEAR)


@pytest.mark.parity
def test_row_34_the_recorded_program_trains_in_jax(problem, expected):
    import jax

    with jax.enable_x64(True):
        f, params = problem.fast.to_jax(problem.X[0], problem.y[0])
        step = jax.jit(jax.value_and_grad(lambda params, *batch: f(params, *batch).mean()))
        found = []
        for _ in range(STEPS):
            loss, gradients = step(params, *columns(problem))
            params = {name: p - RATE * gradients[name] for name, p in params.items()}
            found.append(float(loss))
    assert found == pytest.approx(expected, abs=NEAR)


@pytest.mark.parity
def test_row_34_the_recorded_program_trains_in_onnx(problem, expected, tmp_path):
    import onnx
    import onnxruntime
    from onnx import numpy_helper

    path = tmp_path / "loss.onnx"
    problem.fast.to_onnx(path, problem.X[0], problem.y[0], gradients=True)
    model, found = onnx.load(path), []
    for _ in range(STEPS):
        session = onnxruntime.InferenceSession(model.SerializeToString())
        inputs = dict(zip([x.name for x in session.get_inputs()], columns(problem), strict=True))
        results = dict(zip([x.name for x in session.get_outputs()], session.run(None, inputs), strict=True))
        found.append(results["loss"].mean())
        for tensor in model.graph.initializer:
            if (gradient := results.get(f"gradient.{tensor.name}")) is not None:
                moved = numpy_helper.to_array(tensor) - RATE * gradient / len(results["loss"])
                tensor.CopyFrom(numpy_helper.from_array(moved, tensor.name))
    assert found == pytest.approx(expected, abs=NEAR)


@pytest.mark.gpu
@pytest.mark.parametrize(("kind", "near"), [("float64", 1e-9), ("float32", 1e-4)])
def test_row_34_the_recorded_program_trains_on_a_gpu(kind, near, problem, expected):
    import torch

    kind = getattr(torch, kind)
    module = problem.fast.to_torch(problem.X[0], problem.y[0]).to("cuda", kind)
    batch = [torch.tensor(x, device="cuda", dtype=kind) for x in columns(problem)]
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = module(*batch).mean()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    assert found == pytest.approx(expected, abs=near)


def test_the_page_shows_what_the_programs_say():
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    programs = [path.read_text(encoding="utf-8") for path in PROGRAMS.glob("*.py")]
    assert blocks
    for block in blocks:
        assert any(block in text for text in programs), block
