import math
from functools import partial

import mpmath
import pytest

import autograd as ag
from autograd import Value, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def forward(f):
    return lambda x: jvp(f, x, 1.0)[1]


def test_grad_of_a_value_gives_plain_numbers_and_touches_no_grad():
    x, y = Value(3.0), Value(2.0)
    x.grad = 5.0
    z = x**2 * y
    assert grad(z, [x, [y]]) == [12.0, [9.0]]
    assert grad(z, x) == 12.0
    assert (x.grad, z.grad) == (5.0, 0.0)
    assert grad(z, Value(1.0)) == 0.0


def test_grad_to_an_inner_node():
    x = Value(3.0)
    h = x * 2
    assert grad(h * h, h) == 12.0


def test_create_graph_gives_values_to_differentiate_again():
    x = Value(2.0)
    slope = grad(x**4, x, create_graph=True)
    assert (slope.data, grad(slope, x)) == (32.0, 48.0)


def test_the_fifth_derivative_by_reverse_by_forward_and_by_both_in_turn():
    def f(x):
        return ag.exp(ag.sin(x))

    with mpmath.workdps(50):
        exact = float(mpmath.diff(lambda x: mpmath.exp(mpmath.sin(x)), mpmath.mpf("0.7"), 5))
    for ways in (
        (grad,) * 5,
        (forward,) * 5,
        (grad, forward, grad, forward, grad),
        (forward, grad, grad, forward, grad),
    ):
        g = f
        for way in ways:
            g = way(g)
        assert g(0.7) == pytest.approx(exact, rel=1e-13)


def test_powers_have_every_order_also_at_zero():
    for order, want in enumerate([0.0, 0.0, 2.0, 0.0, 0.0]):
        g = lambda x: x**2
        for _ in range(order):
            g = grad(g)
        assert g(0.0 if order else Value(0.0)) == want or order == 0
    assert grad(lambda x: x**0)(0.0) == 0.0
    assert grad(lambda a, b: a**b, argnums=(0, 1))(0.0, 2.0) == (0.0, 0.0)


def test_inner_derivatives_do_not_confuse_variables():
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(3.0) == 1.0
    assert jvp(lambda x: x * jvp(lambda y: x + y, x, 1.0)[1], 3.0, 1.0) == (3.0, 1.0)
    assert grad(lambda x: x * jvp(lambda y: x * y, x, 1.0)[1])(3.0) == 6.0


def test_an_inner_derivative_at_a_plain_number_still_depends_on_the_outer_variable():
    assert grad(lambda x: x * grad(lambda y: x * y * y)(1.0))(3.0) == 12.0
    assert jvp(lambda x: x * grad(lambda y: x * y * y)(1.0), 3.0, 1.0) == (18.0, 12.0)
    assert grad(lambda x: x * jvp(lambda y: x * y * y, 1.0, 1.0)[1])(3.0) == 12.0


def test_hessian_of_rosenbrock():
    assert hessian(rosenbrock, [1.0, 1.0]) == [[802.0, -400.0], [-400.0, 200.0]]
    x, y = -1.2, 1.0
    assert hessian(rosenbrock, [x, y]) == [
        [pytest.approx(1200 * x * x - 400 * y + 2), -400 * x],
        [-400 * x, 200.0],
    ]


def test_hessian_of_logsumexp_is_the_covariance_of_the_shares():
    z = [1.0, 2.0, 0.5]
    p = ag.softmax(z)
    for i, row in enumerate(hessian(ag.logsumexp, z)):
        for j, entry in enumerate(row):
            assert entry == pytest.approx(p[i] * ((i == j) - p[j]), rel=1e-13, abs=1e-16)


def test_hvp_is_the_hessian_times_the_vector():
    at, v = [0.3, -0.8], [1.5, -2.0]
    value, product = hvp(rosenbrock, at, v)
    matrix = hessian(rosenbrock, at)
    assert value == rosenbrock(at)
    assert product == pytest.approx([row[0] * v[0] + row[1] * v[1] for row in matrix], rel=1e-13)


def test_jacobian_by_rows_equals_jvp_by_columns_and_vjp():
    def f(p):
        return [p[0] * p[1], ag.sin(p[0]) / p[2], ag.logsumexp(p)]

    at = [0.5, -1.5, 2.0]
    rows = jacobian(f, at)
    for j in range(3):
        column = jvp(f, at, [float(i == j) for i in range(3)])[1]
        assert column == pytest.approx([row[j] for row in rows], rel=1e-14)
    for i in range(3):
        assert vjp(f, at, [float(i == k) for k in range(3)])[1] == pytest.approx(rows[i], rel=1e-14)


