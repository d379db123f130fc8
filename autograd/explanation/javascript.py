"""The table read as JavaScript: an op's value, its local derivatives, and its rules to be read on names.

A rule is read on operands that write themselves as JavaScript, and so is what a row of the table says that an
op is made of. What else the rules call stands in `page/values.js`; a page takes the definitions that it uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograd.entry import BUILT_IN, TABLE, Op, Operand
from autograd.explanation.symbols import INFIX_RANKS
from autograd.messages.sentences import template
from autograd.trace.folding import form_of

PAGE = Path(__file__).parent / "page"
# what pages work out themselves while they write an expression
ALWAYS = {"neg": "x=>-x", "add": "(a,b)=>a+b", "mul": "(a,b)=>a*b"}
INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
ATOM = 9


class Javascript(Operand):
    """An expression as JavaScript text; applying an op to it writes a longer one.

    >>> from autograd import exp
    >>> x = Javascript("x")
    >>> (2 * exp(-x) + 1).code
    '2*exp(-x)+1'
    """

    __slots__ = ("code", "precedence")
    reading = 9

    def __init__(self, code: str, precedence: int = ATOM) -> None:
        self.code, self.precedence = code, precedence

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Javascript:
        """The code of `op` on these operands."""
        read = [x if isinstance(x, Javascript) else literal(x) for x in operands]
        if op.name in INFIX:
            left = read[0].within(op.precedence)
            right = read[1].within(op.precedence + (0 if op.name in ("add", "mul") else 1))
            return cls(f"{left}{INFIX[op.name]}{right}", op.precedence)
        made = op.composed(*read) if op.composed is not None and op.name not in _definitions() else None
        if made is not None:
            return made if isinstance(made, Javascript) else literal(made)
        if op.name == "neg":
            return cls(f"-{read[0].within(op.precedence + 1)}", op.precedence)
        return cls(f"{op.name}({','.join(x.code for x in read)})")

    def within(self, precedence: int) -> str:
        """The code, in brackets where the operator around it binds tighter or a sign would double."""
        loose = self.precedence < precedence or self.code.startswith("-")
        return f"({self.code})" if loose else self.code


class Calls(Operand):
    """An expression as calls that a page reads on names or on numbers: `R.sub(1,R.pow(y,2))`."""

    __slots__ = ("code",)
    reading = 9

    def __init__(self, code: str) -> None:
        self.code = code

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Calls:
        """The call of `op` on these operands; of one without a name of the field, the calls that it is."""
        read = form_of(op, operands)
        if read is not None:
            return read if isinstance(read, Calls) else cls(_code(read))
        return cls(f"R.{op.name}({','.join(_code(x) for x in operands)})")


class Called(Calls):
    """The same with every op called by its own name: digit for digit what the numbers come from."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Calls:
        """The call of `op` on these operands."""
        return cls(f"R.{op.name}({','.join(_code(x) for x in operands)})")


def literal(number: float) -> Javascript:
    """A number as JavaScript writes it.

    >>> [literal(x).code for x in (1.0, -0.5, float("inf"))]
    ['1', '-0.5', 'Infinity']
    """
    number = float(number)
    text = repr(number).removesuffix(".0").replace("inf", "Infinity").replace("nan", "NaN")
    return Javascript(text, 3 if text.startswith("-") else ATOM)


def value_code(op: Op, count: int) -> str | None:
    """JavaScript of an op's value at the operands `x[0]`, ..., `x[count-1]`; None when nobody can tell.

    An op of your own is told by its function, when that reads on text as well as on numbers.

    >>> from autograd.ops import TABLE
    >>> value_code(TABLE["mul"], 2), value_code(TABLE["tanh"], 1)
    ('x[0]*x[1]', 'tanh(x[0])')
    """
    operands = _operands(count)
    if op.name in BUILT_IN:
        return Javascript.apply(op, operands).code
    try:
        return _code(op.value(*operands))
    except Exception:  # a function of the user's own may refuse text in any way
        return None


def derivatives_code(op: Op, count: int) -> str:
    """JavaScript of the list of an op's local derivatives at `x[0]`, ... and the result `y`; flat: null.

    >>> from autograd.ops import TABLE
    >>> derivatives_code(TABLE["mul"], 2), derivatives_code(TABLE["exp"], 1)
    ('[x[1],x[0]]', '[y]')
    """
    return _rules(op, count, False, Javascript)


def rules_code(op: Op, count: int, readable: bool) -> str:
    """The list of an op's rules as functions of names: readable ones, or those that numbers come from.

    >>> from autograd.ops import TABLE
    >>> rules_code(TABLE["tanh"], 1, True), rules_code(TABLE["tanh"], 1, False)
    ('[R.sub(1,R.pow(y,2))]', '[R.sub(1,R.pow(R.tanh(x[0]),2))]')
    """
    return _rules(op, count, readable, Calls)


