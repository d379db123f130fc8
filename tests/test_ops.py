"""The table itself: every rule says what its op does, in whichever form it is read."""

import inspect
import math
import random
import textwrap
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

import autograd as ag
from autograd import Value, ops
from autograd.entry import BUILT_IN, TABLE, read_on_floats
from autograd.ops import PUBLIC

SMOOTH = sorted(name for name in BUILT_IN if TABLE[name].partials)
PAIRED = ("dot", "sumprod")


def sample(entry, count=20):
    """Points of the entry's sampling ranges; an n-ary entry gets four operands."""
    rng = random.Random(entry.name)
    for _ in range(count):
        yield [rng.uniform(*entry.sample[i % len(entry.sample)]) for i in range(entry.arity or 4)]


def apply(entry, xs):
    return entry(xs[:2], xs[2:]) if entry.name in PAIRED else entry(*xs)


def counts_derivatives(entry, i):
    low, high = entry.sample[i % len(entry.sample)]
    return low == high


@pytest.mark.parametrize("name", SMOOTH)
def test_the_gradient_is_the_slope_of_the_value(name):
    entry = TABLE[name]
    for xs in sample(entry):
        nodes = [Value(x) for x in xs]
        gradients = ag.grad(apply(entry, nodes), nodes)
        for i, slope in enumerate(gradients):
            if entry.rule(i) is None:
                assert slope == 0.0
                continue
            h = 1e-5 * max(1.0, abs(xs[i]))
            up, down = ([*xs[:i], xs[i] + step, *xs[i + 1 :]] for step in (h, -h))
            measured = (apply(entry, up) - apply(entry, down)) / (2 * h)
            assert slope == pytest.approx(measured, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", [name for name in SMOOTH if TABLE[name].stable or TABLE[name].bulk])
def test_the_readable_rule_and_the_stable_one_agree(name):
    entry = TABLE[name]
    for xs in sample(entry):
        y = entry.value(*xs)
        numbers = entry.locals(xs, y)
        for i, number in enumerate(numbers):
            if entry.rule(i) is not None:
                readable = read_on_floats(entry.rule(i, readable=True), xs, y)
                assert number == pytest.approx(readable, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_numbers_and_values_give_the_same_bits(name):
    entry = TABLE[name]
    for xs in sample(entry):
        assert apply(entry, [Value(x) for x in xs]).data == apply(entry, xs)


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_a_sampling_range_stays_inside_the_domain(name):
    assert all(math.isfinite(apply(TABLE[name], xs)) for xs in sample(TABLE[name]))


def test_softmax_adds_up_to_1_for_logits_of_any_size():
    rng = random.Random(5)
    for size in (1e-3, 1.0, 40.0, 1e5, 1e16, 1e300):
        shares = ag.softmax([rng.uniform(-size, size) for _ in range(9)])
        assert math.fsum(shares) == pytest.approx(1, rel=1e-15)
    assert ag.softmax([1e16, 1e16 - 2, 1e16 - 4]) == pytest.approx(ag.softmax([0.0, -2.0, -4.0]), rel=1e-14)


def test_log_softmax_of_a_certain_class_keeps_the_little_that_is_missing():
    assert ag.log_softmax([0.0, -50.0])[0] == pytest.approx(-math.exp(-50), rel=1e-14)
    assert ag.log_softmax([1000.0, 950.0])[0] == pytest.approx(-math.exp(-50), rel=1e-14)


def test_softmax_takes_one_node_per_share_and_two_for_all():
    xs = [Value(float(i)) for i in range(5)]
    nodes = {node for share in ag.softmax(xs) for node in ag.topological_order(share)}
    assert len(nodes - set(xs)) == 5 + 2


def test_dist_is_the_norm_of_the_difference():
    assert ag.dist([1.0, 2.0], [4.0, 6.0]) == 5.0
    with pytest.raises(ValueError, match=r"2 .* 1"):
        ag.dist([1.0, 2.0], [4.0])


def test_sums_of_products_are_rounded_once_where_dot_goes_from_left_to_right():
    p, q = [1e16, 1.0, -1e16], [1.0, 1.0, 1.0]
    assert (ag.sumprod(p, q), ag.dot(p, q)) == (1.0, 0.0)


def test_names_of_the_library_are_taken():
    with pytest.raises(ValueError, match="tanh"):
        ag.op("tanh", math.tanh, lambda x, y: 1.0)
    assert ops.tanh is TABLE["tanh"]


@pytest.mark.parametrize(
    ("a", "b"), [(7.0, 3.0), (-7.0, 3.0), (7.0, -3.0), (-7.5, -2.0), (1.0, 0.1), (0.0, 2.0), (-1.0, math.inf)]
)
def test_rest_and_quotient_are_pythons_on_either_side(a, b):
    for x, y in ((Value(a), Value(b)), (a, Value(b)), (Value(a), b)):
        assert (x % y).data == a % b
        assert (x // y).data == a // b
        assert tuple(v.data for v in divmod(x, y)) == divmod(a, b)


def test_a_rest_hands_on_to_both_and_a_quotient_to_none():
    assert ag.grad(lambda a, b: a % b, argnums=(0, 1))(-7.0, 3.0) == (1.0, 3.0)
    assert ag.grad(lambda a, b: a // b, argnums=(0, 1))(-7.0, 3.0) == (0.0, 0.0)
    assert ag.jvp(lambda a: a % 3.0, 7.0, 2.0) == (1.0, 2.0)


def test_a_rest_by_zero_is_nan_as_ieee_has_it_and_text_is_refused():
    assert math.isnan((Value(1.0) % 0.0).data)
    assert (Value(1.0) // 0.0).data == math.inf
    with pytest.raises(TypeError, match="'3'"):
        Value(1.0) % "3"


def test_remainder_is_ieee_and_fmod_is_c():
    assert (ag.remainder(5.0, 3.0), ag.fmod(-7.0, 3.0), Value(-7.0) % 3.0 < 0) == (-1.0, -1.0, False)


def test_a_logarithm_takes_a_base():
    assert ag.log(8.0, 2) == 3.0
    assert ag.log(1000.0, 10.0) == 3.0
    slopes = ag.grad(ag.log, argnums=(0, 1))(8.0, 3.0)
    assert slopes == pytest.approx((1 / (8 * math.log(3)), -math.log(8) / (3 * math.log(3) ** 2)), rel=1e-14)


def test_hypot_takes_any_number_of_operands():
    assert ag.hypot(2.0, 3.0, 6.0) == 7.0
    assert (ag.hypot(), ag.hypot(-3.0)) == (0.0, 3.0)
    assert ag.grad(lambda a: ag.hypot(a, 3.0, 6.0))(2.0) == pytest.approx(2 / 7, rel=1e-15)


def test_gelu_has_the_form_of_tanh_too():
    x = 0.5
    wanted = 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    assert ag.gelu(x, approximate="tanh") == pytest.approx(wanted, rel=1e-15)
    assert ag.gelu(x, approximate="none") == ag.gelu(x)
    slope = ag.grad(lambda v: ag.gelu(v, approximate="tanh"))
    assert [slope(x) for x in (-math.inf, -1e300, 1e300, math.inf)] == [0.0, 0.0, 1.0, 1.0]
    assert ag.gelu(math.inf, approximate="tanh") == math.inf
    assert math.isnan(ag.gelu(math.nan, approximate="tanh"))
    with pytest.raises(ValueError, match="'sinh' is not known: choose one of none, tanh"):
        ag.gelu(x, approximate="sinh")


def test_mean_and_ne_are_there():
    assert (ag.mean([1.0, 2.0, 6.0]), ag.mean(1.0, 2.0), ag.mean(np.array([1, 2, 6]))) == (3.0, 1.5, 3.0)
    assert ag.grad(lambda x: ag.mean(x, 5.0))(1.0) == 0.5
    with pytest.raises(ValueError, match="at least one number"):
        ag.mean([])
    assert (ag.ne(1.0, 2.0), ag.ne(Value(2.0), 2.0).data) == (1.0, 0.0)


@pytest.mark.parametrize("x", [1e-200, -1e-100, 1e-320, 1e-20])
def test_the_second_slope_of_sigmoid_near_0_is_minus_an_eighth(x):
    assert ag.grad(ag.grad(ag.sigmoid))(x) == pytest.approx(-x / 8, rel=1e-12, abs=5e-324)


@pytest.mark.parametrize("power", [ag.exp2, lambda x: 2.0**x, lambda x: ag.pow(2.0, x)])
def test_where_a_power_of_2_overflows_its_slopes_do_too(power):
    assert [ag.grad(power)(x) for x in (1023.0, 1024.0, 1e5, math.inf)][1:] == [math.inf] * 3
    assert math.isfinite(ag.grad(power)(1023.0))


def test_silu_is_straight_far_out():
    assert [ag.grad(ag.silu)(x) for x in (-math.inf, math.inf)] == [0.0, 1.0]
    assert ag.grad(ag.grad(ag.silu))(math.inf) == 0.0


def test_the_slope_is_nan_where_atanh_is():
    assert all(math.isnan(ag.grad(ag.atanh)(x)) for x in (2.0, -1.5, math.inf))


@pytest.mark.parametrize("xs", [[710.0, 0.0, -710.0], [0.0, 40.0], [-30.0, 30.0, 0.0], [745.0, 0.0, 1.0]])
def test_the_slopes_of_softmax_shares_keep_their_digits_down_to_the_smallest_floats(xs):
    with mp.workdps(700):
        powers = [mp.exp(x) for x in xs]
        shares = [p / mp.fsum(powers) for p in powers]
        own = [float(p * mp.fsum(q for j, q in enumerate(shares) if j != i)) for i, p in enumerate(shares)]
    for derive in (ag.jacobian, by_columns):
        table = derive(ag.softmax, xs)
        for i, row in enumerate(table):
            assert row[i] == pytest.approx(own[i], rel=1e-13, abs=1e-323)
            for j, slope in enumerate(row):
                wanted = own[i] if i == j else -float(shares[i] * shares[j])
                assert slope == pytest.approx(wanted, rel=1e-13, abs=1e-323)


def test_the_softmax_of_one_value_is_a_value():
    (share,) = ag.softmax([Value(3.0)])
    assert (type(share), share.data) == (Value, 1.0)


def by_columns(f, xs):
    columns = [ag.jvp(f, xs, [float(i == j) for j in range(len(xs))])[1] for i in range(len(xs))]
    return [list(row) for row in zip(*columns)]


NUMPY = {  # what NumPy calls on the numbers of an array of objects, where the table has another name
    "arccos": "acos", "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan",
    "arctan2": "atan2", "arctanh": "atanh", "deg2rad": "radians", "fabs": "abs", "rad2deg": "degrees",
    "rint": "nearest",
}  # fmt: skip


FORMS = {  # what the methods of ops with other forms take, and how they call them
    "gelu": (['approximate: str = "none"'], "gelu(self, approximate)"),
    "hypot": (["*more: Number"], "hypot(self, *more)"),
    "log": (["base: Number | None = None"], "log(self) if base is None else log(self, base)"),
}


def methods_of_the_table():
    """The lines of `ops.Functions`: every function of so many operands that depends on its first."""
    names = {name: name for name in PUBLIC}
    lines = []
    for method, name in sorted({**names, **NUMPY}.items()):
        op = TABLE[name]
        if not op.arity or (op.arity > 1 and op.rule(0) is None):
            continue
        rest = list(inspect.signature(op.rules[0]).parameters)[1 : op.arity] if op.arity > 1 else []
        given = dict(zip(rest[len(rest) - len(op.defaults) :], op.defaults))
        takes = [f"{x}: Number" + (f" = {given[x]}" if x in given else "") for x in rest]
        function = {"abs": "abs_"}.get(name, name)
        call = f"{function}({', '.join(['self', *rest])})"
        if name in FORMS:
            takes, call = FORMS[name]
        lines.append(f"    def {method}({', '.join(['self: Own', *takes])}) -> Own: return {call}")
    return lines


def exports_of_the_table():
    """The lines of `ops.__all__`: every function, and those that stand below the table."""
    names = sorted({*PUBLIC, "fsum", "softmax"} - {"abs", "sum"})
    text = textwrap.fill(", ".join(f'"{name}"' for name in names), 100)
    return ["__all__ = [  # noqa: RUF022 - as Python sorts", *textwrap.indent(text, "    ").split("\n")]


@pytest.mark.parametrize("made", [exports_of_the_table, methods_of_the_table])
def test_what_is_written_from_the_table_is_what_the_table_says(made):
    written = Path(ops.__file__).read_text(encoding="utf-8")
    lines = "\n".join(made())
    assert f"\n{lines}\n" in written, f"write this between the marks in ops.py:\n{lines}"
    others = written.split("# -- made from the table")[1 + (made is methods_of_the_table)]
    assert others.split("# -- to here")[0].count("\n") == lines.count("\n") + 2


def called_by_numpy(name):
    """Tell whether NumPy calls a method of this name on the numbers of an array of objects."""
    function, op = getattr(np, name, None), TABLE[NUMPY.get(name, name)]
    if name in ("maximum", "minimum", "copysign", "logaddexp", "abs", "remainder"):
        return False  # these have no form for objects, or are Python's operators
    return isinstance(function, np.ufunc) and op.arity == function.nin and op.rule(0) is not None


@pytest.mark.parametrize("name", sorted(filter(called_by_numpy, {*NUMPY, *PUBLIC})))
def test_what_numpy_calls_on_an_array_of_values_is_the_tables_function(name):
    function, op = getattr(np, name), TABLE[NUMPY.get(name, name)]
    for xs in sample(op, 3):
        values = [Value(x) for x in xs]
        told = function(*[np.array([x]) for x in values])[0]
        assert told.data == op.value(*xs)
        assert ag.grad(told, values) == pytest.approx(ag.grad(op(*values), values), rel=1e-15)


def test_numpys_spread_of_values_has_its_gradient():
    xs = [Value(1.0), Value(2.0), Value(4.5)]
    spread = np.std(np.array(xs))
    assert spread.data == pytest.approx(float(np.std([1.0, 2.0, 4.5])))
    mean, sigma = 2.5, spread.data
    assert ag.grad(spread, xs) == pytest.approx([(x.data - mean) / (3 * sigma) for x in xs])
