import copy
import json
import math
import pickle

import numpy as np
import pytest
from interrupts import interrupted_at, moments_in

import autograd as ag
import nn
from autograd import Value
from autograd.messages.chinese import widened
from nn import optim

SETTINGS = [
    ("SGD", {"lr": 0.02}),
    ("SGD", {"lr": 0.02, "weight_decay": 0.3}),
    ("SGD", {"lr": 0.02, "momentum": 0.9}),
    ("SGD", {"lr": 0.02, "momentum": 0.9, "dampening": 0.4, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    ("Adagrad", {"lr": 0.5}),
    ("Adagrad", {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.2}),
    ("RMSprop", {"lr": 0.05}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.05, "centered": True}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.3}),
    ("Adam", {"lr": 0.3, "betas": (0.5, 0.6), "amsgrad": True}),
    ("AdamW", {"lr": 0.3, "betas": (0.5, 0.6), "amsgrad": True, "weight_decay": 0.3}),
    *[(name, {"lr": 1e-4, "weight_decay": 0.1, "maximize": True})
      for name in ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW")],
]  # fmt: skip


def trajectory(module, start, make, steps=30):
    """Every step of an optimiser on a bent valley, from the same start."""
    if module is None:
        a, b = params = [Value(x) for x in start]
    else:
        a, b = params = [module.tensor(x, requires_grad=True) for x in start]
    optimizer, places = make(params), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (1 - a) ** 2 + 5 * (b - a * a) ** 2 + 0.1 * (a * b) ** 2
        loss.backward()
        optimizer.step()
        places.append([a.item(), b.item()])
    return places


@pytest.mark.parity
@pytest.mark.parametrize(("name", "settings"), SETTINGS)
def test_30_steps_equal_torch(torch, name, settings):
    start = [-0.6, 0.8]
    ours = trajectory(None, start, lambda p: getattr(optim, name)(p, **settings))
    theirs = trajectory(torch, start, lambda p: getattr(torch.optim, name)(p, **settings))
    assert all(map(math.isfinite, ours[-1]))
    for x, y in zip(ours, theirs):
        assert x == pytest.approx(y, rel=1e-12, abs=1e-12)


@pytest.mark.parity
def test_default_settings_are_those_of_torch(torch):
    w = torch.tensor(1.0, requires_grad=True)
    for name in ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW"):
        theirs = getattr(torch.optim, name)([w]).defaults
        ours = getattr(optim, name)([Value(1.0)]).defaults
        assert {key: x for key, x in ours.items() if key != "form"} == {
            key: theirs[key] for key in ours if key != "form"
        }


def test_keras_adam_adds_epsilon_after_the_correction():
    x, m, v = 1.0, 0.0, 0.0
    w = Value(x)
    optimizer = optim.Adam([w], lr=0.1, form="keras")
    for t in range(1, 31):
        g = 2 * x
        m, v = m + (g - m) * (1 - 0.9), v + (g * g - v) * (1 - 0.999)
        x -= m * (0.1 * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)) / (v**0.5 + 1e-7)
        w.grad = 2 * w.data
        optimizer.step()
        assert w.data == pytest.approx(x, rel=1e-12)
    assert optimizer.param_groups[0]["eps"] == 1e-7


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize(("name", "settings"), SETTINGS[-7:])
def test_a_replayed_training_maximizes_and_keeps_the_largest_square_too(backend, name, settings):
    X = [math.sin(i) for i in range(40)]

    def trained(run):
        w = Value(0.5)
        optimizer = getattr(optim, name)([w], **settings)
        return run(w, optimizer), w, optimizer

    def replayed(w, optimizer):
        fast = ag.record(lambda x: (w * x - 1) ** 2 * w, params=[w], backend=backend)
        fast.train(X, epochs=2, batch_size=1, optimizer=optimizer, shuffle=False)
        return fast

    def eager(w, optimizer):
        for x in X * 2:
            optimizer.zero_grad()
            ((w * x - 1) ** 2 * w).backward()
            optimizer.step()

    _, there, optimizer = trained(replayed)
    _, here, beside = trained(eager)
    assert there.data == pytest.approx(here.data, rel=1e-12)
    assert optimizer.state.get(there, {}) == pytest.approx(beside.state.get(here, {}), rel=1e-11)
    assert optimizer.state_dict().keys() == beside.state_dict().keys()


