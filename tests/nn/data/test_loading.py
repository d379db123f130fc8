import numpy as np
import pytest

import nn
from nn.data import DataLoader, TensorDataset

X, Y = [[float(i)] for i in range(5)], list(range(5))


@pytest.mark.parity
@pytest.mark.parametrize("settings", [{}, {"batch_size": 2}, {"batch_size": 2, "drop_last": True}])
def test_batches_are_those_of_torch(torch, settings):
    theirs = torch.utils.data
    expected = theirs.DataLoader(theirs.TensorDataset(torch.tensor(X), torch.tensor(Y)), **settings)
    ours = DataLoader(TensorDataset(np.array(X), Y), **settings)
    assert len(ours) == len(expected)
    assert [list(batch) for batch in ours] == [[column.tolist() for column in batch] for batch in expected]


def test_orders_are_new_at_each_loop_and_follow_the_seed():
    loader = DataLoader(Y, batch_size=5, shuffle=True)
    nn.manual_seed(3)
    first, second = next(iter(loader)), next(iter(loader))
    assert first != second
    assert sorted(first) == Y
    nn.manual_seed(3)
    assert next(iter(loader)) == first


def test_a_data_set_of_ones_own_gives_tuples_or_dicts():
    class Squares:
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return {"x": [float(i)], "pair": (i, i * i)}

    (batch,) = DataLoader(Squares(), batch_size=3)
    assert batch == {"x": [[0.0], [1.0], [2.0]], "pair": [[0, 1, 2], [0, 1, 4]]}


def test_what_is_no_data_set_is_refused():
    with pytest.raises(ValueError, match=r"got the lengths \[1, 2\]"):
        TensorDataset([1], [1, 2])
    with pytest.raises(TypeError, match="got a generator"):
        DataLoader(x for x in Y)
    with pytest.raises(ValueError, match="dataset"):
        DataLoader([])
