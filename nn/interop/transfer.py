"""A model's weights as a list of arrays in the order and orientation of another library.

An `Array` reads and writes one of them as nested lists of numbers; a library is a function that lists the
arrays of one module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from autograd.number import entries, map_nested, shape_of
from nn.layers.normalisation import BatchNorm1d, GroupNorm, LayerNorm, RMSNorm
from nn.messages import listing, problem
from nn.module import Module


class Array(NamedTuple):
    """One array: its name here, how to read it, and how to take numbers over."""

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], None]


# the arrays of one module, and whether those of the modules below come after them
Listing = Callable[[str, Module], tuple[list[Array], bool]]


def of_values(name: str, values: Any) -> Array:
    """Nested lists of Values as they stand."""

    def write(numbers: Any) -> None:
        for (_, value), (_, number) in zip(entries(values), entries(numbers), strict=True):
            value.data = float(number)

    return Array(name, lambda: map_nested(lambda v: v.item(), values), write)


def of_buffer(name: str, module: Module, attribute: str) -> Array:
    """Plain numbers in an attribute."""
    return Array(
        name,
        lambda: map_nested(float, getattr(module, attribute)),
        lambda numbers: setattr(module, attribute, map_nested(float, numbers)),
    )


def arrays_of(model: Module, listed: Listing) -> list[Array]:
    """All arrays of a model, module by module; a module that is in it twice counts once."""
    return list(_walk("", model, listed, set()))


def _walk(name: str, module: Module, listed: Listing, seen: set[int]) -> Iterator[Array]:
    if id(module) in seen:
        return
    seen.add(id(module))
    own, go_on = listed(name, module)
    yield from own
    if not go_on:
        return
    for part_name, part in module.parts():
        if isinstance(part, Module):
            yield from _walk(f"{name}.{part_name}" if name else part_name, part, listed, seen)


def take_over(
    model: Module,
    arrays: Sequence[Array],
    names: Sequence[str],
    numbers: Sequence[Any],
    epsilons: Sequence[float | None] | None = None,
) -> None:
    """Write `numbers`, array by array, after all of them were found to fit.

    Args:
        model: what the arrays belong to.
        arrays: where to write.
        names: what the numbers are called in the other library.
        numbers: one array each.
        epsilons: the epsilon of each normalisation there, in order, None for its default; without them
            those here stay.

    Raises:
        ValueError: another count of arrays or of normalisations, or a shape that differs.
    """
    kinds = (BatchNorm1d, GroupNorm, LayerNorm, RMSNorm)
    norms = [module for module in model.modules() if isinstance(module, kinds)]
    if len(arrays) != len(numbers):
        fields = {"model": repr(model), "wanted": len(arrays), "names": listing([a.name for a in arrays])}
        raise problem(ValueError, "nn_transfer_count", got=len(numbers), **fields)
    for array, there, new in zip(arrays, names, numbers, strict=True):
        wanted, got = shape_of(array.read()), shape_of(new)
        if wanted != got:
            raise problem(ValueError, "nn_transfer", here=array.name, wanted=wanted, there=there, got=got)
    found = [norm.eps for norm in norms] if epsilons is None else epsilons
    if len(found) != len(norms):
        raise problem(ValueError, "nn_transfer_epsilon", model=repr(model), wanted=len(norms), got=len(found))
    for array, new in zip(arrays, numbers, strict=True):
        array.write(new)
    for norm, epsilon in zip(norms, found, strict=True):
        norm.eps = norm.eps if epsilon is None else float(epsilon)


def transposed(rows: Any) -> list[list[Any]]:
    """Rows as columns."""
    return [list(column) for column in zip(*rows, strict=True)]