def test_zero_grad_to_zero_lets_momentum_and_decay_go_on_and_leaves_none_alone():
    a, b = Value(1.0), Value(1.0)
    optimizer = optim.SGD([a, b], lr=0.1, weight_decay=1.0)
    a.grad = 1.0
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    assert (a.data, b.data) == (0.9, 1.0)
    optimizer.zero_grad()
    optimizer.step()
    assert (a.data, b.data) == (0.9, 1.0)


def test_a_group_has_settings_of_its_own():
    a, b = Value(1.0), Value(1.0)
    optimizer = optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1)
    (a + b).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.9, 0.5)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad"])
def test_an_optimiser_goes_on_where_its_state_was_saved(name):
    settings = {"lr": 0.1, "momentum": 0.9} if name == "SGD" else {"lr": 0.1}

    def steps(optimizer, w, count):
        for _ in range(count):
            optimizer.zero_grad()
            (w * w * w * w).backward()
            optimizer.step()

    first = Value(1.0)
    whole = getattr(optim, name)([first], **settings)
    steps(whole, first, 3)
    state = json.loads(json.dumps(whole.state_dict()))
    second = Value(first.data)
    resumed = getattr(optim, name)([second], lr=9.0)
    resumed.load_state_dict(state)
    steps(whole, first, 4)
    steps(resumed, second, 4)
    assert first.data == second.data


def test_a_state_of_another_model_is_refused():
    state = optim.SGD(nn.Linear(2, 1).parameters()).state_dict()
    with pytest.raises(ValueError, match=r"groups of \[3\] parameters, this optimizer has groups of \[5\]"):
        optim.SGD(nn.Linear(4, 1).parameters()).load_state_dict(state)


def test_step_then_zero_grad_in_either_order():
    def run(zero_first):
        w = Value(1.0)
        optimizer = optim.SGD([w], lr=0.1)
        for _ in range(5):
            if zero_first:
                optimizer.zero_grad()
            (w * w).backward()
            optimizer.step()
            if not zero_first:
                optimizer.zero_grad()
        return w.data

    assert run(True) == run(False)


def test_frozen_and_untouched_parameters_stay_as_they_are():
    a, b, c = Value(1.0), Value(1.0, requires_grad=False), Value(1.0)
    optimizer = optim.Adam([a, b, c], lr=0.1, weight_decay=0.5)
    (a * b).backward()
    optimizer.step()
    assert a.data != 1.0
    assert (b.data, c.data) == (1.0, 1.0)


def test_a_new_optimiser_is_written_in_a_few_lines():
    class SignDescent(nn.Optimizer):
        def __init__(self, params, lr=0.01):
            super().__init__(params, lr=lr)

        def update(self, x, g, memory, group):
            return x - group["lr"] * ((g > 0) - (g < 0))

    w = Value(1.0)
    optimizer = SignDescent([w], lr=0.25)
    (w * w).backward()
    optimizer.step()
    assert w.data == 0.75


def test_a_foreign_object_among_the_parameters_is_named():
    with pytest.raises(
        TypeError, match=r"parameter 1 is a float: an optimizer takes Values. Pass model.parameters\(\)"
    ):
        optim.SGD([Value(1.0), 2.0])


def test_a_computed_value_is_no_parameter():
    with pytest.raises(ValueError, match="was computed by 'mul': only leaves can be trained"):
        optim.SGD([Value(2.0) * 3])


def test_no_parameters_are_refused():
    with pytest.raises(
        ValueError, match=r"got no parameters: pass model.parameters\(\) of a model that has some"
    ):
        optim.SGD(nn.ReLU().parameters())


