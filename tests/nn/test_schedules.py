import math

import pytest

from autograd import Value
from nn import optim, schedules

CASES = [
    ("StepLR", {"step_size": 4, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.01}),
    ("LinearLR", {"start_factor": 0.25, "total_iters": 8}),
    ("OneCycleLR", {"max_lr": 0.8, "total_steps": 40}),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
]


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
    theirs = torch.optim.SGD([w], lr=0.2)
    expected = rates(theirs, getattr(torch.optim.lr_scheduler, name)(theirs, **settings), 30)
    ours = optim.SGD([Value(1.0)], lr=0.2)
    found = rates(ours, getattr(optim.lr_scheduler, name)(ours, **settings), 30)
    for x, y in zip(found, expected):
        assert x == pytest.approx(y, rel=1e-12)


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
        (4, 1.0, [0.04, 0.28, 0.76, 1.0, 1.0]),
        (1, 0.3, [4e-6, 4e-6]),
    ],
)
def test_a_cycle_whose_rise_or_fall_takes_no_steps_has_its_ends(total, part, wanted):
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    found = [x for (x,) in rates(optimizer, schedules.OneCycleLR(optimizer, 1.0, total, part), len(wanted))]
    assert found[: len(wanted)] == pytest.approx(wanted)


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
