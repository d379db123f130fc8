import pytest

import autograd as ag
import nn


@pytest.mark.parity
@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 1, 0), (2, 2, 0), (3, 2, 1), (4, 3, 2)])
def test_conv1d_equals_torch(torch, beside_torch, numbers, kernel, stride, padding):
    settings = {"stride": stride, "padding": padding}
    beside_torch(
        nn.Conv1d(2, 3, kernel, **settings), torch.nn.Conv1d(2, 3, kernel, **settings), numbers(2, 7)
    )


@pytest.mark.parity
@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 1, 1), (2, 2, 0), ((3, 2), (2, 1), (0, 1))])
def test_conv2d_equals_torch(torch, beside_torch, numbers, kernel, stride, padding):
    settings = {"stride": stride, "padding": padding}
    beside_torch(
        nn.Conv2d(2, 3, kernel, **settings), torch.nn.Conv2d(2, 3, kernel, **settings), numbers(2, 5, 4)
    )


@pytest.mark.parity
def test_conv2d_without_bias_equals_torch_on_a_batch(torch, beside_torch, numbers):
    beside_torch(nn.Conv2d(1, 2, 2, bias=False), torch.nn.Conv2d(1, 2, 2, bias=False), numbers(3, 1, 3, 3))


@pytest.mark.parity
@pytest.mark.parametrize("name", ["MaxPool1d", "AvgPool1d"])
@pytest.mark.parametrize("settings", [{"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}])
def test_pooling_along_one_axis_equals_torch(torch, beside_torch, numbers, name, settings):
    beside_torch(getattr(nn, name)(**settings), getattr(torch.nn, name)(**settings), numbers(2, 7))


@pytest.mark.parity
@pytest.mark.parametrize("name", ["MaxPool2d", "AvgPool2d"])
@pytest.mark.parametrize("settings", [{"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}])
def test_pooling_over_an_image_equals_torch(torch, beside_torch, numbers, name, settings):
    beside_torch(getattr(nn, name)(**settings), getattr(torch.nn, name)(**settings), numbers(2, 6, 5))


@pytest.mark.parity
def test_a_convolutional_network_equals_torch(torch, same, numbers):
    ours = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.Tanh(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8, 3),
    )
    ours.load_state_dict({f"layers.{name}": t.tolist() for name, t in theirs.state_dict().items()})
    x = numbers(2, 1, 6, 6)
    nn.cross_entropy(ours(x), [0, 2]).backward()
    torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor([0, 2])).backward()
    same([p.grad for p in ours.parameters()], torch.cat([p.grad.reshape(-1) for p in theirs.parameters()]))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv1d(2, 2, 2), (2, 3)),
        (nn.Conv2d(1, 2, 2, padding=1), (1, 2, 2)),
        (nn.MaxPool2d(2), (1, 2, 4)),
        (nn.AvgPool1d(2), (2, 4)),
    ],
)
def test_sliding_layers_pass_check_gradients(layer, shape, passes_check, numbers):
    passes_check(layer, numbers(*shape))


def test_every_output_number_is_one_node():
    out = nn.Conv2d(1, 2, 3)([[[0.5] * 4 for _ in range(4)]])
    order = ag.topological_order([v for channel in out for row in channel for v in row])
    assert [node.op.name for node in order if node.parents] == ["dot"] * 2 * 2 * 2


def test_equal_maxima_share_the_gradient():
    x = [[ag.Value(1.0), ag.Value(1.0)]]
    nn.MaxPool1d(2)(x)[0][0].backward()
    assert [v.grad for v in x[0]] == [0.5, 0.5]


def test_the_wrong_nesting_is_named():
    with pytest.raises(
        ValueError, match=r"takes one sample as \[channel\]\[row\]\[column\], got lists nested 1 deep"
    ):
        nn.Conv2d(1, 1, 2)([1.0, 2.0])


def test_the_wrong_number_of_channels_is_named():
    with pytest.raises(
        ValueError, match=r"Conv1d\(2 -> 1, 2\) and got 1 channels. Give 2 channels per sample"
    ):
        nn.Conv1d(2, 1, 2)([[1.0, 2.0]])


def test_a_window_larger_than_the_sample_is_named():
    with pytest.raises(ValueError, match="window of 3 does not fit into 2 with padding 0"):
        nn.Conv1d(1, 1, 3)([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("layer", "sample"),
    [
        (nn.Conv1d(2, 1, 2), [[1.0, 2.0, 3.0], [1.0, 2.0]]),
        (nn.MaxPool1d(2), [[1.0, 2.0, 3.0], [1.0, 2.0]]),
        (nn.AvgPool1d(2), [[1.0, 2.0], [1.0, 2.0, 3.0]]),
        (nn.Conv2d(1, 1, 2), [[[1.0, 2.0], [1.0]]]),
        (nn.MaxPool2d(1), [[[1.0], [1.0, 2.0]]]),
        (nn.AvgPool2d(1), [[[1.0, 2.0], 3.0]]),
        (nn.Flatten(), [[1.0, 2.0], [3.0]]),
    ],
    ids=repr,
)
def test_a_ragged_sample_is_refused_alone_and_in_a_batch(layer, sample):
    for x in (sample, [sample]):
        with pytest.raises(ValueError, match="got lists of different lengths"):
            layer(x)


@pytest.mark.parametrize("make", [nn.MaxPool1d, nn.MaxPool2d, nn.AvgPool1d, nn.AvgPool2d])
def test_padding_of_more_than_half_a_window_is_refused_when_a_pool_is_made(make):
    assert make(2, padding=1).padding[0] == 1
    with pytest.raises(ValueError, match="padding"):
        make(2, padding=2)
