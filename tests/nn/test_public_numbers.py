"""Whatever is public answers NumPy's numbers and arrays as it does Python's, to the last bit.

Each call stands here once, with numbers that float32 holds exactly; it is made again with NumPy scalars in
the place of numbers, and with arrays in the place of lists of numbers.
"""
# ruff: noqa: E501, PLW0108 - one call, one row

import functools
import importlib
import inspect
import random
from collections import UserList

import numpy as np
import pytest

import autograd as ag
import nn
import nn.data
import nn.historical
import nn.watching
from autograd import Value, record
from autograd.number import is_number

MODULES = [
    "autograd", "nn", "nn.data", "nn.functional", "nn.historical", "nn.init", "nn.schedules", "nn.watching",
]  # fmt: skip
ROW, ROWS, LABELS = [0.5, -1.0, 2.0], [[0.5, -1.0, 2.0], [0.25, 1.5, -0.5]], [1, 0]
SHARES, LOG_SHARES = [0.25, 0.75, 0.0], [-0.5, -1.25, -2.0]
IMAGE = [[[0.5, 1.0, -1.5], [2.0, 0.25, 1.0], [-0.5, 3.0, 0.75]]]
PAIRS = [[0.5, -1.0], [0.25, 1.5]]


def call(*args, **settings):
    """A call: positional and keyword arguments."""
    return args, settings


def then(*args, **settings):
    """How what a class made is called in turn."""
    return "then", args, settings


def square_sum(p):
    return ag.sum([ag.square(x) for x in ag.number.to_list(p)]) if hasattr(p, "__len__") else p * p


def optimizer(name, **settings):
    """Two steps of an optimiser with these settings, on gradients that were assigned."""

    def steps(**given):
        p = Value(1.0)
        made = getattr(nn, name)([p], **given)
        for _ in range(2):
            p.grad = 0.5
            made.step()
        return p

    return steps, call(**settings)


def schedule(name, *args, **settings):
    """The rates of three steps."""

    def rates(*given, **chosen):
        made = getattr(nn.schedules, name)(nn.SGD([Value(1.0)], lr=0.5), *given, **chosen)
        return [made.step() or made.get_last_lr() for _ in range(3)]

    return rates, call(*args, **settings)


def plateau(*metrics):
    made = nn.schedules.ReduceLROnPlateau(nn.SGD([Value(1.0)], lr=0.5), patience=0)
    return [made.step(m) or made.get_last_lr() for m in metrics]


def trained(X, y, **settings):
    model = nn.Sequential(nn.Linear(3, 2))
    model.compile("sgd", "cross_entropy", metrics=["accuracy"])
    history = model.fit(X, y, verbose=False, **settings)
    return history["loss"], model.predict(X), model.evaluate(X, y)


def nudged():
    a = Value(2.0, label="a")
    return a * 3.0, a


def recorded(x):
    w = Value(2.0)
    fast = record(lambda a: ag.sum([w * b for b in a]), params=[w], backend="python")
    return [fast(x).data for _ in range(3)], w.grad


def clipped(name, limit):
    p = Value(1.0)
    p.grad = 3.0
    return getattr(nn, name)([p], limit), p.grad


def perceptron(X, y, **settings):
    made = nn.Perceptron(3)
    return made.fit(X, y, **settings), made.w, made.b, made(X[0])


