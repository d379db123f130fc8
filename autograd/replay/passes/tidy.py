"""Passes over a flat program, as loops over arrays: fold, merge what is equal, fuse sums of products.

A program here is five arrays. Slot s is made by `code[s]` (LEAF for leaves and folded constants) from
`operand[start[s] : start[s + 1]]`; `known[s]` says that its number `number[s]` never changes.
The operands of a dot are its weights, then its inputs, then perhaps a bias.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.replay.jit import compiled
from autograd.replay.ops import CODES
from autograd.replay.passes.codes import ADD, DIV, DOT, GT, MUL, NE, PICK, SQUARE, STOP, SUB, SUM

LEAF = -1


def _where(names: str) -> Any:
    """For each code whether it is one of these ops'."""
    codes = {CODES[name] for name in names.split()}
    return np.array([code in codes for code in range(max(CODES.values()) + 1)])


# ops that give the same for 0.0 and -0.0, and never -0.0 themselves; and ops that ask for the sign of zero
SIGNLESS = _where(
    "exp sigmoid square abs cos cosh softplus logsumexp normal_cdf erfc sech2 log hypot gt ge lt le eq ne"
)
SIGNED = _where("reciprocal atan2 copysign pow")
ADDS = np.append(_where("add sub sum"), False)  # the last entry is that of LEAF


@compiled
def signs(code: Any, start: Any, operand: Any) -> Any:
    """Mark every slot of which -0.0 would make something else than 0.0: what divides, angles, bases."""
    marks = np.zeros(len(code), np.bool_)
    for s in range(len(code) - 1, -1, -1):
        c = code[s]
        if c == LEAF or SIGNLESS[c]:
            continue
        asks = marks[s] or SIGNED[c]
        for k in range(start[s], start[s + 1]):
            if asks or (c == DIV and k > start[s]):
                marks[operand[k]] = True
    return marks


@compiled
def fold(code: Any, start: Any, operand: Any, known: Any, number: Any) -> Any:
    """Constants of constants; x + 0, x - 0, x * 1, x / 1 and sums of one. Returns who stands for whom.

    x + 0 is not x where x is -0.0 and somebody asks for the sign.
    """
    n = len(code)
    stands = np.arange(n).astype(np.int32)
    signed = signs(code, start, operand)
    for s in range(n):
        c = code[s]
        if c == LEAF:
            continue
        first, last = start[s], start[s + 1]
        constant = True
        for k in range(first, last):
            operand[k] = stands[operand[k]]
            if not known[operand[k]]:
                constant = False
        if constant and number[s] == number[s]:
            known[s] = True
            code[s] = LEAF
            continue
        a = operand[first]
        b = operand[last - 1]
        neutral = 1.0 if c == MUL or c == DIV else 0.0
        if c == ADD or c == MUL:
            for x, other in ((a, b), (b, a)):
                free = c == MUL or not signed[s] or math.copysign(1.0, number[x]) < 0
                same = free or (code[other] != LEAF and SIGNLESS[code[other]])
                if same and known[x] and number[x] == neutral and stands[s] == s:
                    stands[s] = other
        elif c == SUB or c == DIV:
            same = c == DIV or not signed[s] or math.copysign(1.0, number[b]) > 0
            if same and known[b] and number[b] == neutral:
                stands[s] = a
        elif c == SUM and last - first == 1:
            stands[s] = a
    return stands


