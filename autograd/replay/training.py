"""`Recorded.train`: update after update inside the kernel, parameters in one flat buffer."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from autograd.backward import set_grads
from autograd.entry import CONSTANT, is_number
from autograd.replay.capture.probe import DATA
from autograd.replay.passes.codes import ADAM, MOMENTUM, SGD
from autograd.replay.replaying import backend_of
from autograd.replay.samples import Samples
from autograd.replay.variant import Variant, is_finite
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.replay.function import Recorded


class Rule:
    """An optimiser as the kernel knows it: which, its four settings, and what it remembers.

    Args:
        optimizer: "sgd", "momentum", "adam", or an object of `nn.optim`.
        params: the parameters in the order of memory.
        settings: lr, momentum, dampening, nesterov, betas, eps, weight_decay.

    Raises:
        ValueError: an unknown name or setting.
    """

    def __init__(self, optimizer: Any, params: Sequence[Value], settings: dict[str, Any]) -> None:
        self.object = None if isinstance(optimizer, str) else optimizer
        self.params = params
        if self.object is not None:
            group = self.object.param_groups[0]
            settings = {**group, **settings}
            optimizer = type(self.object).__name__.lower()
            alike = len(self.object.param_groups) == 1 and [*group["params"]] == [*params]
            self.native = alike and optimizer in ("sgd", "adam") and settings.get("form", "torch") == "torch"
        else:
            self.native = True
            unknown = set(settings) - {
                "lr",
                "momentum",
                "dampening",
                "nesterov",
                "betas",
                "eps",
                "weight_decay",
            }
            if unknown or optimizer not in ("sgd", "momentum", "adam"):
                raise ValueError(
                    f"optimizer={optimizer!r} with {sorted(settings)}: there are 'sgd', 'momentum' and "
                    "'adam' with lr, momentum, dampening, nesterov, betas, eps, weight_decay; "
                    "for others give an object of nn.optim"
                )
        momentum = settings.get("momentum", 0.9 if optimizer == "momentum" else 0.0)
        self.rate = settings.get("lr", 0.001 if optimizer == "adam" else 0.01)
        decay = settings.get("weight_decay", 0.0)
        if optimizer == "adam":
            self.kind = ADAM
            self.settings = [
                *map(float, settings.get("betas", (0.9, 0.999))),
                settings.get("eps", 1e-8),
                decay,
            ]
        else:
            self.kind = MOMENTUM if momentum else SGD
            self.settings = [
                momentum,
                settings.get("dampening", 0.0),
                float(settings.get("nesterov", False)),
                decay,
            ]
        if not callable(self.rate) and not (is_number(self.rate) and is_finite([self.rate])):
            raise ValueError(f"lr={self.rate!r} is no finite number, nor a function of the updates made")
        self.state = [0.0] * (2 * len(params))
        self.step = 0
        self._take_over()

    def _take_over(self) -> None:
        """Go on from what an optimiser object remembers."""
        if self.object is None or not self.native:
            return
        n = len(self.params)
        for i, p in enumerate(self.params):
            memory = self.object.state.get(p, {})
            self.state[i] = memory.get("velocity", memory.get("mean", 0.0))
            self.state[n + i] = memory.get("square", 0.0)
            self.step = max(self.step, int(memory.get("step", "velocity" in memory)))

    def hand_back(self) -> None:
        """Leave in the optimiser object what it would remember."""
        if self.object is None or not self.native or not self.step:
            return
        n = len(self.params)
        for i, p in enumerate(self.params):
            memory = self.object.state.setdefault(p, {})
            if self.kind == MOMENTUM:
                memory["velocity"] = self.state[i]
            elif self.kind == ADAM:
                memory.update(mean=self.state[i], square=self.state[n + i], step=self.step)


class Training:
    """One run of `train`."""

    def __init__(
        self,
        recorded: Recorded,
        columns: Sequence[Any],
        rule: Rule,
        batch_size: int | None,
        shuffle: Any,
        reduction: str,
        report: bool,
    ) -> None:
        self.recorded, self.rule, self.report = recorded, rule, report
        self.samples = Samples(recorded, columns)
        self.size = min(batch_size or self.samples.count, self.samples.count)
        self.mean = reduction == "mean"
        self.shuffle = shuffle is not False and shuffle is not None
        self.random: Any = random
        if isinstance(shuffle, random.Random):
            self.random = shuffle
        elif self.shuffle and shuffle is not True:
            self.random = random.Random(shuffle)
        self.orders: list[int] = list(range(self.samples.count))
        self.per_epoch = -(-self.samples.count // self.size)
        self.aux: list[Any] = [None] * self.samples.count  # of each sample, when it was last trained on

    def epochs(self, count: int, rate: Callable[[int], float]) -> Generator[list[float], None, None]:
        """Train; yields the mean losses of finished epochs.

        One at a time where `report` asks for it, with the parameters up to date in the Values; else many.
        """
        done = 0
        while done < count:
            native = self._native()
            source = (
                self._slow_epochs(count - done, rate) if native is None else native.epochs(count - done, rate)
            )
            try:
                for losses in source:
                    done += len(losses)
                    yield losses
                    if self.report and self.recorded.learned.outdated():
                        break  # a callback changed what the function reads
            finally:
                source.close()

    def _slow_epochs(self, count: int, rate: Callable[[int], float]) -> Generator[list[float], None, None]:
        for _ in range(count):
            yield [self._slow_epoch(rate)]

    def next_order(self) -> list[int]:
        """The samples of one epoch, in order."""
        if self.shuffle:
            self.random.shuffle(self.orders)
        return self.orders

    def _native(self) -> Any:
        """The loop in an executor's memory, where programs serve all samples and it knows the rule."""
        if not self.rule.native:
            return None
        variants = [self.samples.any_variant(group) for group in self.samples.groups]
        alone = () if self.recorded.has_aux else ("numpy",)  # which keeps nothing but losses
        if not self.fits(variants[0], "numba", *alone):
            return None
        if len(variants) > 1 and not all(self.fits(variant, "numba") for variant in variants):
            return None
        if len({len(variant.outputs) for variant in variants if variant is not None}) > 1:
            return None
        from autograd.replay.array_training import NativeTraining

        return NativeTraining(self, [variant for variant in variants if variant is not None])

    def fits(self, variant: Variant | None, *kinds: str) -> bool:
        """Whether a program has a loss, its parameters in our order, and one of these backends."""
        if variant is None or variant.program.root < 0:
            return False
        if backend_of(variant, self.recorded.backend) not in kinds:
            return False
        return [*variant.kept[: len(self.recorded.params)]] == [*self.recorded.params]

    def _slow_epoch(self, rate: Callable[[int], float]) -> float:
        order = self.next_order()
        total = 0.0
        for begin in range(0, len(order), self.size):
            total += self.update(order[begin : begin + self.size], rate)
        return total / len(order)

    def update(self, order: Sequence[int], rate: Callable[[int], float]) -> float:
        """One update on these samples; returns the sum of their losses."""
        rule, params = self.rule, self.recorded.params
        outcome = self.samples.run(order, 1.0 / len(order) if self.mean else 1.0, True)
        gradients = [outcome.gradients.get(p, 0.0) for p in params]
        total = 0.0
        for i, loss in zip(order, outcome.losses):
            if not is_finite([loss]):
                raise not_finite(rule.step, i, loss)
            total += loss
        if not is_finite(gradients):
            raise not_finite(rule.step, order[0], float("nan"))
        for i, aux in zip(order, outcome.aux):
            self.aux[i] = aux
        if rule.native:
            numbers, state = [DATA.__get__(p) for p in params], list(rule.state)
            updated(rule, state, numbers, gradients, rate(rule.step))
            for i, p in enumerate(params):
                if p.op is CONSTANT:  # frozen: weight decay and momentum leave it alone too
                    numbers[i] = DATA.__get__(p)
            commit(params, numbers, rule, state, rule.step + 1)
        else:
            before = [p.grad for p in params]
            try:
                set_grads(params, gradients)
                rule.object.step()  # type: ignore[union-attr]  # not native: an object
            finally:
                set_grads(params, before)
            rule.step += 1
        return total


