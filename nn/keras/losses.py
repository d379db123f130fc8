"""Keras's losses in its formulas: `MeanSquaredError()(y_true, y_pred)` is one number, `mse` one a sample."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.number import is_list, listed, to_float
from autograd.settings import ABOVE_0, SHARE, chosen_number, chosen_word
from nn.fit.checking_data import checked_weights, side_by_side
from nn.keras.configuration import Remembered
from nn.keywords import told
from nn.learning import losses as formulas
from nn.learning.targets import class_index
from nn.missing import refusing
from nn.outputs import Outputs

Function = Callable[[Any, Any], Any]  # of (outputs, targets) of several samples: one Value, their mean
EPSILON = 1e-7  # Keras's
MEAN = "sum_over_batch_size"


def _clipped(p: Any, top: float = 1 - EPSILON) -> Any:
    return ag.clamp(p, EPSILON, top)


def _mean(terms: list[Any]) -> Any:
    return ag.sum(terms) / len(terms)


class _Formula:
    """The mean of a formula over all numbers, or over the samples; it is pickled by the class that has it."""

    def __init__(self, of_one: Callable[[Any, Any], Any], rows: bool = False) -> None:
        self.of_one, self.rows = of_one, rows

    def __set_name__(self, owner: type, name: str) -> None:
        self.place = owner, name

    def __call__(self, outputs: Any, targets: Any) -> Any:
        """One Value."""
        both = zip(outputs, targets, strict=True) if self.rows else formulas.pairs("loss", outputs, targets)
        return _mean([self.of_one(p, t) for p, t in both])

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, self.place

    def __deepcopy__(self, memo: Any) -> _Formula:
        return self


def _label(target: Any, count: int) -> Any:
    """A label that stands in a list of its own, beside so many outputs."""
    return target[0] if is_list(target) and len(target) == 1 < count else target


def _surprise(row: Any, target: Any) -> Any:
    """Minus the logarithm of the target's share, the shares made to add up to 1 and clipped, as in Keras."""
    total = ag.sum(row)
    target = _label(target, len(row))
    if is_list(target):
        wanted = list(target)
    else:
        index = class_index(target, len(row), None)
        wanted = [float(i == index) for i in range(len(row))]
    return -ag.dot(wanted, [ag.log(_clipped(p / total)) for p in row])


def _sign(t: Any) -> Any:
    return -1.0 if not isinstance(t, ag.Operand) and t == 0 else t  # labels 0 and 1 mean -1 and 1


def _divergence(row: Any, target: Any) -> Any:
    pairs = [(_clipped(t, 1.0), _clipped(p, 1.0)) for p, t in zip(row, target, strict=True)]
    return ag.sum([t * ag.log(t / p) for t, p in pairs])


def _cosine(row: Any, target: Any) -> Any:
    lengths = [ag.sqrt(ag.sum([ag.square(x) for x in xs])) for xs in (row, target)]
    return -ag.dot(list(row), list(target)) / (lengths[0] * lengths[1])


def _logarithm(x: Any) -> Any:
    return ag.log(ag.maximum(x, EPSILON) + 1.0)


@told
def of_yes(outputs: Any, targets: Any) -> Any:
    """Binary cross-entropy of clipped shares."""
    pairs = formulas.pairs("binary_crossentropy", outputs, targets)
    return _mean([-t * ag.log(_clipped(p)) - (1 - t) * ag.log1p(-_clipped(p)) for p, t in pairs])


@told
def of_classes(outputs: Any, targets: Any) -> Any:
    """Cross-entropy of clipped shares."""
    return _mean([_surprise(row, target) for row, target in zip(outputs, targets, strict=True)])


