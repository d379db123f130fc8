"""`Recorded.train`: update after update inside the kernel where one knows how, else one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from threading import RLock
from typing import Any, TypedDict

from autograd import descent
from autograd.backward import postorder
from autograd.messages import say
from autograd.modes import warn
from autograd.replay.along import Along
from autograd.replay.executors.backends import REDUCTIONS, backend_of
from autograd.replay.learned import Learned
from autograd.replay.optimiser import Optimiser
from autograd.replay.plain_run import near
from autograd.replay.training_run import TrainingRun
from autograd.settings import WHOLE_FROM_1, chosen_list, chosen_number, chosen_word
from autograd.value import Value

NAMED: dict[Any, Optimiser] = {}  # by name, count of parameters, settings and what `descent` holds
KEPT = 64
Epochs = Generator[list[float], None, None]


class Settings(TypedDict, total=False):
    """The settings of an optimiser by name, to type checkers."""

    lr: float | Callable[[int], float]
    momentum: float
    dampening: float
    nesterov: bool
    betas: tuple[float, float]
    eps: float
    weight_decay: float


def epochs(training: TrainingRun, count: int) -> Epochs:
    """Train; yields the mean losses of finished epochs.

    One at a time where `training.report` asks for it, with the parameters in the Values; else many.
    """
    while training.done < count:
        if training.report:
            training.optimiser.changed()  # since the training was made, or while the data changed
            if training.given.changed(training.alone):
                training.read_again()
        groups = training.optimiser.groups
        source = _native_epochs(training, count - training.done)
        if source is None:
            source = ([training.epoch()] for _ in range(count - training.done))
        try:
            for losses in source:
                training.done += len(losses)
                if training.report:
                    training.optimiser.lend()
                yield losses
                if training.report and training.done < count and training.given.changed(training.alone):
                    break
                if training.alone:
                    continue
                if training.report and training.learned.outdated():
                    break  # a callback changed what the function reads
                if training.report and (training.optimiser.changed() or training.samples.left_alone()):
                    break
                if training.optimiser.groups is not groups:
                    break  # steps of the object itself have read it again
        finally:
            source.close()


def _native_epochs(training: TrainingRun, count: int) -> Epochs | None:
    """The loop in an executor's memory, where programs serve all samples and it knows the optimiser."""
    if not training.optimiser.native:
        return None
    variants = [training.samples.any_variant(group) for group in training.samples.groups]
    alone = () if training.learned.has_aux else ("numpy",)  # which keeps nothing but losses
    if not training.fits(variants[0], "numba", *alone):
        return None
    if len(variants) > 1 and not all(training.fits(variant, "numba") for variant in variants):
        return None
    if len({len(variant.outputs) for variant in variants if variant is not None}) > 1:
        return None
    from autograd.replay.native_training import NativeTraining

    native = NativeTraining(training, [variant for variant in variants if variant is not None])
    return native.epochs(count)


class Training:
    """A training that goes on epoch by epoch, for a loop of one's own; made by `Recorded.training`.

    Samples, parameters and what the optimiser remembers stay in arrays from one epoch to the next. Between
    epochs all Values are up to date, and so is the optimiser object once somebody asks for its `state`; what
    changes there, in the data or in what the function reads counts from the next epoch on.

    Attributes:
        aux: with `has_aux`, for each sample what came along when it was last trained on.
    """

    is_training = True

    def __init__(self, run: TrainingRun, lock: RLock) -> None:
        self._run, self._lock, self._source = run, lock, epochs(run, sys.maxsize)

    @property
    def aux(self) -> list[Any]:
        """With `has_aux`, for each sample what came along when it was last trained on."""
        return self._run.along.parts

    @property
    def columns(self) -> Sequence[Any]:
        """What the samples are taken from, one sequence per argument."""
        return self._run.samples.columns

    @property
    def along(self) -> Along:
        """What the samples came back with, as the kernel left it."""
        return self._run.along

    def epoch(self, order: Sequence[int] | None = None, alone: bool = False) -> float:
        """Train on all samples; returns the loss per sample, each batch's taken before its update.

        Args:
            order: the samples in the order in which to take them, where that is not one batch of all; as it
                was when left out.
            alone: nobody's code has run since the last epoch, so that nothing needs to be looked at again.

        Raises:
            ArithmeticError: a loss or gradient is not finite; the parameters are those before that update.
        """
        audit = self._run.learned.audit
        with self._lock:
            audit.begin_many(1)
            self._run.alone = alone
            if order is not None and self._run.size < self._run.samples.count:
                self._run.orders = list(order)
            try:
                (loss,) = next(self._source)
            except BaseException:
                self._close()
                self._source = epochs(self._run, sys.maxsize)
                raise
            audit.called_back(1)
            return loss

    def nodes_for(
        self, root: Any, names: Collection[str], count: int
    ) -> list[tuple[Any, list[float]]] | None:
        """Nodes below the loss of the first sample, each with what it would be for the first samples now.

        By the program of the last epoch, as it was then: what else the function reads is not looked at again,
        what the first sample gives is compared.

        Args:
            root: that loss as the function gives it when it runs as it is, with its graph.
            names: of the ops that are asked for.
            count: so many samples, or all there are.

        Returns:
            Pairs (node, numbers), as `backward` finds the nodes; None where there is no one program, native
            and confirmed, that serves these samples, or where it gives something else for the first.
        """
        samples = self._run.samples
        learned, group = samples.learned, samples.groups[0]
        ready = [variant for variant in learned.variants.get(group.key, ()) if variant.confirmed]
        if len(samples.groups) > 1 or len(ready) != 1:
            return None
        variant, program = ready[0], ready[0].program
        kind = backend_of(variant, learned.backend)
        nodes = [node for node in postorder(root)[0] if node.op.name in names]
        asked, first = (
            {code for code, op in enumerate(program.kinds) if op.name in names},
            len(program.leaves),
        )
        slots = [first + k for k, code in enumerate(program.codes[: program.reach]) if code in asked]
        if kind == "python" or [node.op for node in nodes] != [program.op(slot) for slot in slots]:
            return None
        batch = samples._batch(variant, kind, min(count, samples.count))
        batch.read(variant.some_numbers([0.0] * len(variant.given)))
        found = batch.inside(group.matrix, min(count, samples.count), slots)
        if found is None or not near([node.data for node in nodes], found[:, 0].tolist()):
            return None
        return list(zip(nodes, found.tolist()))

    def close(self) -> None:
        """Leave in the optimiser object what it would remember."""
        with self._lock:
            self._close()
            self._run.optimiser.hand_back()

    def _close(self) -> None:
        try:
            _finish(self._source, self._run.optimiser)
        except KeyboardInterrupt:  # has to wait, from the beginning of that call on
            _finish(self._source, self._run.optimiser)
            raise


