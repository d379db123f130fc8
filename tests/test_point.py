"""All seven functions that take derivatives, in every setting in which somebody asks them."""

import copy
import dataclasses
import functools
import math
import pickle
import random
import threading
from collections import OrderedDict, namedtuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, grad, hessian, hvp, jacobian, jvp, modes, no_grad, value_and_grad, vjp
from autograd.structure import flatten

SEVEN = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x),
    "vjp": vjp,
    "jvp": lambda f, x: jvp(f, x, flatten(x)[1]([1.0] * len(flatten(x)[0]))),
    "jacobian": lambda f, x: jacobian(lambda p: [f(p)], x),
    "hessian": hessian,
    "hvp": lambda f, x: hvp(f, x, flatten(x)[1]([1.0] * len(flatten(x)[0]))),
}
EVERY = pytest.mark.parametrize("take", SEVEN.values(), ids=SEVEN.keys())


def entries(found):
    return flatten(found)[0]


def numbers(found):
    return [x.data if isinstance(x, Value) else x for x in entries(found)]


def kinds(found):
    return {type(x) for x in entries(found)}


def cubic(x):
    return x**3 + 2 * x


@EVERY
def test_no_grad_around_changes_no_number_and_drops_the_graph(take):
    w = Value(3.0)
    for f in (cubic, lambda x: w * x**3):
        outside = take(f, 2.0)
        with no_grad():
            plain, held = take(f, 2.0), take(f, Value(2.0))
        assert numbers(plain) == numbers(held) == numbers(outside)
        assert any(numbers(plain))
        assert kinds(plain) == {float}
        assert kinds(held) == {Value}
        assert not any(x.requires_grad for x in entries(held))


@EVERY
def test_no_grad_inside_makes_a_constant_in_every_mode(take):
    def f(x):
        with no_grad():
            y = x * x
        return x * y

    assert numbers(take(f, 3.0)) == numbers(take(lambda x: 9.0 * x, 3.0))


@EVERY
def test_results_are_floats_where_nothing_else_wants_them(take):
    w = Value(3.0, requires_grad=False)
    for f in (cubic, lambda x: w * x**3, lambda x: Value(3.0) * x**3):
        assert kinds(take(f, 2.0)) == {float}


@EVERY
def test_results_carry_the_graph_to_a_parameter_that_was_reached(take):
    w = Value(3.0)
    found = take(lambda x: w * x**3, 2.0)
    assert kinds(found) == {Value}
    last = entries(found)[-1]
    want = last.data / 3.0
    last.backward()
    assert w.grad == pytest.approx(want)


@EVERY
def test_a_parameter_that_was_not_reached_changes_nothing(take):
    w = Value(3.0)
    assert kinds(take(lambda x: w.data * x**3, 2.0)) == {float}
    assert kinds(take(lambda x: w.detach() * x**3, 2.0)) == {float}


@EVERY
def test_a_point_of_values_gives_values_to_differentiate_again(take):
    x = Value(2.0)
    found = take(cubic, x)
    assert kinds(found) == {Value}
    slope = grad(entries(found)[-1], x)
    step = 1e-5
    above, below = (numbers(take(cubic, 2.0 + h))[-1] for h in (step, -step))
    assert slope == pytest.approx((above - below) / (2 * step), rel=1e-6)


@EVERY
@pytest.mark.parametrize("outer", ["reverse", "forward"])
def test_inside_another_derivative_nothing_is_lost(take, outer):
    def f(x):
        return x * entries(take(lambda y: x * y**3, 2.0))[-1]

    at = 1.5
    inner = numbers(take(lambda y: y**3, 2.0))[-1]
    slope = grad(f)(at) if outer == "reverse" else jvp(f, at, 1.0)[1]
    assert slope == pytest.approx(2 * at * inner)
    assert type(slope) is float


@EVERY
def test_a_derivative_inside_a_loss_trains_its_parameter(take):
    w = Value(3.0)

    def loss():
        slope = entries(take(lambda x: w * x**3, 2.0))[-1]
        return (slope - 1) ** 2 + w

    loss().backward()
    got, step = w.grad, 1e-5
    ends = []
    for w.data in (3.0 + step, 3.0 - step):
        ends.append(loss().data)
    assert got == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_the_share_of_a_derivative_in_a_loss_is_right_to_the_digit():
    w = Value(3.0)
    loss = (grad(lambda x: w * x**2)(2.0) - 1) ** 2 + w
    loss.backward()
    assert w.grad == 89.0


