"""Weights as nested lists of numbers: shapes, and taking over with checks; `saving` has the files."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, repeat, starmap
from operator import attrgetter, countOf
from typing import Any, Protocol

from autograd import UNSET, Value
from autograd.number import entries, is_number, map_nested, shape_of, to_float
from nn.messages import listing, problem, say

_TENSORS = attrgetter("_tensors")


class Named(Protocol):
    """What has tensors and modules by dotted name: a model, as far as its weights are concerned."""

    def named_tensors(self) -> Iterator[tuple[str, Any]]:
        """Parameters in nested lists."""

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """The model and all below."""


class Token:
    """Stands for one tensor: its parameters carry it, and it holds nothing, so there is no cycle."""


def is_tensor(x: Any) -> bool:
    """True for a parameter (a Value that nobody computed) and for nested lists of nothing else."""
    return parameters_in(x) is not None


def parameters_in(x: Any) -> list[Value] | None:
    """The parameters of a tensor in one list; None for what is no tensor."""
    if isinstance(x, Value):
        return [x] if x.a is None else None
    if not isinstance(x, (list, tuple)) or not x:
        return None
    if countOf(map(type, x), Value) == len(x):
        return None if [y for y in x if y.a is not None] else list(x)
    found: list[Value] = []
    for y in x:
        if isinstance(y, Value):
            if y.a is not None:
                return None
            found.append(y)
        else:
            inner = parameters_in(y)
            if inner is None:
                return None
            found += inner
    return found


def stamp(parameters: list[Value]) -> None:
    """Let these parameters know that they are one tensor: they get a token that all share.

    A parameter of two tensors gets both; what is known already stays, so a second time changes nothing.
    """
    if len(parameters) < 2:
        return
    first = parameters[0].__dict__.get("_tensors")
    try:
        if first and countOf(map(_TENSORS, parameters), first) == len(parameters):
            return
    except AttributeError:  # some do not know yet
        pass
    known = [p.__dict__.get("_tensors", ()) for p in parameters]
    if set(known[0]).intersection(*known[1:]):
        return
    token = Token()
    tuples: dict[tuple[Token, ...], tuple[Token, ...]] = {}  # one tuple for all that had the same before
    for p, before in zip(parameters, known, strict=True):
        p.__dict__["_tensors"] = tuples.setdefault(before, (*before, token))


def together(parameters: Iterable[Value]) -> list[list[Value]]:
    """The parameters that belong to one tensor, by the tokens they carry, each tensor once.

    >>> from nn import Linear
    >>> [len(tensor) for tensor in together([p for p in Linear(2, 3).parameters()])]
    [6, 3]
    """
    found: dict[Token, list[Value]] = {}
    for p in parameters:
        for token in p.__dict__.get("_tensors", ()):
            found.setdefault(token, []).append(p)
    return [tensor for tensor in found.values() if len(tensor) > 1]


def at_once(*steps: Iterable[Any]) -> None:
    """Take all steps of these iterators in one call, which no interrupt can split when each is C's own."""
    deque(chain(*steps), maxlen=0)


def forget_gradients(parameters: Collection[Value], to_none: bool = True) -> None:
    """Set every `.grad` back to no gradient; where an interrupt comes, it waits for all of them.

    With `to_none=False` those that have one get the gradient 0.0.
    """
    if not to_none:
        parameters = [p for p in parameters if p.grad is not UNSET and p.grad is not None]
    start = UNSET if to_none else 0.0
    try:
        for p in parameters:
            p.grad = start
    except BaseException:
        at_once(map(setattr, parameters, repeat("grad"), repeat(start)))
        raise


def load_state(model: Named, state: Any, strict: bool) -> None:
    """Take over `state` into `model`, after all names, shapes and numbers were found to fit."""
    if not isinstance(state, dict):
        raise problem(TypeError, "nn_state_kind", kind=type(state).__name__)
    tensors = dict(model.named_tensors())
    state = _by_our_names(model, state)
    places = {
        (f"{prefix}.{name}" if prefix else name): (module, name)
        for prefix, module in model.named_modules()
        for name in module.buffers
    }
    _check_names(model, [*tensors, *places], state, strict)
    taken = [name for name in state if name in tensors or name in places]
    numbers = {name: _numbers(name, state[name]) for name in taken}
    for name in taken:
        _check_shape(model, name, tensors[name] if name in tensors else getattr(*places[name]), numbers[name])
    values = [p for name in taken if name in tensors for p in parameters_in(tensors[name]) or ()]
    new = [x for name in taken if name in tensors for _, x in entries(numbers[name])]
    buffers = [(*places[name], numbers[name]) for name in taken if name in places]
    at_once(map(setattr, values, repeat("data"), new), starmap(setattr, buffers))


