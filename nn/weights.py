"""Weights as nested lists of numbers: shapes, and taking over with checks; `saving` has the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import Value, say
from autograd.number import entries, is_number, map_nested, shape_of, to_float
from nn.messages import listing, problem

if TYPE_CHECKING:
    from nn.module import Module


def is_tensor(x: Any) -> bool:
    """True for a parameter (a Value that nobody computed) and for nested lists of nothing else."""
    if isinstance(x, Value):
        return not x.parents
    return isinstance(x, (list, tuple)) and len(x) > 0 and all(map(is_tensor, x))


def load_state(model: Module, state: Any, strict: bool) -> None:
    """Take over `state` into `model`, after all names, shapes and numbers were found to fit."""
    if not isinstance(state, dict):
        raise problem(TypeError, "nn_state_kind", kind=type(state).__name__)
    tensors = dict(model.named_tensors())
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
    for name in taken:
        if name in places:
            setattr(*places[name], numbers[name])
        else:
            for (_, parameter), (_, number) in zip(
                entries(tensors[name]), entries(numbers[name]), strict=True
            ):
                parameter.data = number


def saved(name: str, tensor: Any) -> Any:
    """A tensor's numbers as they are saved.

    Raises:
        TypeError: something that is no number was assigned to one of its parameters.
    """
    try:
        return map_nested(lambda p: p.item(), tensor)
    except TypeError as error:
        raise problem(TypeError, "nn_state_number", name=name, problem=error) from None


def _check_names(model: Module, known: list[str], state: dict[str, Any], strict: bool) -> None:
    differing = {
        "nn_state_missing": [name for name in known if name not in state],
        "nn_state_unexpected": [name for name in state if name not in known],
    }
    lists = [say(key, names=listing(names)) for key, names in differing.items() if names]
    if strict and lists:
        raise problem(ValueError, "nn_state_names", model=repr(model), lists="; ".join(lists))


def _check_shape(model: Module, name: str, here: Any, there: Any) -> None:
    wanted, got = shape_of(here), shape_of(there)
    if wanted != got:
        raise problem(ValueError, "nn_state_shape", model=repr(model), name=name, wanted=wanted, got=got)


def _numbers(name: str, x: Any) -> Any:
    wrong = next((repr(entry) for _, entry in entries(x) if not is_number(entry)), None)
    if wrong is not None:
        raise problem(TypeError, "nn_state_number", name=name, problem=wrong)
    return map_nested(to_float, x)
