import pytest

import nn


@pytest.mark.parity
def test_layer_norm_equals_torch(torch, beside_torch, numbers):
    theirs = torch.nn.LayerNorm(5)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(numbers(5)))
        theirs.bias.copy_(torch.tensor(numbers(5)))
    beside_torch(nn.LayerNorm(5), theirs, numbers(3, 5))
    beside_torch(
        nn.LayerNorm(5, elementwise_affine=False), torch.nn.LayerNorm(5, elementwise_affine=False), numbers(5)
    )


@pytest.mark.parity
def test_rms_norm_equals_torch(torch, beside_torch, numbers):
    theirs = torch.nn.RMSNorm(5)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(numbers(5)))
    beside_torch(nn.RMSNorm(5), theirs, numbers(3, 5))
    beside_torch(nn.RMSNorm(5, eps=1e-5), torch.nn.RMSNorm(5, eps=1e-5), numbers(5))


@pytest.mark.parity
def test_batch_norm_equals_torch_in_training_and_then_in_evaluation(torch, beside_torch, same, numbers):
    ours, theirs = nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    for _ in range(3):
        theirs.zero_grad()
        ours.zero_grad()
        beside_torch(ours, theirs, numbers(4, 3))
        same(ours.running_mean, theirs.running_mean)
        same(ours.running_var, theirs.running_var)
    assert ours.num_batches_tracked == 3
    theirs.zero_grad()
    ours.zero_grad()
    beside_torch(ours.eval(), theirs.eval(), numbers(2, 3))


@pytest.mark.parametrize("layer", [nn.LayerNorm(3), nn.RMSNorm(3), nn.BatchNorm1d(3)])
def test_normalisations_pass_check_gradients(layer, passes_check, numbers):
    passes_check(layer, numbers(4, 3))


def test_the_running_variance_is_unbiased():
    layer = nn.BatchNorm1d(1, momentum=1.0)
    layer([[1.0], [3.0]])
    assert layer.running_mean == [2.0]
    assert layer.running_var == [2.0]


def test_a_batch_of_one_is_refused_in_training_and_welcome_in_evaluation():
    layer = nn.BatchNorm1d(2)
    with pytest.raises(ValueError, match="one sample has no spread"):
        layer([[1.0, 2.0]])
    with pytest.raises(ValueError, match="one sample has no spread"):
        layer([1.0, 2.0])
    assert len(layer.eval()([1.0, 2.0])) == 2


def test_running_averages_are_saved_with_the_weights():
    first, second = nn.BatchNorm1d(1), nn.BatchNorm1d(1)
    first([[1.0], [3.0]])
    second.load_state_dict(first.state_dict())
    assert second.running_mean == [0.2]
    assert second.num_batches_tracked == 1


def test_a_sample_of_another_length_names_the_layer():
    with pytest.raises(ValueError, match=r"LayerNorm\(3\) and got 2 numbers: \[1.0, 2.0\]"):
        nn.LayerNorm(3)([1.0, 2.0])


@pytest.mark.parity
def test_batch_norm_of_images_equals_torch_training_and_evaluating(torch, beside_torch, numbers):
    ours, theirs = nn.BatchNorm2d(2), torch.nn.BatchNorm2d(2)
    beside_torch(ours, theirs, numbers(3, 2, 2, 3))
    for name, x in theirs.state_dict().items():
        assert ours.state_dict()[name] == pytest.approx(x.tolist(), rel=1e-12)
    ours.eval(), theirs.eval()
    theirs.zero_grad()
    ours.zero_grad()
    beside_torch(ours, theirs, numbers(2, 2, 2, 3))


@pytest.mark.parity
@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 5), (2, 4, 2, 3)])
@pytest.mark.parametrize("affine", [True, False])
def test_group_norm_equals_torch(torch, beside_torch, numbers, shape, affine):
    beside_torch(nn.GroupNorm(2, 4, affine=affine), torch.nn.GroupNorm(2, 4, affine=affine), numbers(*shape))


def test_channels_are_counted():
    with pytest.raises(ValueError, match=r"got 1 channels. Give 2 channels per sample"):
        nn.BatchNorm2d(2)([[[[1.0]]], [[[2.0]]]])
    with pytest.raises(ValueError, match="make num_channels a multiple"):
        nn.GroupNorm(2, 3)
    with pytest.raises(ValueError, match="measures a batch"):
        nn.BatchNorm2d(1)([[[[1.0]]]])
    assert nn.GroupNorm(1, 2, sample_depth=2)([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 2)
