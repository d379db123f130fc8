"""`fast.to_c(path)`: a recorded function and its gradients as one C11 file that needs libm alone."""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.interop.arrays import NAMES
from autograd.interop.asked import guards_of, places_of, start_of
from autograd.interop.naming import Tensor
from autograd.interop.signature import Signature
from autograd.interop.vocabulary import WORDS
from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.ops import OPS, SIGNS, Source, Target, flow_lines, write
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C
from autograd.value import Value

_SAME = [
    "exp", "log", "tanh", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh",
    "acosh", "atanh", "expm1", "log1p", "cbrt", "erf", "erfc", "pow", "hypot", "atan2", "copysign", "fma",
    "floor", "fmod",
]  # fmt: skip
C11 = Target(
    calls={
        **{name: name for name in _SAME},
        "abs": "fabs", "neg": "-{0}", "square": "({0} * {0})", "reciprocal": "(1.0 / {0})", "stop": "{0}",
        "nearest": "nearbyint",
        "normal_cdf": "(0.5 * erfc(-0.7071067811865476 * {0}))",
        "where": "({0} != 0.0 ? {1} : {2})",
    },
    number="{}",
    select=lambda name, a, b, x, y: f"({a} {SIGNS[name]} {b} ? {x} : {y})",
    fast={
        "fmod": ["g", "-g * nearbyint(a / b - y / b)"],
        "maximum": ["share_of(g, a > b, a == b)", "share_of(g, b > a, a == b)"],
        "minimum": ["share_of(g, a < b, a == b)", "share_of(g, b < a, a == b)"],
    },
)  # fmt: skip
HERE = {  # what libm lacks: arguments and body
    "sigmoid": ("double x", "double e = exp(-fabs(x));\nreturn x >= 0 ? 1.0 / (1.0 + e) : e / (1.0 + e);"),
    "relu": ("double x", "return x <= 0 ? 0.0 : x;"),
    "silu": ("double x", "return x * sigmoid(x);"),
    "softplus": ("double x", "return (x > 0 ? x : 0.0) + log1p(exp(-fabs(x)));"),
    "sech2": (
        "double x",
        "double e = exp(-2.0 * fabs(x));\nreturn 4.0 * e / ((1.0 + e) * (1.0 + e));",
    ),
    "sign": ("double x", "return x > 0 ? 1.0 : x < 0 ? -1.0 : x;"),
    "maximum": ("double a, double b", "return a > b || a != a ? a : b;"),
    "minimum": ("double a, double b", "return a < b || a != a ? a : b;"),
    "clamp": ("double x, double low, double high", "return x < low ? low : x > high ? high : x;"),
    "share_of": ("double g, int wins, int ties", "return wins ? g : ties ? 0.5 * g : 0.0;"),
}
ARGUMENTS = "const double *params, const double *inputs, double *loss, double *gradients"
RESERVED = re.compile(  # by C, by <math.h> beyond Python's `math`, and by what is written
    "auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register"
    "|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|main"
    r"|round|rint|nearbyint|fmax|fmin|fdim|logb|signbit|y[01n]|j[01n]|[vd]|way_\d+|FIXED|T\d+"
)
LOOPS = {"dot", "sum", "logsumexp", "pick"}


def name_in_c(stem: str) -> str:
    """A file's stem as the name of a function that nothing else in the file has.

    >>> name_in_c("my-loss 2"), name_in_c("double"), name_in_c("exp")
    ('my_loss_2', 'double_', 'exp_')
    """
    name = re.sub(r"^(?=\d)", "_", re.sub(r"\W", "_", stem, flags=re.ASCII))
    taken = RESERVED.fullmatch(name) or name in HERE or hasattr(math, name)
    return f"{name}_" if taken else name


def write_c(chosen: Any, name: str) -> str:
    """The text of the file: what `exporting.Chosen` holds, as a function of this name."""
    return File(chosen.leaves, chosen.tensors, chosen.signature, name).write(chosen.variants)