@compiled
def merge(code: Any, start: Any, operand: Any) -> Any:
    """Common subexpressions of one or two operands: returns who stands for whom."""
    n = len(code)
    stands = np.arange(n).astype(np.int32)
    size = 16
    while size < 2 * n:
        size *= 2
    table = np.full(size, -1, np.int32)
    for s in range(n):
        first, last = start[s], start[s + 1]
        for k in range(first, last):
            operand[k] = stands[operand[k]]
        if code[s] == LEAF or last - first > 2:
            continue
        a, b = np.int64(operand[first]), np.int64(operand[last - 1])
        if (code[s] == ADD or code[s] == MUL) and a > b:
            a, b = b, a
            operand[first], operand[last - 1] = a, b
        place = (a * 2654435761 + b * 40503 + code[s] * 97) & (size - 1)
        while table[place] >= 0:
            t = table[place]
            if (
                code[t] == code[s]
                and start[t + 1] - start[t] == last - first
                and operand[start[t]] == a
                and operand[start[t + 1] - 1] == b
            ):
                stands[s] = t
                break
            place = (place + 1) & (size - 1)
        else:
            table[place] = s
    return stands


@compiled
def uses_of(code: Any, start: Any, operand: Any, roots: Any) -> Any:
    """How often each slot is used by what the roots need; a root counts as used twice."""
    uses = np.zeros(len(code), np.int32)
    for s in roots:
        uses[s] += 2
    for s in range(len(code) - 1, -1, -1):
        if uses[s] > 0 and code[s] != LEAF:
            for k in range(start[s], start[s + 1]):
                uses[operand[k]] += 1
    return uses


PLUS, MINUS, PRODUCT = range(3)  # what a term of a tree is: x, -x, or a product that nobody else uses


@compiled
def inner_nodes(code: Any, start: Any, operand: Any, uses: Any, few: int) -> Any:
    """Mark every + and - that one other alone uses; with `few` a sum takes in nothing but sums."""
    marks = np.zeros(len(code), np.bool_)
    for s in range(len(code)):
        if uses[s] > 0 and ADDS[code[s]]:
            for k in range(start[s], start[s + 1]):
                p = operand[k]
                if uses[p] == 1 and ADDS[code[p]] and (few == 0 or code[s] != SUM or code[p] == SUM):
                    marks[p] = True
    return marks


@compiled
def open_tree(
    s: int, code: Any, start: Any, operand: Any, uses: Any, inner: Any, stack: Any, terms: Any, taken: Any
) -> tuple[int, int]:
    """Write down the terms of the tree with root s, from left to right, and the inner nodes.

    Args:
        s: the root.
        code: of each slot.
        start: where its operands begin.
        operand: all operands.
        uses: how often each slot is used.
        inner: marks from `inner_nodes`.
        stack: room, two rows: slots still to be looked at, and whether each counts negatively.
        terms: two rows: the slot of each term, and what it is.
        taken: the inner nodes.

    Returns:
        How many terms and inner nodes there are.
    """
    count, inside, depth = 0, 0, 1
    stack[0, 0], stack[1, 0] = s, 0
    while depth > 0:
        depth -= 1
        p, minus = stack[0, depth], stack[1, depth]
        if p != s and not inner[p]:
            alone = minus == 0 and uses[p] == 1 and (code[p] == MUL or code[p] == SQUARE)
            terms[0, count], terms[1, count] = p, PRODUCT if alone else MINUS if minus else PLUS
            count += 1
            continue
        if p != s:
            taken[inside] = p
            inside += 1
        for k in range(start[p + 1] - 1, start[p] - 1, -1):
            stack[0, depth] = operand[k]
            stack[1, depth] = 1 - minus if code[p] == SUB and k == start[p] + 1 else minus
            depth += 1
    return count, inside


@compiled
def write_dot(
    terms: Any, count: int, start: Any, operand: Any, ones: tuple[int, int], written: Any, top: int
) -> int:
    """Write the operands of a dot: the first term that is no product is its bias. Returns where they end."""
    bias = 0
    while bias < count and terms[1, bias] != PLUS:
        bias += 1
    half, pairs = count - (bias < count), top
    for t in range(count):
        p, kind = terms[0, t], terms[1, t]
        if t != bias:
            a, b = ones[int(kind == MINUS)], p
            if kind == PRODUCT:
                a, b = operand[start[p]], operand[start[p + 1] - 1]
            written[pairs], written[pairs + half] = a, b
            pairs += 1
    top += 2 * half
    if bias < count:
        written[top] = terms[0, bias]
        top += 1
    return top


