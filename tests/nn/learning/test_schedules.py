import json
import math

import pytest
from interrupts import interrupted_at, moments_in

from autograd import Value
from nn import optim, schedules

CASES = [
    ("StepLR", {"step_size": 4, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.01}),
    ("LinearLR", {"start_factor": 0.25, "total_iters": 8}),
    ("OneCycleLR", {"max_lr": 0.8, "total_steps": 40}),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
    ("MultiStepLR", {"milestones": [20, 5, 5], "gamma": 0.5}),
    ("ConstantLR", {"factor": 0.25, "total_iters": 7}),
    ("PolynomialLR", {"total_iters": 20, "power": 2.0}),
    ("CosineAnnealingWarmRestarts", {"T_0": 5, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 4, "cycle_momentum": False}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 4, "step_size_down": 3,
                  "mode": "triangular2"}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 4, "mode": "exp_range", "gamma": 0.9}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 4, "scale_fn": lambda i: 1 / i}),
]  # fmt: skip


def rates(optimizer, schedule, count):
    found = []
    for _ in range(count):
        found.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        schedule.step()
    return found


@pytest.mark.parity
@pytest.mark.parametrize(("name", "settings"), CASES)
def test_schedules_equal_torch(torch, name, settings):
    w = torch.tensor(1.0, requires_grad=True)
    theirs = torch.optim.SGD([w], lr=0.2, momentum=0.5)
    expected = rates(theirs, getattr(torch.optim.lr_scheduler, name)(theirs, **settings), 30)
    ours = optim.SGD([Value(1.0)], lr=0.2, momentum=0.5)
    found = rates(ours, getattr(optim.lr_scheduler, name)(ours, **settings), 30)
    for x, y in zip(found, expected):
        assert x == pytest.approx(y, rel=1e-12)
    momentum = theirs.param_groups[0]["momentum"]
    assert ours.param_groups[0]["momentum"] == pytest.approx(momentum, rel=1e-12)


SEQUENCES = {
    "warm-up": (lambda s, o: [s.LinearLR(o, 0.1, total_iters=5), s.CosineAnnealingLR(o, 20)], [5]),
    "three": (
        lambda s, o: [s.ConstantLR(o, 0.1, 3), s.ExponentialLR(o, 0.9), s.MultiStepLR(o, [2, 4])], [4, 12]
    ),
    "restarts": (lambda s, o: [s.StepLR(o, 2), s.CosineAnnealingWarmRestarts(o, 4)], [7]),
}  # fmt: skip


@pytest.mark.parity
@pytest.mark.parametrize(("make", "milestones"), SEQUENCES.values(), ids=SEQUENCES)
def test_a_sequence_of_schedules_equals_torch(torch, make, milestones):
    found = []
    for module, w in ((torch.optim, torch.tensor(1.0, requires_grad=True)), (optim, Value(1.0))):
        optimizer, kinds = module.SGD([w], lr=0.2), module.lr_scheduler
        found.append(rates(optimizer, kinds.SequentialLR(optimizer, make(kinds, optimizer), milestones), 30))
    for x, y in zip(*found):
        assert x == pytest.approx(y, rel=1e-12)


def test_a_sequence_goes_on_where_its_state_was_saved():
    def made():
        optimizer = optim.SGD([Value(1.0)], lr=0.1)
        parts = [schedules.LinearLR(optimizer, total_iters=4), schedules.ExponentialLR(optimizer, 0.5)]
        return schedules.SequentialLR(optimizer, parts, [4])

    first, second = made(), made()
    for _ in range(6):
        first.step()
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for _ in range(3):
        first.step()
        second.step()
        assert second.get_last_lr() == first.get_last_lr()


