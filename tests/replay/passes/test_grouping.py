import itertools

import numpy as np
import pytest
from random_instructions import program

from autograd.replay.passes import codes
from autograd.replay.passes.grouping import GENEROUS, Instructions, from_the_back, grouped
from autograd.replay.passes.tidy import LEAF, levels


def groups_of(found):
    order, borders = found
    return [order[a:b].tolist() for a, b in itertools.pairwise(borders)]


@pytest.mark.parametrize("varying", [(), (3,), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("seed", range(20))
def test_every_result_is_computed_once_and_after_its_operands(seed, varying):
    made = program(seed, 1 + 15 * seed, varying=varying)
    done = set(range(5))
    for group in groups_of(grouped(made)):
        for s in group:
            assert done.issuperset(made.operand[made.start[s] : made.start[s + 1]].tolist())
        assert done.isdisjoint(group)
        done.update(group)
    assert done == set(range(len(made.code)))


@pytest.mark.parametrize("seed", range(10))
def test_a_group_has_one_code_and_lies_on_one_side(seed):
    made = program(seed, 200, varying=(4,))
    sides = []
    for group in groups_of(grouped(made)):
        assert len(set(made.code[group])) == 1
        assert len(set(made.varies[group])) == 1
        sides.append(bool(made.varies[group[0]]))
    assert sides == sorted(sides)


@pytest.mark.parametrize("seed", range(10))
def test_only_generous_ops_mix_results_that_want_a_gradient_with_others(seed):
    made = program(seed, 300, wanted=(0,))
    mixed = set()
    for group in groups_of(grouped(made)):
        operands = [tuple(made.wants[made.operand[made.start[s] : made.start[s + 1]]]) for s in group]
        if len(set(operands)) > 1:
            mixed.add(int(made.code[group[0]]))
    assert mixed
    assert mixed <= set(GENEROUS)


@pytest.mark.parametrize("seed", range(10))
def test_numbers_need_fewer_groups_than_levels_do(seed):
    made = program(seed, 2000, leaves=20, wanted=range(20))
    level = levels(made.code, made.start, made.operand)
    by_level = {(level[s], made.code[s]) for s in made.made.tolist()}
    assert len(groups_of(grouped(made))) < len(by_level)


def test_what_only_one_group_can_hold_does_not_wait():
    # 0 is the leaf; 6 = exp of all: its kind has one result, on the way to all of the others
    kind = np.array([-1, 0, 0, 0, 0, 0, 1, 0, 0], np.int32)
    start = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8], np.int32)
    operand = np.array([0, 1, 2, 3, 4, 5, 6, 6], np.int32)
    assert groups_of(from_the_back(kind, 2, start, operand)) == [[1], [2], [3], [4], [5], [6], [7, 8]]


def test_samples_are_grouped_by_level():
    made = program(3, 400, varying=range(5))
    level = levels(made.code, made.start, made.operand)
    ordered = [level[s] for group in groups_of(grouped(made)) for s in group]
    assert ordered == sorted(ordered)
    assert all(len({level[s] for s in group}) == 1 for group in groups_of(grouped(made)))


def test_nothing_to_compute_is_no_group():
    assert groups_of(grouped(program(0, 0))) == []


def test_long_dots_of_different_layers_have_groups_of_their_own():
    # 0 to 7 are leaves; 8 = tanh of 0; two dots of leaves alone, then two whose second factors begin with 8
    of_leaves = [[0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 0]]
    pairs = [*of_leaves, [0, 1, 2, 3, 8, 5, 6, 7], [1, 2, 3, 4, 8, 6, 7, 0]]
    code = np.array([LEAF] * 8 + [codes.TANH] + [codes.DOT] * 4, np.int32)
    start = np.array([0] * 9 + [1, 9, 17, 25, 33], np.int32)
    operand = np.array([0, *itertools.chain(*pairs)], np.int32)
    every, none = np.ones(len(code), bool), np.zeros(len(code), bool)
    made = Instructions(code, start, operand, every.astype(np.int32), none, every)
    assert sorted(groups_of(grouped(made))) == [[8], [9, 10], [11, 12]]
