"""`fit(replay=...)`: epochs that run as a recorded program, in native code where Numba is installed.

One sample's loss is recorded once (`autograd.record`); the mean over a batch is the mean of its samples, and
the optimiser's steps are part of the program. That fits losses that are means over samples (a loss of one's
own is tried on the first ones), and runs that nobody watches step by step; everything else goes on eagerly,
and `fit` says why when replay was asked for.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from operator import is_
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.collector import uncollected
from autograd.replay.along import Along
from autograd.replay.groups import Columns
from autograd.replay.samples import Samples
from nn.fit import faults
from nn.fit.checking_data import numbers_of, side_by_side
from nn.fit.choices import is_mean, unwrapped
from nn.fit.evaluating import measured, reader_of
from nn.fit.run import Callback, Run
from nn.learning import losses
from nn.learning.metrics import ORDERLESS, Targets
from nn.messages import say
from nn.state import modes_kept

if TYPE_CHECKING:
    from autograd.replay.training_loop import Training

# products in one sample times samples times epochs from which "auto" replays: seconds of eager work where the
# kernels are compiled, minutes where they are not
LONG, LONG_AT_FIRST = 1e7, 2e8


class Replayed:
    """Runs whole epochs of a run as a recorded program."""

    def __init__(self, run: Run, backend: str) -> None:
        self._run, self._size = run, 0
        model, loss, penalty = run.model, run.choices.loss, run.choices.penalty

        def loss_of_output(output: Any, target: Any, *weight: float) -> Any:
            value = loss(*side_by_side([output], [target]))
            value = value * weight[0] if weight else value
            return value if penalty is None else value + penalty(model)

        def loss_of_sample(x: Any, target: Any, *weight: float) -> Any:
            output = model(x)
            value = loss_of_output(output, target, *weight)
            return (value, numbers_of(output)) if wants_outputs else value

        wants_outputs = bool(run.choices.metrics)
        moved = [p for group in run.optimizer.param_groups for p in group["params"]]  # the loss may have some
        params = dict.fromkeys([*moved, *run.parameters])
        self._recorded = ag.record(loss_of_sample, params=params, backend=backend, has_aux=wants_outputs)
        self._judged = ag.record(loss_of_sample, params=params, backend=backend, has_aux=wants_outputs)
        self._loss_of_output = loss_of_output
        function, settings = unwrapped(loss)
        asked = settings.get("label_smoothing") or settings.get("weight") or "ignore_index" in settings
        self._shares = function is losses.cross_entropy and asked  # of the class alone, it picks the score
        self._training: Training | None = None
        self._given: tuple[Any, ...] = ()  # to the training
        self._labels = self._validation = Columns([])
        self._targets = self._judged_targets = Targets([])
        self._judging: Samples | None = None
        self._judged_on: tuple[Any, ...] = ()
        self._others = 0
        self._trained_at = self._judged_at = (-1, 0, 0)  # the moments of the last looks

    def others_ran(self) -> None:
        """Code of somebody else has run: what it may have changed is looked at before the next use."""
        self._others += 1

    @property
    def moment(self) -> tuple[int, int, int]:
        """Changes with every run of code that is not the library's; other threads are not counted."""
        return self._others, self._recorded.learned.runs, self._judged.learned.runs

    def needs_order(self) -> bool:
        """Whether the order of the samples makes a difference to what is learned or measured."""
        return self._run.batch_size < len(self._run.X) or not self._is_orderless()

    def _is_orderless(self) -> bool:
        return all(metric in ORDERLESS for metric in self._run.choices.metrics.values())

    def _begun(self, alone: bool) -> Training:
        """The training; a new one where a callback has put other data, or another optimizer, into the run."""
        run = self._run
        given = (run.X, run.y, run.weights, run.optimizer, run.batch_size)
        alike = self._training is not None and all(map(is_, given, self._given))
        looked_at = self._shares or run.choices.metrics
        if self._training is None or not alike or (looked_at and self._labels.changed(alone)):
            self.close()
            self._given, self._labels, self._targets = given, Columns([run.y]), Targets(run.y)
            columns, size = self._columns(run.X, run.y, run.weights), run.batch_size
            self._training = self._recorded.training(*columns, optimizer=run.optimizer, batch_size=size)
        return self._training

    def close(self) -> None:
        """Leave in the optimizer what it would remember."""
        if self._training is not None:
            self._training.close()

    def epoch(self, order: Sequence[int] | None) -> dict[str, float]:
        """Train on all samples in this order, None where it makes no difference; returns loss and metrics.

        Raises:
            FloatingPointError: a loss or gradient is not finite; the weights are those before that update.
            autograd.ReplayMismatch: model or loss read something that changes where no recording sees it.
        """
        now = self.moment
        alone, self._trained_at = now == self._trained_at, now
        try:
            training = self._begun(alone)
            loss = training.epoch(order, alone)
        except ArithmeticError as problem:
            raise FloatingPointError(str(problem)) from None
        except ag.ReplayMismatch as problem:
            raise self._said(problem) from None
        return {"loss": loss, **self._measured(training.along, self._targets, self._run.y, order)}

    def judge(self, X: list[Any], y: list[Any], weights: list[float] | None) -> dict[str, float] | None:
        """Loss and metrics of samples that are not learned from; None where the function runs as it is.

        The program is one of its own, of the model in `eval` mode; no gradient is left behind.
        """
        if self._recorded.learned.left_alone or self._judged.learned.left_alone:
            return None
        given, now = (X, y), self.moment
        alone, self._judged_at = now == self._judged_at, now
        try:
            alike = self._judging is not None and all(map(is_, given, self._judged_on))
            if self._judging is None or not alike or self._validation.changed(alone):
                alone = False
                self._judged_on, self._validation = given, Columns(given)
                self._judged_targets = Targets(y)
                self._judging = Samples(self._judged.learned, self._columns(X, y, weights))
            loss, along = self._judged.judge(self._judging, alone)
        except ag.ReplayMismatch as problem:
            raise self._said(problem) from None
        return {"loss": loss, **self._measured(along, self._judged_targets, y, None)}

    def hidden_units(self, count: int) -> faults.Units | None:
        """As `faults.hidden_units` of the first samples, from the program; None where it does not tell.

        The model itself runs on the first sample alone, which tells the layers.
        """
        training = self._training
        self.others_ran()  # the model, as it is
        if training is None:
            return None
        x, *rest = (column[0] for column in training.columns)
        nodes, output = faults.hidden_nodes(reader_of(self._run.model), x)
        with uncollected():
            known = training.nodes_for(self._loss_of_output(output, *rest), faults.OPS, count)
        layers = {id(node): faults.layer_of(node) for node in nodes}
        mine = [(node, numbers) for node, numbers in known or () if id(node) in layers]
        if known is None or len(mine) < len(nodes):  # some lead nowhere
            return None
        columns: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
        for node, numbers in mine:
            columns[node.op.name, layers[id(node)]].append(numbers)
        return {key: [list(row) for row in zip(*found)] for key, found in columns.items()}

    def _measured(
        self, along: Along, targets: Targets, y: list[Any], order: Sequence[int] | None
    ) -> dict[str, float]:
        """The metrics of what the model said: on an array, where it is one and they are this library's."""
        choices = self._run.choices
        if not choices.metrics:
            return {}
        said = along.array if self._is_orderless() else None
        if said is not None:
            found = {name: targets.measured(metric, said) for name, metric in choices.metrics.items()}
            numbers = {name: x for name, x in found.items() if x is not None}
            if len(numbers) == len(found):
                return numbers
        if not self._is_orderless():
            self.others_ran()
        places = range(len(y)) if order is None else order
        return measured(choices, [along.parts[i] for i in places], [y[i] for i in places])

    def _said(self, problem: Any) -> Exception:
        """The error with epochs in the place of calls: each epoch is one call."""
        since = self._run.epoch - problem.call + problem.since
        said = say("fit_mismatch", epoch=self._run.epoch, since=since, why=problem.why)
        return ag.ReplayMismatch(said, problem.call, problem.since, problem.why)

    def _columns(self, X: list[Any], y: list[Any], weights: list[float] | None) -> tuple[list[Any], ...]:
        """What the recorded function is called with, sample by sample."""
        return (X, self._as_shares(y)) if weights is None else (X, self._as_shares(y), weights)

    def _as_shares(self, y: list[Any]) -> list[Any]:
        """Labels as lists with a single 1: one program for all classes instead of one for each."""
        if not self._shares:
            return y
        count = len(self._run.model(self._run.X[0]))
        rows = [[float(i == j) for j in range(count)] for i in range(count)]
        return [target if hasattr(target, "__len__") else rows[int(target)] for target in y]