CALLS = {
    # autograd
    "Value": call(0.5), "dist": call(ROW, [1.0, 2.0, 3.0]), "fsum": call(ROW), "sum": call(ROW), "mean": call(ROW),
    "softmax": call(ROW), "log_softmax": call(ROW), "surprisals": call(ROW, ROW), "pick": call(ROW, 1), "digits": call(0.5),
    "grad": (lambda x: ag.grad(square_sum)(x), call(ROW)),
    "value_and_grad": (lambda x, i: ag.value_and_grad(lambda a, b: a * b, argnums=i)(x, 2.0), call(0.5, 1)),
    "jacobian": (lambda x: ag.jacobian(lambda p: [p[0] * p[1], p[2]], x), call(ROW)),
    "hessian": (lambda x: ag.hessian(square_sum, x), call(ROW)),
    "hvp": (lambda x, v: ag.hvp(square_sum, x, v), call(ROW, [1.0, 0.0, 2.0])),
    "jvp": (lambda x, v: ag.jvp(square_sum, x, v), call(ROW, [1.0, 0.0, 2.0])),
    "vjp": (lambda x, v: ag.vjp(square_sum, x, v), call(ROW, 2.0)),
    "nudge": (lambda h: ag.nudge(*nudged(), h=h), call(0.5)),
    "record": (recorded, call(ROW)),
    "check_gradients": (lambda x: ag.check_gradients(lambda a: a * a, x), call(0.5)),
    "operands_of": (lambda x: list(ag.operands_of(x)), call(ROW)),
    # layers
    "Linear": [call(3, 2), then(ROW), then(ROWS)], "Dense": [call(2), then(ROW)],
    "Neuron": [call(3), then(ROW), then({0: 0.5, 2: 1.0})], "Layer": [call(3, 2), then(ROW)],
    "MLP": [call(3, [4, 1]), then(ROW), then(ROWS)],
    "Sequential": (lambda x: nn.Sequential(nn.Linear(3, 2), nn.Tanh())(x), call(ROW)),
    "Residual": (lambda x: nn.Residual(nn.Linear(3, 3))(x), call(ROW)),
    "Flatten": [call(), then(ROWS)], "Identity": [call(), then([Value(0.5)])],
    "Embedding": [call(4, 2), then(1), then([0, 3])], "Dropout": [call(0.5), then(ROW), then(ROWS)],
    "Parameter": call(ROWS),
    "LayerNorm": [call(3), then(ROW)], "RMSNorm": [call(3), then(ROWS)], "BatchNorm1d": [call(3), then(ROWS)],
    "Conv1d": [call(1, 2, 2, stride=1, padding=1), then([ROW])], "Conv2d": [call(1, 1, [2, 1]), then(IMAGE)],
    "MaxPool1d": [call(2, padding=1), then([ROW])], "MaxPool2d": [call(2), then(IMAGE)],
    "AvgPool1d": [call(2), then([ROW])], "AvgPool2d": [call(2, stride=1), then(IMAGE)],
    "BatchNorm2d": [call(1), then([IMAGE, IMAGE])], "GroupNorm": [call(1, 3), then(ROW)],
    "RNN": [call(3, 2, num_layers=2), then(ROWS)], "GRU": [call(3, 2), then(ROWS, [[0.5, 1.0]])],
    "LSTM": [call(3, 2, batch_first=True), then([ROWS, ROWS])],
    "data.DataLoader": (lambda X, y, n: ag.number.map_nested(
        float, list(nn.data.DataLoader(nn.data.TensorDataset(X, y), n))), call(ROWS, LABELS, 1)),
    "RNNCell": [call(3, 2), then(ROW, [0.5, 1.0])], "GRUCell": [call(3, 2), then(ROW, [0.5, 1.0])],
    "LSTMCell": [call(3, 2), then(ROW, ([0.5, 1.0], [0.0, 2.0]))],
    "unroll": (lambda xs, h: nn.unroll(nn.GRUCell(3, 2), xs, h), call(ROWS, [0.5, 1.0])),
    "MultiHeadAttention": [call(4, 2), then([[0.5, 1.0, -1.0, 2.0], [0.0, 1.0, 0.5, 0.25]])],
    "FeedForward": [call(3, 2), then(ROW)],
    "TransformerBlock": [call(4, 2, 3), then([[0.5, 1.0, -1.0, 2.0], [0.0, 1.0, 0.5, 0.25]])],
    "GPT": [call(4, 3, dim=2, heads=1, layers=1), then([1, 0])],
    "GPT.loss": (lambda t: nn.GPT(4, 3, dim=2, heads=1).loss(t), call([1, 0, 3])),
    "GPT.generate": (lambda **s: nn.GPT(4, 3, dim=2, heads=1).generate(**s), call(start=3, seed=1, length=2)),
    "CharTokenizer": (lambda t: nn.CharTokenizer(["ab"]).decode(t), call([2, 0, 1, 2])),
    # activations
    **{name: [call(), then(ROW), then(ROWS)] for name in ("ReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus")},
    **{name: [call(), then(ROW), then(ROWS)] for name in ("Softmax", "LogSoftmax")},
    "LeakyReLU": [call(0.25), then(ROW)], "ELU": [call(0.5), then(ROW)],
    **{f"functional.{name}": call(ROWS) for name in (
        "relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "logsigmoid", "softplus", "softmax",
        "log_softmax", "normalize")},
    "functional.cosine_similarity": call(ROWS, ROWS), "functional.one_hot": call([1, 0]),
    **{f"functional.{kind}_pool1d": call(ROWS, 2) for kind in ("max", "avg")},
    **{f"functional.{kind}_pool2d": call([ROWS], 1) for kind in ("max", "avg")},
    "functional.linear": call(ROW, ROWS, [0.5, 1.0]), "functional.dropout": call(ROW, 0.5),
    # losses
    **{name: call(ROW, [1.0, 0.5, -1.0]) for name in ("mse", "mae", "half_sse", "huber", "smooth_l1")},
    "bce": call([0.25, 0.5], [1, 0]), "bce_with_logits": [call(ROW, [1, 0, 1]), call(ROW, [1, 0, 1], pos_weight=[0.5, 1.0, 2.0])], "hinge": call(ROW, [1, -1, 1]),
    "cross_entropy": [call(ROWS, LABELS), call(ROW, 1), call(ROW, SHARES), call(ROWS, LABELS, weight=SHARES),
                      call(ROWS, [-100, 2], ignore_index=-100)],
    "nll": [call([LOG_SHARES, LOG_SHARES], LABELS), call(LOG_SHARES, 1, weight=SHARES)],
    "kl_div": call(LOG_SHARES, SHARES),
    "MSELoss": [call(), then(ROW, [1.0, 0.5, -1.0])], "L1Loss": [call(), then(ROW, [1.0, 0.5, -1.0])],
    "SmoothL1Loss": [call(beta=0.5), then(ROW, [1.0, 0.5, -1.0])],
    "HuberLoss": [call(delta=0.5), then(ROW, [1.0, 0.5, -1.0])], "BCELoss": [call(), then([0.25, 0.5], [1, 0])],
    "BCEWithLogitsLoss": [call(pos_weight=[0.5, 1.0, 2.0]), then(ROW, [1, 0, 1])], "NLLLoss": [call(SHARES), then(LOG_SHARES, 0)],
    "CrossEntropyLoss": [call(SHARES, label_smoothing=0.25), then(ROWS, LABELS)],
    "KLDivLoss": [call(), then(LOG_SHARES, SHARES)],
    "functional.mse_loss": call(ROW, ROW), "functional.l1_loss": call(ROW, ROW),
    "functional.huber_loss": call(ROW, ROW), "functional.smooth_l1_loss": call(ROW, ROW), "functional.nll_loss": call(LOG_SHARES, 1),
    "functional.cross_entropy": call(ROW, 1), "functional.kl_div": call(LOG_SHARES, SHARES),
    "functional.binary_cross_entropy": call([0.25], [1]),
    "functional.binary_cross_entropy_with_logits": call([0.25], [1]),
    # scores
    "accuracy": [call(ROWS, LABELS), call([0.25, 0.75], [0, 1])], "r2": call(ROW, [1.0, 0.5, -1.0]),
    "metrics.mse": (nn.metrics.mse, call(ROW, [1.0, 0.5, -1.0])),
    # training
    "SGD": optimizer("SGD", lr=0.25, momentum=0.5), "Adam": optimizer("Adam", lr=0.25, betas=[0.5, 0.75]),
    "AdamW": optimizer("AdamW", lr=0.25, amsgrad=True, maximize=True), "Adagrad": optimizer("Adagrad", lr=0.25),
    "RMSprop": optimizer("RMSprop", lr=0.25, alpha=0.5),
    "Module.fit": (trained, call(ROWS, LABELS, epochs=2, batch_size=1, seed=3)),
    "clip_grad_norm_": (functools.partial(clipped, "clip_grad_norm_"), call(1.5)),
    "clip_grad_value_": (functools.partial(clipped, "clip_grad_value_"), call(1.5)),
    "l1": (lambda s: nn.l1([Value(2.0)], s), call(0.5)), "l2": (lambda s: nn.l2([Value(2.0)], s), call(0.5)),
    "saliency": (lambda x: nn.saliency(square_sum, x), call(ROW)),
    "integrated_gradients": (lambda x, b, n: nn.integrated_gradients(square_sum, x, b, n),
                             call(ROW, [0.0, 0.0, 0.0], 1)),
    "audit": (lambda c, t: nn.audit({"W": c}, {"W": t}), call(ROWS, ROWS)),
    "Perceptron": (perceptron, call(ROWS, LABELS, epochs=3)), "McCullochPitts": [call([1, 1], 2), then([1, 1])],
    "historical.xor": call([1, 0]),
    "schedules.StepLR": schedule("StepLR", 1, 0.5), "schedules.ExponentialLR": schedule("ExponentialLR", 0.5),
    "schedules.CosineAnnealingLR": schedule("CosineAnnealingLR", 4, 0.125),
    "schedules.LinearLR": schedule("LinearLR", total_iters=2), "schedules.WarmUp": schedule("WarmUp", 2, 6),
    "schedules.OneCycleLR": schedule("OneCycleLR", 1.0, 8, cycle_momentum=False),
    "schedules.MultiStepLR": schedule("MultiStepLR", [1, 2], 0.5), "schedules.ConstantLR": schedule("ConstantLR", 0.5, 2),
    "schedules.PolynomialLR": schedule("PolynomialLR", 4, 0.5),
    "schedules.CyclicLR": schedule("CyclicLR", 0.25, 0.5, 2, cycle_momentum=False),
    "schedules.CosineAnnealingWarmRestarts": schedule("CosineAnnealingWarmRestarts", 2, 2, 0.125),
    "manual_seed": (lambda s: nn.manual_seed(s) or random.random(), call(3)),
    "schedules.ReduceLROnPlateau": (plateau, call(1.0, 1.5, 2.0)),
    # data
    "data.moons": call(6, 0.25, 1), "data.circles": call(6, 0.25, 1, 0.5), "data.spiral": call(6, 0.25, 1, 2),
    "data.augment": call([[0.0, 1.0, 0.5, 0.25]], 1, 1, 0.25, 2),
    "data.batches": (lambda *a: ag.number.map_nested(float, list(nn.data.batches(*a))), call(ROWS, LABELS, 1, 2)),
    "data.train_val_split": (lambda *a: ag.number.map_nested(float, nn.data.train_val_split(*a)),
                             call(ROWS, LABELS, 0.5, 3)),
    "data.standardize": [call(ROWS), call(ROWS, ROW, [1.0, 2.0, 0.5])],
    "data.one_hot": [call(LABELS), call(LABELS, [0, 1, 2])],
    # initial weights
    **{f"init.{name}": (functools.partial(lambda fill, *a: fill(nn.init.empty(2, 2), *a), getattr(nn.init, name)),
                        call(*args))
       for name, args in (("constant_", (0.5,)), ("uniform_", (0.25, 0.5)), ("normal_", (0.25, 0.5)),
                          ("xavier_uniform_", (0.5,)), ("xavier_normal_", (0.5,)), ("kaiming_uniform_", (0.5,)),
                          ("kaiming_normal_", (0.5,)))},
    "init.empty": call(2, 3), "init.calculate_gain": call("leaky_relu", 0.25),
    # looking
    "watching.sparkline": call(ROW), "watching.boundary": (
        lambda X, y, n: nn.watching.boundary(nn.MLP(2, [2, 1]), X, y, n), call(PAIRS, LABELS, 3)),
}  # fmt: skip

