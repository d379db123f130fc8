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


def described(thing: Any, *modules: Any) -> Any:
    """Class and settings of something of these modules, or its name; None where one is no plain data."""
    if isinstance(thing, str):
        return thing
    kind = type(thing).__name__
    if not any(getattr(module, kind, None) is type(thing) for module in modules):
        return None
    settings = {name: x for name, x in thing.get_config().items() if x is not None}
    for name, x in settings.items():  # a schedule in the place of a rate
        settings[name] = {MADE: described(x, *modules)} if isinstance(x, Remembered) else x
    plain = (str, int, float, list, tuple)
    kept = all(isinstance(x, plain) or (isinstance(x, dict) and x.get(MADE)) for x in settings.values())
    return [kind, settings] if kept else None


def made(entry: Any, *modules: Any) -> Any:
    """What `described` described, from a file: only classes of these modules are looked up.

    Raises:
        ValueError: they have no such class.
    """
    if isinstance(entry, str):
        return entry
    kind, settings = entry
    known = {name: x for module in modules for name, x in vars(module).items() if _is_kind(x)}
    settings = {name: made(x[MADE], *modules) if isinstance(x, dict) else x for name, x in settings.items()}
    return known[chosen_word("load_model", modules[0].__name__.rpartition(".")[2], kind, known)](**settings)


MADE = "made"


def _is_kind(x: Any) -> bool:
    return isinstance(x, type) and issubclass(x, Remembered)
