"""Losses: how far predictions are from targets, as one Value; PyTorch's formulas and defaults.

Predictions and targets are numbers, lists, or nested lists of one shape.  `reduction` is "mean" (over all
numbers; over samples in cross_entropy and nll_loss), "sum", or "none" for a list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd as ag
from autograd.number import (
    entries,
    is_list,
    listed,
    number_of,
    plains,
    rectangle,
    shape_of,
    to_float,
    to_list,
)  # fmt: skip
from autograd.settings import ABOVE_0, FROM_0, SHARE, WHOLE, chosen_list, chosen_number, chosen_word
from nn.keywords import told
from nn.learning.signatures import of_classes, of_logits, of_numbers
from nn.learning.targets import class_index, target_shares
from nn.messages import listing, problem
from nn.outputs import Outputs, both

REDUCTIONS = ("mean", "sum", "none")


class Configured:
    """A loss function with the settings that it is called with: the losses of `nn.criteria` are such."""

    function: Callable[..., Any]
    settings: dict[str, Any]


@of_numbers
def mse(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean squared error: the mean of `(prediction - target)**2`.

    >>> mse([1.0, 2.0], [0.0, 0.0])
    2.5
    """
    chosen_word("mse", "reduction", reduction, REDUCTIONS)
    return _reduced([ag.square(p - t) for p, t in pairs("mse", prediction, target)], reduction)