def prepared(
    learned: Learned,
    columns: Sequence[Any],
    optimizer: Any,
    batch_size: int | None,
    shuffle: Any,
    reduction: str,
    report: bool,
    settings: Mapping[str, Any],
) -> TrainingRun:
    """A training about to begin, after all that was asked for was checked."""
    if not learned.params:
        raise ValueError(say("train_no_params"))
    chosen_word("train", "reduction", reduction, REDUCTIONS)
    batch_size = chosen_number("train", "batch_size", batch_size, WHOLE_FROM_1, none=True)
    optimiser = _optimiser_of(optimizer, learned.params, dict(settings))
    if optimiser.unread and learned.backend != "python":
        said = say("train_unread", optimizer=type(optimizer).__name__, why=optimiser.unread)
        warn(said)
    return TrainingRun(learned, columns, optimiser, batch_size, shuffle, reduction, report)


def _optimiser_of(optimizer: Any, params: Sequence[Value], settings: dict[str, Any]) -> Optimiser:
    """An object's, or one by name; what a name and its settings decide is found once."""
    if not isinstance(optimizer, str) or not {*map(type, settings.values())} <= {float, int, bool}:
        return Optimiser.of(optimizer, params, settings)
    given = tuple((name, type(x), x) for name, x in settings.items())
    key = optimizer, len(params), given, *filter(callable, vars(descent).values())
    known = NAMED.get(key)
    if known is None:
        known = Optimiser(optimizer, params, settings).begun_again((), {})
        if len(NAMED) > KEPT:
            NAMED.clear()
        NAMED[key] = known
    return known.begun_again(params, settings)


def train(
    learned: Learned,
    columns: Sequence[Any],
    count: int,
    optimizer: Any,
    batch_size: int | None,
    shuffle: Any,
    reduction: str,
    callbacks: Iterable[Callable[..., Any]],
    settings: Mapping[str, Any],
) -> list[float]:
    """See `Recorded.train`."""
    calls = chosen_list("train", "callbacks", callbacks, none=True)
    training = prepared(learned, columns, optimizer, batch_size, shuffle, reduction, bool(calls), settings)
    history: list[float] = []
    source = epochs(training, count)
    try:
        for losses in source:
            if history:
                history += losses
            else:
                history = losses  # of many epochs a copy would take its time
            more = (training.along.parts,) if learned.has_aux else ()
            answers = [call(len(history) - 1, losses[-1], *more) for call in calls]
            if any(answers):
                break
            if calls:
                learned.audit.called_back(len(history))
    finally:
        try:
            _finish(source, training.optimiser)
        except KeyboardInterrupt:  # has to wait, from the beginning of that call on
            _finish(source, training.optimiser)
            raise
    return history


def _finish(source: Epochs, optimiser: Optimiser) -> None:
    """Leave parameters and optimiser at the last finished update; the object has its state when asked."""
    source.close()
    optimiser.lend()
