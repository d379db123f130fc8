"""`Optimizer`, what all optimisers share: groups of parameters, the loop over them, what is saved.

A new optimiser is a subclass with `update`, which gets one parameter, its gradient, the numbers remembered
for it and the settings of its group, and returns the parameter's new number:

    class SignDescent(Optimizer):
        def __init__(self, params, lr=0.01):
            super().__init__(params, lr=lr)

        def update(self, x, g, memory, group):
            return x - group["lr"] * ((g > 0) - (g < 0))
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import autograd as ag
from autograd import UNSET, Value
from autograd.number import is_number, kind_of, to_float, to_grad
from autograd.replay.executors.float_step import rest_of_step
from autograd.replay.jit import have_numpy
from autograd.settings import ABOVE_0, FINITE, FROM_0, SHARE, Range, chosen_list, chosen_number, chosen_word
from nn.messages import listing, problem, say
from nn.weights import at_once, forget_gradients, together

MANY = 100  # parameters from which on a step is made on arrays
MANY_TO_IMPORT = 500  # the same where NumPy has to be imported for it
FROZEN = Value(0.0, requires_grad=False).op  # what a parameter that wants no gradient has as its op
PLAIN = frozenset({float, int, bool, str, list})  # what a setting may be, or the parts of one
Memory = dict[str, float]
Group = dict[str, Any]


def _is_plain(x: Any) -> bool:
    return x.__class__ in PLAIN or (x.__class__ is tuple and PLAIN.issuperset(map(type, x)))


def _plain(x: Any) -> Any:
    """A setting that was put into a group by hand, with Python's numbers in the place of NumPy's."""
    return tuple(map(_plain, x)) if type(x) is tuple else to_float(x) if hasattr(x, "dtype") else x


def _way_back(params: list[Value], memories: list[Memory]) -> list[Iterable[Any]]:
    """Steps that set numbers and memories back to what they are now, those still in the lists by then."""
    data = map(setattr, params, repeat("data"), [p.data for p in params])
    rows: Iterable[Memory] = [*map(dict.copy, memories)] if any(memories) else repeat({})
    return [data, map(dict.clear, memories), map(dict.update, memories, rows)]


class Borrower(Protocol):
    """Who keeps what is remembered for an optimizer: a training in arrays."""

    def settle(self, state: dict[Value, Memory]) -> None:
        """Bring `state` up to date."""


def _settled(borrower: Borrower, state: dict[Value, Memory]) -> dict[Value, Memory]:
    borrower.settle(state)
    return state


def _is_held(attributes: dict[str, Any]) -> bool:
    """Whether somebody else has a reference to the state in these attributes, or to a memory in it."""

    def counts(attributes: dict[str, Any]) -> tuple[int, int]:
        state = attributes["state"]
        return sys.getrefcount(state), max(map(sys.getrefcount, state.values()), default=0)

    return any(x > y for x, y in zip(counts(attributes), counts({"state": {0: {}}})))


class Optimizer:
    """The base class: groups of parameters with settings, `zero_grad`, `step`, `state_dict`.

    Args:
        params: Values, or dicts `{"params": Values, "lr": ...}` for groups with settings of their own.
        settings: the settings' defaults; every one stands in each group and may be changed there.

    Raises:
        TypeError: something among the parameters is not a Value.
        ValueError: no parameters, one twice, or a setting out of its range.
    """

    # the settings that are numbers, and those that are words; a subclass adds its own
    ranges: ClassVar[dict[str, Range]] = {
        "lr": FROM_0, "weight_decay": FROM_0, "eps": FROM_0, "momentum": SHARE,
    }  # fmt: skip

    steps_by_update: ClassVar[bool] = True  # so a replayed training may do what `update` says, without `step`

    remembers: ClassVar[tuple[str, ...]] = ()  # what is always in the memory of a parameter that has moved

    memory_ranges: ClassVar[dict[str, Range]] = {
        "step": ABOVE_0, "square": FROM_0, "largest": FROM_0, "sum": FROM_0,
    }  # fmt: skip

    words: ClassVar[dict[str, tuple[str, ...]]] = {"form": ("torch", "keras")}  # where `eps` is added

    def __init__(self, params: Iterable[Any], **settings: Any) -> None:
        self.defaults = settings
        self.param_groups: list[Group] = []
        self.state: dict[Value, Memory] = {}
        self._tensors: list[list[Value]] | None = None  # not known yet
        self._arrays: Any = None
        self._lent: tuple[Borrower, dict[Value, Memory]] | None = None
        if isinstance(params, Value):
            raise problem(TypeError, "nn_one_parameter", optimizer=type(self).__name__)
        given: list[Any] = [params] if hasattr(params, "parameters") else chosen_list(self, "params", params)
        if not given:
            raise problem(ValueError, "nn_no_parameters")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    # -- what is remembered, while a training keeps it in arrays ------------------------------------------

    def lend_state(self, borrower: Borrower) -> bool:
        """Let what is remembered of the parameters live elsewhere until somebody asks for `state`.

        Args:
            borrower: keeps it, and brings `state` up to date for the first to ask.

        Returns:
            False where others hold parts of `state` already, and would not see it brought up to date.
        """
        if "state" not in vars(self):
            lent, self._lent = self._lent, None
            if lent is not None and lent[0] is borrower:
                self._lent = lent
                return True
            self.state = {} if lent is None else _settled(*lent)
        asks: Any = type(self)
        if asks.__getattr__ is not vars(Optimizer)["__getattr__"] or _is_held(vars(self)):
            return False
        self._lent = (borrower, self.state)
        del self.state
        return True

    @property
    def lent_to(self) -> Borrower | None:
        """Where `state` lives, while nobody has asked for it; None where it lives here."""
        return None if "state" in vars(self) or self._lent is None else self._lent[0]

    if not TYPE_CHECKING:  # a type checker would take every name for one that is there

        def __getattr__(self, name: str) -> Any:
            """`state`, where it was lent; it is back from here on."""
            if name != "state" or vars(self).get("_lent") is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            self.state = state = _settled(*vars(self)["_lent"])
            self._lent = None
            return state

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: with `state`, wherever it lives."""
        return {**vars(self), "state": self.state, "_lent": None, "_arrays": None}

    def add_param_group(self, group: Group) -> None:
        """Take more parameters in, with settings of their own where `group` has them."""
        known = {id(p) for g in self.param_groups for p in g["params"]}
        params = list(group["params"])
        for i, p in enumerate(params):
            if not isinstance(p, Value):
                raise problem(TypeError, "nn_foreign_parameter", index=i, kind=kind_of(p))
            if p.parents:
                raise problem(ValueError, "nn_computed_parameter", index=i, value=p, op=p.op.name)
            if id(p) in known:
                raise problem(ValueError, "nn_shared_parameter", index=i)
            known.add(id(p))
        self.param_groups.append({**self.checked({**self.defaults, **group}), "params": params})
        self._tensors = None

    def tensors(self) -> list[list[Value]]:
        """The parameters that belong together, as far as they are in this optimiser; known to themselves."""
        if self._tensors is None:
            self._tensors = together([p for group in self.param_groups for p in group["params"]])
        return self._tensors

    def checked(self, settings: Group) -> Group:
        """The settings of a group, after each was found in its range.

        Raises:
            TypeError, ValueError: one is not; the message names it and the range.
        """
        ranges = [(name, among) for name, among in self.ranges.items() if name in settings]
        found = {name: chosen_number(self, name, settings[name], among) for name, among in ranges}
        for name, known in self.words.items():
            if name in settings:
                chosen_word(self, name, settings[name], known)
        return {**settings, **found}

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """The new number of a parameter that holds `x` and has the gradient `g`.

        `memory` belongs to this parameter and starts empty; `group` holds the settings.
        """
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient: all of them or, where something stops the step, none.

        Of a tensor of which some have one, the rest (rows of an embedding that no token named) has the
        gradient 0, as in PyTorch.

        Args:
            closure: a function that makes the gradients anew and gives the loss; called first.

        Returns:
            The closure's loss, or None.
        """
        loss = None if closure is None else closure()
        params: list[Value] = [p for group in self.param_groups for p in group["params"]]
        if self._has_arrays(params) and self._arrays.step(params, self.tensors):
            return loss
        update, state = self.update, self.state
        fresh: dict[Value, Memory] = {}  # what gets into the state at the end
        beside: set[Value] | None = None
        moved = False
        memories = list(state.values())
        back = _way_back(params, memories)
        try:
            for group in self.param_groups:
                strange = [name for name, x in group.items() if not _is_plain(x)]
                if strange:
                    group.update({name: _plain(group[name]) for name in strange})
                rest = rest_of_step(update, group, state)
                moved = moved or len(rest) < len(group["params"])
                for p in rest:
                    g, x = p.grad, p.data
                    if g.__class__ is not float:
                        g = p.grad = to_grad(g)
                    if g is UNSET:
                        beside = self._beside() if beside is None else beside
                        if p not in beside:
                            continue
                    if p.op is FROZEN:
                        continue
                    memory = state.get(p)
                    if memory is None:
                        memory = fresh[p] = {}
                    new = update(x if x.__class__ is float else p.item(), g, memory, group)
                    p.data = new if new.__class__ is float else to_float(new)
                    moved = True
            if not moved and ag.hints():
                ag.hint("nn_step_without_gradients", *ag.caller_place(2), count=len(params))
            no_way_back = map(list.clear, [params]), map(list.clear, [memories])
            at_once(map(state.update, [fresh]), *no_way_back)
        except BaseException:
            at_once(*back)
            raise
        return loss

    def _has_arrays(self, params: list[Value]) -> bool:
        """Whether there are so many parameters that they are taken as arrays."""
        if len(params) < (MANY if "numpy" in sys.modules else MANY_TO_IMPORT):
            return False
        if self._arrays is None:
            if not have_numpy():
                return False
            from autograd.replay.executors.array_step import ArrayStep

            self._arrays = ArrayStep(self)
        return True

    def _beside(self) -> set[Value]:
        """Parameters without a gradient in tensors that have some."""
        found: set[Value] = set()
        for tensor in self.tensors():
            left = [p for p in tensor if p.grad is UNSET or p.grad is None]
            if left and len(left) < len(tensor):
                found.update(left)
        return found

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Set every parameter's `.grad` back to no gradient; with `set_to_none=False` to the gradient 0.0.

        A parameter whose gradient is 0.0 goes on by its momentum and its weight decay, as in PyTorch.
        """
        params = [*chain.from_iterable(group["params"] for group in self.param_groups)]
        forget_gradients(params, set_to_none)

    def state_dict(self) -> dict[str, Any]:
        """Settings and what is remembered of each parameter, as plain numbers, by position; fit for JSON."""
        places = {p: i for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        groups = [{**group, "params": [places[p] for p in group["params"]]} for group in self.param_groups]
        return {
            "optimizer": type(self).__name__,
            "state": {str(places[p]): dict(memory) for p, memory in self.state.items()},
            "param_groups": groups,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the `state_dict` was taken; nothing is changed unless all of it fits.

        Raises:
            TypeError, ValueError: it is no `state_dict`, of another optimiser, of groups of other sizes, or
                a setting or remembered number is none; the message names which.
        """
        groups, memories = self._fitting(state)
        at_once(
            map(dict.update, self.param_groups, groups),
            map(setattr, repeat(self, 1), repeat("state"), [memories]),
        )

    def _fitting(self, state: Any) -> tuple[list[Group], dict[Value, Memory]]:
        name, params = type(self).__name__, [p for group in self.param_groups for p in group["params"]]
        saved = state.get("param_groups") if isinstance(state, dict) else None
        remembered = state.get("state") if isinstance(state, dict) else None
        of = state.get("optimizer", name) if isinstance(state, dict) else name
        if not isinstance(saved, list) or not isinstance(remembered, dict):
            raise problem(TypeError, "nn_optimizer_state_kind", optimizer=name, kind=type(state).__name__)
        alike = [isinstance(group, dict) for group in saved]
        needed = [name for name, x in self.defaults.items() if x is not False]  # a state from before a switch
        missing = [x for group in saved for x in needed if x not in group] if all(alike) else ["params"]
        if of != name or missing:
            said = say("nn_optimizer_state_missing", names=listing(list(dict.fromkeys(missing))))
            fields = {"optimizer": name, "missing": said if missing and of == name else ""}
            raise problem(ValueError, "nn_optimizer_state_other", got=of, **fields)
        got, wanted = ([len(group.get("params", ())) for group in of] for of in (saved, self.param_groups))
        if got != wanted:
            raise problem(ValueError, "nn_optimizer_state", got=got, wanted=wanted)
        memories = {}
        for i, memory in remembered.items():
            place = int(i) if str(i).isdecimal() else len(params)
            numbers = memory if isinstance(memory, dict) else {"": memory}
            ranges = [(x, self.memory_ranges.get(name, FINITE)) for name, x in numbers.items()]
            wrong = [x for x, among in ranges if not is_number(x) or not among.holds(x)]
            lacking = isinstance(memory, dict) and bool(memory) and not set(self.remembers) <= memory.keys()
            if place >= len(params) or not isinstance(memory, dict) or wrong or lacking:
                fields = {"optimizer": name, "place": i, "value": [*wrong, memory][0]}
                raise problem(ValueError, "nn_optimizer_state_entry", **fields)
            memories[params[place]] = dict(memory)
        return [self._settings(group) for group in saved], memories

    def _settings(self, saved: Group) -> Group:
        """The settings in a saved group; JSON knows no tuples."""
        settings = {name: x for name, x in saved.items() if name != "params"}
        tuples = {name for name, x in self.defaults.items() if isinstance(x, tuple)}
        return self.checked({name: tuple(x) if name in tuples else x for name, x in settings.items()})

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={x!r}" for name, x in self.param_groups[0].items() if name != "params")
        return f"{type(self).__name__}({settings})"