class Loss(Remembered):
    """A loss in Keras's order.

    Args:
        reduction: "sum_over_batch_size" or "mean", "sum", or None for one number a sample.
        name: accepted.
    """

    function: Function
    reduction: str = MEAN  # where a subclass does not ask us

    def __init__(
        self,
        reduction: str | None = MEAN,
        name: str | None = None,  # noqa: ARG002 - Keras's argument
    ) -> None:
        self.reduction = reduction or "none"
        chosen_word(self, "reduction", self.reduction, (MEAN, "mean", "sum", "none"))

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None, **settings: Any) -> Any:
        """One Value, or with `reduction=None` one for each sample; each is multiplied by its weight before.

        A loss under a function's name takes its settings here: `binary_crossentropy(y, p, from_logits=True)`.

        Raises:
            ValueError: shapes that differ, or another number of weights than of samples.
        """
        if hasattr(self, "call"):
            return _by_call(self, y_true, y_pred, sample_weight)
        if settings:
            return type(self)(**{**self.get_config(), **settings})(y_true, y_pred, sample_weight)
        outputs, targets = listed(y_pred), listed(y_true)
        many = is_list(outputs) and len(outputs) > 0 and is_list(listed(outputs[0]))
        samples = zip(outputs, targets, strict=True) if many else [(outputs, targets)]
        terms = [self.of_one(output, target) for output, target in samples]
        if sample_weight is not None:
            given = sample_weight if is_list(sample_weight) else [sample_weight] * len(terms)
            terms = [w * term for w, term in zip(checked_weights(given, len(terms)) or (), terms)]
        if self.reduction == "none":
            return Outputs(terms) if many else terms[0]
        return ag.sum(terms) if self.reduction == "sum" else _mean(terms)

    def of_one(self, output: Any, target: Any) -> Any:
        """The loss of one sample."""
        target = _label(listed(target), len(output) if is_list(output) else 1)
        return self.function(*side_by_side([output], [target]))

    def __repr__(self) -> str:
        return f"keras.losses.{type(self).__name__}()"


class MeanSquaredError(Loss):
    """The mean of `(y_true - y_pred)**2`.

    >>> MeanSquaredError()([[1.0], [0.0]], [[3.0], [1.0]]), mse([[1.0], [0.0]], [[3.0], [1.0]])
    (2.5, [4.0, 1.0])
    """

    function = staticmethod(formulas.mse)


class MeanAbsoluteError(Loss):
    """The mean of `abs(y_true - y_pred)`."""

    function = staticmethod(formulas.mae)


class MeanAbsolutePercentageError(Loss):
    """The mean of `100 * abs((y_true - y_pred) / y_true)`."""

    function = _Formula(lambda p, t: 100 * ag.abs((t - p) / ag.maximum(ag.abs(t), EPSILON)))


class MeanSquaredLogarithmicError(Loss):
    """The mean of `(log(y_true + 1) - log(y_pred + 1))**2`."""

    function = _Formula(lambda p, t: ag.square(_logarithm(p) - _logarithm(t)))


class LogCosh(Loss):
    """The mean of `log(cosh(y_pred - y_true))`."""

    function = _Formula(lambda p, t: p - t + ag.softplus(2 * (t - p)) - ag.log(2.0))


class Poisson(Loss):
    """The mean of `y_pred - y_true * log(y_pred)`."""

    function = _Formula(lambda p, t: p - t * ag.log(p + EPSILON))


class Hinge(Loss):
    """The mean of `max(0, 1 - y_true * y_pred)`, targets -1 and 1, or 0 and 1."""

    function = _Formula(lambda p, t: ag.relu(1 - _sign(t) * p))


class SquaredHinge(Loss):
    """The mean of the squares of what `Hinge` takes the mean of."""

    function = _Formula(lambda p, t: ag.square(ag.relu(1 - _sign(t) * p)))


class KLDivergence(Loss):
    """The sum of `y_true * log(y_true / y_pred)` over the shares of a sample."""

    function = _Formula(_divergence, rows=True)


class CosineSimilarity(Loss):
    """Minus the cosine of the angle between targets and outputs of a sample."""

    function = _Formula(_cosine, rows=True)


class Huber(Loss):
    """`nn.huber`: squares up to `delta`, beyond it straight."""

    def __init__(self, delta: float = 1.0, reduction: str | None = MEAN, name: str | None = None) -> None:
        super().__init__(reduction, name)
        size = chosen_number(self, "delta", delta, ABOVE_0)
        self.function = functools.partial(formulas.huber, delta=size) if size != 1 else formulas.huber


class _Crossentropy(Loss):
    """What the three below share.

    Args:
        from_logits: the outputs are raw scores; the activation is in the loss.
        label_smoothing: part of each target that is spread evenly.
        reduction, name: as for all losses.
    """

    shares: Function
    logits: Function
    classes = 2  # that a target is spread over; 0 for as many as it has shares

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: str | None = MEAN,
        name: str | None = None,
    ) -> None:
        super().__init__(reduction, name)
        self.function = self.logits if from_logits else self.shares
        part = chosen_number(self, "label_smoothing", label_smoothing, SHARE)
        if part:
            self.function = functools.partial(_smoothed, self.function, part, self.classes)


