"""Rows 12, 13, 14, 16 and 19 in stored numbers; beside torch they stand in the tests of each module."""

import math
import random

import pytest

import autograd as ag
import nn
from autograd import Value
from nn import optim

# value and derivative, computed with mpmath at 50 digits
ACTIVATIONS = {
    ("sigmoid", -30.0): (9.357622968839299e-14, 9.357622968838423e-14),
    ("sigmoid", -0.5): (0.37754066879814546, 0.2350037122015945),
    ("sigmoid", 0.75): (0.679178699175393, 0.21789499376181404),
    ("sigmoid", 40.0): (1.0, 4.248354255291589e-18),
    ("tanh", -30.0): (-1.0, 3.502604305078608e-26),
    ("tanh", -0.5): (-0.46211715726000974, 0.7864477329659274),
    ("tanh", 0.75): (0.6351489523872873, 0.5965858082813315),
    ("tanh", 40.0): (1.0, 7.219405551381661e-35),
    ("relu", -30.0): (0.0, 0.0),
    ("relu", -0.5): (0.0, 0.0),
    ("relu", 0.75): (0.75, 1.0),
    ("relu", 40.0): (40.0, 1.0),
    ("leaky_relu", -30.0): (-0.3, 0.01),
    ("leaky_relu", -0.5): (-0.005, 0.01),
    ("leaky_relu", 0.75): (0.75, 1.0),
    ("leaky_relu", 40.0): (40.0, 1.0),
    ("elu", -30.0): (-0.9999999999999064, 9.357622968840175e-14),
    ("elu", -0.5): (-0.3934693402873666, 0.6065306597126334),
    ("elu", 0.75): (0.75, 1.0),
    ("elu", 40.0): (40.0, 1.0),
    ("gelu", -30.0): (-1.472014178144456e-196, -4.416031690708495e-195),
    ("gelu", -0.5): (-0.15426876936299344, 0.13250487534383715),
    ("gelu", 0.75): (0.5800294857173488, 0.9992257217392351),
    ("gelu", 40.0): (40.0, 1.0),
    ("silu", -30.0): (-2.8072868906517896e-12, -2.713710660963134e-12),
    ("silu", -0.5): (-0.18877033439907273, 0.2600388126973482),
    ("silu", 0.75): (0.5093840243815447, 0.8425999444967535),
    ("silu", 40.0): (40.0, 1.0000000000000002),
    ("softplus", -30.0): (9.357622968839737e-14, 9.357622968839299e-14),
    ("softplus", -0.5): (0.4740769841801067, 0.37754066879814546),
    ("softplus", 0.75): (1.1368710061148999, 0.679178699175393),
    ("softplus", 40.0): (40.0, 1.0),
}


@pytest.mark.parametrize(("name", "x"), ACTIVATIONS)
def test_row_12_activations_keep_their_digits_far_out(name, x):
    value, slope = ACTIVATIONS[name, x]
    v = Value(x)
    y = getattr(ag, name)(v)
    y.backward()
    assert y.data == pytest.approx(value, rel=1e-14, abs=0)
    assert v.grad == pytest.approx(slope, rel=1e-13, abs=0)


def test_row_12_softmax_of_far_apart_numbers():
    assert ag.softmax([1000.0, 0.0]) == [1.0, 0.0]
    assert ag.log_softmax([1000.0, 0.0]) == [0.0, -1000.0]