def test_a_sequence_refuses_schedules_of_another_optimiser_and_counts_its_milestones():
    optimizer, other = (optim.SGD([Value(1.0)], lr=0.1) for _ in range(2))
    fitting = [schedules.ExponentialLR(optimizer, 0.5), schedules.ExponentialLR(optimizer, 0.5)]
    for parts, milestones in (
        (fitting, [1, 2]), ([], []), ([fitting[0], schedules.ExponentialLR(other, 0.5)], [1]),
        ([fitting[0], schedules.ReduceLROnPlateau(optimizer)], [1]),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="one milestone less than schedules"):
            schedules.SequentialLR(optimizer, parts, milestones)


@pytest.mark.parity
@pytest.mark.parametrize(
    "settings",
    [{}, {"patience": 2, "cooldown": 2, "factor": 0.5}, {"mode": "max", "patience": 1, "min_lr": 0.05}],
)
def test_the_plateau_schedule_equals_torch(torch, settings):
    losses = [1.0, 0.9, 0.9, 0.91, 0.9, 0.89, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95, 0.9, 0.9] * 3
    w = torch.tensor(1.0, requires_grad=True)
    theirs, ours = torch.optim.SGD([w], lr=0.2), optim.SGD([Value(1.0)], lr=0.2)
    their_schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **settings)
    our_schedule = schedules.ReduceLROnPlateau(ours, **settings)
    for loss in losses:
        their_schedule.step(loss)
        our_schedule.step(Value(loss))
        assert ours.param_groups[0]["lr"] == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)


def test_warm_up_rises_to_the_rate_and_falls_to_nothing():
    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    found = [x for (x,) in rates(optimizer, schedules.WarmUp(optimizer, 4, 12), 13)]
    assert found[:5] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert found[4:] == sorted(found[4:], reverse=True)
    assert found[12] == 0.0


def test_groups_keep_their_own_first_rate():
    optimizer = optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)], "lr": 1.0}], lr=0.1)
    schedule = schedules.ExponentialLR(optimizer, gamma=0.5)
    schedule.step()
    assert schedule.get_last_lr() == [0.05, 0.5]


def test_a_schedule_goes_on_where_its_state_was_saved():
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    first = schedules.StepLR(optimizer, step_size=3, gamma=0.5)
    for _ in range(5):
        first.step()
    second = schedules.StepLR(optim.SGD([Value(1.0)], lr=0.1), step_size=1)
    second.load_state_dict(first.state_dict())
    first.step()
    second.step()
    assert second.get_last_lr() == first.get_last_lr() == [0.025]


@pytest.mark.parametrize(
    ("total", "part", "wanted"),
    [
        (10, 0.1, [1.0]),
        (2, 0.5, [1.0, 4e-6]),
        (4, 1.0, [0.04, 0.28, 0.76, 1.0]),
        (1, 0.3, [4e-6]),
    ],
)
def test_a_cycle_whose_rise_or_fall_takes_no_steps_has_its_ends(total, part, wanted):
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = schedules.OneCycleLR(optimizer, 1.0, total, pct_start=part)
    assert [x for (x,) in rates(optimizer, schedule, len(wanted))] == pytest.approx(wanted)


def test_a_step_after_a_cycle_rises_as_in_torch_and_one_more_is_an_error():
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = schedules.OneCycleLR(optimizer, 1.0, 4, cycle_momentum=False)
    go(optimizer, schedule, 4)
    assert schedule.get_last_lr() == [pytest.approx(0.2830609982086991, rel=1e-15)]
    with pytest.raises(ValueError, match=r"Tried to step 5 times. .* is 4: write total_steps=5"):
        schedule.step()


@pytest.mark.parametrize(
    ("mode", "numbers"),
    [("min", (-1.0, -0.95)), ("max", (-1.0, -1.05)), ("min", (0.0, 0.0)), ("min", (1.0, math.nan))],
)
def test_plateau_measures_an_improvement_on_the_size_of_the_best(mode, numbers):
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = schedules.ReduceLROnPlateau(optimizer, mode=mode, threshold=0.1, patience=0)
    for number in numbers:
        schedule.step(number)
    assert schedule.get_last_lr() == [pytest.approx(0.01)]
    assert schedule.best == numbers[0]