def torch_names(model: Named, names: Iterable[str]) -> dict[str, str]:
    """What PyTorch calls each of these: as here, but that it names no `layers` of a `Sequential`.

    >>> import nn
    >>> torch_names(nn.Sequential(nn.Linear(1, 1)), ["layers.0.weight"])
    {'layers.0.weight': '0.weight'}
    """
    steps = [
        (f"{prefix}.{module.unnamed}." if prefix else f"{module.unnamed}.", f"{prefix}." if prefix else "")
        for prefix, module in model.named_modules()
        if module.unnamed
    ]
    found = {}
    for name in names:
        theirs = name
        for long, short in reversed(steps):  # the innermost first, so that outer prefixes still fit
            if theirs.startswith(long):
                theirs = short + theirs[len(long) :]
        found[name] = theirs
    return found


def _by_our_names(model: Named, state: dict[str, Any]) -> dict[str, Any]:
    """A state whose names are PyTorch's under ours; one that has ours as it is."""
    known = [name for name, _ in model.named_tensors()]
    known += [f"{prefix}.{x}" if prefix else x for prefix, m in model.named_modules() for x in m.buffers]
    ours = {theirs: name for name, theirs in torch_names(model, known).items() if theirs != name}
    return {name if name in known else ours.get(name, name): x for name, x in state.items()}


def saved(name: str, tensor: Any) -> Any:
    """A tensor's numbers as they are saved.

    Raises:
        TypeError: something that is no number was assigned to one of its parameters.
    """
    try:
        return map_nested(lambda p: p.item(), tensor)
    except TypeError as error:
        raise problem(TypeError, "nn_state_number", name=name, problem=error) from None


def _check_names(model: Named, known: list[str], state: dict[str, Any], strict: bool) -> None:
    differing = {
        "nn_state_missing": [name for name in known if name not in state],
        "nn_state_unexpected": [name for name in state if name not in known],
    }
    lists = [say(key, names=listing(names)) for key, names in differing.items() if names]
    if strict and lists:
        raise problem(ValueError, "nn_state_names", model=repr(model), lists="; ".join(lists))


def _check_shape(model: Named, name: str, here: Any, there: Any) -> None:
    wanted, got = shape_of(here), shape_of(there)
    if wanted != got:
        raise problem(ValueError, "nn_state_shape", model=repr(model), name=name, wanted=wanted, got=got)


def _numbers(name: str, x: Any) -> Any:
    wrong = next((repr(entry) for _, entry in entries(x) if not is_number(entry)), None)
    if wrong is not None:
        raise problem(TypeError, "nn_state_number", name=name, problem=wrong)
    return map_nested(to_float, x)


class Snapshot:
    """The weights and running averages of a model at one moment, and what its optimizer remembers.

    >>> from nn import Linear
    >>> model = Linear(1, 1)
    >>> kept = Snapshot(model)
    >>> before = model.weight[0][0].data
    >>> model.weight[0][0].data = 1000.0
    >>> kept.put_back()
    >>> model.weight[0][0].data == before
    True
    """

    def __init__(self, model: Any, optimizer: Any = None) -> None:
        self._optimizer = optimizer if hasattr(optimizer, "state") else None
        groups = getattr(optimizer, "param_groups", ())
        moved = [p for group in groups for p in group["params"]]
        self._parameters = list(dict.fromkeys([*model.parameters(), *moved]))
        self._buffers = [(module, name) for module in model.modules() for name in module.buffers]
        self.take()

    def take(self) -> None:
        """Remember the weights of now, and what the optimizer remembers."""
        self._numbers = [p.item() for p in self._parameters]
        self._averages = [map_nested(lambda x: x, getattr(module, name)) for module, name in self._buffers]
        state = {} if self._optimizer is None else self._optimizer.state
        self._memories = {p: memory.copy() for p, memory in state.items()}  # a step changes them in place

    def put_back(self) -> None:
        """Make the remembered weights those of the model."""
        steps = [
            map(setattr, self._parameters, repeat("data"), self._numbers),
            starmap(setattr, [(*place, average) for place, average in zip(self._buffers, self._averages)]),
        ]
        if self._optimizer is not None:
            steps.append(map(setattr, [self._optimizer], ["state"], [self._memories]))
        at_once(*steps)