def test_the_point_of_a_finished_derivative_is_a_constant():
    w, seen = Value(3.0), []

    def f(x):
        seen.append(x)
        return w * x * x

    slope = grad(f)(2.0)
    assert not seen[0].requires_grad
    slope.backward()
    assert seen[0].grad == 0.0


Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass(frozen=True)
class Line:
    w: list
    b: float


POINTS = {
    "list": ([1.2, 0.7], lambda p: (p[0], p[1])),
    "nested": ([[1.2], [0.7]], lambda p: (p[0][0], p[1][0])),
    "namedtuple": (Pair(1.2, 0.7), lambda p: (p.a, p.b)),
    "dict": ({"u": 1.2, "v": 0.7}, lambda p: (p["u"], p["v"])),
    "ordered": (OrderedDict(u=1.2, v=0.7), lambda p: (p["u"], p["v"])),
    "dataclass": (Line([1.2], 0.7), lambda p: (p.w[0], p.b)),
    "array": (np.array([1.2, 0.7]), lambda p: (p[0], p[1])),
    "matrix": (np.array([[1.2, 0.7]]), lambda p: (p[0, 0], p[0, 1])),
}


@pytest.mark.parametrize(("at", "pair"), POINTS.values(), ids=POINTS.keys())
def test_the_answer_has_the_structure_of_the_point(at, pair):
    def f(p):
        a, b = pair(p)
        return a**2 * b

    slopes = [2 * 1.2 * 0.7, 1.2**2]
    for found in (grad(f)(at), value_and_grad(f)(at)[1], vjp(f, at)[1], jacobian(f, at)):
        assert type(found) is type(at)
        assert entries(found) == pytest.approx(slopes)
        if isinstance(at, np.ndarray):
            assert found.dtype == float
            assert found.shape == at.shape
    ones = flatten(at)[1]([1.0, 1.0])
    assert jvp(f, at, ones) == pytest.approx((1.2**2 * 0.7, sum(slopes)))
    _, product = hvp(f, at, ones)
    assert type(product) is type(at)
    assert entries(product) == pytest.approx([2 * 0.7 + 2 * 1.2, 2 * 1.2])
    assert entries(hessian(f, at)) == pytest.approx([1.4, 2.4, 2.4, 0.0])


def test_arrays_give_arrays_of_both_their_axes():
    a = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    found = jacobian(lambda x: a @ x, np.array([0.5, -1.0]))
    assert found.shape == (3, 2)
    assert (found == a).all()
    assert hessian(lambda x: (x**2).sum(), np.zeros((2, 2))).shape == (2, 2, 2, 2)
    assert jacobian(lambda x: a @ np.array(x), [0.5, -1.0]).tolist() == a.tolist()


def test_arrays_of_results_that_carry_a_graph_are_arrays_of_values():
    w = Value(2.0)
    found = grad(lambda x: w * x[0] * x[1])(np.array([3.0, 5.0]))
    assert found.dtype == object
    assert [x.data for x in found] == [10.0, 6.0]


def test_curried_derivatives_take_arguments_as_grad_does():
    def f(x, y, scale=1.0):
        return scale * x[0] ** 2 * y

    assert jacobian(f)([3.0], 5.0, scale=2.0) == [60.0]
    assert hessian(f)([3.0], 5.0) == [[10.0]]
    assert hessian(f, argnums=1)([3.0], 5.0) == 0.0
    assert jacobian(f, argnums=(1, 0))([3.0], 5.0) == (9.0, [30.0])
    g = lambda p: p[0] ** 2 * p[1]
    assert vjp(g)([2.0, 3.0], 2.0) == vjp(g, [2.0, 3.0], 2.0)
    assert jvp(g)([2.0, 3.0], [1.0, 0.0]) == jvp(g, [2.0, 3.0], [1.0, 0.0])
    assert hvp(g)([2.0, 3.0], [1.0, 0.0]) == hvp(g, [2.0, 3.0], [1.0, 0.0])


@pytest.mark.parametrize("name", ["f", "self", "args", "argnums", "xs", "v", "output", "entries"])
def test_keyword_arguments_may_have_any_name(name):
    def f(x, **options):
        return x * x * options[name]

    for way in (grad, value_and_grad, jacobian, hessian):
        assert numbers(way(f)(3.0, **{name: 2.0}))[-1] == {hessian: 4.0}.get(way, 12.0)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.array, int])
def test_argnums_are_whole_numbers_of_any_kind(kind):
    f = lambda x, y: x * y**2
    assert grad(f, argnums=kind(1))(2.0, 3.0) == 12.0
    assert grad(f, argnums=[kind(0), kind(1)])(2.0, 3.0) == (9.0, 12.0)
    assert grad(f, argnums=-1)(2.0, 3.0) == 12.0


