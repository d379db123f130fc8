"""How a row of the table is declared, and what type checkers know of it: how many operands it takes."""

# mypy: disable-error-code="override, overload-overlap, misc"
# (an op of one operand is called with one, an `Op` with any number; an empty list is both of numbers and of
# Values; the numbers of operands in the forms of `op` stand for its `partials`)

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, overload

from autograd.entry import TABLE, Number, OnFloats, Op, Own, Plain, Rule

Usual = tuple[float]  # the number of a second operand that was left out

if TYPE_CHECKING:

    class Array(Protocol):
        """An array, or a number of NumPy's."""

        def __array__(self) -> Any: ...

    class Unary(Op):
        """One operand."""

        @overload
        def __call__(self, x: Own, /) -> Own: ...
        @overload
        def __call__(self, x: Plain, /) -> float: ...
        @overload
        def __call__(self, x: Array, /) -> Any: ...
        def __call__(self, x: Any, /) -> Any: ...

    class Binary(Op):
        """Two operands."""

        @overload
        def __call__(self, a: Own, b: Number, /) -> Own: ...
        @overload
        def __call__(self, a: Plain, b: Own, /) -> Own: ...
        @overload
        def __call__(self, a: Plain, b: Plain, /) -> float: ...
        @overload
        def __call__(self, a: Number | Array, b: Number | Array, /) -> Any: ...
        def __call__(self, a: Any, b: Any, /) -> Any: ...

    class OneOrTwo(Op):
        """An operand, and a second one that has a usual number."""

        @overload
        def __call__(self, x: Own, b: Number = ..., /) -> Own: ...
        @overload
        def __call__(self, x: Plain, b: Own, /) -> Own: ...
        @overload
        def __call__(self, x: Plain, b: Plain = ..., /) -> float: ...
        @overload
        def __call__(self, x: Number | Array, b: Number | Array = ..., /) -> Any: ...
        def __call__(self, x: Any, b: Any = ..., /) -> Any: ...

    class Ternary(Op):
        """Three operands."""

        @overload
        def __call__(self, a: Own, b: Number, c: Number, /) -> Own: ...
        @overload
        def __call__(self, a: Plain, b: Own, c: Number, /) -> Own: ...
        @overload
        def __call__(self, a: Plain, b: Plain, c: Own, /) -> Own: ...
        @overload
        def __call__(self, a: Plain, b: Plain, c: Plain, /) -> float: ...
        @overload
        def __call__(self, a: Number | Array, b: Number | Array, c: Number | Array, /) -> Any: ...
        def __call__(self, a: Any, b: Any, c: Any, /) -> Any: ...

    class Many(Op):
        """Any number of operands, one by one or in one list."""

        @overload
        def __call__(self, x: Own, /, *more: Number) -> Own: ...
        @overload
        def __call__(self, x: Plain, y: Own, /, *more: Number) -> Own: ...
        @overload
        def __call__(self, *xs: Plain) -> float: ...
        @overload
        def __call__(self, *xs: Number) -> Any: ...
        @overload
        def __call__(self, xs: Iterable[Plain], /) -> float: ...
        @overload
        def __call__(self, xs: Iterable[Own | Plain], /) -> Own: ...
        @overload
        def __call__(self, xs: Iterable[Number], /) -> Any: ...
        def __call__(self, *xs: Any) -> Any: ...

    class Pairs(Op):
        """Weights and inputs, and a bias or none."""

        @overload
        def __call__(self, ws: Iterable[Own], xs: Iterable[Number], b: Number | None = ..., /) -> Own: ...
        @overload
        def __call__(self, ws: Iterable[Plain], xs: Iterable[Own], b: Number | None = ..., /) -> Own: ...
        @overload
        def __call__(self, ws: Iterable[Plain], xs: Iterable[Plain], b: Own, /) -> Own: ...
        @overload
        def __call__(self, ws: Iterable[Plain], xs: Iterable[Plain], b: Plain | None = ..., /) -> float: ...
        @overload
        def __call__(self, ws: Iterable[Number], xs: Iterable[Number], b: Number | None = ..., /) -> Any: ...
        def __call__(self, ws: Any, xs: Any, b: Any = ..., /) -> Any: ...

    class Gelu(Op):
        """One operand, and the form."""

        @overload
        def __call__(self, x: Own, /, approximate: str = ...) -> Own: ...
        @overload
        def __call__(self, x: Plain, /, approximate: str = ...) -> float: ...
        @overload
        def __call__(self, x: Array, /, approximate: str = ...) -> Any: ...
        def __call__(self, x: Any, /, approximate: str = ...) -> Any: ...


class OpWithForms(Op):
    """An op that can be called in other forms, such as a logarithm to a base: `more` is what they mean."""

    __slots__ = ("more",)

    def __init__(self, *args: Any, more: Callable[..., Any], **how: Any) -> None:
        super().__init__(*args, **how)
        self.more = more

    def __call__(self, *operands: Any, **form: Any) -> Any:
        """Apply the op, or what its name means with these operands and settings."""
        if form or len(operands) != self.arity:
            return self.more(*operands, **form)
        return self.on(operands)


@overload
def op(name: str, value: OnFloats, *partials: Rule | None, arity: None, **how: Any) -> Any: ...
@overload
def op(name: str, value: OnFloats, *partials: Rule | None, more: Rule, **how: Any) -> Any: ...
@overload
def op(name: str, value: OnFloats, *partials: Rule | None, defaults: Usual, **how: Any) -> OneOrTwo: ...
@overload
def op(name: str, value: OnFloats, a: Rule | None, /, **how: Any) -> Unary: ...
@overload
def op(name: str, value: OnFloats, a: Rule | None, b: Rule | None, /, **how: Any) -> Binary: ...
@overload
def op(
    name: str, value: OnFloats, a: Rule | None, b: Rule | None, c: Rule | None, /, **how: Any
) -> Ternary: ...
@overload
def op(name: str, value: OnFloats, *partials: Rule | None, **how: Any) -> Op: ...
def op(name: str, value: OnFloats, *partials: Rule | None, **how: Any) -> Any:
    """Declare a row of the table; `autograd.own.op` is the public form, which checks what it is given."""
    how.setdefault("arity", max(1, len(partials)))
    kind = OpWithForms if "more" in how else Op
    entry = TABLE[name] = kind(name, value, partials, **how)
    return entry
