import itertools
import math

import mpmath
import numpy as np
import pytest

import autograd as ag
import nn
import nn.keras
from autograd import Value, record
from autograd.messages.chinese import widened
from autograd.number import map_nested
from autograd.trace.steps import trace_graph

PLAIN = {  # ours, and the name in torch.nn.functional
    "mse": (nn.mse, "mse_loss"),
    "mae": (nn.mae, "l1_loss"),
    "huber": (nn.huber, "huber_loss"),
    "smooth_l1": (nn.smooth_l1, "smooth_l1_loss"),
    "bce_with_logits": (nn.bce_with_logits, "binary_cross_entropy_with_logits"),
}


def compare(torch, same, ours, theirs, x, target, reduction):
    values, tensor = map_nested(Value, x), torch.tensor(x, requires_grad=True)
    loss, expected = ours(values), theirs(tensor)
    same(map_nested(lambda v: getattr(v, "data", v), loss), expected.detach())
    total = ag.sum(loss) if reduction == "none" else loss
    total.backward()
    expected.sum().backward()
    same(map_nested(lambda v: v.grad, values), tensor.grad)


@pytest.mark.parity
@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses_of_numbers_equal_torch(torch, same, numbers, name, reduction):
    ours, function = PLAIN[name][0], getattr(torch.nn.functional, PLAIN[name][1])
    x = map_nested(lambda v: 2 * v, numbers(12))
    target = [0.0, 1.0, 0.3] * 4 if "bce" in name else numbers(12)
    compare(
        torch,
        same,
        lambda p: ours(p, target, reduction=reduction),
        lambda p: function(p, torch.tensor(target), reduction=reduction),
        x,
        target,
        reduction,
    )


@pytest.mark.parity
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [3.0, [0.5, 2.0, 7.0]])
def test_a_yes_that_counts_more_equals_torch(torch, same, numbers, reduction, weight):
    x, target = numbers(4, 3), [[0.0, 1.0, 0.3], [1.0, 1.0, 0.0], [0.2, 0.9, 1.0], [0.0, 0.0, 0.0]]
    theirs = torch.nn.BCEWithLogitsLoss(reduction=reduction, pos_weight=torch.tensor(weight))
    ours = nn.BCEWithLogitsLoss(reduction=reduction, pos_weight=weight)
    wanted = torch.tensor(target)
    compare(torch, same, lambda p: ours(p, target), lambda p: theirs(p, wanted), x, target, reduction)


@pytest.mark.parity
@pytest.mark.parametrize("beta", [0.0, 0.3, 2.0])
def test_the_smooth_l1_loss_equals_torch_for_each_beta(torch, same, numbers, beta):
    x, target = map_nested(lambda v: 2 * v, numbers(12)), numbers(12)
    theirs, ours = torch.nn.SmoothL1Loss(beta=beta), nn.SmoothL1Loss(beta=beta)
    wanted = torch.tensor(target)
    compare(torch, same, lambda p: ours(p, target), lambda p: theirs(p, wanted), x, target, "mean")


def test_weights_of_yes_are_as_many_as_scores_and_never_negative():
    with pytest.raises(ValueError, match="pos_weight has 2 numbers and a sample has 3 scores"):
        nn.bce_with_logits([[0.5, 1.0, 2.0]], [[0, 1, 1]], pos_weight=[1.0, 2.0])
    with pytest.raises(ValueError, match="pos_weight >= 0"):
        nn.BCEWithLogitsLoss(pos_weight=-1.0)


@pytest.mark.parity
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_bce_of_shares_equals_torch(torch, same, reduction):
    x, target = [0.1, 0.7, 0.999, 1e-9, 0.4], [0.0, 1.0, 1.0, 0.0, 0.25]
    compare(
        torch,
        same,
        lambda p: nn.bce(p, target, reduction=reduction),
        lambda p: torch.nn.functional.binary_cross_entropy(p, torch.tensor(target), reduction=reduction),
        x,
        target,
        reduction,
    )


@pytest.mark.parity
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy_equals_torch(torch, same, numbers, reduction, smoothing):
    x, target = numbers(4, 3), [2, 0, 1, 2]
    compare(
        torch,
        same,
        lambda z: nn.cross_entropy(z, target, reduction, smoothing),
        lambda z: torch.nn.functional.cross_entropy(
            z, torch.tensor(target), reduction=reduction, label_smoothing=smoothing
        ),
        x,
        target,
        reduction,
    )


