"""Checkpoints: a run of `fit` as a JSON file, from which it goes on as if it had never stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from autograd import warn, write_file
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_number, chosen_word
from nn.fit.callbacks import Best, monitored
from nn.fit.history import History
from nn.fit.randomness import random_state, set_random_state
from nn.fit.run import Callback, Run
from nn.learning.metrics import MODES, is_known, rises
from nn.messages import problem, say
from nn.saving import CHECKPOINT as FORMAT
from nn.saving import as_json, check_suffix, checked_weights, naming, read_json
from nn.state import PLAIN, has_state, packed, unpacked
from nn.weights import at_once

# what a resumed run needs besides
RESUMED = {"stopping", "settings", "modules", "frozen", "others", "losses", "callbacks", "random"}


class Checkpoint(Callback):
    """Write the whole state of the run to a JSON file after each epoch.

    That is weights and running averages, the optimizer, every callback (rates, patience, best weights), the
    random numbers, the settings and the history: all that makes the rest of a run what it is.

    Args:
        path: the file; "{epoch}" in it is replaced, so that each epoch has its own.
        monitor: None writes every epoch, a name ("val_loss") only epochs that are better than all before.
        every: write every so many epochs; with `monitor` the best among these.
        mode: "min" when the number should fall, "max" when it should rise; "auto" knows the losses and
            scores of this library, and takes other numbers as falling, with a warning.

    An older file is replaced in one move: a crash leaves the older or the new one, never half of one.
    `fit(..., resume=path)` goes on from there; `nn.load_checkpoint(path, model)` loads the weights alone.
    """

    suffixes: tuple[str, ...] = ()  # of another library, taken all the same

    def __init__(
        self, path: str | os.PathLike[str], monitor: str | None = None, every: int = 1, mode: str = "auto"
    ) -> None:
        check_suffix(path, *self.suffixes)
        self.path, self.monitor, self.mode = str(path), monitor, mode
        self.every: int = chosen_number(self, "every", every, WHOLE_FROM_1)
        chosen_word(self, "mode", mode, MODES)
        if monitor is not None and mode == "auto" and not is_known(monitor):
            warn(say("checkpoint_falls", name=monitor))
            mode = "min"
        self._rising = monitor is not None and rises(self, monitor, mode)

    @property
    def role(self) -> str:
        """The file and what decides about it: a resumed run may do without, and may have others."""
        return f"{os.path.realpath(self.path)} {self.monitor}"

    def path_of(self, run: Run) -> str:
        """The file for the epoch that has just ended."""
        return self.path.replace("{epoch}", str(run.epoch))

    def on_fit_begin(self, run: Run) -> None:
        """Forget an earlier run."""
        self._best = Best(self._rising) if self.monitor else None

    def on_epoch_end(self, run: Run) -> None:
        """Write, where this epoch is wanted."""
        if run.epoch % self.every:
            return
        if not self.monitor or self._best is None or self._best.improved(monitored(self, self.monitor, run)):
            path = self.path_of(run)
            run.after_epoch.append(lambda: write_file(path, as_json(record_of(run))))


def record_of(run: Run) -> dict[str, Any]:
    """All that a run is made of between two epochs, for JSON: what it needs to go on."""
    return {
        "format": FORMAT,
        "model": repr(run.model),
        "epoch": run.epoch,
        "step": run.step,
        "stopping": run.stopping,
        "settings": _settings(run),
        "weights": run.model.state_dict(),
        **run.model.also_saved(),
        "modules": {"began": run.began_modules, "now": plain_attributes(run.model)},
        "frozen": [i for i, p in enumerate(run.parameters) if not p.requires_grad],
        "others": [p.item() for p in _others(run)],
        "losses": packed({name: x.state_dict() for name, x in _losses(run).items()}, "loss"),
        "optimizer": packed(run.optimizer.state_dict(), type(run.optimizer).__name__),
        "callbacks": [_record_of(*pair) for pair in run.began_with],
        "random": random_state(_roots(run)),
        "history": run.history.state(),
    }


def _settings(run: Run) -> dict[str, Any]:
    """What the numbers of a run depend on, besides data and model."""
    return {
        "batch_size": run.batch_size,
        "shuffle": "no" if run.seed is None else f"seed={run.seed}",
        "loss": getattr(run.choices.loss, "__name__", type(run.choices.loss).__name__),
        "replay": run.replayed,
        "optimizer": type(run.optimizer).__name__,
        "defaults": packed(getattr(run.optimizer, "defaults", {}), type(run.optimizer).__name__),
    }


def plain_attributes(model: Any) -> dict[str, dict[str, Any]]:
    """The numbers and words that each module holds beside weights and buffers, like a dropout's share."""
    return {
        name: {
            key: x
            for key, x in vars(module).items()
            if type(x) in PLAIN and key != "training" and key not in module.buffers
        }
        for name, module in model.named_modules()
    }


