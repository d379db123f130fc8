"""What code mentions: attributes, globals, modules it imports, and texts that may name any of these."""

from __future__ import annotations

import dis
import sys
from collections.abc import Collection, Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from autograd.value import Value

BY_TEXT = {"getattr", "hasattr", "attrgetter", "methodcaller", "__getattribute__"}  # attributes by texts
WHOLE = {"vars", "__dict__", "dir", "getmembers", "__dir__"}  # all attributes, whatever their names
IDENTITY = {"is", "id"}  # which of several equal things something is
IMPORTING = {"import_module", "__import__", "modules"}  # modules named by texts
OWN = {"autograd", "nn", "numpy", "numba"}
DEFAULTED = {"label", "scope"}  # what every Value has, before it is set too


class Mentioned(NamedTuple):
    """The names in some code, and in that of the functions and comprehensions inside it."""

    names: tuple[str, ...]  # attributes, globals and modules, in order; "is" where identity is asked for
    spaces: frozenset[str]  # looked up among the globals, then among the builtins
    imports: frozenset[str]
    texts: frozenset[str]  # constants that may be names


@lru_cache(maxsize=4096)
def mentioned(code: CodeType) -> Mentioned:
    """What a code object mentions.

    >>> found = mentioned((lambda x: getattr(x, "rate", limit)).__code__)
    >>> found.names, sorted(found.spaces), sorted(found.texts)
    (('getattr', 'limit'), ['getattr', 'limit'], ['rate'])
    """
    names: dict[str, None] = {}
    spaces: set[str] = set()
    imports: set[str] = set()
    texts: set[str] = set()
    for one in _codes(code):
        names.update(dict.fromkeys(name for name in one.co_names if name[0] != "@"))  # an assert of pytest's
        before = ""
        for step in dis.get_instructions(one):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval[0] != "@":
                spaces.add(step.argval)
            elif step.opname == "IMPORT_NAME":
                imports.add(step.argval)
            elif step.opname == "IS_OP" and before != "LOAD_CONST":
                names["is"] = None
            before = step.opname
        texts.update(x for x in one.co_consts if type(x) is str and x.replace(".", "_").isidentifier())
    return Mentioned(tuple(names), frozenset(spaces), frozenset(imports), frozenset(texts))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and those inside it."""
    pending = [code]
    while pending:
        one = pending.pop()
        yield one
        pending += [inner for inner in one.co_consts if isinstance(inner, CodeType)]


class Read:
    """Which attributes some code may read from Values, besides those that all of them have.

    Attributes:
        by_default: of these, the ones whose absence says something too.
    """

    def __init__(self, mentions: Collection[str] = (), texts: Collection[str] = ()) -> None:
        self.all = not WHOLE.isdisjoint(mentions)
        self.names = {n for n in mentions if not hasattr(Value, n)} | DEFAULTED.intersection(mentions)
        self.by_default = DEFAULTED.intersection(mentions) | self.names.intersection(texts)
        if "AttributeError" in mentions:
            self.by_default = self.names

    def of(self, value: Value) -> dict[str, Any]:
        """The attributes of these names that a Value has."""
        if not self.names and not self.all:
            return {}
        held = value.__dict__
        if self.all or not held:
            return dict(held)
        return {name: x for name, x in held.items() if name in self.names}


def home(function: FunctionType) -> str:
    """The module whose globals a function reads; its `__module__` may be copied from what it wraps."""
    return str(function.__globals__.get("__name__") or "")


def is_foreign(module: str | None) -> bool:
    """Whether a module is the standard library's or one of ours, whose globals no recording needs."""
    top = (module or "").split(".")[0]
    return top in OWN or (top in sys.stdlib_module_names and top != "__main__")