def commit(
    params: Sequence[Value], numbers: Sequence[float], rule: Rule, state: Sequence[float], step: int
) -> None:
    """One finished update: parameters and what the rule remembers, in a call that no interrupt can split."""
    fields = map(setattr, repeat(rule), ("state", "step"), (list(state), step))
    deque(chain(map(DATA.__set__, params, numbers), fields), maxlen=0)


def not_finite(step: int, sample: int, loss: float) -> ArithmeticError:
    """The error that stops a training run whose numbers are no longer numbers."""
    what = "the loss" if not is_finite([loss]) else "a gradient"
    return ArithmeticError(
        f"training stopped before update {step}: {what} is not finite at sample {sample} (loss {loss}). The "
        "parameters are those after the last finished update. A smaller learning rate is the usual cure; "
        "autograd.detect_anomaly() around one call of the function names the op"
    )


def updated(
    rule: Rule, state: list[float], numbers: list[float], gradients: Sequence[float], rate: float
) -> None:
    """One update of `numbers` and `state` in plain Python: what the kernel computes."""
    a, b, c, decay = rule.settings
    n, first = len(numbers), rule.step == 0
    t = rule.step + 1 if rule.kind == ADAM else 0
    weight_m, weight_v = 1.0 - a**t, 1.0 - b**t  # both means began at 0
    for i, (p, slope) in enumerate(zip(numbers, gradients)):
        g = slope + decay * p
        if rule.kind == SGD:
            change = g
        elif rule.kind == MOMENTUM:
            m = state[i] = g if first else a * state[i] + (1.0 - b) * g
            change = g + a * m if c else m
        else:
            m = state[i] = a * state[i] + (1.0 - a) * g
            v = state[n + i] = b * state[n + i] + (1.0 - b) * (g * g)
            change = m / weight_m / ((v / weight_v) ** 0.5 + c)
        numbers[i] = p - rate * change


