"""The numbers of the instructions and the columns of a tape: what the passes write and the kernels read."""

from __future__ import annotations

from autograd.replay.ops import CODES

ADD, SUB, MUL, DIV = (CODES[name] for name in ("add", "sub", "mul", "div"))
TANH, RELU, SIGMOID, SQUARE, STOP = (CODES[name] for name in ("tanh", "relu", "sigmoid", "square", "stop"))
GT, GE, NE = (CODES[name] for name in ("gt", "ge", "ne"))
# a list of operands: sum of a[j] * b[j] + c, sum of a[j], log of the sum of exp a[j], a[number b]; and that
# log - c, which stands in a row of the tape as a logsumexp with an operand c
DOT, SUM, LOGSUMEXP, PICK = (CODES[name] for name in ("dot", "sum", "logsumexp", "pick"))
SURPRISAL = CODES["surprisal"]
LISTS = DOT
RUNS = SURPRISAL + 1  # a row that stands for many small groups: see `runs`
RECORD = 4  # numbers per small group, of 32 bits; its code is widened: ops are compiled for codes of 64

# A row of the tape: `ROWS * OUTER` results of one kind, each from `WIDTH` entries when the code is a list's.
# Result (u, i) lies at OUT + u * OUT_U + i * OUT_I. An operand's entry lies at START + u*U + i*I + j*J,
# or, when INDEXED is LISTED, at index[START + (u * ROWS + i) * width + j], or, when it is STARTS (lists of
# single numbers only, see `with_starts`), at index[START + u * ROWS + i] + j*J.
CODE, LANES, ROWS, OUTER, ENTRIES, OUT, OUT_I, OUT_U = range(8)
OPERAND = 8  # the first of three blocks of operands
INDEXED, START, I, U, J, WANTED, BLOCK = range(7)  # BLOCK: columns per operand
A, B, C = OPERAND, OPERAND + BLOCK, OPERAND + 2 * BLOCK
COLUMNS = OPERAND + 3 * BLOCK
FORWARD, BACKWARD = COLUMNS, COLUMNS + 1  # in memory a row has two more: the addresses of its kernels, or 0
STRIDE = COLUMNS + 2
FRESH = 2  # in WANTED: nothing has flowed to these rows before, so the flow begins them
LISTED, STARTS = 1, 2
ABSENT = -1  # in START: there is no such operand

# How a run ended, and what it was asked to do with the gradients: an update, nothing, or only to look at
# guards and outputs.
OK, GUARD, NOT_FINITE = range(3)
UPDATE, NONE, LOOK = range(3)

# A program in the table of those that share a memory. Its rows in `tape`: first those that run once per
# batch, then those for each block of samples. Its pairs in `spans` and its guards. From OWN to EDGE: what is
# one number for all samples and no parameter. The samples in a block. Where the addresses of its inputs
# stand in `index`, and those of its outputs in `outputs`.
(
    ROW_SHARED, ROW, ROW_END, SPAN, SPAN_END, GUARDED, GUARDED_END, OWN, EDGE, BREADTH, INPUT, INPUTS, ROOT,
    OUTPUT,
) = range(14)  # fmt: skip
FIELDS = 14
