import ctypes
import subprocess

import numpy as np
import pytest

import autograd as ag
from tests.interop.programs import branches

pytestmark = pytest.mark.program("cc")
STRICT = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]


def compiled(case, folder):
    case.fast.to_c(folder / "loss.c")
    command = ["cc", *STRICT, "-shared", "-fPIC", "loss.c", "-o", "loss.so", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "loss.so")).loss


def called(function, case, sample):
    pointer = ctypes.POINTER(ctypes.c_double)
    params = np.concatenate([case.numbers[t.name].ravel() for t in case.tensors])
    inputs = np.concatenate([np.ravel(x) for x in sample]).astype(float)
    loss, gradients = np.zeros(1), np.full(len(params), np.nan)
    status = function(*[x.ctypes.data_as(pointer) for x in (params, inputs, loss, gradients)])
    return status, loss[0], gradients


def test_compiled_it_gives_the_loss_and_gradients_of_the_function(case, tmp_path):
    function = compiled(case, tmp_path)
    for sample, loss, gradients in zip(case.samples, case.losses, case.gradients):
        status, found, slopes = called(function, case, sample)
        want = np.concatenate([gradients[t.name].ravel() for t in case.tensors])
        assert status == 0
        assert found == pytest.approx(loss, rel=1e-12, abs=1e-14)
        np.testing.assert_allclose(slopes, want, rtol=1e-12, atol=1e-13)


def test_without_a_place_for_gradients_there_is_the_loss_alone(tmp_path):
    case = branches()
    function, pointer = compiled(case, tmp_path), ctypes.POINTER(ctypes.c_double)
    params, inputs, loss = np.array([1.5, -0.7]), np.array([0.5]), np.zeros(1)
    assert function(*[x.ctypes.data_as(pointer) for x in (params, inputs, loss)], None) == 0
    assert loss[0] == pytest.approx(case.function(0.5).data)


def test_a_condition_that_fails_is_told_by_its_number(tmp_path):
    case = branches()
    case.fast = ag.record(case.function)
    for _ in range(3):
        case.fast.value(0.5)  # of three ways one
    status, _, gradients = called(compiled(case, tmp_path), case, (-0.9,))
    assert status == 1
    assert np.isnan(gradients).all()  # nothing was written


def test_the_head_says_where_everything_lies(tmp_path):
    case = branches()
    case.fast.to_c(tmp_path / "loss.c")
    head = (tmp_path / "loss.c").read_text(encoding="utf-8").partition("*/")[0]
    assert "[0] a" in head
    assert "[1] b" in head
    assert "condition 1: " in head


@pytest.mark.parametrize("stem", ["my-loss 2", "double", "exp", "3rd", "损失", "sigmoid", "v", "T0"])
def test_any_file_name_gives_c_that_compiles(tmp_path, stem):
    w = ag.Value(2.0, label="w")
    fast = ag.record(lambda x: ag.sigmoid(w * x) * ag.exp(x), params=[w], backend="python")
    path = tmp_path / f"{stem}.c"
    fast.to_c(path, 1.0)
    command = ["cc", "-std=c11", "-Wall", "-Werror", "-c", path, "-o", tmp_path / "made.o"]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