@pytest.mark.parity
def test_cross_entropy_with_shares_as_targets_equals_torch(torch, same, numbers):
    x, target = numbers(2, 3), [[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]]
    compare(
        torch,
        same,
        lambda z: nn.cross_entropy(z, target),
        lambda z: torch.nn.functional.cross_entropy(z, torch.tensor(target)),
        x,
        target,
        "mean",
    )


@pytest.mark.parity
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_nll_equals_torch(torch, same, numbers, reduction):
    x, target = numbers(4, 3), [2, 0, 1, 2]
    compare(
        torch,
        same,
        lambda z: nn.nll([ag.log_softmax(row) for row in z], target, reduction),
        lambda z: torch.nn.functional.nll_loss(z.log_softmax(-1), torch.tensor(target), reduction=reduction),
        x,
        target,
        reduction,
    )


@pytest.mark.parity
@pytest.mark.filterwarnings(
    "ignore:reduction. 'mean'"
)  # torch announces another meaning for its next version
@pytest.mark.parametrize("reduction", ["mean", "sum", "batchmean", "none"])
def test_kl_divergence_equals_torch(torch, same, numbers, reduction):
    x, target = numbers(2, 3), [[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]]
    if reduction == "none":
        target_flat = [t for row in target for t in row]
        x = [v for row in x for v in row]
    else:
        target_flat = target
    compare(
        torch,
        same,
        lambda z: nn.kl_div(z, target_flat, reduction),
        lambda z: torch.nn.functional.kl_div(z, torch.tensor(target_flat), reduction=reduction),
        x,
        target,
        reduction,
    )


@pytest.mark.parity
def test_hinge_equals_its_formula_in_torch(torch, same):
    x, target = [0.5, -2.0, 3.0, 0.0], [1, 1, -1, -1]
    compare(
        torch,
        same,
        lambda p: nn.hinge(p, target),
        lambda p: torch.relu(1 - torch.tensor(target) * p).mean(),
        x,
        target,
        "mean",
    )


@pytest.mark.parity
def test_logits_of_800_stay_finite_and_equal_torch(torch, same):
    x = [[800.0, -800.0, 0.0], [-800.0, 800.0, 800.0]]
    compare(
        torch,
        same,
        lambda z: nn.cross_entropy(z, [1, 1]),
        lambda z: torch.nn.functional.cross_entropy(z, torch.tensor([1, 1])),
        x,
        None,
        "mean",
    )
    compare(
        torch,
        same,
        lambda z: nn.bce_with_logits(z, [1.0, 1.0, 0.0]),
        lambda z: torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor([1.0, 1.0, 0.0])),
        [800.0, -800.0, 800.0],
        None,
        "mean",
    )


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: nn.mse(x, [0.3, 0.2, 0.1]),
        lambda x: nn.mae(x, [0.3, 0.2, 0.1]),
        lambda x: nn.half_sse(x, [0.3, 0.2, 0.1]),
        lambda x: nn.huber(x, [0.3, 0.2, 0.1], delta=0.5),
        lambda x: nn.bce([v.sigmoid() for v in x], [1, 0, 0.5]),
        lambda x: nn.bce_with_logits(x, [1, 0, 0.5]),
        lambda x: nn.cross_entropy(x, 1),
        lambda x: nn.cross_entropy(x, [0.1, 0.2, 0.7]),
        lambda x: nn.nll(ag.log_softmax(x), 2),
        lambda x: nn.kl_div(ag.log_softmax(x), [0.1, 0.2, 0.7]),
        lambda x: nn.hinge(x, [1, -1, 1]),
    ],
)
def test_losses_pass_check_gradients(loss):
    assert ag.check_gradients(loss, ([0.5, -1.5, 2.5],))


def test_losses_of_plain_numbers_are_plain_numbers():
    assert nn.mse([1.0, 3.0], [0.0, 0.0]) == 5.0
    assert nn.half_sse([1.0, 3.0], [0.0, 0.0]) == 5.0
    assert nn.cross_entropy([0.0, 0.0], 1) == math.log(2)


def test_cross_entropy_is_logsumexp_minus_the_logit_of_the_target():
    z = [Value(2.0), Value(1.0), Value(0.0)]
    root = trace_graph(nn.cross_entropy(z, 0), {}).root
    assert root.op.name == "sub"
    assert root.operands[0].op.name == "logsumexp"
    assert root.operands[1].source is z[0]