def _smoothed(function: Function, part: float, classes: int, outputs: Any, targets: Any) -> Any:
    def smooth(target: Any, count: int) -> Any:
        if is_list(target):
            return [smooth(t, count or len(target)) for t in target]
        return to_float(target) * (1 - part) + part / count

    return function(outputs, [smooth(target, classes) for target in targets])


class BinaryCrossentropy(_Crossentropy):
    """`-log(p)` for targets 1, `-log(1 - p)` for targets 0; p is kept 1e-7 from both ends."""

    shares, logits = staticmethod(of_yes), staticmethod(formulas.bce_with_logits)


class CategoricalCrossentropy(_Crossentropy):
    """`-log` of the target's share; targets are lists with a single 1, or shares."""

    shares, logits = staticmethod(of_classes), staticmethod(formulas.cross_entropy)
    classes = 0


class SparseCategoricalCrossentropy(_Crossentropy):
    """`CategoricalCrossentropy` for targets that are classes, counted from 0."""

    shares, logits = staticmethod(of_classes), staticmethod(formulas.cross_entropy)

    def __init__(
        self, from_logits: bool = False, reduction: str | None = MEAN, name: str | None = None
    ) -> None:
        super().__init__(from_logits, 0.0, reduction, name)


mean_squared_error = mse = MSE = MeanSquaredError(None)
mean_absolute_error = mae = MAE = MeanAbsoluteError(None)
mean_absolute_percentage_error = mape = MAPE = MeanAbsolutePercentageError(None)
mean_squared_logarithmic_error = msle = MSLE = MeanSquaredLogarithmicError(None)
log_cosh, poisson, hinge, squared_hinge = LogCosh(None), Poisson(None), Hinge(None), SquaredHinge(None)
kl_divergence, cosine_similarity, huber = KLDivergence(None), CosineSimilarity(None), Huber(reduction=None)
binary_crossentropy = bce = BinaryCrossentropy(reduction=None)
categorical_crossentropy = CategoricalCrossentropy(reduction=None)
sparse_categorical_crossentropy = SparseCategoricalCrossentropy(reduction=None)

# what `compile(loss="...")` knows besides nn's own names
NAMED: dict[str, Function] = {
    name: loss.function
    for name, loss in globals().items()
    if isinstance(loss, Loss) and not name.startswith("_")
}


def _by_call(loss: Any, y_true: Any, y_pred: Any, weights: Any = None) -> Any:
    """A loss of one's own, by its `call(y_true, y_pred)`, reduced as it says."""
    terms = loss.call(Outputs(listed(y_true)), Outputs(listed(y_pred)))
    if weights is not None:
        terms = Outputs(listed(terms)) * weights
    if not is_list(terms) or loss.reduction == "none":
        return terms
    return Outputs(terms).sum() if loss.reduction == "sum" else Outputs(terms).mean()


def loss_of(loss: Any) -> Any:
    """What `nn.Module.compile` makes of a name, of a loss here, or of a function of `(y_true, y_pred)`."""
    if isinstance(loss, str):
        return NAMED.get(loss, loss)
    if isinstance(loss, Loss):
        return loss.function if hasattr(loss, "function") else functools.partial(_swapped, loss)
    home = getattr(loss, "__module__", None) or ""  # of a function made by `exec` there is none
    own = isinstance(loss, (type, formulas.Configured)) or home.startswith("nn.")
    return OfYours(loss) if callable(loss) and not own else loss


def _swapped(loss: Any, outputs: Any, targets: Any) -> Any:
    return _by_call(loss, targets, outputs)


class OfYours:
    """A reader's own loss or metric in Keras's order; what it gives for each sample is averaged.

    >>> OfYours(lambda y_true, y_pred: y_true - y_pred)([1.0, 2.0], [3.0, 5.0])
    2.5
    """

    def __init__(self, function: Callable[[Any, Any], Any]) -> None:
        self.function, self.__name__ = function, getattr(function, "__name__", type(function).__name__)

    def __call__(self, outputs: Any, targets: Any) -> Any:
        """One Value or number."""
        found = self.function(Outputs(targets), Outputs(outputs))
        return Outputs(found).mean() if is_list(found) else found


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