def test_a_parameter_given_twice_is_refused():
    w = Value(1.0)
    with pytest.raises(ValueError, match="parameter 1 stands in the list twice"):
        optim.SGD([w, w])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: optim.SGD(p, lr=-1), "SGD needs a finite number lr >= 0, got -1"),
        (lambda p: optim.SGD(p, nesterov=True), "needs a finite number momentum > 0, got 0.0"),
        (lambda p: optim.Adam(p, betas=(1.0, 0.9)), r"Adam needs .* 0 <= betas\[0\] < 1, got 1.0"),
        (lambda p: optim.Adam(p, form="jax"), "Adam: form 'jax' is not known: choose one of torch, keras"),
    ],
)
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make([Value(1.0)])


@pytest.mark.parity
def test_rows_of_an_embedding_go_on_in_a_loop_of_ones_own_as_in_torch(torch):
    weight = [[1.0], [2.0], [3.0]]
    ours, theirs = nn.Embedding(3, 1), torch.nn.Embedding.from_pretrained(torch.tensor(weight), freeze=False)
    ours.load_state_dict({"weight": weight})
    optimizers = optim.Adam(ours.parameters(), lr=0.1), torch.optim.Adam(theirs.parameters(), lr=0.1)
    for thing, target in zip([0, 1, 0, 2, 1, 0], [0.5, 0.0, 1.0, -1.0, 2.0, 0.0]):
        for optimizer in optimizers:
            optimizer.zero_grad()
        ((ours(thing)[0] - target) ** 2).backward()
        (theirs(torch.tensor([thing]))[0, 0] - target).square().backward()
        for optimizer in optimizers:
            optimizer.step()
    assert [p.data for p in ours.parameters()] == pytest.approx(theirs.weight.flatten().tolist(), rel=1e-12)


def test_one_value_in_the_place_of_a_list_is_refused():
    message = r"SGD takes a list of parameters and got one Value. Write SGD\(\[value\]\)"
    with pytest.raises(TypeError, match=message):
        optim.SGD(Value(1.0))


def test_a_step_without_gradients_is_hinted_at(capsys):
    optimizer = optim.SGD(nn.MLP(2, [2, 1]).parameters())
    ag.hints(True)
    try:
        optimizer.step()
        assert capsys.readouterr().err == (
            "Hint: optimizer.step() changed nothing: none of the 9 parameters has a gradient yet.\n"
            "      The order is optimizer.zero_grad(), loss.backward(), optimizer.step().\n"
        )
        ag.language("zh")
        optimizer.step()
        assert capsys.readouterr().err == (
            widened(
                "提示:optimizer.step() 什么也没改:9 个参数都还没有梯度。\n"
                "      顺序是 optimizer.zero_grad()、loss.backward()、optimizer.step()。\n"
            )
        )
    finally:
        ag.hints(False)
        ag.language("en")


@pytest.mark.parametrize(
    ("g", "alpha", "steps"),
    [(2.259257443990658e-05, 0.5, 80), (858.1703945413877, 0.95, 700), (0.1, 0.0, 3), (math.nan, 0.5, 1)],
)
def test_the_variance_of_centered_rmsprop_is_never_below_0(g, alpha, steps):
    w = Value(1.0)
    optimizer = nn.RMSprop([w], lr=1e-12, centered=True, alpha=alpha)
    for _ in range(steps):
        w.grad = g
        optimizer.step()
    assert math.isfinite(w.data) == math.isfinite(g)


def test_a_group_with_settings_out_of_range_is_refused():
    first, second = Value(1.0), Value(2.0)
    optimizer = nn.Adam([first])
    for wrong in ({"lr": math.nan}, {"betas": (0.9, 1.0)}, {"form": "jax"}, {"eps": -1e-8}):
        with pytest.raises(ValueError, match="Adam"):
            optimizer.add_param_group({"params": [second], **wrong})
    assert len(optimizer.param_groups) == 1