X, T = [0.5, -1.5, 2.0], [1.0, 0.0, 0.25]
LOSSES = {
    "mse": (lambda x: nn.mse(x, T), 1.8541666666666667, [-0.3333333333333333, -1.0, 1.1666666666666665]),
    "half_sse": (lambda x: nn.half_sse(x, T), 2.78125, [-0.5, -1.5, 1.75]),
    "mae": (lambda x: nn.mae(x, T), 1.25, [-0.3333333333333333, -0.3333333333333333, 0.3333333333333333]),
    "huber": (
        lambda x: nn.huber(x, T),
        0.7916666666666666,
        [-0.16666666666666666, -0.3333333333333333, 0.3333333333333333],
    ),
    "bce": (
        lambda x: nn.bce([v.sigmoid() for v in x], T),
        0.7674727577352769,
        [-0.1258468895993818, 0.06080850793545212, 0.2102656926592941],
    ),
    "bce_with_logits": (
        lambda x: nn.bce_with_logits(x, T, "sum"),
        2.3024182732058316,
        [-0.3775406687981454, 0.18242552380635635, 0.6307970779778823],
    ),
    "cross_entropy": (
        lambda x: nn.cross_entropy(x, 1),
        3.7258020492315995,
        [0.17803020550615906, -0.9759062317131516, 0.7978760262069926],
    ),
    "nll": (
        lambda x: nn.nll(ag.log_softmax(x), 1),
        3.7258020492315995,
        [0.17803020550615906, -0.9759062317131516, 0.7978760262069926],
    ),
    "hinge": (
        lambda x: nn.hinge(x, [1, -1, -1]),
        1.1666666666666667,
        [-0.3333333333333333, 0.0, 0.3333333333333333],
    ),
    "kl_div": (
        lambda x: nn.kl_div(ag.log_softmax(x), [0.2, 0.5, 0.3], "sum"),
        1.2461490351670257,
        [-0.021969794493840955, -0.4759062317131516, 0.4978760262069926],
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_row_13_losses_and_their_gradients(name):
    loss_of, expected, gradients = LOSSES[name]
    x = [Value(v) for v in X]
    loss = loss_of(x)
    loss.backward()
    assert loss.data == pytest.approx(expected, rel=1e-12)
    assert [v.grad for v in x] == pytest.approx(gradients, rel=1e-12, abs=1e-15)


def test_row_13_logits_of_800_stay_finite():
    x = [Value(800.0), Value(-800.0), Value(0.0)]
    loss = nn.cross_entropy(x, 1) + nn.bce_with_logits(x, [0.0, 1.0, 1.0])
    loss.backward()
    assert loss.data == pytest.approx(1600 + (1600 + math.log(2)) / 3, rel=1e-15)
    assert [v.grad for v in x] == pytest.approx([1 + 1 / 3, -1 - 1 / 3, -1 / 6], rel=1e-12)


STEPS = {
    "SGD": ("SGD", {"lr": 0.02}, (0.25753088431302934, 0.034317936702911535)),
    "weight decay": ("SGD", {"lr": 0.02, "weight_decay": 0.3}, (0.29175488614159584, 0.04300908154043066)),
    "momentum": ("SGD", {"lr": 0.02, "momentum": 0.9}, (0.9448118432715152, 0.745930592617483)),
    "Nesterov": (
        "SGD",
        {"lr": 0.02, "momentum": 0.9, "nesterov": True},
        (0.9925360643702822, 0.9885805629708593),
    ),
    "Adagrad": ("Adagrad", {"lr": 0.5}, (0.3455855317332104, 0.0870886657290547)),
    "RMSprop": ("RMSprop", {"lr": 0.05}, (0.3877494064671011, 0.11701989629275432)),
    "Adam": ("Adam", {"lr": 0.1}, (0.7095388754715598, 0.5279463067875396)),
    "AdamW": ("AdamW", {"lr": 0.1, "weight_decay": 0.3}, (0.7110451146457715, 0.44039540229712704)),
}


def thirty_steps(make):
    a, b = Value(-0.6), Value(0.8)
    optimizer = make([a, b])
    for _ in range(30):
        optimizer.zero_grad()
        ((1 - a) ** 2 + 5 * (b - a * a) ** 2 + 0.1 * (a * b) ** 2).backward()
        optimizer.step()
    return a.data, b.data


@pytest.mark.parametrize("name", STEPS)
def test_row_14_thirty_steps_end_where_torch_ends(name):
    kind, settings, place = STEPS[name]
    assert thirty_steps(lambda p: getattr(optim, kind)(p, **settings)) == pytest.approx(place, rel=1e-9)


SCHEDULES = {
    "StepLR": ({"step_size": 4, "gamma": 0.5}, [0.2, 0.1, 0.05, 0.025, 0.00625]),
    "ExponentialLR": (
        {"gamma": 0.9},
        [0.2, 0.11809800000000004, 0.06973568802000003, 0.04117822641892983, 0.02431533091811388],
    ),
    "CosineAnnealingLR": (
        {"T_max": 20, "eta_min": 0.01},
        [0.2, 0.17217514421272204, 0.10500000000000002, 0.037824855787278, 0.01],
    ),
    "LinearLR": (
        {"start_factor": 0.25, "total_iters": 8},
        [0.05, 0.14375, 0.19999999999999998, 0.19999999999999998, 0.19999999999999998],
    ),
    "OneCycleLR": (
        {"max_lr": 0.8, "total_steps": 40},
        [0.03200000000000003, 0.3613511021030585, 0.784445301867967, 0.7603877056107791, 0.6128135793548123],
    ),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_row_14_schedules_pass_through_the_rates_of_torch(name):
    settings, rates = SCHEDULES[name]
    optimizer = optim.SGD([Value(1.0)], lr=0.2)
    schedule = getattr(optim.lr_scheduler, name)(optimizer, **settings)
    found = []
    for _ in range(5):
        found.append(optimizer.param_groups[0]["lr"])
        for _ in range(5):
            schedule.step()
    assert found == pytest.approx(rates, rel=1e-12)


def test_row_14_a_reader_writes_an_optimiser_in_ten_lines():
    class HeavyBall(nn.Optimizer):
        def __init__(self, params, lr=0.02, beta=0.9):
            super().__init__(params, lr=lr, beta=beta)

        def update(self, x, g, memory, group):
            velocity = memory["v"] = group["beta"] * memory.get("v", 0.0) - group["lr"] * g
            return x + velocity

    momentum = thirty_steps(lambda p: optim.SGD(p, lr=0.02, momentum=0.9))
    assert thirty_steps(HeavyBall) == pytest.approx(momentum, rel=1e-9)


def sensitivity(cell, steps):
    """How much the last hidden numbers move with the first input: the size of d h_T / d x_0."""
    xs = [[Value(math.sin(1 + t)), Value(math.cos(2 * t))] for t in range(steps)]
    outputs, _ = nn.unroll(cell, xs)
    return math.hypot(*[slope for h in outputs[-1] for slope in map(float, ag.grad(h, xs[0]))])


def prepared_cell(kind):
    cell, draw = kind(2, 4), random.Random(16)
    for p in cell.parameters():
        p.data = draw.uniform(-0.5, 0.5)
    if kind is not nn.RNNCell:
        for b in cell.bias_ih[4:8]:
            b.data = 3.0  # the gate that keeps what is there: update in a GRU, forget in an LSTM
    return cell


def test_row_16_gated_cells_carry_a_gradient_further():
    lengths = [1, 5, 10, 20]
    sizes = {kind.__name__: [sensitivity(prepared_cell(kind), T) for T in lengths] for kind in CELLS}
    for name, stored in SENSITIVITIES.items():
        assert sizes[name] == pytest.approx(stored, rel=1e-9)
    lasting = {name: size[-1] / size[0] for name, size in sizes.items()}
    assert lasting["RNNCell"] < 1e-4
    assert lasting["LSTMCell"] > 0.01
    assert lasting["GRUCell"] > 0.1


CELLS = [nn.RNNCell, nn.GRUCell, nn.LSTMCell]
SENSITIVITIES = {
    "RNNCell": [0.29005041669017023, 0.040973712163296656, 0.0011983916516691258, 2.7047997023328195e-06],
    "GRUCell": [0.05549584616942033, 0.04162737740833058, 0.028641611598173623, 0.014980155921040959],
    "LSTMCell": [0.18104211567881454, 0.12172460449972394, 0.0425925965323342, 0.007489651331239075],
}


@pytest.mark.parity
@pytest.mark.parametrize("kind", CELLS)
def test_row_16_sensitivities_equal_torch(torch, kind):
    from nn.interop import torch_state

    ours, theirs = prepared_cell(kind), getattr(torch.nn, kind.__name__)(2, 4)
    theirs.load_state_dict(torch_state(ours, theirs))
    xs = torch.tensor([[math.sin(1 + t), math.cos(2 * t)] for t in range(10)], requires_grad=True)
    state = None
    for x in xs:
        state = theirs(x, state)
    h = state[0] if isinstance(state, tuple) else state
    rows = [torch.autograd.grad(v, xs, retain_graph=True)[0][0] for v in h]
    assert sensitivity(ours, 10) == pytest.approx(torch.stack(rows).norm().item(), rel=1e-9)


def test_row_16_relu_batch_norm_and_clipping_keep_gradients_in_bounds():
    def first_gradient(act, normalise=False):
        random.seed(1)
        layers = []
        for _ in range(12):
            layers += [nn.Linear(8, 8), *([nn.BatchNorm1d(8)] if normalise else []), act()]
        if act is nn.ReLU:
            for layer in layers[::2]:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        model = nn.Sequential(*layers)
        out = model([[math.sin(4 * i + j) for j in range(8)] for i in range(6)])
        ag.sum([v * (1 + i) for row in out for i, v in enumerate(row)]).backward()
        return math.hypot(*[p.grad for p in layers[0].parameters()])

    plain = first_gradient(nn.Sigmoid)
    assert plain < 1e-6
    assert first_gradient(nn.ReLU) > 1e3 * plain
    assert first_gradient(nn.Sigmoid, normalise=True) > 1e3 * plain
    ps = [Value(0.0), Value(0.0)]
    ps[0].grad, ps[1].grad = 3e9, 4e9
    assert nn.clip_grad_norm_(ps, 1.0) == 5e9
    assert [p.grad for p in ps] == pytest.approx([0.6, 0.8])


def test_row_19_least_squares_and_gradient_descent_meet():
    xs = [0.1 * i for i in range(20)]
    ys = [3 * x - 1 + math.sin(5 * x) for x in xs]
    n, sx, sy = len(xs), math.fsum(xs), math.fsum(ys)
    sxx, sxy = math.fsum(x * x for x in xs), math.fsum(x * y for x, y in zip(xs, ys))
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    intercept = (sy - slope * sx) / n
    model = nn.Linear(1, 1)
    optimizer = nn.SGD(model.parameters(), lr=0.35)
    for _ in range(600):
        optimizer.zero_grad()
        nn.mse(model([[x] for x in xs]), [[y] for y in ys]).backward()
        optimizer.step()
    assert model.weight[0][0].data == pytest.approx(slope, rel=1e-12)
    assert model.bias[0].data == pytest.approx(intercept, rel=1e-12)
