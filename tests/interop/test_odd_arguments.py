"""Arguments and parameters as people have them: odd keys, names that meet, Values among the arguments."""

import math

import numpy as np
import pytest

import autograd as ag
from autograd.interop.exporting import ExportError
from autograd.messages import language

pytestmark = pytest.mark.parity


def ready(function, params, *example):
    fast = ag.record(function, params=params, backend="python")
    for _ in range(3):
        fast.value(*example)
    return fast


def results(fast, params, *example, inputs=None):
    """Give (loss, gradients) of the function, and by target what its exports say."""
    for p in params:
        p.grad = 0.0
    loss = fast.function(*example)
    loss.backward()
    want = loss.data, [p.grad for p in params]
    given = example if inputs is None else inputs
    return want, {
        name: run(fast, *given) for name, run in (("numpy", _numpy), ("torch", _torch), ("jax", _jax))
    }


def _ordered(fast, gradients):
    chosen = fast._chosen(())
    places = {t.name: int(t.index) for t in chosen.tensors}
    by_leaf = {places[name]: float(g) for name, g in gradients.items()}
    return [by_leaf[k] for k in sorted(by_leaf)]  # in the order of `params`


def _numpy(fast, *given):
    names = {}
    exec(fast.to_numpy(), names)  # noqa: S102 - the text that is tested
    loss, gradients, *_ = names["value_and_gradients"](names["PARAMS"], *given)
    return float(loss), _ordered(fast, gradients)


def _torch(fast, *given):
    import torch

    def of(x):
        return (
            {k: of(y) for k, y in x.items()} if isinstance(x, dict) else torch.tensor(x, dtype=torch.float64)
        )

    module = fast.to_torch()
    found = module(*map(of, given))
    loss = found[0] if isinstance(found, tuple) else found
    loss.backward()
    named = dict(module.named_parameters())
    by_name = {t.name: named[t.name if t.name in named else t.name + "_"] for t in fast._chosen(()).tensors}
    return float(loss.detach()), _ordered(
        fast, {name: 0.0 if p.grad is None else p.grad for name, p in by_name.items()}
    )


def _jax(fast, *given):
    import jax

    with jax.enable_x64(True):
        f, params = fast.to_jax()

        def loss(params):
            found = f(params, *given)
            return found[0] if isinstance(found, tuple) else found

        value, gradients = jax.value_and_grad(loss)(params)
        return float(value), _ordered(fast, gradients)


def agree(want, found):
    for target, (loss, gradients) in found.items():
        assert loss == pytest.approx(want[0], rel=1e-12), target
        assert gradients == pytest.approx(want[1], rel=1e-12), target


def test_keys_of_a_dict_may_be_numbers_and_tuples():
    w, b = ag.Value(2.0, label="w"), ag.Value(-0.5, label="b")
    example = {0: 1.5, (1, "a"): 2.5, -1: 0.5}
    fast = ready(lambda d: w * d[0] + b * d[(1, "a")] * d[-1], [w, b], example)
    agree(*results(fast, [w, b], example))


def test_a_key_that_no_text_says_is_refused_in_both_languages():
    key = frozenset({1})
    w = ag.Value(2.0, label="w")
    fast = ready(lambda d: w * d[key], [w], {key: 1.5})
    with pytest.raises(ExportError, match="texts or numbers as keys"):
        fast.to_numpy()
    language("zh")
    try:
        with pytest.raises(ExportError, match="字符串或数"):
            fast.to_torch()
    finally:
        language("en")


def test_a_number_and_a_tuple_that_looks_like_it_are_two_keys():
    w = ag.Value(2.0, label="w")
    fast = ag.record(
        lambda d: w * next(iter(d.values())) if 0 in d else w * 100.0, params=[w], backend="python"
    )
    for _ in range(4):
        assert fast.value({0: 3.0}).data == 6.0
    assert fast.value({("int", "0"): 3.0}).data == 200.0


def test_an_entry_of_a_dict_and_an_argument_of_that_name_stay_two():
    w, b = ag.Value(2.0, label="w"), ag.Value(-0.5, label="b")
    example = {"a": 1.5, "b": 3.0}, 7.0, 11.0
    fast = ready(lambda d, d_a, d_b: w * d["a"] * d_a + b * d["b"] * d_b, [w, b], *example)
    agree(*results(fast, [w, b], *example))


