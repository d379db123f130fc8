"""Random tidied programs, for the tests of the tape's passes."""

import random

import numpy as np

from autograd.replay.ops import CODES
from autograd.replay.passes.grouping import Instructions
from autograd.replay.passes.tidy import LEAF

UNARY, BINARY = (CODES["tanh"], CODES["exp"]), (CODES["add"], CODES["sub"], CODES["mul"], CODES["div"])


def program(seed, size, leaves=5, varying=(), wanted=(0, 1)):
    """A random program: the first half of the leaves want a gradient."""
    draw = random.Random(seed)
    code, start, operand = [LEAF] * leaves, [0] * (leaves + 1), []
    for s in range(leaves, leaves + size):
        one = draw.random() < 0.3
        code.append(draw.choice(UNARY if one else BINARY))
        operand += [draw.randrange(s) for _ in range(1 if one else 2)]
        start.append(len(operand))
    code, start, operand = (np.array(part, np.int32) for part in (code, start, operand))
    marks = np.zeros((2, len(code)), bool)
    marks[0, list(varying)] = marks[1, list(wanted)] = True
    for s in range(leaves, len(code)):
        marks[:, s] = marks[:, operand[start[s] : start[s + 1]]].any(1)
    return Instructions(code, start, operand, np.ones(len(code), np.int32), *marks)