@compiled
def fuse(code: Any, start: Any, operand: Any, uses: Any, one: int, minus_one: int, few: int = 0) -> Any:
    """Trees of + and - used once become one sum, or one dot where they add products.

    With `few`, only trees of more than so many terms, only those of half products become dots, and a sum of
    many keeps its terms: one by one, an addition costs as little as a term of a sum.
    `code` and `uses` are changed; what was taken in is left with no use. Returns new start and operand.
    """
    n, room = len(code), len(operand) + 8
    inner = inner_nodes(code, start, operand, uses, few)
    stack, terms, taken = np.zeros((2, room), np.int32), np.zeros((2, room), np.int32), np.zeros(n, np.int32)
    written, top = np.zeros(2 * len(operand) + 3 * n + 8, np.int32), 0
    begin, end = np.full(n, -1, np.int32), np.zeros(n, np.int32)  # where a new operand list stands
    for s in range(n):
        if uses[s] <= 0 or inner[s] or not ADDS[code[s]]:
            continue
        count, inside = open_tree(s, code, start, operand, uses, inner, stack, terms, taken)
        products = negative = 0
        for t in range(count):
            products += terms[1, t] == PRODUCT
            negative += terms[1, t] == MINUS
        worth = products >= 2 or (products == 1 and count >= 4) or (negative > 0 and count >= 4)
        if few > 0:
            worth = count > few and (2 * products >= count or negative > 0)
        if worth:
            code[s], begin[s] = DOT, top
            top = write_dot(terms, count, start, operand, (one, minus_one), written, top)
            for t in range(count):
                if terms[1, t] == PRODUCT:
                    uses[terms[0, t]] = 0
        elif negative == 0 and count >= 3 and count > few:
            code[s], begin[s] = SUM, top
            written[top : top + count] = terms[0, :count]
            top += count
        if begin[s] >= 0:
            end[s] = top
            for t in range(inside):
                uses[taken[t]] = 0
    new_start, new_operand, top = np.zeros(n + 1, np.int32), np.zeros(top + room, np.int32), 0
    for s in range(n):
        new_start[s] = top
        if uses[s] > 0 and code[s] != LEAF:
            source, first, last = operand, start[s], start[s + 1]
            if begin[s] >= 0:
                source, first, last = written, begin[s], end[s]
            for k in range(first, last):
                new_operand[top] = source[k]
                top += 1
    new_start[n] = top
    return new_start, new_operand[:top].copy()


@compiled
def spread(code: Any, start: Any, operand: Any, marks: Any, stops: bool) -> Any:
    """Mark every slot that depends on a marked one; not through flat ops when `stops`."""
    for s in range(len(code)):
        c = code[s]
        if c == LEAF or (stops and (GT <= c <= NE or c == STOP)):
            continue
        for k in range(start[s], start[s + 1]):
            if marks[operand[k]] and not (stops and c == PICK and k == start[s + 1] - 1):
                marks[s] = True
    return marks


@compiled
def reached(code: Any, start: Any, operand: Any, root: int) -> Any:
    """Mark every slot to which a gradient flows back from the root."""
    marks = np.zeros(len(code), np.bool_)
    marks[root] = True
    for s in range(len(code) - 1, -1, -1):
        c = code[s]
        if not marks[s] or c == LEAF or GT <= c <= NE or c == STOP:
            continue
        for k in range(start[s], start[s + 1] - (c == PICK)):
            marks[operand[k]] = True
    return marks


@compiled
def levels(code: Any, start: Any, operand: Any) -> Any:
    """For each slot the length of the longest way to a leaf."""
    level = np.zeros(len(code), np.int32)
    for s in range(len(code)):
        if code[s] != LEAF:
            highest = 0
            for k in range(start[s], start[s + 1]):
                highest = max(highest, level[operand[k]])
            level[s] = highest + 1
    return level