def test_arguments_x_and_x_1_stay_two_where_a_function_branches():
    w, b = ag.Value(2.0, label="w"), ag.Value(-0.5, label="b")

    def loss(x, x_1):
        return w * x + b * x_1 if x > 0 else w * x_1 + b * x * x

    fast = ag.record(loss, params=[w, b], backend="python")
    for example in ((1.5, 3.0), (-1.5, 3.0)):
        for _ in range(3):
            fast.value(*example)
    for example in ((2.5, 5.0), (-2.5, 5.0)):
        agree(*results(fast, [w, b], *example))


def test_an_argument_may_have_the_name_of_a_function_that_the_text_calls():
    w = ag.Value(0.3, label="w")
    fast = ready(
        lambda relu, pick, sigmoid: ag.sigmoid(w * relu) + ag.relu(w * pick) * sigmoid, [w], 1.0, 2.0, 3.0
    )
    agree(*results(fast, [w], 1.0, 2.0, 3.0))


def test_a_parameter_called_like_an_argument_is_another_number(tmp_path):
    w, one = ag.Value(2.0, label="x"), ag.Value(0.5, label="loss")
    named = ready(lambda x: w * x + w**2 * one, [w, one], 3.0)
    agree(*results(named, [w, one], 3.0))
    algebra = named.to_sympy()
    assert sorted(algebra.symbols) == ["loss_", "x", "x_"]
    numbers = {algebra.symbols["x"]: 3.0, algebra.symbols["x_"]: 2.0, algebra.symbols["loss_"]: 0.5}
    assert float(algebra.expression.subs(numbers)) == 8.0
    assert float(algebra.gradients["x_"].subs(numbers)) == 5.0
    named.to_onnx(tmp_path / "x.onnx", gradients=True)


def test_parameters_may_be_called_like_what_a_module_of_torch_has():
    labels = ["train", "class", "forward", "training", "type", "place", "way_0", "source"]
    params = [ag.Value(0.1 * k + 0.3, label=label) for k, label in enumerate(labels)]
    fast = ready(lambda x: ag.prod(params) * x, params, 3.0)
    agree(*results(fast, params, 3.0))
    assert "train_" in dict(fast.to_torch().named_parameters())


def test_no_parameter_is_lost_where_a_label_is_the_name_given_to_another():
    held = {"a": ag.Value(2.0, label="p1"), "b": ag.Value(3.0), "c": ag.Value(5.0, label="p1")}
    fast = ready(lambda x: held["a"] * x + held["b"] * x**2 + held["c"] * x**3, [*held.values()], 3.0)
    agree(*results(fast, [*held.values()], 3.0))


def test_a_value_among_the_arguments_is_an_input():
    w = ag.Value(2.0, label="w")
    fast = ready(lambda x: w * x, [w], ag.Value(3.0))
    agree(*results(fast, [w], ag.Value(3.0), inputs=[3.0]))
    assert list(fast.to_sympy().symbols) == ["w", "x"]


@pytest.mark.parametrize("target", ["to_numpy", "to_torch", "to_jax", "to_sympy"])
def test_one_value_in_two_places_is_refused(target):
    w, x = ag.Value(2.0, label="w"), ag.Value(3.0)
    fast = ag.record(lambda a, b: w * a * b + a, params=[w], backend="python")
    with pytest.raises(ExportError, match="plain numbers"):
        getattr(fast, target)(x, x)
    assert getattr(fast, target)(3.0, 3.0)


@pytest.mark.parity
def test_a_choice_between_constants_goes_to_onnx(tmp_path):
    import onnxruntime

    w, b = ag.Value(2.0, label="w"), ag.Value(-0.5, label="b")
    fast = ready(lambda x: ag.where(x > 1, w, b) * x + ag.exp2(w * x), [w, b], 1.5)
    fast.to_onnx(tmp_path / "where.onnx", gradients=True)
    session = onnxruntime.InferenceSession(tmp_path / "where.onnx", providers=["CPUExecutionProvider"])
    found = dict(zip([x.name for x in session.get_outputs()], session.run(None, {"x": np.array([1.5])})))
    assert found["loss"] == pytest.approx([11.0])
    assert found["gradient.b"] == pytest.approx(0.0)
    assert found["gradient.w"] == pytest.approx(1.5 + 8 * np.log(2) * 1.5)