class File:
    """Writes the file from the rows of a tape: one memory `v` for numbers, one `d` for gradients."""

    def __init__(
        self, leaves: Sequence[Value], tensors: Sequence[Tensor], signature: Signature, name: str
    ) -> None:
        self.leaves, self.tensors, self.signature, self.name = leaves, tensors, signature, name
        self.tables: dict[bytes, str] = {}
        self.functions: dict[str, str] = {}
        self.fixed: list[float] = []
        self.conditions: list[str] = []

    def write(self, variants: Sequence[Variant]) -> str:
        """All of it: one function for each way through the program, tried in order."""
        ways = [self._way(variant, k) for k, variant in enumerate(variants)]
        count = max(arranged(variant, True, WORDS).tape.count for variant in variants)
        arguments = "params, inputs, loss, gradients"
        body = [f"    return way_0({arguments});"]
        if len(ways) > 1:
            body = [
                "    int failed = 0, first = 0;",
                *(
                    f"    if (!(failed = way_{k}({arguments})))\n        return 0;"
                    + ("\n    first = failed;" if not k else "")
                    for k in range(len(ways))
                ),
                "    return first;",
            ]
        text = "\n".join([*ways, *self.functions.values()])
        fixed = [f"static const double FIXED[] = {{{_numbers(self.fixed)}}};"] if self.fixed else []
        tables = [
            f"static const int {name}[] = {{{_wrapped(np.frombuffer(key, np.int32).tolist())}}};"
            for key, name in self.tables.items()
        ]
        lines = [
            "/* " + textwrap.fill(self._told(), 110).replace("\n", "\n * ") + self._layout() + "\n */",
            "#include <math.h>",
            "",
            f"int {self.name}({ARGUMENTS});",
            "",
            *tables,
            *fixed,
            f"static _Thread_local double v[{count + 1}], d[{count + 1}];",
            "",
            *self._used(text),
            *self.functions.values(),
            *ways,
            f"int {self.name}({ARGUMENTS})",
            "{",
            *body,
            "}",
            "",
        ]
        return "\n".join(lines)

    def _way(self, variant: Variant, k: int) -> str:
        """One way through the program as a function."""
        self.variant, self.tape = variant, arranged(variant, True, WORDS).tape
        tape = self.tape
        numbers, places = start_of(variant, tape), places_of(variant, tape, self.leaves)
        index = [i for t in self.tensors for i in t.index.ravel().tolist()]
        parameters = places[index].astype(int) if index else np.zeros(0, int)
        own = np.zeros(len(numbers), bool)
        own[parameters[parameters >= 0]] = True
        fixed = np.flatnonzero(~own & ((numbers != 0.0) | np.signbit(numbers))).tolist()
        at = len(self.fixed)
        self.fixed += numbers[fixed].tolist()
        lines = [
            f"static int way_{k}({ARGUMENTS})",
            "{",
            *self._begin(parameters, fixed, at),
            *(line for row in tape.rows for line in self._row(row)),
            *self._guards(),
            f"*loss = v[{tape.root}];",
            "if (!gradients)",
            "    return 0;",
            f"for (int k = 0; k < {tape.count}; k++)",
            "    d[k] = 0.0;",
            f"d[{tape.root}] = 1.0;",
            *(line for row in reversed(tape.rows) for line in self._row_back(row)),
            *self._end(parameters),
            "return 0;",
        ]
        return "\n".join([*lines[:2], *(f"    {line}" for line in lines[2:]), "}", ""])

    # -- around the rows ----------------------------------------------------------------------------------

    def _told(self) -> str:
        return (
            f"int {self.name}({ARGUMENTS}): the loss and its gradients for one sample. It returns 0, or "
            "1 + the number of the condition that came out another way than while recording (then nothing is "
            "written). `gradients` has the layout of `params`; NULL leaves the backward pass out. Compile "
            "with -lm; threads may call it at the same time."
        )

    def _layout(self) -> str:
        lines, at = ["", "", "params:"], 0
        for t in self.tensors:
            size = int(np.prod(t.shape))
            lines.append(f"  [{at}] {t.name}{''.join(f'[{n}]' for n in t.shape)}")
            at += size
        lines.append("inputs:")
        at = 0
        for x in self.signature.inputs:
            lines.append(f"  [{at}] {x.path}{''.join(f'[{n}]' for n in x.shape)}")
            at += int(np.prod(x.shape))
        lines += [f"condition {k + 1}: {text}" for k, text in enumerate(self.conditions)]
        return "\n * ".join(lines)

    def _begin(self, parameters: Any, fixed: Sequence[int], at: int) -> list[str]:
        given = self.tape.place[list(self.variant.given)] if self.variant.given else np.zeros(0, int)
        lines = ["(void)params, (void)inputs;"]  # a way may read none
        lines += self._copied("params", parameters) + self._copied("inputs", given)
        return lines + self._copied("FIXED", np.array(fixed, int), at)

    def _copied(self, source: str, places: Any, at: int = 0) -> list[str]:
        """Numbers of `source` into their places; where two have the same place the first counts."""
        places = np.asarray(places).astype(int)
        lines = []
        for begin, end in _runs(places):
            if places[begin] < 0:
                continue
            lines += _loop("k", end - begin, f"v[{places[begin]} + k] = {source}[{at + begin} + k];")
        if len(lines) > 32:
            table = self.table(np.where(places >= 0, places, self.tape.count))
            lines = _loop("k", len(places), f"v[{table}[k]] = {source}[{at} + k];")
        return lines

    def _end(self, parameters: Any) -> list[str]:
        if not len(parameters):
            return []
        runs = _runs(parameters)
        if len(runs) <= 16 and (parameters >= 0).all():
            loops = [(b - a, f"gradients[{a} + k] = d[{parameters[a]} + k];") for a, b in runs]
            return [line for count, told in loops for line in _loop("k", count, told)]
        table = self.table(np.where(parameters >= 0, parameters, self.tape.count))
        return _loop("k", len(parameters), f"gradients[k] = d[{table}[k]];")

    def _guards(self) -> list[str]:
        lines = []
        for code, a, b, outcome, line in guards_of(self.variant, self.tape, self.leaves):
            test = f"v[{a}] {SIGNS[code]} v[{b}]"
            place = line.replace("\\", "/").rsplit("/", 1)[-1]
            self.conditions.append(f"{test} is {outcome} at {place}")
            lines += [f"if ({f'!({test})' if outcome else test})", f"    return {len(self.conditions)};"]
        return lines

    def _used(self, text: str) -> list[str]:
        """The functions that are called and libm has not."""
        found: dict[str, str] = {}

        def look(text: str) -> None:
            for name, (arguments, body) in HERE.items():
                if re.search(rf"\b{name}\(", text) and name not in found:
                    look(body)
                    found[name] = _function(f"static double {name}({arguments})", body)

        look(text)
        return [*found.values()]

    def table(self, places: Any) -> str:
        """The name of a table of places."""
        return self.tables.setdefault(np.asarray(places, np.int32).tobytes(), f"T{len(self.tables)}")

    # -- a row --------------------------------------------------------------------------------------------

    def _parts(self, row: Any) -> tuple[str, int, list[str], str]:
        """(op, entries, the places of its operands, that of its result)."""
        name = NAMES[int(row[codes.CODE])]
        places = [self._place(row, block, name) for block in (A, B, C)]
        return name, int(row[codes.ENTRIES]), places, self._out(row)

    def _row(self, row: Any) -> list[str]:
        name, n, (a, b, c), out = self._parts(row)
        if name == "dot":
            body = [
                f"double s = {f'v[{c}]' if c else '0.0'};",
                *_loop("j", n, f"s += v[{a}] * v[{b}];"),
                f"v[{out}] = s;",
            ]
        elif name == "sum":
            body = ["double s = 0.0;", *_loop("j", n, f"s += v[{a}];"), f"v[{out}] = s;"]
        elif name == "logsumexp":
            body = [
                "double top = -INFINITY, s = 0.0, n = -1.0;  /* the highest are counted, not added up */",
                *_loop("j", n, f"top = v[{a}] > top ? v[{a}] : top;"),
                *_loop("j", n, f"if (v[{a}] == top) n += 1.0; else s += exp(v[{a}] - top);"),
                f"v[{out}] = log1p(s + n) + top;",
            ]
        elif name == "pick":
            body = [_chosen(b, n), f"v[{out}] = v[{a}];"]
        else:
            operands = [Source(f"v[{x}]") for x in (a, b, c) if x]
            value = write(Source(name, tuple(operands)), C11)
            body = [f"v[{out}] = {value};"]
        return self._loops(row, body)

    def _row_back(self, row: Any) -> list[str]:
        name, n, (a, b, c), out = self._parts(row)
        wanted = [bool(row[block + codes.WANTED]) for block in (A, B, C)]
        body: list[str] = []
        if name == "dot":
            inner = [f"d[{x}] += g * v[{y}];" for x, y, w in ((a, b, wanted[0]), (b, a, wanted[1])) if w]
            body = _loop("j", n, *inner) if inner else []
            body += [f"d[{c}] += g;"] if c and wanted[2] else []
        elif name == "sum":
            body = _loop("j", n, f"d[{a}] += g;") if wanted[0] else []
        elif name == "logsumexp":
            share = f"exp(v[{a}] - v[{out}])"
            whole = ["double s = 0.0;", *_loop("j", n, f"s += {share};"), "g /= s;  /* v is rounded */"]
            body = [*whole, *_loop("j", n, f"d[{a}] += g * {share};")] if wanted[0] else []
        elif name == "pick":
            body = [_chosen(b, n), f"d[{a}] += g;"] if wanted[0] else []
        else:
            places = [x for x in (a, b, c) if x]
            for i, x in enumerate(places):
                if wanted[i] and OPS[name].rule(i) is not None:
                    body.append(f"d[{x}] += {self._flow(name, i, places, out)};")
        return self._loops(row, [f"double g = d[{out}];", *body]) if body else []

    def _flow(self, name: str, i: int, places: Sequence[str], out: str) -> str:
        lines = flow_lines(name, i, C11)
        text = "\n".join(lines)
        arguments = [x for x in [*"abc"[: len(places)], "y", "g"] if _mentions(text, x)]
        title = f"flow_of_{name}_{'abc'[i]}"
        if title not in self.functions:
            body = [f"double {line};" for line in lines[:-1]] + [f"{lines[-1]};"]
            head = f"static double {title}({', '.join(f'double {x}' for x in arguments)})"
            self.functions[title] = _function(head, "\n".join(body))
        known = {**dict(zip("abc", (f"v[{x}]" for x in places))), "y": f"v[{out}]", "g": "g"}
        return f"{title}({', '.join(known[x] for x in arguments)})"

    def _loops(self, row: Any, body: Sequence[str]) -> list[str]:
        inner, outer = int(row[codes.ROWS]), int(row[codes.OUTER])
        if outer > 1:
            head = [f"for (int u = 0; u < {outer}; u++)"]
        else:
            head = []
        if inner > 1:
            head.append(f"{'    ' * len(head)}for (int i = 0; i < {inner}; i++)")
        pad = "    " * max(0, len(head) - 1)
        block = [f"{pad}{{", *(f"{pad}    {line}" for line in body), f"{pad}}}"]
        return [*head, *block]

    def _out(self, row: Any) -> str:
        return _sum(
            int(row[codes.OUT]),
            (int(row[codes.OUT_U]), "u", row[codes.OUTER]),
            (int(row[codes.OUT_I]), "i", row[codes.ROWS]),
        )

    def _place(self, row: Any, block: int, name: str) -> str:
        """Where an operand's entry lies, as an expression in u, i and j; "" where there is none."""
        part = row[block : block + codes.BLOCK]
        start = int(part[codes.START])
        if start == codes.ABSENT:
            return ""
        inner, outer = int(row[codes.ROWS]), int(row[codes.OUTER])
        full = name in LOOPS and (block == A or (block == B and name == "dot"))
        entries = int(row[codes.ENTRIES]) if full else 1
        j = (int(part[codes.J]), "j", entries)
        if not part[codes.INDEXED]:
            return _sum(start, (int(part[codes.U]), "u", outer), (int(part[codes.I]), "i", inner), j)
        width = 1 if part[codes.INDEXED] == codes.STARTS else entries
        table = self.table(self.tape.index[start : start + outer * inner * width])
        at = _sum(0, (inner * width, "u", outer), (width, "i", inner), (1, "j", width))
        first = f"{table}[{at}]"
        return first if width == entries else f"{first} + {_sum(0, j)}"


