import math

import pytest

from autograd import Value
from nn import weights


def test_a_tensor_is_a_leaf_or_lists_of_leaves():
    a = Value(1.0)
    assert weights.is_tensor(a)
    assert weights.is_tensor([[a], (a,)])
    assert not weights.is_tensor([a, 1.0])
    assert not weights.is_tensor([a * 2])
    assert not weights.is_tensor([])


def test_files_keep_every_bit_and_also_what_is_not_finite(tmp_path):
    state = {"w": [0.1 + 0.2, 5e-324, -0.0], "b": math.inf}
    weights.save(tmp_path / "w.json", "Model()", state)
    assert weights.read(tmp_path / "w.json") == state


def test_a_failing_write_leaves_the_older_file(tmp_path):
    path = tmp_path / "w.json"
    weights.save(path, "Model()", {"w": 1.0})
    with pytest.raises(TypeError):
        weights.save(path, "Model()", {"w": object()})
    assert weights.read(path) == {"w": 1.0}
