import numpy as np
import pytest
from random_instructions import program

from autograd.replay.passes.grouping import grouped
from autograd.replay.passes.places import LINE, Places


def placed(seed, varying=(), first=(2, 0)):
    made = program(seed, 60, varying=varying)
    return made, Places(made, *grouped(made), varying, first)


@pytest.mark.parametrize("varying", [(), (3, 1)])
@pytest.mark.parametrize("seed", range(10))
def test_no_two_slots_share_a_row(seed, varying):
    made, places = placed(seed, varying)
    assert len(set(places.place.tolist())) == len(made.code)
    assert places.place.min() == 0
    assert places.place.max() < places.rows


@pytest.mark.parametrize("varying", [(), (3, 1)])
@pytest.mark.parametrize("seed", range(10))
def test_results_lie_in_the_order_of_execution(seed, varying):
    _, places = placed(seed, varying)
    rows = places.place[places.order]
    assert (np.diff(rows) > 0).all()


def test_parameters_come_first_in_their_order():
    _, places = placed(1, first=(4, 0, 3))
    assert places.place[[4, 0, 3]].tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_the_edge_parts_numbers_from_samples(seed):
    made, places = placed(seed, varying=(3, 1))
    assert places.edge % LINE == 0
    assert ((places.place >= places.edge) == made.varies).all()
    assert places.place[[3, 1]].tolist() == [places.edge, places.edge + 1]


@pytest.mark.parametrize("varying", [(), (3, 1)])
def test_scattered_operands_stand_at_the_row_of_their_result(varying):
    made, places = placed(4, varying)
    first, second = places.scattered()
    for s in made.made.tolist():
        if not made.varies[s]:
            operands = places.place[made.operand[made.start[s] : made.start[s + 1]]]
            assert (first[places.place[s]], second[places.place[s]]) == (operands[0], operands[-1])
