"""`Recorded.train`: update after update inside the kernel where one knows how, else one by one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from autograd.messages import say
from autograd.replay.executors.backends import REDUCTIONS
from autograd.replay.groups import Columns
from autograd.replay.learned import Learned
from autograd.replay.optimiser import Optimiser
from autograd.replay.training_run import TrainingRun
from autograd.settings import WHOLE_FROM_1, chosen_number, chosen_word

Epochs = Generator[list[float], None, None]


def epochs(training: TrainingRun, count: int) -> Epochs:
    """Train; yields the mean losses of finished epochs.

    One at a time where `training.report` asks for it, with the parameters in the Values; else many.
    """
    given = Columns(training.samples.columns) if training.report and count > 1 else None
    while training.done < count:
        source = _native_epochs(training, count - training.done)
        if source is None:
            source = ([training.epoch()] for _ in range(count - training.done))
        try:
            for losses in source:
                training.done += len(losses)
                yield losses
                if given is not None and training.done < count and given.changed():
                    training.read_again()
                    given = Columns(training.samples.columns)
                    break
                if training.report and training.learned.outdated():
                    break  # a callback changed what the function reads
                if training.report and training.optimiser.changed():
                    break
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


def train(
    learned: Learned,
    columns: Sequence[Any],
    count: int,
    optimizer: Any,
    batch_size: int | None,
    shuffle: Any,
    reduction: str,
    callbacks: Iterable[Callable[..., Any]],
    settings: dict[str, Any],
) -> list[float]:
    """See `Recorded.train`."""
    if not learned.params:
        raise ValueError("train changes the parameters given as record(f, params=...), and there are none")
    chosen_word("train", "reduction", reduction, REDUCTIONS)
    batch_size = chosen_number("train", "batch_size", batch_size, WHOLE_FROM_1, none=True)
    calls = list(callbacks)
    optimiser = Optimiser(optimizer, learned.params, settings)
    if optimiser.unread and learned.backend != "python":
        said = say("train_unread", optimizer=type(optimizer).__name__, why=optimiser.unread)
        warnings.warn(said, RuntimeWarning, stacklevel=3)
    training = TrainingRun(learned, columns, optimiser, batch_size, shuffle, reduction, bool(calls))
    history: list[float] = []
    source = epochs(training, count)
    try:
        for losses in source:
            history += losses
            more = (training.aux,) if learned.has_aux else ()
            answers = [call(len(history) - 1, losses[-1], *more) for call in calls]
            if any(answers):
                break
            if calls:
                learned.audit.called_back(len(history))
    finally:
        try:
            _finish(source, optimiser)
        except KeyboardInterrupt:  # has to wait, from the beginning of that call on
            _finish(source, optimiser)
            raise
    return history


def _finish(source: Epochs, optimiser: Optimiser) -> None:
    """Leave parameters and optimiser at the last finished update."""
    source.close()
    optimiser.hand_back()