@pytest.mark.parametrize(("mode", "number"), [("min", -1.2), ("max", -0.8)])
def test_plateau_sees_an_improvement_of_negative_numbers(mode, number):
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = schedules.ReduceLROnPlateau(optimizer, mode=mode, threshold=0.1, patience=0)
    schedule.step(-1.0)
    schedule.step(number)
    assert schedule.get_last_lr() == [0.1]
    assert schedule.best == number


@pytest.mark.parametrize("rate", [math.nan, math.inf, -0.1])
def test_a_rate_that_is_none_is_refused_by_the_step_that_made_it(rate):
    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    schedule = schedules.LambdaLR(optimizer, lambda t: 1.0 if t == 0 else rate)
    with pytest.raises(ValueError, match=f"LambdaLR needs a finite number lr >= 0, got {rate}"):
        schedule.step()
    assert schedule.get_last_lr() == [1.0]


def both(torch, make_optimizer, make_schedules, count, between=lambda optimizer, t: None):
    """The settings that a schedule moves, step by step, with torch and with ours."""
    found = []
    for module, lr_scheduler, leaf in (
        (torch.optim, torch.optim.lr_scheduler, lambda: torch.tensor(1.0, requires_grad=True)),
        (optim, schedules, lambda: Value(1.0)),
    ):
        optimizer = make_optimizer(module, leaf)
        steppers, trail = make_schedules(lr_scheduler, optimizer), []
        for t in range(count):
            trail.append([x for g in optimizer.param_groups for x in moved_by_schedules(g)])
            optimizer.step()
            between(optimizer, t)
            for stepper in steppers:
                stepper.step()
        found.append(trail)
    return found


def moved_by_schedules(group):
    return [group["lr"], group.get("momentum", 0.0), *group.get("betas", ())]