OPTIMIZERS = [nn.SGD, nn.Adam, optim.AdamW, optim.Adagrad, optim.RMSprop]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_float32_gradients_rates_and_weights_train_in_float64(make):
    a, b = Value(1.0), Value(1.0)
    narrow, wide = make([a], lr=np.float32(0.1)), make([b], lr=float(np.float32(0.1)))
    for _ in range(3):
        narrow.param_groups[0]["lr"] = np.float32(0.01)
        wide.param_groups[0]["lr"] = float(np.float32(0.01))
        a.grad, b.grad = np.float32(0.3), float(np.float32(0.3))
        a.data, b.data = np.float32(a.data), float(np.float32(b.data))
        narrow.step()
        wide.step()
        assert type(a.data) is type(a.grad) is float
        assert a.data == b.data
    json.dumps(narrow.state_dict())


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_none_as_grad_is_no_gradient_for_an_optimizer(make):
    a, b = Value(1.0), Value(2.0)
    optimizer = make([a, b], lr=0.1)
    a.grad, b.grad = 0.5, None
    optimizer.step()
    assert a.data < 1.0
    assert b.data == 2.0
    assert set(optimizer.state) == {a}


def test_an_optimizer_of_ones_own_may_return_numpy_numbers():
    class Plain(nn.Optimizer):
        def update(self, x, g, memory, group):
            return np.float64(x - g)

    a = Value(1.0)
    a.grad = 0.25
    Plain([a]).step()
    assert a.data == 0.75
    assert type(a.data) is float


KINDS = [
    ("SGD", {"momentum": 0.9}),
    ("Adagrad", {}),
    ("RMSprop", {"momentum": 0.5, "centered": True}),
    ("Adam", {}),
    ("AdamW", {}),
]


def moving(kind, settings, count=4):
    """An optimiser in the middle of its way, and what shows where it stands."""
    values = [Value(float(i)) for i in range(count)]
    optimizer = getattr(optim, kind)(values, lr=0.1, **settings)
    for p in values:
        p.grad = 1.0
    optimizer.step()
    return optimizer, lambda: ([p.data for p in values], optimizer.state_dict())


@pytest.mark.parametrize(("kind", "settings"), KINDS)
@pytest.mark.parametrize("what", ["step", "load_state_dict", "zero_grad"])
def test_interrupted_anywhere_an_optimiser_has_done_all_or_nothing(what, kind, settings):
    made = moving(kind, settings)
    saved = made[0].state_dict()
    for memory in saved["state"].values():
        memory.update({name: 0.5 * x for name, x in memory.items()})
    given = (saved,) if what == "load_state_dict" else ()

    def grads(optimizer):
        return [p.grad for group in optimizer.param_groups for p in group["params"]]

    before = made[1](), grads(made[0])
    getattr(made[0], what)(*given)
    after = made[1](), grads(made[0])
    assert before != after
    seen = []
    for moment in range(moments_in(lambda: getattr(moving(kind, settings)[0], what)(*given))):
        optimizer, shown = moving(kind, settings)
        try:
            with interrupted_at(moment):
                getattr(optimizer, what)(*given)
        except KeyboardInterrupt:
            seen.append((shown(), grads(optimizer)))
    assert seen
    assert all(one in (before, after) for one in seen)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_an_update_that_fails_half_way_moves_nothing(kind, settings):
    optimizer, shown = moving(kind, settings)
    before, update = shown(), optimizer.update
    calls = iter([True, True, False])
    optimizer.update = lambda *args: update(*args) if next(calls) else "no number"
    with pytest.raises((TypeError, ValueError)):
        optimizer.step()
    assert shown() == before