def test_newtons_method_finds_a_root_through_create_graph():
    x = Value(2.0)
    for _ in range(8):
        y = x**3 - 2 * x - 5
        x.data -= y.data / grad(y, x, create_graph=True).data
    assert x.data == pytest.approx(2.0945514815423265, rel=1e-15)


def test_value_and_grad_of_several_arguments():
    assert value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0) == (10.0, (5.0, 2.0))
    assert grad(lambda p, c: p["a"] if False else p[0] * c)([2.0], 3.0) == [3.0]


def test_outputs_that_do_not_depend_on_the_inputs_have_slope_zero():
    assert grad(lambda x: Value(2.0))(1.0) == 0.0
    assert jvp(lambda x: 3.0, 1.0, 1.0) == (3.0, 0.0)
    assert jacobian(lambda p: [1.0, p[0]], [2.0]) == [[0.0], [1.0]]


def test_choices_work_in_forward_mode_too():
    assert jvp(lambda x: ag.where(ag.gt(x, 0), ag.log(x), 2 * x), 0.0, 1.0) == (0.0, 2.0)
    assert jvp(lambda x: ag.maximum(x, 3.0), 3.0, 1.0) == (3.0, 0.5)
    assert jvp(lambda x: x if x > 1 else -x, 0.5, 1.0) == (-0.5, -1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grad(3.0), "grad needs a Value to start from, got float"),
        (lambda: grad(lambda x: [x])(1.0), "the function must return one Value, got list"),
        (lambda: jvp(lambda p: p[0], [1.0], [1.0, 2.0]), "the vector has 2 numbers and needs 1"),
        (lambda: vjp(lambda p: p[0], [1.0], [1.0, 2.0]), "the vector has 2 numbers and needs 1"),
    ],
)
def test_misuse_is_one_clear_error(call, message):
    with pytest.raises((TypeError, ValueError)) as error:
        call()
    assert str(error.value).startswith(message)


def test_a_rule_by_hand_cannot_be_differentiated_twice_and_says_so():
    x = Value(2.0)
    y = Value(4.0, (x,), "sq", local_derivatives=[4.0])
    with pytest.raises(ValueError, match="hand-written rule"):
        grad(y, x, create_graph=True)


def test_second_derivatives_of_every_smooth_entry_agree_in_both_modes():
    for op in ag.TABLE.values():
        if op.arity is None or not op.rules or any(rule is None for rule in op.rules):
            continue
        at = [math.sqrt(low * low * 0.3 + high * high * 0.7) if low > 0 else 0.3 * low + 0.7 * high
              for low, high in op.sample]  # fmt: skip
        f = partial(on_list, op)
        reverse = jacobian(grad(f), at)
        for j in range(len(at)):
            unit = [float(i == j) for i in range(len(at))]
            column = jvp(partial(jvp_gradient, f), at, unit)[1]
            assert column == pytest.approx([row[j] for row in reverse], rel=1e-11, abs=1e-12), op.name


def on_list(op, p):
    return op.on(tuple(p))


def jvp_gradient(f, p):
    n = len(p)
    return [jvp(f, p, [float(i == j) for i in range(n)])[1] for j in range(n)]


def test_a_root_of_a_negative_number_has_no_gradient_either() -> None:
    for exponent in (0.5, -0.5, 1.5):
        x = Value(-1.0)
        (x**exponent).backward()
        assert math.isnan(x.grad)
        assert math.isnan(hessian(lambda z: z**exponent, -1.0))  # noqa: B023 - called at once


def test_only_odd_powers_keep_the_sign_of_negative_zero() -> None:
    assert [ag.pow(-0.0, b) for b in (-0.5, -1.0, -1.5, -2.0, -3.0)] == [
        math.inf,
        -math.inf,
        math.inf,
        math.inf,
        -math.inf,
    ]


def test_a_function_of_several_arguments_wants_them_in_one_tuple():
    with pytest.raises(TypeError, match="put them into one tuple"):
        ag.vjp(lambda a, b: a * b, 2.0, 3.0)
    with pytest.raises(TypeError, match="between a Value, which is one number, and a list"):
        ag.vjp(lambda a: a * [], 2.0)
