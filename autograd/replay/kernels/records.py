"""What kernels are called with, as records: memory, samples and updates, so that nobody lists their fields.

Numba knows the types of a plain tuple four times as fast as those of a named one. So a kernel is called with
`tuple(record)`, and begins by making the records of them again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.replay.passes.codes import LOOK

NUMBERS, PLACES, TRUTHS = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, bool)
ONE = np.zeros(1, np.int64)


class Memory(NamedTuple):
    """Programs in one memory; every array is one-dimensional.

    `values` and `gradients` share their addresses: parameters first, then for each program what is one number
    for all samples, and from its `edge` on its rows of lanes. `table` says where each program lies in the
    others (`codes.ROW_SHARED` and what follows it).
    """

    table: Any
    tape: Any
    index: Any
    spans: Any  # pairs: the gradients to clear before each block of samples
    guards: Any  # five numbers each: comparison, addresses of both sides, outcome, whether both are leaves
    outputs: Any  # addresses
    values: Any
    gradients: Any


class SmallMemory(NamedTuple):
    """The steps of a tiny program and what they work on."""

    steps: Any
    rows: Any  # the first are `numbers`
    lanes: Any  # a tuple as long as a row
    numbers: Any
    gradients: Any
    slopes: Any  # two rows for each parameter: the sum of their product is its gradient
    root: int
    seed: int
    rare: int  # the address of `small_kernels.rare_step` where a step needs it


class Batches(NamedTuple):
    """Samples in the order in which they are taken, and where what they give is written down."""

    samples: Any = NUMBERS
    starts: Any = ONE  # the inputs of sample i begin at samples[starts[i]]
    which: Any = ONE  # and program which[i] serves it
    order: Any = ONE  # an epoch, which begins anew after its last sample
    position: int = 0  # of the first sample in it
    size: int = 0  # samples of a batch; 0: all
    mean: bool = False  # of a batch's losses; else their sum
    steady: bool = False  # every batch holds the same samples in the same lanes
    guarded: bool = True  # stop where a guard does not hold
    losses: Any = NUMBERS  # of the last batch, sample by sample
    kept: Any = NUMBERS  # each sample's first outputs, as many as there is room for
    good: Any = TRUTHS  # to a LOOK: whether a sample's guards hold


class Updates(NamedTuple):
    """What an optimiser makes of the gradients of batch after batch."""

    kind: int  # UPDATE; NONE: the gradients stay as they are; LOOK: there are none
    parameters: int = 0  # so many
    plan: Any = PLACES  # see `updates.FIRST`; for NumPy a function
    settings: Any = NUMBERS
    state: Any = NUMBERS  # what is remembered
    rates: Any = NUMBERS  # the learning rate at each update, where a function says what it is
    limit: int = 1  # so many updates at most
    sums: Any = NUMBERS  # each batch's mean or summed loss


LOOKING = Updates(LOOK)
