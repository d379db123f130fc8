import builtins

import pytest

import autograd as ag
from autograd import Value, as_torch
from autograd.explanation.torch_lines import SETTINGS, Torch
from autograd.ops import PUBLIC, TABLE


def test_the_lines_are_python_and_hold_every_digit():
    a, b = Value(2.0), Value(-3.0)
    L = (a * b + 2 / 3).tanh() - (-b) ** 3
    code = as_torch(L).code
    compile(code, "lines", "exec")
    assert "0.6666666666666666" in code
    assert code.endswith("L.backward()")


@pytest.mark.parity
def test_both_gradients_agree():
    w, x, b = Value(0.7), Value(-1.3), Value(0.2)
    for L in (
        (w * x + b).tanh() ** 2 - ag.exp(w / x),
        ag.logsumexp(w, x, b) - x,
        ag.dot([w, x], [b, 2.0], 0.5).relu() + ag.softplus(w) + ag.sigmoid(x) + (x - -0.5).abs(),
    ):
        told = as_torch(L, names={"L": L, "w": w, "x": x, "b": b})
        right = {leaf.name: leaf.grad for leaf in told.trace.leaves}
        assert told.gradients == pytest.approx(right, rel=1e-12)
        assert "in PyTorch" in str(told)


def spelled(name):
    op = TABLE[name]
    try:
        Torch.write(op, [Torch("x", 1.0)] * (op.arity or 2), 1.0)
    except ValueError:
        return False
    return True


LACKING = {"cbrt", "fma", "gamma", "polygamma", "remainder"}


def test_pytorch_is_said_to_lack_what_it_lacks():
    assert {name for name in PUBLIC if not spelled(name)} == LACKING | SETTINGS


@pytest.mark.parity
@pytest.mark.parametrize("name", [name for name in PUBLIC if spelled(name)])
def test_an_op_said_to_be_the_same_has_torchs_value_and_slope(name):
    op = TABLE[name]
    leaves = [
        Value(low + (high - low) * 0.4 + 0.1 * k) for k, (low, high) in enumerate(op.sample[: op.arity or 2])
    ]
    told = as_torch(op.on(tuple(leaves)))
    assert list(told.gradients.values()) == pytest.approx([leaf.grad for leaf in told.trace.leaves], rel=1e-9)


@pytest.mark.parity
@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_what_is_a_setting_there_has_to_be_a_number_here(name):
    x = Value(-0.4)
    told = as_torch(TABLE[name](x, 0.7))
    assert list(told.gradients.values()) == pytest.approx(
        [leaf.grad for leaf in told.trace.leaves], rel=1e-12
    )
    with pytest.raises(ValueError, match=f"PyTorch has no {name} of this meaning"):
        as_torch(TABLE[name](x, Value(0.7)))


def test_without_torch_the_lines_are_given_and_it_is_said(monkeypatch):
    real = builtins.__import__

    def missing(name, *args):
        if name == "torch":
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", missing)
    a = Value(2.0)
    told = as_torch(a * a)
    assert told.gradients is None
    assert "PyTorch is not installed here" in str(told)


def test_an_op_that_torch_lacks_is_named():
    a = Value(2.0)
    with pytest.raises(ValueError, match="PyTorch has no polygamma"):
        as_torch(ag.polygamma(1, a))


@pytest.mark.parity
def test_a_constant_and_a_label_that_is_a_keyword_run_in_torch():
    with ag.no_grad():
        shares = ag.softmax([Value(1.0), Value(2.0)])
    for constant in (shares[0], Value(3.0, requires_grad=False)):
        told = as_torch(constant)
        assert told.gradients == {}
        assert "backward" not in told.code
    weight = Value(0.5, label="lambda")
    assert as_torch(weight * weight).gradients == {"lambda_": 1.0}


def test_names_that_would_be_one_variable_stay_apart():
    w, w_0 = [Value(1.0), Value(2.0)], Value(5.0)
    L = w[0] * w_0 + w[1]
    told = as_torch(L)
    assert told.variables["w[0]"] != told.variables["w_0"]
    if told.gradients is not None:
        assert told.gradients[told.variables["w[0]"]] == 5.0
        assert told.gradients[told.variables["w_0"]] == 1.0


NARY = [name for name in PUBLIC if TABLE[name].arity is None and name not in ("dot", "sumprod")]


@pytest.mark.parity
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("name", NARY)
def test_what_is_printed_of_many_operands_and_long_names_runs_as_it_stands(name, count):
    xs = [Value(1.0 + k % 2, label=f"a long name of number {k}") for k in range(count)]
    told = as_torch(TABLE[name](xs))
    printed = str(told).partition("\n\ngradient")[0]
    assert printed == told.code
    compile(printed, "lines", "exec")
    right = [leaf.grad for leaf in told.trace.leaves]
    assert list(told.gradients.values()) == pytest.approx(right, rel=1e-12)