OPTIMIZERS = [
    ("SGD", {"lr": 0.2}),
    ("SGD", {"lr": 0.2, "momentum": 0.7}),
    ("RMSprop", {"lr": 0.2}),
    ("Adam", {"lr": 0.2}),
    ("AdamW", {"lr": 0.2, "betas": (0.5, 0.9)}),
]
CYCLES = [
    {},
    {"anneal_strategy": "linear"},
    {"three_phase": True},
    {"three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4},
    {"cycle_momentum": False},
    {"base_momentum": 0.5, "max_momentum": 0.6, "div_factor": 10.0, "final_div_factor": 50.0},
]


@pytest.mark.parity
@pytest.mark.parametrize("settings", CYCLES)
@pytest.mark.parametrize(("name", "given"), OPTIMIZERS)
def test_one_cycle_moves_rate_and_momentum_as_torch(torch, name, given, settings):
    def optimizer(module, leaf):
        return getattr(module, name)([{"params": [leaf()]}, {"params": [leaf()], "lr": 0.5}], **given)

    def cycle(lr_scheduler, optimizer):
        return [lr_scheduler.OneCycleLR(optimizer, [0.8, 0.4], epochs=3, steps_per_epoch=9, **settings)]

    theirs, ours = both(torch, optimizer, cycle, 27)
    for x, y in zip(ours, theirs, strict=True):
        assert x == pytest.approx(y, rel=1e-12, abs=1e-15)


CHAINS = [
    (("LinearLR", {"start_factor": 0.1, "total_iters": 4}), ("CosineAnnealingLR", {"T_max": 10})),
    (("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.01}), ("LinearLR", {"total_iters": 7})),
    (("StepLR", {"step_size": 3, "gamma": 0.5}), ("ExponentialLR", {"gamma": 0.9})),
    (("ExponentialLR", {"gamma": 0.9}), ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)})),
    (("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}), ("StepLR", {"step_size": 2})),
    (("LinearLR", {}), ("LinearLR", {"start_factor": 0.5}), ("StepLR", {"step_size": 5})),
    (("OneCycleLR", {"max_lr": 0.5, "total_steps": 40}), ("ExponentialLR", {"gamma": 0.9})),
]


@pytest.mark.parity
@pytest.mark.parametrize("chain", CHAINS)
def test_schedules_of_one_optimiser_multiply_as_in_torch(torch, chain):
    def make(lr_scheduler, optimizer):
        return [getattr(lr_scheduler, name)(optimizer, **settings) for name, settings in chain]

    theirs, ours = both(torch, lambda module, leaf: module.SGD([leaf()], lr=1.0, momentum=0.5), make, 15)
    for x, y in zip(ours, theirs, strict=True):
        assert x == pytest.approx(y, rel=1e-9, abs=1e-15)


@pytest.mark.parity
@pytest.mark.parametrize(("name", "settings"), [case for case in CASES if case[0] != "OneCycleLR"])
def test_a_rate_set_by_hand_stays_where_torch_lets_it(torch, name, settings):
    def between(optimizer, t):
        if t == 2:
            optimizer.param_groups[0]["lr"] = 0.05

    def make(lr_scheduler, optimizer):
        return [getattr(lr_scheduler, name)(optimizer, **settings)]

    theirs, ours = both(torch, lambda module, leaf: module.SGD([leaf()], lr=0.2), make, 12, between)
    for x, y in zip(ours, theirs, strict=True):
        assert x == pytest.approx(y, rel=1e-9)


@pytest.mark.parity
@pytest.mark.parametrize(("name", "settings"), CASES)
def test_a_schedule_built_again_begins_from_the_first_rate_as_in_torch(torch, name, settings):
    trails = []
    for module, lr_scheduler, leaf in (
        (torch.optim, torch.optim.lr_scheduler, torch.tensor(1.0, requires_grad=True)),
        (optim, schedules, Value(1.0)),
    ):
        optimizer = module.SGD([leaf], lr=0.2)
        first = rates(optimizer, getattr(lr_scheduler, name)(optimizer, **settings), 5)
        again = rates(optimizer, getattr(lr_scheduler, name)(optimizer, **settings), 6)
        later = rates(optimizer, getattr(lr_scheduler, name)(optimizer, **settings, last_epoch=2), 3)
        trails.append([x for (x,) in [*first, *again, *later]])
    theirs, ours = trails
    assert ours == pytest.approx(theirs, rel=1e-9)


SCHEDULES = [
    *CASES,
    ("WarmUp", {"warmup_steps": 3, "total_steps": 12}),
    ("ReduceLROnPlateau", {"patience": 1, "factor": 0.5}),
]


def go(optimizer, schedule, count):
    for t in range(count):
        optimizer.step()
        schedule.step(*([1.0 + t] if hasattr(schedule, "watch") else []))


@pytest.mark.parametrize("other", [None, ("ExponentialLR", {"gamma": 0.9})])
@pytest.mark.parametrize(("name", "settings"), SCHEDULES)
def test_saved_and_loaded_a_schedule_goes_on_bit_for_bit(name, settings, other):
    def made():
        optimizer = optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)], "lr": 0.5}], lr=0.2)
        chain = [(name, settings), *([other] if other else [])]
        return optimizer, [getattr(schedules, kind)(optimizer, **given) for kind, given in chain]

    whole, first, second = made(), made(), made()
    for optimizer, steppers, counts in ((*whole, (4, 5)), (*first, (4,))):
        for count in counts:
            for _ in range(count):
                for stepper in steppers:
                    go(optimizer, stepper, 1)
    saved = json.loads(json.dumps([first[0].state_dict(), *[one.state_dict() for one in first[1]]]))
    second[0].load_state_dict(saved[0])
    for stepper, state in zip(second[1], saved[1:], strict=True):
        stepper.load_state_dict(state)
    for _ in range(5):
        for stepper in second[1]:
            go(second[0], stepper, 1)
    assert second[0].param_groups[1]["lr"] == whole[0].param_groups[1]["lr"]
    assert second[1][0].state_dict() == whole[1][0].state_dict()


