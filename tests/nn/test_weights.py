from autograd import Value
from nn import weights


def test_a_tensor_is_a_leaf_or_lists_of_leaves():
    a = Value(1.0)
    assert weights.is_tensor(a)
    assert weights.is_tensor([[a], (a,)])
    assert not weights.is_tensor([a, 1.0])
    assert not weights.is_tensor([a * 2])
    assert not weights.is_tensor([])
