"""What is reachable as `autograd.x` and `nn.x`."""

import subprocess
import sys

import pytest

import autograd
import nn
from autograd import Value, draw, draw_dot, explain, quiz, step_through, trace_table


def test_dir_shows_what_is_public_and_nothing_else():
    assert {*dir(autograd)} == {*autograd.__all__, "__version__", "abs", "pow", "sum"}
    assert {*dir(nn)} == {*nn.__all__, "estimators", "interop", "keras", "torch"}
    for package in (autograd, nn):
        assert all(hasattr(package, name) for name in dir(package))


@pytest.mark.parametrize("name", ["estimators", "interop", "keras"])
def test_rooms_of_nn_are_there_after_import_nn_and_cost_nothing_before(name):
    code = f"import nn, sys; assert 'nn.{name}' not in sys.modules; print(nn.{name}.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"nn.{name}\n"
    with pytest.raises(AttributeError, match="nn has no estimator"):
        _ = nn.estimator


class Tensor:
    """What torch's tensors and arrays have too."""

    data, grad, shape = 1.0, None, ()


class Foreign:
    """Somebody else's number, of the same name as ours."""

    def __init__(self):
        self.data = 2.0


Foreign.__name__ = Foreign.__qualname__ = "Value"
Foreign.__module__ = "engine.of.theirs"


@pytest.mark.parametrize("show", [draw, draw_dot, explain, step_through, trace_table, quiz])
@pytest.mark.parametrize("what", [Tensor(), memoryview(b"1"), 2.0, "x", None, Foreign()])
def test_what_is_no_node_is_refused_by_every_picture_and_story(show, what):
    kind = "engine.of.theirs.Value" if isinstance(what, Foreign) else type(what).__name__
    with pytest.raises(TypeError, match=rf"got {kind}\."):
        show(what)


@pytest.mark.parametrize(
    "call",
    [
        Value,
        autograd.tanh,
        autograd.grad,
        lambda x: Value(1.0, (x,), "mine"),
        lambda x: nn.SGD([x], lr=0.1),
        lambda x: autograd.record(lambda y: y, params=[x]),
    ],
)
def test_a_value_of_another_engine_is_named_by_its_module(call):
    with pytest.raises(TypeError, match=r"engine\.of\.theirs\.Value"):
        call(Foreign())