NO_NUMBERS = {  # what takes graphs, models, names or functions, and no numbers of the reader's
    "autograd": "GradientError Op Program ReplayMismatch animate consumers detect_anomaly draw draw_dot explain formula "
    "frames hints language leaves no_grad op paths quiz scope step_through tangent topological_order trace_table "
    "lecture why_order Operand Operands add_texts caller_place hint hints_refused is_number is_recorded listed page_language say warn word watch weigh "
    "weigh_rows write_file playground as_torch enable_grad inference_mode is_grad_enabled set_grad_enabled",
    "nn": "Cache Callback Checkpoint ClipGradients EarlyStopping GradientNorms History LearningRate Module ModuleDict "
    "ModuleList Optimizer Outputs gradients_of load_checkpoint",
    "nn.data": "Dataset Subset Table TensorDataset digits load_names names random_split read_csv xor",
    "nn.init": "fan he_normal_ he_uniform_ ones_ zeros_",
    "nn.schedules": "LambdaLR Phase SequentialLR",
    "nn.watching": "Film Recipe curves flow_picture gradient_flow histograms landscape report surface training_loop",
    "nn.historical": "AND OR NOT NAND NOR",
}


def scalars(x):
    """NumPy scalars in the place of numbers, everywhere."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(scalars, x))
    if isinstance(x, dict):
        return {k: scalars(v) for k, v in x.items()}
    if isinstance(x, bool) or not is_number(x):
        return x
    return np.int64(x) if isinstance(x, int) else np.float32(x)


def arrays(x):
    """Arrays in the place of lists of numbers."""
    if isinstance(x, list):
        shape = ag.number.shape_of(x)
        numbers = [entry for _, entry in ag.number.entries(x)]
        if not isinstance(shape, str) and all(map(is_number, numbers)):
            return np.array(x, np.int64 if all(isinstance(n, int) for n in numbers) else np.float32)
    return tuple(map(arrays, x)) if isinstance(x, tuple) else x


def sequences(x):
    """Sequences that are neither lists nor arrays in the place of lists."""
    if isinstance(x, list):
        return UserList(map(sequences, x))
    return tuple(map(sequences, x)) if isinstance(x, tuple) else x


class Table:
    """What pandas has."""

    def __init__(self, rows):
        self.rows = rows

    def to_numpy(self):
        return np.array(self.rows)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter("columns")


def plain(x):
    """What came out, in a form that compares: bits and kinds, but arrays as lists."""
    if isinstance(x, Value):
        return ("Value", plain(x.data))
    if isinstance(x, nn.Module):
        return plain(x.state_dict())
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, np.ndarray):
        return plain(x.tolist())
    if isinstance(x, (list, tuple)) and type(x).__str__ is not str.__str__:
        return [plain(y) for y in x]
    assert not isinstance(x, np.generic), f"a {type(x).__name__} came out"
    return x if isinstance(x, str) else repr(x)


def name_of(name):
    if "." not in name:
        return getattr(ag, name, None) or getattr(nn, name)
    module, _, function = name.rpartition(".")
    return getattr(getattr(nn, module), function)


def answers(name, change):
    """All that the calls of this name give."""
    entry = CALLS[name]
    function, calls = entry if isinstance(entry, tuple) and callable(entry[0]) else (None, entry)
    calls = calls if isinstance(calls, list) else [calls]
    function = function or name_of(name)
    found, made = [], None
    for one in calls:
        random.seed(1)
        if one[0] == "then":
            found.append(plain(made(*map(change, one[1]), **{k: change(v) for k, v in one[2].items()})))
        else:
            made = function(*map(change, one[0]), **{k: change(v) for k, v in one[1].items()})
            if not isinstance(made, nn.Module) and not any(c[0] == "then" for c in calls):
                found.append(plain(made))
    return found


@pytest.mark.parametrize("change", [scalars, arrays])
@pytest.mark.parametrize("name", CALLS)
def test_numpys_numbers_and_arrays_give_what_pythons_do(name, change):
    assert answers(name, change) == answers(name, lambda x: x)


POINTS = {
    "grad",
    "value_and_grad",
    "jacobian",
    "hessian",
    "hvp",
    "jvp",
    "vjp",
}  # results keep their structure


@pytest.mark.parametrize("name", [name for name in CALLS if name not in POINTS])
def test_whatever_holds_entries_in_order_is_a_list(name):
    assert answers(name, sequences) == answers(name, lambda x: x)


@pytest.mark.parametrize("entry", [e for e in ag.TABLE.values() if e.arity], ids=lambda e: e.name)
def test_every_op_takes_numpys_numbers_and_arrays(entry):
    xs = [
        low if low == high else 0.25 * round(4 * (low + high) / 2) or 0.5
        for low, high in entry.sample[: entry.arity]
    ]
    wanted = repr(entry(*xs))
    assert repr(entry(*[np.float32(x) for x in xs])) == wanted
    assert repr(entry(Value(xs[0]), *[np.float32(x) for x in xs[1:]]).data) == wanted
    over = entry(*[np.float32([x, x]) for x in xs])
    assert [repr(x) for x in over.tolist()] == [wanted, wanted]


@pytest.mark.parametrize(
    "make", [lambda: nn.Linear(3, 2), lambda: nn.MLP(3, [2, 1]), lambda: nn.Flatten(), nn.Tanh]
)
def test_a_table_is_its_rows(make):
    random.seed(1)
    model = make()
    assert plain(model(Table(ROWS))) == plain(model(ROWS))


def test_every_public_callable_is_called_here_or_takes_no_numbers():
    tested = {name.split(".")[-1] for name in CALLS} | {name for name, op in ag.TABLE.items()}
    tested |= {"fsum", "abs", "pow", "sum"}
    left = []
    for place in MODULES:
        module, others = importlib.import_module(place), set(NO_NUMBERS.get(place, "").split())
        own = module.__name__.split(".")[0]
        for name, x in vars(module).items():
            public = not name.startswith("_") and callable(x) and not inspect.ismodule(x)
            if hasattr(module, "__all__") and module.__name__ != "autograd":
                public = public and name in module.__all__
            elif getattr(x, "__module__", module.__name__).split(".")[0] == own and own == "nn":
                public = public and getattr(x, "__module__", "") == module.__name__
            if public and getattr(x, "__module__", own).split(".")[0] == own and name not in tested | others:
                left.append(f"{module.__name__}.{name}")
    assert left == []