EXTREME = (
    [1e16, 1e16, -1e16],
    [1000.0, 1000.5, 3.0],
    [50.0, -50.0, 0.0],
    [10.0, -5.0, 0.1],
    [1e5, 99999.0, 99997.0],
)
COUNTS = [0.5, 2.0, 3.0]
CROSS_ENTROPIES = {  # ours, and how much of the surprise at each class counts
    "class": (nn.cross_entropy, lambda t, i: float(i == t)),
    "log_softmax": (lambda z, t: nn.nll(ag.log_softmax(z), t), lambda t, i: float(i == t)),
    "weights": (nn.CrossEntropyLoss(weight=COUNTS, reduction="sum"), lambda t, i: (i == t) * COUNTS[i]),
    "smoothed": (nn.CrossEntropyLoss(label_smoothing=0.25), lambda t, i: 0.75 * (i == t) + 0.25 / 3),
    "shares": (
        lambda z, t: nn.cross_entropy(z, [0.25 + 0.25 * (i == t) for i in range(3)]),
        lambda t, i: 0.25 + 0.25 * (i == t),
    ),
}


@pytest.mark.parametrize("name", CROSS_ENTROPIES)
def test_a_cross_entropy_is_right_to_the_last_bits_whatever_the_size_of_its_scores(name):
    ours, counted = CROSS_ENTROPIES[name]
    for scores, t in itertools.product(EXTREME, range(3)):
        with mpmath.workdps(60):
            powers = [mpmath.exp(mpmath.mpf(x) - max(scores)) for x in scores]
            surprises = [mpmath.log(mpmath.fsum(powers)) + max(scores) - mpmath.mpf(x) for x in scores]
            wanted = mpmath.fsum(counted(t, i) * x for i, x in enumerate(surprises))
        z = [Value(x) for x in scores]
        loss = ours(z, t)
        assert "set by hand" not in str(ag.explain(loss))
        assert loss.data == pytest.approx(float(wanted), rel=8e-16, abs=0.0)
        if t == 0:
            replayed = record(lambda z=z: ours(z, 0), params=z, backend="numpy", audit=False)
            assert [replayed().data for _ in range(4)][-1] == pytest.approx(float(wanted), rel=2e-15, abs=0.0)


def test_shares_that_are_values_get_the_surprise_as_their_gradient():
    t = [Value(0.25), Value(0.75)]
    nn.cross_entropy([0.0, 0.0], t).backward()
    assert [x.grad for x in t] == [math.log(2)] * 2  # PyTorch's too: each class's share is counted once


def test_a_target_may_be_a_value_and_gets_its_gradient():
    t = Value(0.0)
    nn.bce_with_logits([Value(2.0)], [t]).backward()
    assert t.grad == -2.0


def test_bce_of_a_certain_mistake_is_100_as_in_torch():
    assert nn.bce([0.0, 1.0], [1.0, 1.0], reduction="none") == [100.0, 0.0]


SCORES = [[0.5, -1.0, 2.0], [0.1, 0.2, 0.3], [1.0, 0.0, -1.0], [3.0, 3.0, 3.0]]


@pytest.mark.parity
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weight", [None, [0.5, 2.0, 3.0]])
def test_weights_and_ignored_targets_count_as_in_torch(torch, same, reduction, smoothing, weight):
    target = [2, -100, 0, 1]
    compare(
        torch,
        same,
        lambda z: nn.cross_entropy(z, target, reduction, smoothing, weight, -100),
        lambda z: torch.nn.functional.cross_entropy(
            z,
            torch.tensor(target),
            weight=None if weight is None else torch.tensor(weight),
            reduction=reduction,
            label_smoothing=smoothing,
        ),
        SCORES,
        target,
        reduction,
    )


def test_weighted_cross_entropy_of_shares_counts_each_class_by_its_weight():
    loss = nn.cross_entropy([[0.0, 0.0]], [[0.25, 0.75]], weight=[1.0, 3.0])
    assert loss == pytest.approx((0.25 * 1 + 0.75 * 3) * math.log(2), rel=1e-15)


def test_targets_that_are_all_ignored_have_no_mean():
    assert nn.cross_entropy([[1.0, 2.0]], [-100], "sum", ignore_index=-100) == 0.0
    with pytest.raises(ValueError, match="equal to ignore_index=-100: a mean needs at least one"):
        nn.cross_entropy([[1.0, 2.0]], [-100], ignore_index=-100)


def test_one_weight_per_class_is_asked_for():
    with pytest.raises(ValueError, match="weight has 1 number and there are 2 classes"):
        nn.cross_entropy([1.0, 2.0], 0, weight=[1.0])


@pytest.mark.parametrize("share", [1.5, -0.1])
def test_bce_of_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match=f"bce takes shares in 0..1, got {share}. Put a sigmoid before it"):
        nn.bce([Value(share)], [1.0])


