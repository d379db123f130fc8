"""Loss and metrics over the epochs, as a picture."""

from __future__ import annotations

from typing import Any


def curves(history: Any, path: str | None = None) -> Any:
    """The curves of a run."""
    raise NotImplementedError(f"{path}: {history}")