def train(
    recorded: Recorded,
    columns: Sequence[Any],
    epochs: int,
    optimizer: Any,
    batch_size: int | None,
    shuffle: Any,
    reduction: str,
    callbacks: Iterable[Callable[..., Any]],
    settings: dict[str, Any],
) -> list[float]:
    """See `Recorded.train`."""
    if not recorded.params:
        raise ValueError("train changes the parameters given as record(f, params=...), and there are none")
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction={reduction!r} is neither 'mean' nor 'sum'")
    if batch_size is not None and not (hasattr(batch_size, "__index__") and batch_size >= 1):
        raise ValueError(f"batch_size={batch_size!r}: give a whole number from 1 up, or None for all samples")
    calls = list(callbacks)
    rule = Rule(optimizer, recorded.params, settings)
    training = Training(recorded, columns, rule, batch_size, shuffle, reduction, bool(calls))
    rate = rule.rate if callable(rule.rate) else lambda _: rule.rate
    history: list[float] = []
    source = training.epochs(epochs, rate)
    try:
        for losses in source:
            history += losses
            more = (training.aux,) if recorded.has_aux else ()
            answers = [call(len(history) - 1, losses[-1], *more) for call in calls]
            if any(answers):
                break
    finally:
        _finish(source, rule)
    return history


def _finish(source: Generator[list[float], None, None], rule: Rule) -> None:
    """Leave parameters and optimiser at the last finished update; an interrupt meanwhile has to wait."""
    try:
        source.close()
        rule.hand_back()
    except KeyboardInterrupt:
        source.close()
        rule.hand_back()
        raise
