"""What the tests of layers share: the same layer in torch beside ours, and samples to run both on."""

import math
import random

import pytest

import autograd as ag
from autograd import Value
from autograd.number import entries, map_nested


@pytest.fixture
def torch():
    """PyTorch in float64; for tests marked `parity`."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    yield torch
    torch.set_default_dtype(before)


@pytest.fixture
def keras(torch, tmp_path, monkeypatch):
    """Keras in float64, on torch, also where Keras itself would multiply matrices in float32.

    For tests marked `parity`; `test_keras_programs.py` shows what happens without the lifted entry.
    """
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # it would write a settings file into the home folder
    import keras
    from keras.src.backend.common import dtypes

    monkeypatch.setitem(dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float64")
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    keras.utils.set_random_seed(1)
    yield keras
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(before)


@pytest.fixture
def numbers():
    """Make nested lists of random numbers of a shape, the same in every run."""
    draw = random.Random(7)

    def of_shape(*shape):
        if not shape:
            return draw.gauss(0, 1)
        return [of_shape(*shape[1:]) for _ in range(shape[0])]

    return of_shape


@pytest.fixture
def same():
    """Assert that nested lists of numbers equal those of torch within 1e-12 relative."""

    def check(ours, theirs, rel=1e-12, scale=None):
        a = [x for _, x in entries(ours)]
        b = [x for _, x in entries(theirs.tolist() if hasattr(theirs, "tolist") else theirs)]
        assert len(a) == len(b)
        size = max([1e-3, *map(abs, b)]) if scale is None else scale
        for x, y in zip(a, b):
            assert math.isclose(x, y, rel_tol=rel, abs_tol=rel * size), f"{x!r} is not {y!r}"

    return check


@pytest.fixture
def weighted_sum():
    """One number of all results: a sum with weights that no symmetry survives."""

    def total(out):
        if isinstance(out, tuple):
            out = list(out)
        flat = [x for _, x in entries(out)]
        return ag.sum([math.sin(1 + 2 * i) * x for i, x in enumerate(flat)])

    return total


@pytest.fixture
def beside_torch(torch, same, weighted_sum):
    """Load a torch module's weights into ours; compare results and all gradients on `x`."""

    def compare(ours, theirs, x, run=None, run_theirs=None):
        state = {name: t.tolist() for name, t in theirs.state_dict().items()}
        ours.load_state_dict({name: state[name] for name in ours.state_dict()})
        values, tensor = map_nested(Value, x), torch.tensor(x, requires_grad=True)
        out, expected = (run or ours)(values), (run_theirs or theirs)(tensor)
        parts = list(out) if isinstance(out, tuple) else [out]
        expected_parts = list(expected) if isinstance(expected, tuple) else [expected]
        flat = torch.cat([part.reshape(-1) for part in expected_parts])
        same([v.data for _, v in entries(parts)], flat.detach())
        weighted_sum(parts).backward()
        (torch.sin(1 + 2 * torch.arange(len(flat)).double()) * flat).sum().backward()
        same(map_nested(lambda v: v.grad, values), tensor.grad)
        theirs_by_name = dict(theirs.named_parameters())
        for name, ours_tensor in ours.named_tensors():
            gradient = theirs_by_name[name].grad
            assert gradient is not None
            same(map_nested(lambda p: p.grad, ours_tensor), gradient)
        return out, expected

    return compare


@pytest.fixture
def passes_check(weighted_sum):
    """Check every op's local derivatives and all gradients of a layer against measured slopes."""

    def check(layer, x):
        parameters = layer.parameters()
        if parameters:
            report = ag.check_gradients(lambda x, _: weighted_sum(layer(x)), (x, parameters))
        else:
            report = ag.check_gradients(lambda x: weighted_sum(layer(x)), (x,))
        assert report

    return check
