import random
import sys

import numpy as np
import pytest
from random_instructions import program

from autograd import Value
from autograd.program import Program
from autograd.replay import jit
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C
from autograd.replay.passes.grouping import Instructions, grouped
from autograd.replay.passes.places import Places
from autograd.replay.passes.rows import Rows
from autograd.replay.passes.tape import make_tape
from autograd.replay.passes.tidy import LEAF


def rows_of(made, varying=(), first=()):
    places = Places(made, *grouped(made), varying, first)
    return places, Rows(made, places, len(first))


def operands_of(made, row, block, k, width=1):
    """The places of result k's operands, as the kernels read a row."""
    u, i = divmod(k, int(row[codes.ROWS]))
    start, step = int(row[block + codes.START]), row[block + codes.U : block + codes.BLOCK]
    if row[block + codes.INDEXED]:
        begin = start + k * width
        return made.index[begin : begin + width].tolist()
    places = {codes.U: u, codes.I: i}
    base = start + sum(int(row[block + column]) * n for column, n in places.items())
    assert len(step)
    return [base + int(row[block + codes.J]) * j for j in range(width)]


@pytest.mark.parametrize("varying", [(), (1, 2)])
@pytest.mark.parametrize("seed", range(15))
def test_a_row_tells_where_every_operand_lies(seed, varying):
    made = program(seed, 100, varying=varying)
    places, rows = rows_of(made, varying)
    for g, row in enumerate(rows.rows):
        group = places.order[places.borders[g] : places.borders[g + 1]]
        for k, s in enumerate(group.tolist()):
            operands = places.place[made.operand[made.start[s] : made.start[s + 1]]].tolist()
            found = [operands_of(rows, row, block, k)[0] for block in (A, B)[: len(operands)]]
            assert found == operands
            assert row[C + codes.START] == codes.ABSENT


def network(inputs, outputs):
    """`outputs` dots of `inputs` weights each with the same inputs, and a bias: weights first, row by row."""
    leaves = outputs * (inputs + 1) + inputs
    x = [outputs * (inputs + 1) + j for j in range(inputs)]
    operand = []
    for i in range(outputs):
        weights = [i * (inputs + 1) + j for j in range(inputs)]
        operand += [*weights, *x, i * (inputs + 1) + inputs]
    width = 2 * inputs + 1
    code = np.array([LEAF] * leaves + [codes.DOT] * outputs, np.int32)
    start = np.array([0] * leaves + [width * i for i in range(outputs + 1)], np.int32)
    marks = np.zeros((2, len(code)), bool)
    marks[1, : outputs * (inputs + 1)] = marks[1, leaves:] = True
    return Instructions(code, start, np.array(operand, np.int32), np.ones(len(code), np.int32), *marks)


def test_a_layer_is_one_row_of_regular_steps():
    made = network(3, 4)
    _, rows = rows_of(made, first=range(16))
    (row,) = rows.rows
    assert row[[codes.CODE, codes.ROWS, codes.ENTRIES]].tolist() == [codes.DOT, 4, 3]
    columns = [codes.INDEXED, codes.START, codes.U, codes.I, codes.J]
    assert row[[A + c for c in columns]].tolist() == [0, 0, 0, 4, 1]
    assert row[[B + c for c in columns]].tolist() == [0, 16, 0, 0, 1]
    assert row[[C + c for c in columns]].tolist() == [0, 3, 0, 4, 0]
    assert [bool(row[block + codes.WANTED]) for block in (A, B, C)] == [True, False, True]


def test_no_steps_cross_from_the_parameters_to_the_rest():
    made = network(3, 4)
    places = Places(made, *grouped(made), (), range(16))
    (row,) = Rows(made, places, 2).rows  # as if only two of the weights were parameters
    assert row[A + codes.INDEXED] == 1


def test_a_lone_sum_reads_memory_in_order():
    draw, count = random.Random(0), 30
    operand = draw.sample(range(count), count)
    code = np.array([LEAF] * count + [codes.SUM], np.int32)
    start = np.array([0] * (count + 1) + [count], np.int32)
    marks = np.zeros((2, len(code)), bool)
    made = Instructions(code, start, np.array(operand, np.int32), np.ones(len(code), np.int32), *marks)
    _, rows = rows_of(made, first=range(count))
    assert rows.rows[0, [A + codes.INDEXED, A + codes.START, A + codes.J]].tolist() == [0, 0, 1]


@pytest.mark.parametrize("varying", [(), (1, 2)])
@pytest.mark.parametrize("seed", range(10))
def test_groups_of_one_shape_give_together_what_each_gives_alone(seed, varying):
    made = program(seed, 300, varying=varying)
    places, rows = rows_of(made, varying)
    starts = [block + codes.START for block in (A, B, C)]
    for g, row in enumerate(rows.rows):
        alone = Places(made, *grouped(made), varying, ())
        alone.order = places.order[places.borders[g] : places.borders[g + 1]]
        alone.borders, alone.shared = np.array([0, len(alone.order)]), int(g < places.shared)
        (single,) = Rows(made, alone, 0).rows
        listed = row[[A + codes.INDEXED, B + codes.INDEXED, C + codes.INDEXED]] != 0
        single[starts] = np.where(listed, row[starts], single[starts])  # lists stand behind each other's
        assert row.tolist() == single.tolist()


def calls_while(run):
    """How many functions, Python's and C's, a run calls."""
    count = 0

    def seen(_, event, __):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def test_a_level_of_one_node_costs_no_call_of_its_own(monkeypatch):
    monkeypatch.setattr(jit, "MANY", 0)  # its loops compiled, as in large programs

    def calls(steps):
        a, b = Value(0.5), Value(0.25)
        x = a
        for _ in range(steps):
            x = x * a + b
        recorded = Program.of(x, (), [a, b])
        arguments = recorded, [False, False], (), (0, 1), (0, 1), 2
        make_tape(*arguments)  # what is compiled is compiled
        return calls_while(lambda: make_tape(*arguments))

    assert calls(400) - calls(20) < 100