def _others(run: Run) -> list[Any]:
    """Parameters that the optimizer trains and the model has not: those of the loss."""
    own = set(run.parameters)
    return [p for group in run.optimizer.param_groups for p in group["params"] if p not in own]


def _losses(run: Run) -> dict[str, Any]:
    """Loss and penalty, where they have a state of their own."""
    parts = {"loss": run.choices.loss, "penalty": run.choices.penalty}
    return {name: x for name, x in parts.items() if has_state(x)}


def _record_of(callback: Callback, settings: dict[str, Any]) -> dict[str, Any]:
    state = {"settings": settings, "state": callback.state_dict()}
    return {"name": callback.name, "role": callback.role, **packed(state, callback.name)}


def _roots(run: Run) -> dict[str, Any]:
    """What may hold a generator."""
    lasting = [callback for callback in run.callbacks if callback.lasting and callback.role is None]
    return {"model": run.model, "optimizer": run.optimizer, "callbacks": lasting, "choices": run.choices}


class Resumption:
    """A run that goes on from a checkpoint: first `begin`, and once the callbacks have begun `go_on`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no whole checkpoint, or of a run with another optimizer, other callbacks or other
            settings; the message names them. Nothing is changed then.
    """

    def __init__(self, path: str | os.PathLike[str], run: Run) -> None:
        self.path, self.run, self.content = str(path), run, read_checkpoint(path)
        if RESUMED - self.content.keys():
            raise problem(ValueError, "checkpoint_other", path=str(path))
        self.before = run.model.state_dict(), run.optimizer.state_dict()
        self.free = [p.requires_grad for p in run.parameters]

    @property
    def replay(self) -> bool:
        """Whether the run was replayed."""
        return bool(self.content["settings"].get("replay"))

    def begin(self) -> None:
        """Take over weights, optimizer, history and counts, where optimizer, callbacks and settings agree."""
        run, content = self.run, self.content
        with naming(self.path):
            optimizer = unpacked(content["optimizer"])
            then, now = content["settings"], _settings(run)
            agree = [("optimizer", then["optimizer"], now["optimizer"]), ("callbacks", *self._names())]
            agree += [(x, then[x], now[x]) for x in ("batch_size", "shuffle", "loss")]
            agree += _differing(now["optimizer"], unpacked(then["defaults"]), unpacked(now["defaults"]))
            agree.append((say("resume_others"), len(content["others"]), len(_others(run))))
            agree.append((say("resume_loss"), sorted(content["losses"]), sorted(_losses(run))))
            self._compare(agree)
            frozen = set(content["frozen"])
        run.history = load_checkpoint(self.path, run.model)
        try:
            with naming(self.path):
                run.optimizer.load_state_dict(optimizer)
                for name, x in _losses(run).items():
                    x.load_state_dict(unpacked(content["losses"][name]))
                others = checked_weights(self.path, {"others": content["others"]})["others"]
                at_once(map(setattr, _others(run), repeat("data"), others))
                run.epoch = chosen_number("checkpoint", "epoch", content["epoch"], WHOLE_FROM_0)
                run.step = chosen_number("checkpoint", "step", content["step"], WHOLE_FROM_0)
                run.stopping = bool(content["stopping"])
        except BaseException:
            self._put_back()
            raise
        self._free([i not in frozen for i in range(len(run.parameters))])

    def go_on(self) -> None:
        """Give every callback its state back, then the optimizer, then the random numbers."""
        run, pairs = self.run, list(self._pairs())
        try:
            with naming(self.path):
                for callback, now, saved in pairs:
                    if not callback.role:
                        self._compare(_differing(callback.name, unpacked(saved["settings"]), now))
                modules, held = self.content["modules"], dict(run.model.named_modules())
                for name, began in modules["began"].items():
                    held_now = run.began_modules.get(name, {})
                    self._compare(_differing(name or say("resume_model"), began, held_now))
                for name, attributes in modules["now"].items():
                    self._check_attributes(held[name], attributes)
                for name, attributes in modules["now"].items():
                    held[name].__dict__.update(attributes)
                for callback, _, saved in pairs:
                    callback.load_state_dict(unpacked(saved["state"]))
                run.optimizer.load_state_dict(unpacked(self.content["optimizer"]))
                set_random_state(_roots(run), self.content["random"])
        except BaseException:
            self._put_back()
            raise

    def _check_attributes(self, module: Any, attributes: dict[str, Any]) -> None:
        """Numbers and words alone, and none in place of a method, a weight or a module."""
        learned = {key.partition(".")[0] for key in module.state_dict()}
        for name, x in attributes.items():
            now = getattr(module, name, None)
            if type(x) not in PLAIN or callable(now) or name in learned:
                self._compare([(say("resume_setting", name=name, of=type(module).__name__), x, now)])

    def _free(self, wanted: list[bool]) -> None:
        for p, free in zip(self.run.parameters, wanted, strict=True):
            if p.requires_grad is not free:
                p.requires_grad = free

    def _put_back(self) -> None:
        self.run.model.load_state_dict(self.before[0])
        self.run.optimizer.load_state_dict(self.before[1])
        self._free(self.free)

    def _compare(self, agree: list[tuple[str, Any, Any]]) -> None:
        for what, then, now in agree:
            if repr(then) != repr(now):  # nan is the same as nan
                fields = {"what": what, "then": then, "now": now, "path": self.path}
                raise problem(ValueError, "resume_other", **fields)

    def _names(self) -> tuple[str, str]:
        """The callbacks that must be there, then and now."""
        then = [str(saved.get("name")) for saved in self.content["callbacks"] if saved["role"] is None]
        now = [callback.name for callback in self.run.callbacks if callback.lasting and callback.role is None]
        return ", ".join(then) or "-", ", ".join(now) or "-"

    def _pairs(self) -> Iterator[tuple[Callback, dict[str, Any], dict[str, Any]]]:
        """Each callback with its settings and its record; one with a role may be new, or gone."""
        left = list(self.content["callbacks"])
        for callback, settings in self.run.began_with:
            known = (callback.name, callback.role)
            found = (record for record in left if (record.get("name"), record.get("role")) == known)
            saved = next(found, None)
            if saved is not None:
                left.remove(saved)
                yield callback, settings, saved