def _chosen(place: str, entries: int) -> str:
    """Which entry a number names; the nearest where there is none: a condition tells after the pass."""
    return f"int j = v[{place}] > 0.0 ? (int)fmin(v[{place}], {entries - 1}.0) : 0;"


def _sum(start: int, *terms: tuple[int, str, Any]) -> str:
    parts = [name if step == 1 else f"{step} * {name}" for step, name, count in terms if step and count > 1]
    return " + ".join([*([str(start)] if start or not parts else []), *parts])


def _loop(name: str, count: int, *body: str) -> list[str]:
    head = f"for (int {name} = 0; {name} < {count}; {name}++)"
    if len(body) == 1:
        return [head, f"    {body[0]}"]
    return [f"{head} {{", *(f"    {line}" for line in body), "}"]


def _runs(places: Any) -> list[tuple[int, int]]:
    """Where places follow each other: pairs (first, one past the last)."""
    if not len(places):
        return []
    borders = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist(), len(places)]
    return [*itertools.pairwise(borders)]


def _function(head: str, body: str) -> str:
    return f"{head}\n{{\n{textwrap.indent(body, '    ')}\n}}\n"


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _numbers(numbers: Any) -> str:
    return _wrapped([repr(float(x)).replace("inf", "INFINITY").replace("nan", "NAN") for x in numbers])


def _wrapped(items: Sequence[Any]) -> str:
    return "\n    " + textwrap.fill(", ".join(map(str, items)), 110, subsequent_indent="    ") + "\n"
