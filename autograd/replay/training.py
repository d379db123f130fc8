"""`Recorded.train`: update after update inside the kernel, parameters in one flat buffer."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd.entry import CONSTANT
from autograd.node import set_grads
from autograd.number import UNSET
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.groups import Columns
from autograd.replay.messages import say
from autograd.replay.replaying import REDUCTIONS, backend_of
from autograd.replay.rule import Rule, commit, updated
from autograd.replay.samples import Samples
from autograd.replay.variant import Variant, is_finite
from autograd.settings import WHOLE_FROM_1, chosen_number, chosen_word

if TYPE_CHECKING:
    from autograd.replay.function import Recorded


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
        self.done = 0  # epochs
        self.aux: list[Any] = [None] * self.samples.count  # of each sample, when it was last trained on

    def epochs(self, count: int, rate: Callable[[int], float]) -> Generator[list[float], None, None]:
        """Train; yields the mean losses of finished epochs.

        One at a time where `report` asks for it, with the parameters up to date in the Values; else many.
        """
        given = Columns(self.samples.columns) if self.report and count > 1 else None
        while self.done < count:
            native = self._native()
            rest = count - self.done
            source = self._slow_epochs(rest, rate) if native is None else native.epochs(rest, rate)
            try:
                for losses in source:
                    self.done += len(losses)
                    yield losses
                    if given is not None and self.done < count and given.changed():
                        self._read_again()
                        given = Columns(self.samples.columns)
                        break
                    if self.report and self.recorded.learned.outdated():
                        break  # a callback changed what the function reads
            finally:
                source.close()

    def _read_again(self) -> None:
        """A callback changed the data."""
        before = self.samples.count
        self.samples = Samples(self.recorded, self.samples.columns)
        if self.samples.count != before:
            raise ValueError(say("train_columns_changed", before=before, now=self.samples.count))

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
        if variant.unreached:
            reached = {leaf for i, leaf in zip(variant.wanted, variant.kept) if i not in variant.unreached}
            if not self.rule.reaches(reached):
                return False
        return [*variant.kept[: len(self.recorded.params)]] == [*self.recorded.params]

    def _slow_epoch(self, rate: Callable[[int], float]) -> float:
        order = self.next_order()
        total = 0.0
        for begin in range(0, len(order), self.size):
            self.recorded.audit.enter(self.done + 1, begin + self.size >= len(order))
            total += self.update(order[begin : begin + self.size], rate)
        return total / len(order)

    def update(self, order: Sequence[int], rate: Callable[[int], float]) -> float:
        """One update on these samples; returns the sum of their losses."""
        rule, params = self.rule, self.recorded.params
        outcome = self.samples.run(order, 1.0 / len(order) if self.mean else 1.0, True)
        if self.recorded.audit.serve(len(order)):
            self.samples.audit(order, outcome.losses)
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
        if rule.native and not rule.reaches(outcome.gradients):
            rule.hand_back()  # from here on the object itself makes the updates
            rule.native = False
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
                set_grads(params, [outcome.gradients.get(p, UNSET) for p in params])
                rule.object.step()  # type: ignore[union-attr]  # not native: an object
            finally:
                set_grads(params, before)
            rule.step += 1
        return total


def not_finite(step: int, sample: int, loss: float) -> ArithmeticError:
    """The error that stops a training run whose numbers are no longer numbers."""
    what = "the loss" if not is_finite([loss]) else "a gradient"
    return ArithmeticError(
        f"training stopped before update {step}: {what} is not finite at sample {sample} (loss {loss}). The "
        "parameters are those after the last finished update. A smaller learning rate is the usual cure; "
        "autograd.detect_anomaly() around one call of the function names the op"
    )


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
    chosen_word("train", "reduction", reduction, REDUCTIONS)
    batch_size = chosen_number("train", "batch_size", batch_size, WHOLE_FROM_1, none=True)
    calls = list(callbacks)
    rule = Rule(optimizer, recorded.params, settings)
    training = Training(recorded, columns, rule, batch_size, shuffle, reduction, bool(calls))
    history: list[float] = []
    source = training.epochs(epochs, rule.rate_at)
    try:
        for losses in source:
            history += losses
            more = (training.aux,) if recorded.has_aux else ()
            answers = [call(len(history) - 1, losses[-1], *more) for call in calls]
            if any(answers):
                break
            if calls:
                recorded.audit.called_back(len(history))
    finally:
        try:
            _finish(source, rule)
        except KeyboardInterrupt:  # has to wait, from the beginning of that call on
            _finish(source, rule)
            raise
    return history


def _finish(source: Generator[list[float], None, None], rule: Rule) -> None:
    """Leave parameters and optimiser at the last finished update."""
    source.close()
    rule.hand_back()
