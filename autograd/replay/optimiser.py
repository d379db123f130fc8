"""`Optimiser`: what a training knows of its optimiser, by name or an object: formula, settings and memory."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from autograd import descent, modes
from autograd.entry import CONSTANT
from autograd.messages import listed, say
from autograd.number import is_number, kind_of, to_float
from autograd.replay.formula import UnreadableError, Update, UpdateFormula, read, settings_of
from autograd.settings import ABOVE_0, BELOW_1, FROM_0, SHARE, chosen_number, chosen_numbers, chosen_word
from autograd.value import Value

NAMES = ("sgd", "momentum", "adam")
RANGES = {"momentum": SHARE, "dampening": SHARE, "eps": FROM_0, "weight_decay": FROM_0}


def parameters_of(params: Any) -> list[Value]:
    """What `record(f, params=...)` was given, as a list.

    Raises:
        TypeError: it is no sequence of Values.
    """
    if hasattr(params, "parameters"):
        raise TypeError(say("record_model", kind=type(params).__name__))
    if isinstance(params, Value) or not hasattr(params, "__iter__"):
        raise TypeError(say("record_params", given=repr(params)))
    found = list(params)
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(say("record_parameter", index=i, kind=kind_of(p)))
    return found


@dataclass
class ParameterGroup:
    """Parameters that share settings.

    Attributes:
        settings: by name, as `update` gets them.
        begin, count: its parameters among all.
        state, first: where its numbers begin among those remembered, and among the settings.
        whole: the names of what is remembered as a whole number.
    """

    settings: dict[str, Any]
    begin: int
    count: int
    formula: UpdateFormula
    state: int = 0
    first: int = 0
    whole: frozenset[str] = frozenset()


class Optimiser:
    """The optimiser of a training.

    Args:
        optimizer: "sgd", "momentum", "adam", or an object of `nn.optim`.
        params: the parameters in the order of memory.
        settings: lr, momentum, dampening, nesterov, betas, eps, weight_decay.

    Attributes:
        native: whether its updates are made from the formulas of its groups, else by the object itself.
        unread: why no formula could be read, "" where one was or none was looked for.
        state: what is remembered, group after group (for each name a number of each parameter, then what is
            the same for all), and at the end whether there was an update; a list, or an array.
        step: updates made.
        prepared: what backends made of the formulas.

    Raises:
        ValueError: an unknown name or setting.
    """

    def __init__(self, optimizer: Any, params: Sequence[Value], settings: dict[str, Any]) -> None:
        self.object = None if isinstance(optimizer, str) else optimizer
        self.params, self.given = params, settings
        if self.object is not None:
            self._check_object(settings)
        else:
            chosen_word("train", "optimizer", optimizer, NAMES, say("train_optimizer"))
            for name in settings:
                chosen_word("train", "setting", name, ("lr", "nesterov", "betas", *RANGES))
        for name, among in RANGES.items():
            if name in settings:
                settings[name] = chosen_number("train", name, settings[name], among)
        if "betas" in settings:
            settings["betas"] = (*chosen_numbers("train", "betas", settings["betas"], 2, BELOW_1),)
        if not callable(settings.get("lr")):
            chosen_number("train", "lr", settings.get("lr", 0.0), FROM_0)
        self.groups: list[ParameterGroup] = []
        self.state: Any = [0.0]
        self.step, self.native, self.unread = 0, True, ""
        self._switches = modes.switches  # of some Value's requires_grad
        self._known_to_reach: dict[Any, bool] = {}
        if self.object is None:
            self._begin(*_by_name(optimizer, settings, len(params)))
        else:
            self._begin_with_object()

    @classmethod
    def of(cls, optimizer: Any, params: Sequence[Value], settings: dict[str, Any]) -> Optimiser:
        """The one to which an object has lent what it remembers of these parameters; else a new one."""
        known = getattr(optimizer, "lent_to", None)
        if not isinstance(known, cls) or settings or known.given or known.params != params:
            return cls(optimizer, params, settings)
        known.changed()
        return known

    def begun_again(self, params: Sequence[Value], settings: dict[str, Any]) -> Optimiser:
        """This optimiser with other parameters and settings as given, before its first update."""
        found = object.__new__(type(self))
        found.__dict__ = {**vars(self), "params": params, "given": settings, "state": [*self.state]}
        return found

    def _check_object(self, settings: dict[str, Any]) -> None:
        groups = getattr(self.object, "param_groups", None)
        if isinstance(self.object, type) or groups is None:
            raise ValueError(say("train_no_optimizer", given=repr(self.object)))
        unknown = sorted(set(settings) - set(groups[0]))
        if unknown:
            known = listed(sorted(set(groups[0]) - {"params"}))
            kind = type(self.object).__name__
            raise ValueError(say("train_setting", kind=kind, names=listed(unknown), known=known))
        ours = set(self.params)
        if not any(p in ours for group in groups for p in group["params"]):
            raise ValueError(say("train_other_params"))

    # -- the formulas ---------------------------------------------------------------------------------------

    def _begin_with_object(self) -> None:
        """Read the object's update for each group, and go on from what it remembers."""
        groups = self.object.param_groups  # type: ignore[union-attr]  # only called where there is one
        self.before = [_settings(group) for group in groups]
        self._switches, self.groups, self._known_to_reach = modes.switches, [], {}
        self._moving = [p.op is not CONSTANT for p in self.params]  # later one may be frozen
        update = _update_of(self.object)
        if update is None or [p for group in groups for p in group["params"]] != [*self.params]:
            self.native = False
            return
        chosen = {name: x for name, x in self.given.items() if not callable(x)}
        pairs = zip(self.before, groups)
        each = [({**settings, **chosen}, len(group["params"])) for settings, group in pairs]
        self._begin(update, each, type(self.object).__name__)

    def _begin(self, update: Update, groups: Sequence[tuple[dict[str, Any], int]], name: str) -> None:
        self.update, self.prepared = update, dict[str, Any]()
        free = {"group_lr"} if callable(self.given.get("lr")) else set[str]()
        self.groups, self.state, begin, first = [], [], 0, 0
        for settings, count in groups:
            memories = self._memories(begin, count)
            known = set(chain.from_iterable(memories))
            try:
                formula = read(update, name, settings, known, free)
            except UnreadableError as problem:
                self.native, self.unread = False, str(problem)
                return
            numbers = chain(formula.later.starts.items(), *(memory.items() for memory in memories))
            whole = frozenset(name for name, x in numbers if isinstance(x, int))
            group = ParameterGroup(settings, begin, count, formula, len(self.state), first, whole)
            if not self._take_over(group, known, memories):
                self.native = False
                return
            self.groups.append(group)
            begin, first = begin + count, first + len(formula.settings)
        self.state.append(0.0)

    def _memories(self, begin: int, count: int) -> list[dict[str, float]]:
        """What the object remembers of the parameters of a group that can move."""
        state = getattr(self.object, "state", {})
        if not state:
            return []
        return [state.get(p, {}) for p in self.params[begin : begin + count] if p.op is not CONSTANT]

    def _take_over(
        self, group: ParameterGroup, known: set[str], memories: Sequence[dict[str, float]]
    ) -> bool:
        """Go on from what the object remembers; False where that is not as much of every parameter."""
        formula, starts = group.formula, group.formula.later.starts
        remembered = {*formula.each, *formula.shared}
        if remembered and any(memory.keys() != known for memory in memories):
            return False
        held = [*chain.from_iterable(map(dict.values, memories))]
        if not {*map(type, held)} <= {float, int} and not all(map(is_number, held)):
            return False
        for name in formula.shared:
            if len({memory[name] for memory in memories if name in memory}) > 1:
                return False
        for name in formula.each:
            start = float(starts.get(name, 0.0))
            if len(memories) == group.count and name in known:
                self.state += [float(memory[name]) for memory in memories]
            elif memories:
                state, params = self.object.state, self.params[group.begin : group.begin + group.count]  # type: ignore[union-attr]  # it has memories
                self.state += [float(state.get(p, {}).get(name, start)) for p in params]
            else:
                self.state += [start] * group.count
        first = memories[0] if memories else {}
        self.state += [float(first.get(name, starts.get(name, 0.0))) for name in formula.shared]
        steps = {memory.get("step", bool(memory)) for memory in memories}
        self.step = max(self.step, *map(int, steps), 0)
        return True

    def changed(self) -> bool:
        """Whether somebody may have changed the object since it was read, or lent; then it is read again."""
        if self.object is None:
            return False
        lent, switched = self.lent, self._switches != modes.switches
        now = [_settings(group) for group in self.object.param_groups]
        if now == self.before and not switched and (lent or not self.native):
            return False
        if lent:
            self.hand_back()
        self._begin_with_object()
        return True

    @property
    def lent(self) -> bool:
        """Whether the object leaves what it remembers to this one until somebody asks."""
        return getattr(self.object, "lent_to", None) is self

    # -- settings -------------------------------------------------------------------------------------------

    def rate_at(self, step: int) -> float:
        """The learning rate of an update, counted from 0, where a function gives it.

        Raises:
            TypeError, ValueError: the function made none: nan, a negative number, no number.
        """
        return float(chosen_number("train", "lr", self.given["lr"](step), FROM_0))

    def rates(self, count: int) -> list[float]:
        """The learning rates of the next updates, where a function gives them; else none."""
        if not callable(self.given.get("lr")):
            return []
        return [self.rate_at(self.step + k) for k in range(count)]

    def settings(self) -> list[float]:
        """The numbers among the settings, group after group."""
        return [x for group in self.groups for x in settings_of(group.settings).values()]

    def reaches(self, reached: Collection[Value]) -> bool:
        """Whether every parameter moves where these have a gradient.

        An optimiser object leaves a tensor alone that got none, and moves all of a tensor of which a part
        got one; an optimiser by name takes what is missing as 0.
        """
        if self.object is None:
            return True
        beside: set[Value] = set()
        for tensor in getattr(self.object, "tensors", list)():
            if any(p in reached for p in tensor):
                beside.update(tensor)
        return all(p in reached or p in beside or p.op is CONSTANT for p in self.params)

    def reaches_all_but(self, variant: Any) -> bool:
        """Whether a program `reaches` what the optimiser trains; asked often, found once."""
        if variant.unreached not in self._known_to_reach:
            pairs = zip(variant.wanted, variant.kept)
            reached = self.object is None or self.reaches({x for i, x in pairs if i not in variant.unreached})
            self._known_to_reach[variant.unreached] = reached
        return self._known_to_reach[variant.unreached]

    # -- updates --------------------------------------------------------------------------------------------

    def updated(
        self, numbers: Sequence[float], gradients: Sequence[float]
    ) -> tuple[list[float], list[float]]:
        """One update in plain Python: the new numbers, and what is remembered after it."""
        new, rate = list(numbers), self.rates(1)
        self.state = state = _as_list(self.state)
        state = state.copy()
        for group in self.groups:
            settings = {**group.settings, "lr": rate[0]} if rate else group.settings
            after = dict[str, float]()
            for i in range(group.begin, group.begin + group.count):
                if self.params[i].op is CONSTANT:  # weight decay and momentum leave it alone too
                    continue
                after = self.memory_of(group, i)
                new[i] = to_float(self.update(numbers[i], gradients[i], after, settings))
                for k, name in enumerate(group.formula.each):
                    state[group.state + k * group.count + i - group.begin] = float(after.get(name, 0.0))
            for k, name in enumerate(group.formula.shared):
                state[group.state + len(group.formula.each) * group.count + k] = float(after.get(name, 0.0))
        state[-1] = 1.0
        return new, state

    def memory_of(self, group: ParameterGroup, i: int) -> dict[str, float]:
        """What is remembered of a parameter, by name."""
        formula, begun = group.formula, bool(self.state[-1])
        places = {name: k * group.count + i - group.begin for k, name in enumerate(formula.each)}
        size = len(formula.each) * group.count
        places |= {name: size + k for k, name in enumerate(formula.shared)}
        found = {}
        for name, place in places.items():
            if begun or name in formula.known:
                x = self.state[group.state + place]
                found[name] = _as_whole(x) if name in group.whole else x
        return found

    def hand_back(self) -> None:
        """Leave in the optimiser object what it would remember."""
        if self.object is not None and self.native:
            self.settle(self.object.state)

    def lend(self) -> None:
        """Let the object ask for what it would remember, where it can; else hand it back now."""
        if self.object is not None and self.native:
            lend = getattr(self.object, "lend_state", None)
            if lend is None or not lend(self):
                self.hand_back()

    def settle(self, memories: dict[Value, dict[str, float]]) -> None:
        """Bring what is remembered of each parameter up to date."""
        if not self.state[-1]:
            return
        state = _as_list(self.state)
        for group in self.groups:
            names = (*group.formula.each, *group.formula.shared)
            size = len(group.formula.each) * group.count
            columns: list[Iterable[float]] = [
                state[group.state + begin : group.state + begin + group.count]
                for begin in range(0, size, group.count)
            ]
            columns += [repeat(x) for x in state[group.state + size :][: len(group.formula.shared)]]
            columns = [
                map(_as_whole, column) if name in group.whole else column
                for name, column in zip(names, columns)
            ]
            rows = zip(*columns) if columns else repeat(())
            mine = slice(group.begin, group.begin + group.count)
            for p, row, moves in zip(self.params[mine], rows, self._moving[mine]):
                if moves:
                    memory = memories.get(p)
                    if memory is None:
                        memories[p] = dict(zip(names, row))
                    elif names:
                        memory.update(zip(names, row))


