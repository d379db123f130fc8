"""What the target of a sample says: one class, or each class's share."""

from __future__ import annotations

from typing import Any

import autograd as ag
from autograd.number import is_list, number_of, plains
from nn.messages import listing, problem, say

SUM_ERROR = 1e-5  # how far from 1 shares may add up: so much float32 shares of many classes are off


def class_index(target: Any, count: int, sample: int | None) -> int:
    """The class that `target` names, as an int: any whole number does, 1, 1.0, True and NumPy's.

    Raises:
        ValueError: text, a number that is not whole, or one that names no class.
    """
    if type(target) is int and 0 <= target < count:
        return target
    number = float(target) if ag.is_recorded(target) else number_of(target)
    index = int(number) if ag.is_number(number) and float(number).is_integer() else None
    place = "" if sample is None else say("nn_target_sample", sample=sample)
    if index is None:
        fields = {"target": target, "last": count - 1, "count": count, "sample": place}
        raise problem(ValueError, "nn_target_kind", **fields)
    if not 0 <= index < count:
        advice = say("nn_target_from_one") if index == count else ""
        fields = {"target": index, "count": count, "last": count - 1, "sample": place, "advice": advice}
        raise problem(ValueError, "nn_target", **fields)
    return index


def target_shares(target: Any, count: int, sample: int | None) -> dict[int, Any]:
    """The target's share of each class: one class, or given shares."""
    if is_list(target):
        if len(target) != count:
            raise problem(ValueError, "nn_shapes", got=(count,), wanted=(len(target),))
        shares = plains(target)
        total = ag.sum(shares)
        if not (abs(number_of(total) - 1.0) <= SUM_ERROR and all(share >= 0 for share in shares)):
            shown = [ag.digits(number_of(share)) for share in shares]
            advice = say("nn_share_sum_advice")
            fields = {"shares": listing(shown), "total": ag.digits(number_of(total)), "advice": advice}
            raise problem(ValueError, "nn_share_sum", **fields)
        return dict(enumerate(shares))
    return {class_index(target, count, sample): 1.0}
