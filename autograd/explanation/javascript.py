"""The table read as JavaScript: an op's value, its local derivatives, and its rules to be read on names.

A rule is read on operands that write themselves as JavaScript, and so is what a row of the table says that an
op is made of. What else the rules call stands in `page/values.js`; a page takes the definitions that it uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograd.entry import BUILT_IN, TABLE, Op, Operand
from autograd.explanation.symbols import INFIX_RANKS
from autograd.messages.sentences import template
from autograd.ops import PUBLIC
from autograd.trace.folding import form_of

PAGE = Path(__file__).parent / "page"
# what pages work out themselves while they write an expression
ALWAYS = {
    "neg": "x=>-x", "add": "(a,b)=>a+b", "sub": "(a,b)=>a-b", "mul": "(a,b)=>a*b", "div": "(a,b)=>a/b",
}  # fmt: skip
INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
ATOM = 9
LETTERS = "abc"  # operands


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
        return cls(f"{op.name}({_listed(op, [x.code for x in read])})")

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
        return cls(f"R.{op.name}({_listed(op, map(_code, operands))})")


class Called(Calls):
    """JavaScript that calls every op by its own name: digit for digit what the numbers come from."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Calls:
        """The call of `op` on these operands."""
        return cls(f"R.{op.name}({_listed(op, map(_code, operands))})")


class Typed(Calls):
    """An expression as it is typed in a page, `1-y**2`: read there, it gives these very calls."""

    __slots__ = ("rank",)

    def __init__(self, code: str, rank: int = ATOM) -> None:
        super().__init__(code)
        self.rank = rank

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Calls:
        """What is typed for `op` on these operands."""
        made = form_of(op, operands)
        if made is not None:
            return made if isinstance(made, Typed) else cls(_code(made), 3 if made < 0 else ATOM)
        read = [x if isinstance(x, Typed) else cls(literal(x).code, 3 if x < 0 else ATOM) for x in operands]
        if op.sign == op.name:
            return cls(f"{op.name}({','.join(x.code for x in read)})")
        if len(read) == 1:
            return cls(f"{op.sign}{read[0].within(op.precedence)}", op.precedence)
        power = op.name == "pow"
        left, right = read[0].within(op.precedence + power), read[1].within(op.precedence + (not power))
        return cls(f"{left}{op.sign}{right}", op.precedence)

    def within(self, rank: int) -> str:
        """The text, in brackets where the operator around it binds tighter."""
        return f"({self.code})" if self.rank < rank else self.code


class Index:
    """The number of an operand among any number of them: `i` of a rule `(i, xs, y)`."""

    def __init__(self, code: str = "i") -> None:
        self.code = code

    def __add__(self, other: int) -> Index:
        return Index(f"{self.code}+{other}")


class Some:
    """Any number of operands as a rule `(i, xs, y)` reads them: one, those beside it, each in turn."""

    def __init__(self, kind: type[Javascript] | type[Calls]) -> None:
        self.kind = kind

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self.kind(f"x[{at.code}]")
        ends = [end.code for end in (at.start or Index("0"), at.stop) if end is not None]
        return [self.kind(f"...x.slice({','.join(ends)})")]

    def __iter__(self) -> Iterator[Any]:
        yield self.kind(EACH)


EACH = "z"  # an operand in turn; an op on any number of operands is called on what is made of each


def _listed(op: Op, codes: Iterable[str]) -> str:
    each = re.compile(rf"\b{EACH}\b")
    return ",".join(
        f"...x.map({EACH}=>{code})" if op.arity is None and each.search(code) else code for code in codes
    )


def literal(number: float) -> Javascript:
    """A number as JavaScript writes it.

    >>> [literal(x).code for x in (1.0, -0.5, float("inf"))]
    ['1', '-0.5', 'Infinity']
    """
    number = float(number)
    text = repr(number).removesuffix(".0").replace("inf", "Infinity").replace("nan", "NaN")
    return Javascript(text, 3 if text.startswith("-") else ATOM)