def test_different_shapes_are_named():
    with pytest.raises(
        ValueError, match=r"predictions have the shape \(2, 1\) and targets \(2,\): give one target"
    ):
        nn.mse([[1.0], [2.0]], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"predictions have the shape \(2, 1\) and targets \(3,\)"):
        nn.cross_entropy([[1.0], [2.0]], [0, 0, 0])


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "bce", "bce_with_logits", "hinge", "cross_entropy"])
def test_no_predictions_are_refused(name):
    with pytest.raises(ValueError, match="got no predictions: give at least one number"):
        getattr(nn, name)([], [])


def test_an_unknown_reduction_is_refused():
    with pytest.raises(ValueError, match="reduction 'average' is not known: choose one of mean, sum, none"):
        nn.mse([1.0], [1.0], reduction="average")


def test_a_label_that_does_not_exist_names_the_sample_and_a_cure():
    logits = [[0.0, 1.0, 2.0]] * 20
    with pytest.raises(ValueError, match="target 3") as error:
        nn.cross_entropy(logits, [0] * 17 + [3, 0, 0])
    assert str(error.value) == (
        "target 3 does not fit 3 logits: targets count from 0 to 2 (sample 17).\n"
        "            If your labels start at 1, pass target - 1."
    )
    ag.language("zh")
    try:
        with pytest.raises(ValueError, match="目标 3") as error:
            nn.cross_entropy(logits, [0] * 17 + [3, 0, 0])
    finally:
        ag.language("en")
    assert str(error.value) == (
        widened(
            "目标 3 超出范围:3 个 logit 的目标是 0 到 2(第 17 个样本)。\n"
            "            若标签从 1 开始,请传入 target - 1。"
        )
    )


def test_a_negative_label_is_refused_without_that_cure():
    with pytest.raises(ValueError, match=r"target -1 does not fit 3 logits: targets count from 0 to 2\.$"):
        nn.cross_entropy([1.0, 2.0, 3.0], -1)


@pytest.mark.parametrize("target", [0.5, "cat", None])
def test_a_target_that_is_no_class_is_refused(target):
    with pytest.raises(ValueError, match="is not a class: give a whole number from 0 to 1, or 2 shares"):
        nn.cross_entropy([1.0, 2.0], target)


def test_hinge_refuses_labels_of_0_and_1():
    with pytest.raises(ValueError, match=r"hinge takes targets -1 and 1, got 0\. For labels 0 and 1"):
        nn.hinge([1.0], [0])


def test_softmax_before_cross_entropy_is_hinted_at(capsys):
    shares = ag.softmax([Value(2.0), Value(1.0), Value(0.1)])
    ag.hints(True)
    try:
        nn.cross_entropy(shares, 0)
        assert capsys.readouterr().err == (
            "Hint: cross_entropy got 3 numbers that are shares already: 0.6590, 0.2424, 0.09857 (sum 1).\n"
            "      It applies softmax itself: give it the raw scores and drop your softmax.\n"
        )
        ag.language("zh")
        nn.cross_entropy(shares, 0)
        assert capsys.readouterr().err == (
            widened(
                "提示:cross_entropy 得到的 3 个数已经是概率:0.6590、0.2424、0.09857(和为 1)。\n"
                "      它自己会做 softmax:请传入原始得分,去掉你的 softmax。\n"
            )
        )
        nn.cross_entropy([Value(2.0), Value(-1.0)], 0)
        assert capsys.readouterr().err == ""
    finally:
        ag.hints(False)
        ag.language("en")


@pytest.mark.parametrize("target", [[1.0, 1.0, 0.0], [0.5, 0.4, 0.0], [1.5, -0.5, 0.0], [math.nan, 0.5, 0.5]])
def test_shares_that_do_not_add_up_to_1_are_refused(target):
    for logits in ([0.1, 0.2, 0.3], [Value(0.1), 0.2, 0.3]):
        with pytest.raises(ValueError, match=r"the target's shares .* add up to .*whose sum is 1"):
            nn.cross_entropy(logits, target)


def test_shares_in_float32_may_miss_1_by_their_rounding():
    shares = np.float32([0.1, 0.2, 0.3, 0.4])
    assert nn.cross_entropy([0.0] * 4, shares) == pytest.approx(math.log(4), rel=1e-6)