@of_numbers
def mae(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Mean absolute error: the mean of `abs(prediction - target)`; PyTorch's l1_loss."""
    chosen_word("mae", "reduction", reduction, REDUCTIONS)
    return _reduced([ag.abs(p - t) for p, t in pairs("mae", prediction, target)], reduction)


@of_numbers
def half_sse(prediction: Any, target: Any) -> Any:
    """Half the sum of squared errors, whose gradient is the plain error `prediction - target`."""
    return 0.5 * ag.sum([ag.square(p - t) for p, t in pairs("half_sse", prediction, target)])


@of_numbers
def huber(prediction: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """`error**2 / 2` up to `delta`, beyond it a straight line: outliers pull with bounded force.

    >>> huber([0.5, 3.0], [0.0, 0.0], reduction="none")
    [0.125, 2.5]
    """
    chosen_word("huber", "reduction", reduction, REDUCTIONS)
    delta = chosen_number("huber", "delta", delta, ABOVE_0)
    terms = []
    for p, t in pairs("huber", prediction, target):
        error = p - t
        size = ag.abs(error)
        terms.append(ag.where(ag.le(size, delta), 0.5 * ag.square(error), delta * (size - 0.5 * delta)))
    return _reduced(terms, reduction)


@of_numbers
def smooth_l1(prediction: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """`error**2 / (2 * beta)` up to `beta`, beyond it `abs(error) - beta / 2`: PyTorch's smooth_l1_loss.

    >>> smooth_l1([0.5, 3.0], [0.0, 0.0], reduction="none", beta=2.0)
    [0.0625, 2.0]
    """
    chosen_word("smooth_l1", "reduction", reduction, REDUCTIONS)
    beta = chosen_number("smooth_l1", "beta", beta, FROM_0)
    sizes = [(ag.abs(p - t)) for p, t in pairs("smooth_l1", prediction, target)]
    if beta == 0:
        return _reduced(sizes, reduction)
    terms = [ag.where(ag.lt(x, beta), 0.5 * ag.square(x) / beta, x - 0.5 * beta) for x in sizes]
    return _reduced(terms, reduction)


@of_numbers
def bce(prediction: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """Binary cross-entropy of shares in 0..1, each logarithm no lower than -100, as in PyTorch.

    `weight` is what each term is multiplied by: one number, or lists as those of the terms or of a sample.
    Where the sigmoid is yours to leave away, use `bce_with_logits`: it stays exact at both ends.

    Raises:
        ValueError: a share below 0 or above 1.
    """

    def one(p: Any, t: Any) -> Any:
        share = number_of(p)
        if not ag.is_recorded(share) and (share < 0 or share > 1):
            raise problem(ValueError, "nn_bce_share", share=share)
        of_one, of_zero = ag.maximum(ag.log(p), -100.0), ag.maximum(ag.log1p(-p), -100.0)
        if _is(t, 0):
            return -of_zero
        return -of_one if _is(t, 1) else (t - 1) * of_zero - t * of_one

    chosen_word("bce", "reduction", reduction, REDUCTIONS)
    terms = [one(p, t) for p, t in pairs("bce", prediction, target)]
    return _reduced(_times(terms, prediction, weight), reduction)


def _times(terms: list[Any], prediction: Any, weight: Any) -> list[Any]:
    weights = [] if weight is None else flat(both(lambda _, w: w, prediction, weight))
    return [w * term for w, term in zip(weights, terms, strict=True)] if weights else terms


@of_logits
def bce_with_logits(
    logits: Any, target: Any, reduction: str = "mean", pos_weight: Any = None, weight: Any = None
) -> Any:
    """Binary cross-entropy of `sigmoid(logit)`, computed as `softplus(logit) - target * logit`.

    Args:
        logits: raw scores.
        target: for each the share of "yes".
        reduction: "mean", "sum" or "none".
        pos_weight: how much more a "yes" counts than a "no": one number, or one for each score of a sample.
        weight: what each term is multiplied by, as in `bce`.

    >>> bce_with_logits([800.0, -800.0], [1.0, 0.0])
    0.0
    >>> bce_with_logits([0.0, -2.0], [0.0, 1.0], "none", pos_weight=3.0)[1] / bce_with_logits(-2.0, 1.0)
    3.0
    """
    chosen_word("bce_with_logits", "reduction", reduction, REDUCTIONS)
    found = pairs("bce_with_logits", logits, target)
    if pos_weight is None:
        return _reduced(_times([_bce_of_logit(z, t) for z, t in found], logits, weight), reduction)
    weights = positive_weights("bce_with_logits", pos_weight)
    width = shape_of(logits)[-1:] if is_list(listed(logits)) else ()
    if len(weights) > 1 and width != (len(weights),):
        raise problem(ValueError, "nn_pos_weight", got=len(weights), count=width[0] if width else 1)
    terms = [_weighted_bce(z, t, weights[i % len(weights)]) for i, (z, t) in enumerate(found)]
    return _reduced(_times(terms, logits, weight), reduction)


def positive_weights(owner: Any, pos_weight: Any) -> list[float]:
    """`pos_weight` as a list of numbers, one number as a list of one."""
    given = to_list(pos_weight) if is_list(pos_weight) else [pos_weight]
    return [chosen_number(owner, "pos_weight", w, FROM_0) for w in given or [None]]


def _weighted_bce(z: Any, t: Any, weight: float) -> Any:
    if _is(t, 0) or _is(t, 1):
        return weight * ag.softplus(-z) if _is(t, 1) else ag.softplus(z)
    return weight * t * ag.softplus(-z) + (1 - t) * ag.softplus(z)


def _bce_of_logit(z: Any, t: Any) -> Any:
    if _is(t, 0):
        return ag.softplus(z)
    return ag.softplus(-z) if _is(t, 1) else ag.softplus(z) - t * z


def _is(target: Any, number: int) -> bool:
    return not isinstance(target, ag.Operand) and bool(target == number)


@of_numbers
def hinge(score: Any, target: Any, reduction: str = "mean") -> Any:
    """`max(0, 1 - target * score)` for targets -1 and 1.

    >>> hinge([0.25, 2.0], [1, 1], reduction="none")
    [0.75, 0.0]
    """
    chosen_word("hinge", "reduction", reduction, REDUCTIONS)
    terms = []
    for s, t in pairs("hinge", score, target):
        if number_of(t) not in (-1, 1):
            raise problem(ValueError, "nn_hinge_target", target=ag.digits(number_of(t)))
        terms.append(ag.relu(1 - t * s))
    return _reduced(terms, reduction)


def pairs(loss: str, prediction: Any, target: Any) -> list[tuple[Any, Any]]:
    """Predictions and targets side by side, after their shapes were found to be the same."""
    got, wanted = shape_of(prediction), shape_of(target)
    if got != wanted:
        raise problem(ValueError, "nn_shapes", got=got, wanted=wanted)
    found = list(zip(flat(prediction), flat(target), strict=True))
    if not found:
        raise problem(ValueError, "nn_no_predictions", loss=loss)
    return found


def flat(x: Any) -> list[Any]:
    """The entries of a number, a list, nested lists or an array: Values, and plain numbers as floats."""
    return plains(entry for _, entry in entries(x))


def _reduced(terms: Sequence[Any], reduction: str) -> Any:
    if reduction == "none":
        return Outputs(terms)
    total = terms[0] if len(terms) == 1 else ag.sum(terms)
    return total / len(terms) if reduction == "mean" and len(terms) > 1 else total


def _per_sample(
    one: Callable[..., Any],
    scores: Any,
    target: Any,
    reduction: str,
    loss: str,
    weight: Sequence[float] | None = None,
    ignore_index: int | None = None,
) -> Any:
    """`one(scores, target, sample number)` for a sample or for each of a list of samples.

    The mean is over samples that are not ignored; with weights it is PyTorch's, by the weight of each class.
    """
    chosen_word(loss, "reduction", reduction, REDUCTIONS)
    ignore_index = chosen_number(loss, "ignore_index", ignore_index, WHOLE, none=True)
    rows, targets, alone = _side_by_side(scores, target, loss, weight)
    kept = [i for i, t in enumerate(targets) if ignore_index is None or _counts(t, ignore_index)]
    terms = [_nothing(ag.sum(row)) for row in rows] if len(kept) < len(rows) else [0.0] * len(rows)
    for i in kept:
        terms[i] = one(rows[i], targets[i], None if alone else i)
    if reduction == "none":
        return terms[0] if alone else Outputs(terms)
    if reduction != "mean" or (len(kept) == len(rows) and weight is None):
        return _reduced([terms[i] for i in kept] or terms, reduction)
    if not kept:
        raise problem(ValueError, "nn_all_ignored", loss=loss, index=ignore_index)
    total = _reduced([terms[i] for i in kept], "sum")
    if weight is None or is_list(targets[kept[0]]):
        return total / len(kept)
    whole = ag.fsum(weight[class_index(targets[i], len(rows[i]), i)] for i in kept)
    if whole == 0:
        raise problem(ValueError, "nn_weightless", loss=loss)
    return total / whole


def _side_by_side(
    scores: Any, target: Any, loss: str, weight: Sequence[float] | None
) -> tuple[list[list[Any]], Sequence[Any], bool]:
    """Rows of scores, as many targets, and whether one sample came alone."""
    scores, target = listed(scores), listed(target)
    if not is_list(scores):
        raise problem(TypeError, "nn_row", got=repr(number_of(scores)))
    if len(scores) == 0:
        raise problem(ValueError, "nn_no_predictions", loss=loss)
    alone = not is_list(scores[0])
    rows, targets = ([scores], [target]) if alone else (scores, target)
    if any(not is_list(row) or len(row) != len(rows[0]) for row in rows):
        rectangle(rows, loss)  # says what is wrong
    if not is_list(targets) or len(targets) != len(rows):
        raise problem(ValueError, "nn_shapes", got=shape_of(scores), wanted=shape_of(target))
    if weight is not None and len(weight) != len(rows[0]):
        raise problem(ValueError, "nn_class_weights", got=len(weight), count=len(rows[0]))
    return list(map(plains, rows)), targets, alone


@of_classes
def cross_entropy(
    logits: Any,
    target: Any,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    weight: Sequence[float] | None = None,
    ignore_index: int | None = None,
) -> Any:
    """`logsumexp(logits) - logits[target]`: how surprised softmax(logits) is by the target.

    Args:
        logits: raw scores, one per class; or a list of such samples.
        target: the class, counted from 0, or shares that sum to 1; for samples a list of these.
        reduction: "mean" or "sum" over the samples, "none" for a list.
        label_smoothing: part of the target that is spread evenly over all classes.
        weight: how much each class counts; the mean is then divided by the targets' weights.
        ignore_index: a target that marks samples to leave out, such as padding; PyTorch's is -100.

    Raises:
        ValueError: a class that does not exist, lengths that differ, or no sample that counts.

    >>> round(cross_entropy([2.0, 1.0, 0.0], 0), 4)
    0.4076
    >>> cross_entropy([800.0, -800.0], 1)
    1600.0
    >>> cross_entropy([[0.0, 800.0], [0.0, 3.0]], [0, -100], ignore_index=-100)
    800.0
    """
    label_smoothing = chosen_number("cross_entropy", "label_smoothing", label_smoothing, SHARE)
    weight = _class_weights("cross_entropy", weight)

    def one(scores: Sequence[Any], t: Any, sample: int | None) -> Any:
        watch_shares(scores)
        if ag.is_recorded(t) and not label_smoothing and weight is None:
            return ag.surprisals([ag.pick(scores, t)], scores)[0]  # one program for all classes
        shares = target_shares(t, len(scores), sample)
        if label_smoothing:
            even = label_smoothing / len(scores)
            shares = {i: (1 - label_smoothing) * shares.get(i, 0.0) + even for i in range(len(scores))}
        if weight is not None:
            shares = {i: weight[i] * share for i, share in shares.items()}
        counted = {i: share for i, share in shares.items() if not _masked(scores[i], share)}
        terms = ag.surprisals([scores[i] for i in counted], scores)
        if list(counted.values()) == [1.0]:
            return terms[0]
        return ag.dot(terms, list(counted.values())) if counted else _nothing(ag.sum(scores))

    return _per_sample(one, logits, target, reduction, "cross_entropy", weight, ignore_index)


def _class_weights(loss: str, weight: Any) -> list[float] | None:
    if weight is None:
        return None
    return [chosen_number(loss, "weight", w, FROM_0) for w in chosen_list(loss, "weight", weight)]


def _masked(score: Any, share: Any) -> bool:
    """Whether a term counts nothing: 0 times a score, also where that is -inf, as a masked class has it."""
    if not isinstance(share, ag.Operand):
        return bool(share == 0)
    return bool(number_of(score) == -math.inf and number_of(share) == 0)


def _counts(target: Any, ignored: int) -> bool:
    return is_list(target) or not _is(target, ignored)


@told
def nll(
    log_shares: Any,
    target: Any,
    reduction: str = "mean",
    weight: Sequence[float] | None = None,
    ignore_index: int | None = None,
) -> Any:
    """Minus the logarithm of the target's share, for results of log_softmax; PyTorch's nll_loss.

    `weight` and `ignore_index` are those of `cross_entropy`.
    """
    weight = _class_weights("nll", weight)

    def one(scores: Sequence[Any], t: Any, sample: int | None) -> Any:
        if ag.is_recorded(t) and weight is None:
            return -ag.pick(scores, t)
        index = class_index(t, len(scores), sample)
        if weight is None:
            return -scores[index]
        return _nothing(scores[index]) if weight[index] == 0 else -weight[index] * scores[index]

    return _per_sample(one, log_shares, target, reduction, "nll", weight, ignore_index)


@told
def kl_div(log_shares: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """Kullback-Leibler divergence, the terms `t * (log(t) - log_share)`; "batchmean" divides by the samples.

    PyTorch's kl_div: the first argument holds logarithms, and "mean" is over all numbers. With `log_target`
    the target holds logarithms too.
    """
    chosen_word("kl_div", "reduction", reduction, (*REDUCTIONS, "batchmean"))
    found = pairs("kl_div", log_shares, target)
    if log_target:
        terms = [ag.exp(t) * (t - s) for s, t in found]
    else:
        terms = [t * (ag.log(t) - s) if t else _nothing(s) for s, t in found]
    if reduction == "batchmean":
        return _reduced(terms, "sum") / len(log_shares)
    return _reduced(terms, reduction)


def _nothing(score: Any) -> Any:
    """0 times a score that may be -inf: a node that hands nothing on to it."""
    return ag.where(0.0, score, 0.0)


def watch_shares(scores: Sequence[Any]) -> None:
    """Hint: the scores are shares already, so softmax would be applied twice."""
    if not ag.hints():
        return
    if any(map(ag.is_recorded, scores)):
        return
    numbers = [to_float(number_of(x)) for x in scores]
    if len(numbers) > 1 and min(numbers) >= 0 and abs(1 - ag.sum(numbers)) < 1e-9:
        shares = listing([ag.digits(x) for x in numbers])
        ag.hint("nn_softmax_twice", *ag.caller_place(2), count=len(numbers), shares=shares)