def value_code(op: Op, count: int | None) -> str | None:
    """JavaScript of an op's value at the operands `x[0]`, ..., `x[count-1]`; None when nobody can tell.

    A `count` of None: on any number of operands. An op of your own is told by its function, when that reads
    on text as well as on numbers.

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


def derivatives_code(op: Op, count: int | None) -> str:
    """JavaScript of the list of an op's local derivatives at `x[0]`, ... and the result `y`; flat: null.

    >>> from autograd.ops import TABLE
    >>> derivatives_code(TABLE["mul"], 2), derivatives_code(TABLE["exp"], 1)
    ('[x[1],x[0]]', '[y]')
    """
    return _rules(op, count, False, Javascript)


def rules_code(op: Op, count: int | None, readable: bool) -> str:
    """The list of an op's rules as functions of names: readable ones, or those that numbers come from.

    >>> from autograd.ops import TABLE
    >>> rules_code(TABLE["tanh"], 1, True), rules_code(TABLE["tanh"], 1, False)
    ('[R.sub(1,R.pow(y,2))]', '[R.sub(1,R.pow(R.tanh(x[0]),2))]')
    >>> rules_code(TABLE["prod"], None, True)
    'x.map((_,i)=>R.prod(...x.slice(0,i),...x.slice(i+1)))'
    """
    return _rules(op, count, readable, Calls)


def typed_rules(op: Op, readable: bool) -> list[str | None] | None:
    """The rules of an op with operands a, b, c and result y as they are typed; None where that cannot be.

    >>> from autograd.ops import TABLE
    >>> typed_rules(TABLE["tanh"], True), typed_rules(TABLE["div"], True), typed_rules(TABLE["sum"], True)
    (['1-y**2'], ['1/b', '-y/b'], None)
    """
    if op.arity is None:
        return None
    names = [Typed(name) for name in (*LETTERS[: op.arity], "y")]
    rules = [op.rule(i, readable) for i in range(op.arity)]
    texts = [None if rule is None else _code(rule(*names)) for rule in rules]
    called = {name for text in texts for name in re.findall(r"([a-z]\w*)\(", text or "")}
    return None if called - set(PUBLIC) else texts


def _rules(op: Op, count: int | None, readable: bool, kind: type[Javascript] | type[Calls]) -> str:
    if count is None:
        told = ((op.partials if readable else op.rules) or [None])[0]
        return f"x.map((_,i)=>{'null' if told is None else _code(told(Index(), Some(kind), kind('y')))})"
    operands, y = [kind(f"x[{i}]") for i in range(count)], kind("y")
    rules = [op.rule(i, readable) for i in range(count)]
    return f"[{','.join('null' if rule is None else _code(rule(*operands, y)) for rule in rules)}]"


Entry = dict[str, str]


def op_entry(op: Op, count: int | None) -> Entry:
    """What a page knows of an op on so many operands (None: on any number), as JavaScript by its short names.

    `n` name, `v` value, `r` readable rules, `e` those that the numbers come from where they differ, `d` these
    as numbers where `e` is told in other ops, `f` the ops that it is, where it has no name of the field, `c`
    a choice, `w` its sentence in both languages.
    """
    value = value_code(op, count)
    readable, exact = (rules_code(op, count, way) for way in (True, False))
    known = [op.rule(i, readable=True) is not None for i in range(3 if count is None else count)]
    entry = {"n": as_script(op.name), "v": "0" if value is None else f"x=>{value}", "r": f"(x,y)=>{readable}"}
    if exact != readable:
        entry["e"] = f"(x,y)=>{exact}"
    if _rules(op, count, False, Called) != exact:
        entry["d"] = f"(x,y)=>{derivatives_code(op, count)}"
    form = None if count is None else form_of(op, [Calls(f"x[{i}]") for i in range(count)])
    if form is not None:
        entry["f"] = f"x=>{form.code if isinstance(form, Calls) else f'ofRule({_code(form)})'}"
    if op.choice:
        entry["c"] = "1"
    return {**entry, "w": as_script(template(op.name, known))}


def as_script(data: Any) -> str:
    """Data as JavaScript that no HTML in a name can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def table_script(entries: Mapping[str, Entry]) -> str:
    """The script of a page's ops: the functions that they call, `NUMERIC`, `INFIX` and `OPS` by key.

    What `page/engine.js` fills in is left out: the name that the key begins with, a value that is the
    function of that name, rules that hand nothing on, a sentence that another op has too.
    """
    short: dict[str, Entry] = {}
    named: set[str] = set()  # ops whose value is a function of their name
    first: dict[str, str] = {}  # by sentence the key of the first op that has it
    for key, entry in entries.items():
        name = json.loads(entry["n"])
        left_out = {"n"} if key.partition("/")[0] == name else set()
        if re.fullmatch(rf"x=>{re.escape(name)}\((x\[\d\],?|\.\.\.x)*\)", entry["v"]):
            left_out.add("v")
            named.add(name)
        if re.fullmatch(r"\(x,y\)=>\[(null,?)*\]", entry.get("r", "")):
            left_out.add("r")
        short[key] = {part: text for part, text in entry.items() if part not in left_out}
        short[key]["w"] = as_script(_begun(name, json.loads(entry["w"])))
        if first.setdefault(entry["w"], key) != key:
            short[key]["w"] = as_script(first[entry["w"]])
    texts = [text for entry in short.values() for text in entry.values()]
    called = {**{name: name for name in sorted(named)}, **functions(texts), **ALWAYS}
    numeric = ",".join(name if name == code else f"{name}:{code}" for name, code in called.items())
    infix = ",".join(f"{name}:{json.dumps([TABLE[name].sign, rank])}" for name, rank in INFIX_RANKS.items())
    ops = ",\n".join(
        f"{key if key.isidentifier() else as_script(key)}:"
        f"{{{','.join(f'{part}:{_of_letters(text)}' for part, text in entry.items())}}}"
        for key, entry in short.items()
    )
    computing = [entry[part] for entry in short.values() for part in ("v", "d") if part in entry]
    return (
        f"{definitions([*computing, numeric])}\nconst NUMERIC = {{{numeric}}}\n"
        f"const INFIX = {{{infix}}}\nconst HANDS = {as_script(HANDS)}\nconst OPS = {{\n{ops}}}"
    )


