"""What layers and optimisers were made with: `get_config`, `from_config`, and what `save` keeps of them."""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

from autograd.settings import chosen_word

Own = TypeVar("Own", bound="Remembered")


class Remembered:
    """Remembers the settings it was made with.

    >>> from nn.keras.layers import Dropout
    >>> layer = Dropout(0.5)
    >>> layer.get_config()
    {'rate': 0.5, 'seed': None, 'name': None}
    >>> Dropout.from_config(layer.get_config()).get_config() == layer.get_config()
    True
    """

    _made_with: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls: type[Own], *given: Any, **named: Any) -> Own:
        """A new one."""
        made = super().__new__(cls)
        made._made_with = given, named
        return made

    def get_config(self) -> dict[str, Any]:
        """All settings by name, defaults among them."""
        bound = inspect.signature(type(self).__init__).bind(self, *self._made_with[0], **self._made_with[1])
        bound.apply_defaults()
        return {name: x for name, x in list(bound.arguments.items())[1:] if name not in ("args", "kwargs")}

    @classmethod
    def from_config(cls: type[Own], config: dict[str, Any]) -> Own:
        """A new one with the settings of `get_config`."""
        return cls(**config)


def described(thing: Any, module: Any) -> Any:
    """Class and settings of something of this module, or its name; None where a setting is no plain data."""
    if isinstance(thing, str):
        return thing
    if type(thing) is not getattr(module, type(thing).__name__, None):
        return None
    settings = {name: x for name, x in thing.get_config().items() if x is not None}
    plain = (str, int, float, list, tuple)
    return [type(thing).__name__, settings] if all(isinstance(x, plain) for x in settings.values()) else None


def made(entry: Any, module: Any) -> Any:
    """What `described` described, from a file: only classes of this module are looked up.

    Raises:
        ValueError: it has no such class.
    """
    if isinstance(entry, str):
        return entry
    kind, settings = entry
    known = {name: x for name, x in vars(module).items() if isinstance(x, type) and issubclass(x, Remembered)}
    return known[chosen_word("load_model", module.__name__.rpartition(".")[2], kind, known)](**settings)