def _rules(op: Op, count: int, readable: bool, kind: type[Javascript] | type[Calls]) -> str:
    operands, y = [kind(f"x[{i}]") for i in range(count)], kind("y")
    rules = [op.rule(i, readable) for i in range(count)]
    return f"[{','.join('null' if rule is None else _code(rule(*operands, y)) for rule in rules)}]"


def op_entry(op: Op, count: int) -> str:
    """What a page knows of an op on so many operands, as a JavaScript object.

    `n` name, `v` value, `r` readable rules, `e` those that the numbers come from where they differ, `d` these
    as numbers where `e` is told in other ops, `f` the ops that it is, where it has no name of the field, `c`
    a choice, `w` its sentence in both languages.
    """
    value = value_code(op, count)
    readable, exact = (rules_code(op, count, way) for way in (True, False))
    known = [op.rule(i, readable=True) is not None for i in range(count)]
    parts = [f"n:{as_script(op.name)}", f"v:{'0' if value is None else f'x=>{value}'}"]
    parts.append(f"r:(x,y)=>{readable}")
    parts += [f"e:(x,y)=>{exact}"] if exact != readable else []
    parts += [f"d:(x,y)=>{derivatives_code(op, count)}"] if _rules(op, count, False, Called) != exact else []
    form = form_of(op, [Calls(f"x[{i}]") for i in range(count)])
    parts += (
        [] if form is None else [f"f:x=>{form.code if isinstance(form, Calls) else f'ofRule({_code(form)})'}"]
    )
    parts += ["c:1"] if op.choice else []
    return f"{{{','.join(parts)},w:{as_script(template(op.name, known))}}}"


def as_script(data: Any) -> str:
    """Data as JavaScript that no HTML in a name can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def table_script(entries: Mapping[str, str]) -> str:
    """The script of a page's ops: the functions that they call, `NUMERIC`, `INFIX` and `OPS` by key."""
    called = functions(entries.values())
    numeric = ",".join(
        name if name == code else f"{name}:{code}" for name, code in {**ALWAYS, **called}.items()
    )
    infix = ",".join(f"{name}:{json.dumps([TABLE[name].sign, rank])}" for name, rank in INFIX_RANKS.items())
    ops = ",\n".join(f"{as_script(key)}:{text}" for key, text in entries.items())
    computing = [
        re.sub(r",[re]:\(x,y\)=>\[.*?\](?=,[a-z]:|})|,f:x=>.*|,w:.*", "", text) for text in entries.values()
    ]
    return (
        f"{definitions([*computing, numeric])}\nconst NUMERIC = {{{numeric}}}\n"
        f"const INFIX = {{{infix}}}\nconst OPS = {{\n{ops}}}"
    )


def functions(code: Iterable[str]) -> dict[str, str]:
    """The ops that rules call, directly or not, each as a JavaScript function of its operands.

    >>> functions(["R.sub(1,R.pow(y,2))"])
    {'pow': 'pow', 'sub': '(...x)=>x[0]-x[1]'}
    """
    names = {name for text in code for name in re.findall(r"\bR\.(\w+)\(", text)}
    found: dict[str, str] = {}
    for name in sorted(names):
        value = None if name in _definitions() else value_code(TABLE[name], TABLE[name].arity or 2)
        found[name] = name if value is None else f"(...x)=>{value}"
    return found


def definitions(code: Iterable[str]) -> str:
    """The part of `values.js` that the given JavaScript uses, in the file's order."""
    known = _definitions()
    wanted: set[str] = set()
    waiting = [name for text in code for name in _names(text)]
    while waiting:
        name = waiting.pop()
        if name in known and name not in wanted:
            wanted.add(name)
            waiting.extend(_names(known[name]))
    return "\n".join(text for name, text in known.items() if name in wanted)


@cache
def _definitions() -> dict[str, str]:
    blocks = (PAGE / "values.js").read_text(encoding="utf-8").split("\n\n")
    found = ((re.search(r"^(?:const|function) (\w+)", block, re.MULTILINE), block) for block in blocks)
    return {match[1]: block for match, block in found if match}


def _names(code: str) -> list[str]:
    return re.findall(r"(?<![\w.$])[A-Za-z_]\w*", code)


def _operands(count: int) -> list[Javascript]:
    return [Javascript(f"x[{i}]") for i in range(count)]


def _code(read: Any) -> str:
    return read.code if isinstance(read, (Javascript, Calls)) else literal(read).code