def _as_list(state: Any) -> list[float]:
    return state if isinstance(state, list) else state.tolist()


def _as_whole(x: float) -> float:
    return int(x) if x.is_integer() else x


def _settings(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: x for name, x in group.items() if name != "params"}


def _by_name(
    name: str, settings: dict[str, Any], count: int
) -> tuple[Update, list[tuple[dict[str, Any], int]], str]:
    """The update of one of `NAMES`, its settings and the name to call it by."""
    momentum = settings.get("momentum", 0.9 if name == "momentum" else 0.0)
    if settings.get("nesterov") and name != "adam":
        chosen_number("train(nesterov=True)", "momentum", momentum, ABOVE_0)
    rate = settings.get("lr", 0.001 if name == "adam" else 0.01)
    group = {"lr": 0.0 if callable(rate) else float(rate), "weight_decay": settings.get("weight_decay", 0.0)}
    group |= {"maximize": False, "amsgrad": False}
    if name == "adam":
        betas, eps = settings.get("betas", (0.9, 0.999)), settings.get("eps", 1e-8)
        return descent.adam, [({**group, "betas": betas, "eps": eps, "form": "torch"}, count)], name
    dampening, nesterov = settings.get("dampening", 0.0), bool(settings.get("nesterov"))
    group |= {"momentum": momentum, "dampening": dampening, "nesterov": nesterov}
    return descent.sgd, [(group, count)], name


def _update_of(optimizer: Any) -> Update | None:
    """The update of an object whose `step` is the one that calls it for each number; None: it has its own."""
    bases = [base for base in type(optimizer).__mro__ if "steps_by_update" in vars(base)]
    if not bases or "step" in vars(optimizer) or type(optimizer).step is not vars(bases[-1])["step"]:
        return None
    return copy.copy(optimizer).update  # type: ignore[no-any-return]  # what it counts in itself is its own


def commit(writing: Iterable[Any], optimiser: Optimiser, state: Any, step: int) -> None:
    """One finished update: who goes through `writing` has written the parameters; no interrupt splits it."""
    deque(chain(writing, map(setattr, repeat(optimiser), ("state", "step"), (state, step))), maxlen=0)