def test_a_step_that_fails_sets_back_memories_that_remember_different_things():
    a, b = Value(1.0), Value(2.0)
    optimizer = optim.SGD([a, b], lr=0.1, momentum=0.9)
    a.grad = 1.0
    optimizer.step()
    b.grad, optimizer.param_groups[0]["momentum"] = 1.0, 0.0
    optimizer.step()
    assert list(optimizer.state.values()) == [{"velocity": 1.0}, {}]
    optimizer.param_groups[0]["momentum"] = 0.9
    before, update = (a.data, b.data, optimizer.state_dict()), optimizer.update

    def failing(*args):
        new = update(*args)
        if args[0] == before[1]:
            raise ArithmeticError
        return new

    optimizer.update = failing
    with pytest.raises(ArithmeticError):
        optimizer.step()
    assert (a.data, b.data, optimizer.state_dict()) == before


def test_step_takes_a_closure_that_makes_the_gradients_and_gives_its_loss():
    w = Value(1.0)
    optimizer = optim.SGD([w], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = w * w
        loss.backward()
        return loss

    assert optimizer.step(closure).data == 1.0
    assert w.data == 0.8
    assert optimizer.step() is None


def state(**changes):
    w = Value(1.0)
    optimizer = optim.Adam([w], lr=0.1)
    w.grad = 1.0
    optimizer.step()
    return {**copy.deepcopy(optimizer.state_dict()), **changes}


GROUP = state()["param_groups"][0]
WRONG = [
    (None, TypeError, "Adam.load_state_dict takes what state_dict"),
    ([1], TypeError, "Adam.load_state_dict takes what state_dict"),
    ({"state": {}}, TypeError, "Adam.load_state_dict takes what state_dict"),
    (state(param_groups=[1]), ValueError, "the saved state is of Adam"),
    (optim.SGD([Value(1.0)]).state_dict(), ValueError, "the saved state is of SGD, this optimizer is Adam"),
    (optim.AdamW([Value(1.0)]).state_dict(), ValueError, "the saved state is of AdamW"),
    (
        {**optim.SGD([Value(1.0)]).state_dict(), "optimizer": "Adam"},
        ValueError,
        "needs betas, eps, form, which",
    ),
    (state(state={"1": {"mean": 1.0}}), ValueError, "remembers .* for parameter 1"),
    (state(state={"-1": {"mean": 1.0}}), ValueError, "remembers .* for parameter -1"),
    (state(state={"0": [1.0]}), ValueError, "remembers .* for parameter 0"),
    (state(state={"0": {"mean": 1.0}}), ValueError, "remembers .* for parameter 0"),
    (state(state={"0": {"mean": "1.0"}}), ValueError, "remembers '1.0' for parameter 0"),
    (state(state={"0": {"mean": math.nan}}), ValueError, "remembers nan for parameter 0"),
    (state(param_groups=[{**GROUP, "lr": -1.0}]), ValueError, "Adam needs .* lr >= 0"),
    (state(param_groups=[{**GROUP, "betas": [0.9, 2.0]}]), ValueError, "betas"),
    (state(param_groups=[{**GROUP, "form": "jax"}]), ValueError, "form 'jax' is not known"),
    (state(param_groups=[GROUP, GROUP]), ValueError, r"groups of \[1, 1\] parameters"),
]


@pytest.mark.parametrize(("saved", "error", "message"), WRONG)
def test_a_state_that_does_not_fit_is_named_and_changes_nothing(saved, error, message):
    optimizer = optim.Adam([Value(1.0)], lr=0.5)
    before = optimizer.state_dict()
    with pytest.raises(error, match=message):
        optimizer.load_state_dict(saved)
    assert optimizer.state_dict() == before


def test_settings_of_a_state_from_json_are_what_they_were():
    optimizer = optim.Adam([Value(1.0)], betas=(0.5, 0.6))
    before = optimizer.param_groups[0].copy()
    optimizer.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert optimizer.param_groups[0] == before


# which tensor a parameter belongs to

WAYS = {
    "as they come": lambda model: model.parameters(),
    "a list": lambda model: list(model.parameters()),
    "a tuple, turned round": lambda model: tuple(model.parameters())[::-1],
    "those that want a gradient": lambda model: [p for p in model.parameters() if p.requires_grad],
    "by name": lambda model: [p for _, p in model.named_parameters()],
    "in groups": lambda model: [
        {"params": list(model.parameters())[:4]}, {"params": list(model.parameters())[4:]}
    ],
    "through pickle": lambda model: list(pickle.loads(pickle.dumps(model)).parameters()),
    "pickled one by one": lambda model: pickle.loads(pickle.dumps(list(model.parameters()))),
    "a deep copy": lambda model: list(copy.deepcopy(model).parameters()),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["Adam", "RMSprop", "SGD"])
@pytest.mark.parametrize("way", WAYS)
def test_rows_that_no_token_named_go_on_in_whatever_list_they_came(way, kind):
    found = []
    for given in (WAYS["as they come"], WAYS[way]):
        model = nn.Embedding(3, 2)
        model.load_state_dict({"weight": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]})
        parameters = given(model)
        optimizer = getattr(optim, kind)(parameters, lr=0.1, **({"momentum": 0.9} if kind == "SGD" else {}))
        flat = sorted((p for group in optimizer.param_groups for p in group["params"]), key=lambda p: p.data)
        for row in (0, 2, 1, 0, 0):
            optimizer.zero_grad()
            (flat[2 * row] + 2 * flat[2 * row + 1]).backward()
            optimizer.step()
        found.append([p.data for p in flat])
    assert found[0] == found[1]
    assert len({round(x - y, 9) for x, y in zip(found[0], range(1, 7))}) > 2  # it did move