HANDS = ("{op} hands it on ", "{op} 往回传时")  # so most sentences begin


def _begun(name: str, sentences: Sequence[str]) -> list[str]:
    """The sentences of an op with `~` for how most of them begin."""
    begin = [text.format(op=name) for text in HANDS]
    return [re.sub(f"^{re.escape(start)}", "~", text) for start, text in zip(begin, sentences)]


def _of_letters(function: str) -> str:
    """A function of `x` and `y` as one of the letters of its operands, and without what it does not use.

    >>> _of_letters("(x,y)=>[R.div(1,x[1]),R.neg(y)]"), _of_letters("(x,y)=>[1,1]"), _of_letters("1")
    ('([a,b],y)=>[R.div(1,b),R.neg(y)]', '()=>[1,1]', '1')
    """
    head, arrow, body = function.partition("=>")
    if head not in ("x", "(x,y)") or re.search(r"\bx\b(?!\[[012]\])", body):
        return function
    used = [int(place) for place in re.findall(r"\bx\[(\d)\]", body)]
    operands = f"[{','.join(LETTERS[: max(used) + 1])}]" if used else "x"
    y = ",y" if re.search(r"\by\b", body) else ""
    given = f"{operands}{y}" if used or y else ""
    return f"({given}){arrow}" + re.sub(r"\bx\[(\d)\]", lambda place: LETTERS[int(place[1])], body)


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
    kept = [(name, text) for name, text in known.items() if name in wanted]
    of_math = ", ".join(name for name, text in kept if text == f"const {name} = Math.{name}")
    own = [text for name, text in kept if text != f"const {name} = Math.{name}"]
    return "\n".join([f"const {{{of_math}}} = Math"] * bool(of_math) + own)


@cache
def _definitions() -> dict[str, str]:
    blocks = (PAGE / "values.js").read_text(encoding="utf-8").split("\n\n")
    found = ((re.search(r"^(?:const|function) (\w+)", block, re.MULTILINE), block) for block in blocks)
    return {match[1]: block for match, block in found if match}


def _names(code: str) -> list[str]:
    return re.findall(r"(?<![\w.$])[A-Za-z_]\w*", code)


def _operands(count: int | None) -> list[Javascript]:
    return [Javascript("...x")] if count is None else [Javascript(f"x[{i}]") for i in range(count)]


def _code(read: Any) -> str:
    return read.code if isinstance(read, (Javascript, Calls)) else literal(read).code