@pytest.mark.parametrize("takes", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize(
    ("argnums", "args", "kwargs", "message"),
    [
        (0, (), {}, "argument number 0 .* and 0 were given by position"),
        (0, (), {"x": 3.0}, "argument number 0 .* and 0 were given by position"),
        (5, (1.0,), {}, "argument number 5 .* and 1 were given"),
        ((0, 0), (1.0,), {}, "names an argument twice"),
        (1.0, (1.0,), {}, "argnums"),
        ("x", (1.0,), {}, "argnums"),
        (0, ("3",), {}, "the point holds something else: Value needs a number, got the text '3'"),
        (0, ({1.0},), {}, "the point holds something else"),
        (0, ([1.0, None],), {}, "the point holds something else"),
        (0, (1j,), {}, "the point holds something else"),
    ],
)
def test_a_point_that_is_none_is_refused_with_a_sentence(takes, argnums, args, kwargs, message):
    g = takes(lambda x=1.0, y=2.0: x * y, argnums=argnums)
    with pytest.raises((TypeError, ValueError), match=message):
        g(*args, **kwargs)


def test_what_comes_along_is_given_back_beside_the_result():
    def f(x):
        y = x * x
        return y, {"double": 2 * x, "text": "said", "rows": np.array([1, 2])}

    slope, aux = grad(f, has_aux=True)(3.0)
    assert (slope, aux["double"], aux["text"], aux["rows"].dtype.kind) == (6.0, 6.0, "said", "i")
    (value, aux), slope = value_and_grad(f, has_aux=True)(3.0)
    assert (value, slope, aux["double"]) == (9.0, 6.0, 6.0)
    w = Value(2.0)
    slope, aux = grad(lambda x: (x * x, w), has_aux=True)(3.0)
    assert aux is w
    assert grad(lambda x: (w * x, x * x), has_aux=True)(3.0)[1].data == 9.0
    with pytest.raises(TypeError, match="returns a pair"):
        grad(lambda x: x * x, has_aux=True)(3.0)


def test_gradients_to_containers_and_models_have_their_structure():
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert grad(y, {"a": a, "b": [b]}) == {"a": 3.0, "b": [2.0]}
    assert grad(y, Pair(a, b)) == Pair(3.0, 2.0)
    assert grad(y, np.array([a, b])).tolist() == [3.0, 2.0]
    model = nn.MLP(2, [2, 1])
    loss = model([1.0, 2.0]) ** 2
    assert grad(loss, model) == grad(loss, model.parameters())
    assert len(grad(loss, model)) == len(model.parameters())


@pytest.mark.parametrize(
    "inputs",
    [{Value(1.0)}, (v for v in [Value(1.0)]), nn.MLP(1, [1]).parameters, "x", 2.0, [2.0], np.ones(1), None],
    ids=["set", "generator", "method", "text", "number", "numbers", "array", "None"],
)
def test_a_gradient_to_what_is_no_value_is_refused(inputs):
    with pytest.raises(TypeError, match=r"grad\(L, model\)"):
        grad(Value(2.0) ** 2, inputs)


def test_a_gradient_to_nothing_asks_to_what():
    with pytest.raises(TypeError, match="with respect to what"):
        grad(Value(2.0) ** 2)


def physics_informed(model, xs):
    """Residual of u'' = -u and u(0) = 0, u'(0) = 1."""
    total = 0.0
    for x in xs:
        u = lambda t: model([t])
        total = total + (hessian(u, x) + u(x)) ** 2
    return total + model([0.0]) ** 2 + (grad(lambda t: model([t]))(0.0) - 1) ** 2


def gradient_penalty(model, x):
    slopes = grad(model)(x)
    return (ag.sum([s * s for s in slopes]) - 1) ** 2 + model(x)


def test_a_physics_informed_loss_has_the_gradient_of_its_numbers():
    random.seed(3)
    model = nn.MLP(1, [3, 1], act="tanh")
    assert ag.check_gradients(lambda *_: physics_informed(model, [0.3, 0.8]), tuple(model.parameters()))


def test_a_gradient_penalty_has_the_gradient_of_its_numbers():
    random.seed(3)
    model = nn.MLP(2, [3, 1], act="tanh")
    assert ag.check_gradients(lambda *_: gradient_penalty(model, [0.3, -0.8]), tuple(model.parameters()))


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_derivatives_inside_recorded_losses_train_their_parameters(backend):
    random.seed(5)
    one, two = nn.MLP(1, [3, 1], act="tanh"), nn.MLP(2, [3, 1], act="tanh")
    for model, loss, at in (
        (one, lambda x: physics_informed(one, [x]), lambda k: (0.1 * k + 0.1,)),
        (two, lambda x, y: gradient_penalty(two, [x, y]), lambda k: (0.1 * k + 0.1, 0.3 - 0.2 * k)),
    ):
        fast = ag.record(loss, params=model.parameters(), backend=backend)
        for k in range(9):
            model.zero_grad()
            want = loss(*at(k))
            want.backward()
            slopes = [p.grad for p in model.parameters()]
            model.zero_grad()
            assert fast(*at(k)).data == pytest.approx(want.data, rel=1e-10)
            assert [p.grad for p in model.parameters()] == pytest.approx(slopes, rel=1e-9, abs=1e-13)
        assert fast.replays == 4


def test_scipy_takes_the_functions_as_they_stand():
    from scipy.optimize import least_squares, minimize

    def rosenbrock(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    start = [-1.2, 1.0]
    for method, extra in (
        ("BFGS", {}),
        ("L-BFGS-B", {}),
        ("Newton-CG", {"hess": hessian(rosenbrock)}),
        ("Newton-CG", {"hessp": lambda x, p: hvp(rosenbrock, x, p)[1]}),
        ("trust-ncg", {"hess": hessian(rosenbrock)}),
    ):
        found = minimize(rosenbrock, start, jac=grad(rosenbrock), method=method, **extra)
        assert found.x == pytest.approx([1.0, 1.0], abs=1e-4), method
    found = minimize(value_and_grad(rosenbrock), start, jac=True)
    assert found.x == pytest.approx([1.0, 1.0], abs=1e-4)

    def residuals(x):
        return [1 - x[0], 10 * (x[1] - x[0] ** 2)]

    assert least_squares(residuals, start, jac=jacobian(residuals)).x == pytest.approx([1.0, 1.0])


def test_scipy_moves_the_inputs_of_a_model_under_no_grad_or_frozen():
    from scipy.optimize import minimize

    random.seed(2)
    model = nn.MLP(2, [3, 1], act="tanh")

    def f(x):
        return (x[0] - 1) ** 2 + x[1] ** 2 + 0.1 * model(list(x))

    def value(x):
        return f(x).data

    with no_grad():
        first = minimize(value, [0.0, 0.0], jac=grad(f)).x
    model.requires_grad_(False)
    assert minimize(value, [0.0, 0.0], jac=grad(f)).x == pytest.approx(first)


def test_sensitivities_of_a_differential_equation_follow_their_jacobians():
    from scipy.integrate import solve_ivp

    def rhs(t, y, k):
        return [-k[0] * y[0], k[0] * y[0] - k[1] * y[1]]

    k = np.array([0.7, 0.2])
    to_y, to_k = jacobian(rhs, argnums=1), jacobian(rhs, argnums=2)

    def augmented(t, z):
        y, s = z[:2], z[2:].reshape(2, 2)
        return np.concatenate([rhs(t, y, k), (np.array(to_y(t, y, k)) @ s + np.array(to_k(t, y, k))).ravel()])

    end = solve_ivp(augmented, (0.0, 2.0), [1.0, 0.0, 0, 0, 0, 0], rtol=1e-10, atol=1e-12).y[:, -1]
    assert end[2] == pytest.approx(-2.0 * np.exp(-1.4), rel=1e-8)  # d/dk of exp(-k t)
    stiff = solve_ivp(rhs, (0.0, 2.0), [1.0, 0.0], method="BDF", args=(k,), jac=to_y, rtol=1e-8, atol=1e-10)
    assert stiff.y[0, -1] == pytest.approx(np.exp(-1.4), rel=1e-6)


def to_numbers(x):
    return [
        x.item(),
        x.data,
        int(x),
        round(x),
        math.floor(x),
        math.ceil(x),
        math.trunc(x),
        f"{x:.3f}",
        x > 1,
        bool(x),
    ]


@EVERY
def test_what_is_flat_may_turn_into_numbers(take):
    seen = []

    def f(x):
        seen.append(to_numbers(x))
        return x * (x.detach() + x.item() + round(x))

    want = [2.25, 2.25, 2, 2, 2, 3, 2, "2.250", True, True]
    assert numbers(take(f, 2.25)) == numbers(take(lambda x: 6.5 * x, 2.25))
    assert all(found == want for found in seen)


@EVERY
@pytest.mark.parametrize(
    "f",
    [
        math.sin,
        lambda x: x * math.exp(x),
        lambda x: x * math.exp(2 * x + 1),
        lambda x: x * float(x),
        lambda x: x * math.isfinite(x),
        lambda x: x * float("%.3f" % x),  # noqa: UP031 - the form that asks for a float
        lambda x: x * np.array([x], dtype=float)[0],
        lambda x: x * complex(x).real,
    ],
)
def test_float_of_what_is_differentiated_is_an_error_that_teaches(take, f):
    with pytest.raises(TypeError, match=r"(?s)autograd.sin\(x\) for math.sin\(x\).*x.item\(\)"):
        take(f, 2.0)


@EVERY
def test_float_of_what_is_not_differentiated_stays(take):
    w = Value(2.0)

    def f(x):
        with no_grad():
            scale = float(x * x)
        return x * scale * float(w) * float(x.detach())

    assert numbers(take(f, 2.0)) == numbers(take(lambda x: 16.0 * x, 2.0))
    assert float(Value(2.0)) == 2.0


def test_float_works_again_when_the_derivative_is_done():
    kept = []
    grad(lambda x: kept.append(x) or x * x)(3.0)
    jvp(lambda x: kept.append(x) or x * x, 3.0, 1.0)
    assert [float(x) for x in kept] == [3.0, 3.0]


def test_numpys_functions_go_through_the_table():
    for f in (np.sin, lambda x: np.exp(np.array([x, x])).sum() / 2):
        want = {np.sin: math.cos(0.5)}.get(f, math.exp(0.5))
        assert grad(f)(0.5) == pytest.approx(want)
        assert jvp(f, 0.5, 1.0)[1] == pytest.approx(want)


@EVERY
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_copy_made_inside_is_no_parameter(take, twin):
    w = Value(3.0)
    assert kinds(take(lambda x: twin(w) * x**3, 2.0)) == {float}


@EVERY
def test_a_function_that_raises_leaves_nothing_behind(take):
    w = Value(3.0)

    def f(x):
        raise KeyError("stop")

    with pytest.raises(KeyError):
        take(f, 2.0)
    assert math.sin(w) == math.sin(3.0)
    assert modes.differentiating == 0
    assert modes.ACTIVE.get() == frozenset()


@EVERY
def test_threads_do_not_share_points(take):
    inside, done, seen = threading.Event(), threading.Event(), []

    def other():
        inside.wait()
        w = Value(2.0)  # made while the derivative is being taken, in another thread
        seen.append((w * 2).requires_grad and float(w) == 2.0)
        done.set()

    def f(x):
        inside.set()
        done.wait()
        return x**3

    thread = threading.Thread(target=other)
    thread.start()
    found = take(f, 2.0)
    thread.join()
    assert kinds(found) == {float}
    assert seen == [True]


@EVERY
def test_methods_partials_and_recorded_functions_are_functions_too(take):
    class Power:
        def __call__(self, x):
            return x**3

        def method(self, x):
            return x**3

    want = numbers(take(lambda x: x**3, 2.0))
    for f in (Power(), Power().method, functools.partial(pow, exp=3), ag.record(Power().method)):
        assert numbers(take(f, 2.0)) == want


def test_a_recorded_function_inside_a_differentiated_one_is_part_of_it():
    w = Value(2.0)
    fast = ag.record(lambda x: w * x**2, params=[w], backend="python")
    for x in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
        fast(x)
    w.grad = 0.0
    assert numbers(grad(lambda x: fast(x) * x)(3.0)) == [54.0]
    assert numbers(jvp(lambda x: fast(x) * x, 3.0, 1.0)) == [54.0, 54.0]
    assert w.grad == 0.0


def test_vectors_belong_to_their_keys_in_whatever_order_these_stand():
    def f(p):
        return {"x": p["a"] * p["b"], "y": p["a"] ** 2}

    at, along = {"a": 2.0, "b": 3.0}, {"b": 10.0, "a": 1.0}
    assert jvp(f, at, along)[1] == {"x": 23.0, "y": 4.0}
    assert vjp(f, at, {"y": 1.0, "x": 10.0})[1] == {"a": 34.0, "b": 20.0}
    assert hvp(lambda p: f(p)["x"], at, along)[1] == {"a": 10.0, "b": 1.0}
    for ask in (lambda: jvp(f, at, {"a": 1.0, "c": 2.0}), lambda: vjp(f, at, {"x": 1.0, "z": 2.0})):
        with pytest.raises(ValueError, match="the vector has the keys"):
            ask()


@EVERY
def test_scopes_and_anomaly_detection_stay_around(take):
    want = numbers(take(cubic, 2.0))
    with ag.scope("part"), ag.detect_anomaly(), no_grad():
        assert numbers(take(cubic, 2.0)) == want
    with no_grad(), no_grad():
        assert numbers(take(cubic, 2.0)) == want
    assert not modes.grad_is_off()