def _differing(of: str, then: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The settings of one thing, then and now, by their names."""
    names = {**then, **now}
    return [(say("resume_setting", name=x, of=of), then.get(x), now.get(x)) for x in names]


def read_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a checkpoint file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file was cut short, or is of another kind.
    """
    content = read_json(path, "checkpoint_broken", "checkpoint_other", FORMAT)
    if not {"epoch", "step", "weights", "optimizer", "history"} <= content.keys():
        raise problem(ValueError, "checkpoint_other", path=str(path))
    return {**content, "weights": checked_weights(path, content["weights"])}


def load_checkpoint(path: str | os.PathLike[str], model: Any, optimizer: Any = None) -> History:
    """Take over the weights of a checkpoint, and the optimizer's state when one is given.

    Nothing is changed unless everything fits.

    Returns:
        The history of the run that wrote the file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file was cut short, is of another kind, or does not fit the model or optimizer.
    """
    content = read_checkpoint(path)
    try:
        history = History.from_state(content["history"])
    except (KeyError, TypeError, ValueError, AttributeError):  # edited by hand
        raise problem(ValueError, "checkpoint_other", path=str(path)) from None
    before = model.state_dict()
    with naming(path):
        model.load_state_dict(content["weights"])
    if optimizer is not None:
        try:
            with naming(path):
                optimizer.load_state_dict(unpacked(content["optimizer"]))
        except Exception:
            model.load_state_dict(before)
            raise
    return history