def test_the_algebra_of_a_choice_by_an_index_has_the_gradient_of_each_entry():
    w, b = ag.Value(2.0, label="w"), ag.Value(-0.5, label="b")
    fast = ready(lambda i: ag.pick([w * b, b, w * w], i), [w, b], 1)
    algebra = fast.to_sympy()
    for i, want in enumerate([(-0.5, 2.0), (0.0, 1.0), (4.0, 0.0)]):
        numbers = {algebra.symbols["i"]: i, algebra.symbols["w"]: 2.0, algebra.symbols["b"]: -0.5}
        assert tuple(float(algebra.gradients[name].subs(numbers)) for name in ("w", "b")) == want


TARGETS = {
    "NumPy": "to_numpy",
    "torch": "to_torch",
    "JAX": "to_jax",
    "SymPy": "to_sympy",
    "C": "to_c",
    "ONNX": "to_onnx",
}


@pytest.mark.parametrize("target", TARGETS)
def test_an_op_of_ones_own_in_plain_python_is_named_with_the_target_and_what_works(tmp_path, target):
    odd = ag.op("odd_sine", math.sin, lambda x, y: ag.cos(x))
    w = ag.Value(2.5, label="w")
    fast = ready(lambda x: odd(w * x), [w], 1.0)
    path = [tmp_path / "x"] if target in ("C", "ONNX") else []
    with pytest.raises(ExportError, match=f"odd_sine has no form in {target}: .*composed="):
        getattr(fast, TARGETS[target])(*path)


@pytest.mark.parametrize("target", [x for x in TARGETS if x != "SymPy"])
def test_a_polygamma_of_varying_order_is_named_with_the_target_and_what_works(tmp_path, target):
    w = ag.Value(2.5, label="w")
    fast = ready(lambda n: ag.polygamma(n, w), [w], 1.0)
    path = [tmp_path / "x"] if target in ("C", "ONNX") else []
    with pytest.raises(ExportError, match=f"polygamma has a form in {target} where its order .* to_sympy"):
        getattr(fast, TARGETS[target])(*path)


def test_an_op_of_ones_own_goes_along_with_the_slope_that_it_declares():
    clipped = ag.op("clipped_cube", lambda x: x * x * x, lambda x, y: ag.clamp(3 * x * x, 0.0, 10.0))
    w, b = ag.Value(2.5, label="w"), ag.Value(0.5, label="b")
    fast = ready(lambda x: clipped(w * x) + clipped(b), [w, b], 1.0)
    agree(*results(fast, [w, b], 1.0))
    assert results(fast, [w, b], 1.0)[0][1] == [10.0, 0.75]


@pytest.mark.program("cc")
def test_a_number_beyond_the_list_that_another_branch_takes_is_no_place_of_memory(tmp_path):
    import ctypes
    import subprocess

    w = [ag.Value(0.3 * k + 0.1, label=f"w{k}") for k in range(4)]
    fast = ag.record(lambda k: ag.pick(w[:3], k) if k < 3 else w[3] * k, params=w, backend="python")
    for k in (1, 5) * 3:
        fast.value(k)
    for k in (2, 2**40):
        agree(*results(fast, w, k))
    fast.to_c(tmp_path / "far.c")
    command = ["cc", "-std=c11", "-shared", "-fPIC", "far.c", "-o", "far.so", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    far = ctypes.CDLL(str(tmp_path / "far.so")).far
    params, loss = (ctypes.c_double * 4)(*[p.data for p in w]), ctypes.c_double()
    for k in (2, 2**40):
        assert far(params, (ctypes.c_double * 1)(k), ctypes.byref(loss), None) == 0
        assert loss.value == pytest.approx(fast.value(k).data, rel=1e-12)


@pytest.mark.parametrize("run", [_numpy, _torch, _jax])
@pytest.mark.parametrize("odd", [[0.5], [[1.0, 2.0, 3.0]], 0.5])
def test_an_array_of_another_shape_is_refused_and_not_repeated(run, odd):
    w = ag.Value(2.0, label="w")
    fast = ready(lambda xs, y: w * ag.sum(xs) * y, [w], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match=r"xs needs the shape \(2,\)"):
        run(fast, odd, 1.0)
