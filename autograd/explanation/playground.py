"""`playground`: one page on which anybody types an expression and steps through its chain rule."""

from __future__ import annotations

import json

from autograd import ops
from autograd.entry import TABLE
from autograd.explanation.javascript import op_entry, table_script

OPERATORS = ("add", "sub", "mul", "div", "neg", "pow", "mod", "floordiv", "gt", "ge", "lt", "le", "eq", "ne")
MOST_OPERANDS = 6  # of sum, maximum, ... on the page
ONE_BY_ONE = ("dot", "sumprod")  # written out as products and sums


def playground_ops() -> str:
    """The script with all ops that can be typed, and the functions by their names."""
    entries: dict[str, str] = {}
    functions: dict[str, dict[str, object]] = {}
    for name in (*OPERATORS, *ops.PUBLIC):
        op = TABLE[name]
        if name not in OPERATORS:
            functions[name] = {"arity": op.arity, "defaults": op.defaults}
        if name in ONE_BY_ONE:
            functions[name]["paired"] = True
            continue
        for count in [op.arity] if op.arity is not None else range(1, MOST_OPERANDS + 1):
            entries[f"{name}/{count}"] = op_entry(op, count)
    return f"{table_script(entries)}\nconst FUNCTIONS = {json.dumps(functions, separators=(',', ':'))}"
