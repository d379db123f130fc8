"""`formula`: the expression in leaf names and the derivative's formula."""

from autograd import Value, draw, formula


def test_common_parts_are_named_once():
    x, w, b = Value(2.0), Value(-3.0), Value(5.0)
    o = (x * w + b).tanh()
    told = formula(o)
    assert told.expression == "tanh(x*w + b)"
    assert told.parts == {"g1": "1 - o**2"}
    assert told.derivatives == {"x": "g1 * w", "w": "g1 * x", "b": "g1"}


def test_a_node_that_a_derivative_mentions_keeps_its_name():
    x = Value(0.5)
    y = (x * 2).sin().exp()
    told = formula(y)
    assert told.expression == "exp(sin(v1))"
    assert told.parts == {"v1": "x * 2"}
    assert told.derivatives == {"x": "y * cos(v1) * 2"}


def test_latex_writes_fractions_powers_and_indices():
    x1, x2 = Value(2.0), Value(3.0)
    L = x1**3 / x2
    assert formula(L).latex() == (
        "\\begin{aligned}\nL &= \\frac{x_1^{3}}{x_2} \\\\\n"
        "\\frac{dL}{dx_1} &= \\frac{1}{x_2} \\cdot 3 \\cdot x_1^{2} \\\\\n"
        "\\frac{dL}{dx_2} &= \\frac{-L}{x_2}\n\\end{aligned}"
    )


def test_one_derivative_can_be_asked_for():
    a, b = Value(2.0), Value(3.0)
    L = a * a * b
    assert formula(L, a).derivatives == {"a": "b*a + b*a"}


def test_a_constant_stands_in_a_formula_as_python_writes_it():
    v = Value(2.0)
    y = v * 1.00001
    z = v ** (1 / 3)
    assert str(formula(y)).splitlines()[0].endswith("= v * 1.00001")
    assert "dy/dv = 1.00001" in str(formula(y))
    assert str(formula(z)).splitlines()[0].endswith("= v**0.33333333...")
    assert draw(y).scene.boxes[1].name == "1.00001"


def test_a_gradient_of_many_terms_is_cut_and_held_whole():
    w, y = Value(0.5, label="w"), Value(1.0, label="y")
    for _ in range(40):
        y = (w * y).tanh()
    told = formula(y)
    assert " + ... + g" in str(told)
    assert told.derivatives["w"].count("+") == 39