@pytest.mark.parametrize(("name", "settings"), SCHEDULES)
def test_a_group_that_joins_later_begins_with_its_own_rate(name, settings):
    optimizer = optim.SGD([Value(1.0)], lr=0.2)
    schedule = getattr(schedules, name)(optimizer, **settings)
    go(optimizer, schedule, 3)
    alone = list(schedule.get_last_lr())
    optimizer.add_param_group({"params": [Value(1.0)], "lr": 0.02})
    go(optimizer, schedule, 3)
    twin = optim.SGD([Value(1.0)], lr=0.2)
    same = getattr(schedules, name)(twin, **settings)
    go(twin, same, 3)
    assert same.get_last_lr() == alone
    go(twin, same, 3)
    assert schedule.get_last_lr()[0] == same.get_last_lr()[0]
    assert 0 <= schedule.get_last_lr()[1] <= {"OneCycleLR": 0.8, "CyclicLR": 0.3}.get(name, 0.04)


def test_a_state_of_another_schedule_is_refused_by_name_and_changes_nothing():
    optimizer = optim.SGD([Value(1.0)], lr=0.2)
    step, cosine = schedules.StepLR(optimizer, 3), schedules.CosineAnnealingLR(optimizer, 3)
    before = cosine.state_dict()
    with pytest.raises(ValueError, match="the saved state is of StepLR and not of CosineAnnealingLR"):
        cosine.load_state_dict(step.state_dict())
    with pytest.raises(ValueError, match=r"lacks something of it \(gamma"):
        step.load_state_dict({name: x for name, x in step.state_dict().items() if name != "gamma"})
    with pytest.raises(TypeError, match="lr"):
        cosine.load_state_dict({**before, "lr": ["0.1"]})
    assert cosine.state_dict() == before


def test_going_on_without_a_first_rate_is_refused():
    with pytest.raises(
        ValueError, match="'initial_lr' to say what they began with: load the optimizer's state"
    ):
        schedules.StepLR(optim.SGD([Value(1.0)], lr=0.2), 3, last_epoch=4)


def test_one_cycle_without_a_momentum_says_what_to_write():
    optimizer = optim.Adagrad([Value(1.0)])
    with pytest.raises(ValueError, match="Adagrad has none: write cycle_momentum=False"):
        schedules.OneCycleLR(optimizer, 1.0, 10)
    schedules.OneCycleLR(optimizer, 1.0, 10, cycle_momentum=False)


@pytest.mark.parametrize(("name", "settings"), SCHEDULES)
def test_interrupted_anywhere_a_schedule_has_moved_all_groups_or_none(name, settings):
    def made():
        optimizer = optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)], "lr": 0.5}], lr=0.2)
        schedule = getattr(schedules, name)(optimizer, **settings)
        go(optimizer, schedule, 5)
        return optimizer, schedule

    def move(optimizer, schedule):
        schedule.step(*([9.0] if name == "ReduceLROnPlateau" else []))

    def seen(optimizer, schedule):
        return [{**group, "params": None} for group in optimizer.param_groups], schedule.state_dict()

    pair = made()
    before = seen(*pair)
    move(*pair)
    after = seen(*pair)
    assert before != after
    for moment in range(moments_in(lambda: move(*made()))):
        pair = made()
        try:
            with interrupted_at(moment):
                move(*pair)
        except KeyboardInterrupt:
            assert seen(*pair) in (before, after)


@pytest.mark.parametrize(
    ("factor", "said"),
    [(0.5, "needs a function of the step"), (lambda _: None, r"lr_lambda\(0\)"), (lambda _: -1.0, "lr >= 0")],
)
def test_a_factor_that_is_none_is_refused_by_name(factor, said):
    with pytest.raises((TypeError, ValueError), match=said):
        schedules.LambdaLR(optim.SGD([Value(1.0)], lr=0.1), factor)