def replayed(run: Run, replay: bool | str, before: bool | None = None) -> Replayed | None:
    """The recorded form of a run, or None when it goes on eagerly.

    Args:
        run: about to begin.
        replay: False; "auto", which replays long runs where Numba is there; True; or a backend of
            `autograd.record`.
        before: of a resumed run, whether it was replayed then.
    """
    if replay is False or (replay == "auto" and not (_is_long(run) if before is None else before)):
        return None
    reason = _obstacle(run)
    if reason and replay != "auto":
        ag.warn(say("fit_not_recorded", reason=reason))
    if reason:
        return None
    return Replayed(run, "auto" if replay in (True, "auto") else str(replay))


def _is_long(run: Run) -> bool:
    """Whether a run takes so long that it is worth recording."""
    work = _products(run) * len(run.X) * run.epochs
    if work < LONG or find_spec("numba") is None:
        return False
    if work >= LONG_AT_FIRST:
        return True
    from autograd.replay import jit
    from autograd.replay.kernels import loops

    return jit.is_compiled(loops.run)


def _products(run: Run) -> float:
    """About how many products one sample takes: a weight counts as often as it is used."""
    operands = 0

    def see(node: Any) -> Any:
        nonlocal operands
        operands += len(node.parents)
        return node

    with _put_back(run), ag.watch(see):
        reader_of(run.model.eval())(run.X[:1])
    return operands / 2


