"""`Run`, what callbacks see of one call of `fit`; and `Callback`, the moments at which they see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autograd.settings import chosen_list
from nn.fit.choices import Choices
from nn.fit.history import History
from nn.messages import problem
from nn.state import kept_state, load_state_of, put_back_state, state_of


@dataclass(eq=False, repr=False)
class Run:
    """The record of one call of `fit`; callbacks get it, and the loop writes it.

    model, optimizer, parameters, history     what is trained, and what was recorded
    epoch, step, batch                        counted from 1; step through the run, batch through the epoch
    epochs, batches                           how many there will be; batches is per epoch
    logs                                      the numbers of this epoch, by name
    """

    model: Any
    optimizer: Any
    parameters: list[Any]
    choices: Choices
    X: list[Any]
    y: list[Any]
    validation: tuple[list[Any], list[Any], list[float] | None] | None  # samples, targets, weights
    callbacks: list[Callback]
    epochs: int
    batches: int
    batch_size: int
    seed: int | None  # of the orders of the samples; None where they keep theirs
    weights: list[float] | None = None  # how much each sample counts
    history: History = field(default_factory=History)
    epoch: int = 0
    step: int = 0
    batch: int = 0
    batch_indices: list[int] = field(default_factory=list)
    logs: dict[str, float] = field(default_factory=dict)
    stopping: bool = False
    replayed: bool = False  # whole epochs run as a recorded program
    began_with: list[tuple[Callback, dict[str, Any]]] = field(default_factory=list)  # and their settings
    began_modules: dict[str, dict[str, Any]] = field(default_factory=dict)  # plain attributes, by module
    after_epoch: list[Callable[[], None]] = field(default_factory=list)  # done once an epoch is recorded
    reached: set[int] = field(default_factory=set)  # ids of parameters with a gradient in the first epoch

    def stop(self) -> None:
        """End the run after this epoch."""
        self.stopping = True

    def learning_rate(self) -> float:
        """The learning rate of the optimizer's first group."""
        return float(self.optimizer.param_groups[0]["lr"])


class Callback:
    """The moments of a run; a subclass fills in those it needs.

    >>> class Shout(Callback):
    ...     def on_epoch_end(self, run):
    ...         print("epoch", run.epoch, "done")

    A checkpoint holds what `state_dict` says: by default all attributes that are data (see `nn.state`). Give
    a callback that keeps more its own pair of methods.
    """

    lasting = True  # False: only shows the run, so that a resumed one needs neither it nor its state

    @property
    def role(self) -> str | None:
        """What it is there for, where a resumed run may do without it."""
        return None

    @property
    def name(self) -> str:
        """The name by which a resumed run knows this callback again."""
        return type(self).__name__

    def state_dict(self) -> dict[str, Any]:
        """What it needs to go on in a resumed run."""
        return state_of(self)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; called after `on_fit_begin`."""
        load_state_of(self, state)

    def on_fit_begin(self, run: Run) -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, run: Run) -> None:
        """Before the first batch of an epoch."""

    def on_gradients(self, run: Run) -> None:
        """Every gradient of a step is there; the optimizer has not moved yet."""

    def on_step_end(self, run: Run) -> None:
        """The optimizer has made its step."""

    def on_epoch_end(self, run: Run) -> None:
        """The numbers of the epoch are in `run.logs`, and may be added to: the history takes them next."""

    def on_fit_end(self, run: Run) -> None:
        """The run is over, whatever ended it: see `run.history.stopped`."""


class EachEpoch(Callback):
    """A plain function, called at the end of each epoch."""

    def __init__(self, function: Callable[[Run], Any]) -> None:
        self._function = function

    @property
    def name(self) -> str:
        """The function's."""
        return getattr(self._function, "__name__", type(self._function).__name__)

    @property
    def _owner(self) -> Any:
        """What may have a state: the function's attributes, or the object that it is, or is a method of."""
        owner = getattr(self._function, "__self__", self._function)
        return self._function if isinstance(owner, (type, ModuleType)) else owner

    def state_dict(self) -> dict[str, Any]:
        """The state of the object."""
        return kept_state(self._owner)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Put it back."""
        put_back_state(self._owner, state)

    def on_epoch_end(self, run: Run) -> None:
        """Call the function."""
        self._function(run)


def as_callbacks(callbacks: Any) -> list[Callback]:
    """Callbacks and plain functions as callbacks."""
    made: list[Callback] = []
    for index, callback in enumerate(chosen_list("fit", "callbacks", callbacks, none=True)):
        if isinstance(callback, Callback):
            made.append(callback)
        elif callable(callback) and not isinstance(callback, type):
            made.append(EachEpoch(callback))
        else:
            kind = callback.__name__ if isinstance(callback, type) else type(callback).__name__
            raise problem(TypeError, "callback_kind", index=index, kind=kind)
    return made