def test_a_parameter_in_two_tensors_belongs_to_both():
    model = nn.Module()
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    model.first, model.second = [a, b], [b, c]
    optimizer = optim.SGD(list(model.parameters()), lr=0.0, momentum=0.9)
    b.grad = 1.0
    optimizer.step()
    assert set(optimizer.state) == {a, b, c}


def test_stamping_again_changes_nothing_and_a_replaced_parameter_joins():
    model = nn.Linear(2, 1)
    before = [dict(p.__dict__) for p in model.parameters()]
    list(model.named_tensors())
    assert [dict(p.__dict__) for p in model.parameters()] == before
    new = model.weight[0][1] = Value(4.0)
    optimizer = optim.SGD(list(model.parameters()), lr=0.0, momentum=0.9)
    model.weight[0][0].grad = 1.0
    optimizer.step()
    assert new in optimizer.state
    assert model.bias[0] not in optimizer.state


def test_a_token_keeps_no_parameter_alive():
    import gc
    import weakref

    model = nn.Linear(2, 1)
    known = [weakref.ref(p) for p in model.parameters()]
    gc.disable()
    try:
        del model
        assert [one() for one in known] == [None] * 3
    finally:
        gc.enable()


def test_a_list_of_parameters_trains_as_a_recorded_training_does():
    texts = [[0, 1, 2, 1], [2, 0, 2, 2], [1, 1, 0, 3]]

    def made():
        import random

        random.seed(1)
        return nn.GPT(5, block_size=4, dim=4, heads=2)

    ours, theirs = made(), made()
    optimizer = optim.Adam([p for p in ours.parameters() if p.requires_grad], lr=0.01)
    for _ in range(3):
        for text in texts:
            optimizer.zero_grad()
            ours.loss(text).backward()
            optimizer.step()
    recorded = ag.record(theirs.loss, params=theirs.parameters(), backend="python")
    recorded.train(texts, epochs=3, optimizer="adam", lr=0.01, batch_size=1, shuffle=False)
    for x, y in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert x.data == pytest.approx(y.data, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("wrong", [("step", -1), ("step", 0), ("square", -1e-9), ("mean", math.nan)])
def test_remembered_numbers_that_cannot_be_are_refused(wrong):
    w = Value(1.0)
    optimizer = nn.Adam([w], lr=0.1)
    w.grad = 1.0
    optimizer.step()
    state = optimizer.state_dict()
    state["state"]["0"].update([wrong])
    with pytest.raises(ValueError, match=r"remembers .* for parameter 0"):
        optimizer.load_state_dict(state)
