"""Modules kept in a list or by name: PyTorch's `ModuleList` and `ModuleDict`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograd.settings import chosen_list
from nn.messages import problem
from nn.module import Module


def _checked(module: Any) -> Module:
    if not isinstance(module, Module):
        raise problem(TypeError, "nn_not_a_module", kind=type(module).__name__)
    return module


class ModuleList(Module):
    """A list of modules that the model finds, named by their places as in PyTorch: `"heads.0.weight"`.

    A plain list in an attribute is found too; this one stands in programs that were written for PyTorch.

    Raises:
        TypeError: something in it is no module.

    >>> from nn import Linear
    >>> layers = ModuleList([Linear(2, 3)])
    >>> layers.append(Linear(3, 1))
    ModuleList(Linear(2 -> 3), Linear(3 -> 1))
    >>> [name for name, _ in layers.named_tensors()]
    ['0.weight', '0.bias', '1.weight', '1.bias']
    """

    def __init__(self, modules: Iterable[Any] = ()) -> None:
        self.items: list[Module] = []
        self.extend(modules)

    def append(self, module: Any) -> ModuleList:
        """Put a module at the end."""
        self.items.append(_checked(module))
        return self

    def extend(self, modules: Iterable[Any]) -> ModuleList:
        """Put modules at the end."""
        self.items += [_checked(module) for module in chosen_list(self, "modules", modules)]
        return self

    def insert(self, index: int, module: Any) -> None:
        """Put a module before the one at `index`."""
        self.items.insert(index, _checked(module))

    def parts(self) -> Iterator[tuple[str, Any]]:
        """The modules, by their places."""
        yield from ((str(i), module) for i, module in enumerate(self.items))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.items)

    def __getitem__(self, index: Any) -> Any:
        return ModuleList(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __setitem__(self, index: int, module: Any) -> None:
        self.items[index] = _checked(module)

    def __repr__(self) -> str:
        return f"ModuleList({', '.join(map(repr, self.items))})"


class ModuleDict(Module):
    """Modules by name that the model finds, as in PyTorch: `"choices.conv.weight"`.

    Raises:
        TypeError: something in it is no module.

    >>> from nn import Linear, ReLU
    >>> choices = ModuleDict({"linear": Linear(2, 1), "relu": ReLU()})
    >>> list(choices), choices["linear"]
    (['linear', 'relu'], Linear(2 -> 1))
    """

    def __init__(self, modules: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self.named: dict[str, Module] = {}
        self.update(modules)

    def update(self, modules: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Take more in, by name."""
        self.named.update({name: _checked(module) for name, module in dict(modules).items()})

    def parts(self) -> Iterator[tuple[str, Any]]:
        """The modules, by their names."""
        yield from list(self.named.items())

    def keys(self) -> Iterable[str]:
        """The names."""
        return self.named.keys()

    def values(self) -> Iterable[Module]:
        """The modules."""
        return self.named.values()

    def items(self) -> Iterable[tuple[str, Module]]:
        """Names and modules."""
        return self.named.items()

    def pop(self, name: str) -> Module:
        """Take a module out."""
        return self.named.pop(name)

    def __len__(self) -> int:
        return len(self.named)

    def __iter__(self) -> Iterator[str]:
        return iter(self.named)

    def __contains__(self, name: object) -> bool:
        return name in self.named

    def __getitem__(self, name: str) -> Module:
        return self.named[name]

    def __setitem__(self, name: str, module: Any) -> None:
        self.update({name: module})

    def __repr__(self) -> str:
        return f"ModuleDict({', '.join(f'{name}={module!r}' for name, module in self.named.items())})"