def _draws(run: Run) -> bool:
    """Whether the model draws from `random` for a sample; what it drew is put back."""
    with _put_back(run) as before, ag.no_grad():
        run.model.train()(run.X[0])
        drew: bool = random.getstate() != before
    return drew


@contextmanager
def _put_back(run: Run) -> Iterator[Any]:
    """Try something on the model: afterwards random numbers and modes are as before."""
    before = random.getstate()
    with modes_kept(run.model):
        try:
            yield before
        finally:
            random.setstate(before)


def _is_mean(run: Run) -> bool:
    """Whether the loss of a batch is the mean of its samples' losses: known, or so on the first samples."""
    loss, count = run.choices.loss, len(run.X)
    known = is_mean(loss)
    if known is not None:
        return known
    with ag.no_grad():
        outputs = [run.model(x) for x in run.X[:5]]
        singles = [numbers_of(loss(*side_by_side([o], [t]))) for o, t in zip(outputs, run.y)]
        for part in (slice(0, 2), slice(2, 5)):
            if count < part.stop:
                return False
            whole = numbers_of(loss(*side_by_side(outputs[part], run.y[part])))
            mean = ag.fsum(singles[part]) / len(singles[part])
            if not math.isclose(whole, mean, rel_tol=1e-12):
                return False
    return True


def _obstacle(run: Run) -> str:
    """Why a run cannot be replayed; "" when it can."""
    if any(module.needs_batch for module in run.model.modules()):
        return say("fit_needs_batch")
    drawing = [type(module).__name__ for module in run.model.modules() if module.draws]
    if drawing or _draws(run):
        return say("fit_draws", modules=", ".join(dict.fromkeys(drawing)) or type(run.model).__name__)
    if not _is_mean(run):
        return say("fit_loss_of_its_own", loss=getattr(run.choices.loss, "__name__", run.choices.loss))
    watching = [type(callback).__name__ for callback in run.callbacks if _watches_steps(callback)]
    return say("fit_watched", callbacks=", ".join(watching)) if watching else ""


def _watches_steps(callback: Callback) -> bool:
    if getattr(callback, "steps_optional", False):
        return False
    moments = ("on_gradients", "on_step_end")
    return any(getattr(type(callback), moment) is not getattr(Callback, moment) for moment in moments)