@pytest.mark.parametrize("weight", [None, [1.0, 1.0, 1.0]])
def test_a_masked_class_with_the_share_0_counts_nothing(weight):
    logits = [Value(1.0), Value(-math.inf), Value(0.5)]
    loss = nn.cross_entropy(logits, [0.5, 0.0, 0.5], weight=weight)
    assert loss.data == pytest.approx(0.7240769841801067, rel=1e-14)
    loss.backward()
    assert [z.grad for z in logits] == pytest.approx(
        [0.6224593312018546 - 0.5, 0.0, 0.5 - 0.6224593312018546]
    )


def test_a_masked_class_counts_nothing_where_its_share_is_a_value():
    shares = [Value(0.5), Value(0.0), Value(0.5)]
    assert math.isfinite(nn.cross_entropy([1.0, -math.inf, 0.5], shares).data)


def test_kl_div_and_weighted_nll_take_minus_infinity_where_nothing_counts():
    s = [Value(math.log(0.5)), Value(-math.inf), Value(math.log(0.5))]
    loss = nn.kl_div(s, [0.5, 0.0, 0.5], reduction="sum")
    assert loss.data == pytest.approx(0.0, abs=1e-15)
    loss.backward()
    assert [v.grad for v in s] == [-0.5, 0.0, -0.5]
    rows = [[Value(-math.inf), Value(0.0)], [Value(-1.0), Value(-2.0)]]
    assert nn.nll(rows, [0, 1], weight=[0.0, 1.0]).data == 2.0


def test_targets_of_no_weight_have_no_mean_with_numbers_and_with_values():
    for z in ([1.0, 2.0], [Value(1.0), Value(2.0)]):
        for loss in (nn.cross_entropy, nn.nll):
            with pytest.raises(ValueError, match="all targets have the weight 0"):
                loss([z], [0], weight=[0.0, 1.0])


@pytest.mark.parametrize(
    "label", [1, 1.0, True, np.int64(1), np.float32(1.0), np.bool_(True), np.array(1)], ids=repr
)
def test_every_whole_number_names_a_class(label):
    assert nn.cross_entropy([[1.0, 2.0]], [label]) == nn.cross_entropy([1.0, 2.0], 1)
    assert nn.nll([-1.0, -2.0], label) == 2.0
    assert nn.accuracy([[1.0, 2.0]], [label]) == 1.0


@pytest.mark.parametrize("label", ["1", 0.5, math.nan, None, np.str_("1")], ids=repr)
def test_what_is_no_whole_number_names_no_class(label):
    for loss in (nn.cross_entropy, nn.nll):
        with pytest.raises(ValueError, match="is not a class: give a whole number from 0 to 1"):
            loss([[1.0, 2.0]], [label])
    model = nn.Sequential(nn.Linear(1, 2))
    model.compile(loss="cross_entropy")
    with pytest.raises(ValueError, match="is not a class"):
        model.fit([[0.0], [1.0]], [0, label], verbose=False)


def test_logits_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"different lengths side by side, of the shapes \[\(2,\), \(1,\)\]"):
        nn.cross_entropy([[1.0, 2.0], [1.0]], [0, 0])


def test_hints_read_numpy_scalars():
    ag.hints(True)
    try:
        assert nn.cross_entropy([np.float64(0.4), np.float64(0.6)], 1) == pytest.approx(0.598138869381592)
    finally:
        ag.hints(False)


@pytest.mark.parametrize("reduction", ["sum", "none"])
@pytest.mark.parametrize("targets", [[0, 0], [0, 1]])
@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.nll])
def test_a_batch_of_which_samples_are_ignored_has_a_loss_to_go_back_from(loss, targets, reduction):
    rows = [[Value(1.0), Value(-math.inf)], [Value(0.5), Value(0.25)]]
    found = loss(rows, targets, reduction=reduction, ignore_index=0)
    total = found if reduction == "sum" else found.sum()
    total.backward()
    assert [x.grad for x in rows[0]] == [0.0, 0.0]
    assert any(x.grad for x in rows[1]) == (targets[1] != 0)


@pytest.mark.parametrize("loss", [nn.hinge, lambda s, t: nn.keras.losses.Hinge()([t], [s])])
def test_a_hinge_at_its_kink_has_the_slope_of_relu(loss):
    score = Value(1.0)
    loss([score], [1.0]).backward()
    assert score.grad == 0.0


def test_pooled_ties_share_evenly_and_pythons_own_max_takes_the_first():
    a, b, c, d = (Value(1.0) for _ in range(4))
    (nn.MaxPool1d(2)([[a, b]])[0][0] + max(c, d)).backward()
    assert [x.grad for x in (a, b, c, d)] == [0.5, 0.5, 1.0, 0.0]
