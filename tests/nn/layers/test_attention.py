import pytest

import nn
from nn.layers.attention import Cache


@pytest.mark.parity
@pytest.mark.parametrize("causal", [True, False])
def test_attention_equals_torch(torch, beside_torch, numbers, causal):
    ours, theirs = nn.MultiHeadAttention(6, 2, causal=causal), torch.nn.MultiheadAttention(6, 2)
    with torch.no_grad():
        theirs.in_proj_bias.copy_(torch.tensor(numbers(18)))
        theirs.out_proj.bias.copy_(torch.tensor(numbers(6)))
    mask = torch.triu(torch.ones(4, 4, dtype=torch.bool), 1) if causal else None
    beside_torch(ours, theirs, numbers(4, 6), run_theirs=lambda x: theirs(x, x, x, attn_mask=mask)[0])


@pytest.mark.parametrize(
    "layer",
    [nn.MultiHeadAttention(2, 1), nn.MultiHeadAttention(2, 2, causal=False), nn.FeedForward(2, 3, "tanh")],
)
def test_attention_passes_check_gradients(layer, passes_check, numbers):
    passes_check(layer, numbers(3, 2))


def test_a_transformer_block_passes_check_gradients(passes_check, numbers):
    passes_check(nn.TransformerBlock(2, 1, hidden=2, act="gelu"), numbers(2, 2))


def test_positions_one_by_one_with_a_cache_equal_the_whole_sequence(numbers):
    block, x, cache = nn.TransformerBlock(4, 2), numbers(3, 4), Cache()
    whole = block(x)
    for position, expected in zip(x, whole):
        (out,) = block([position], cache)
        assert [v.data for v in out] == [v.data for v in expected]


def test_a_causal_position_does_not_see_what_comes_after(numbers):
    layer, x = nn.MultiHeadAttention(4, 2), numbers(3, 4)
    first = [v.data for v in layer(x)[0]]
    x[2] = numbers(4)
    assert [v.data for v in layer(x)[0]] == first


def test_heads_must_share_evenly():
    with pytest.raises(ValueError, match="6 numbers cannot be shared evenly by 4 heads"):
        nn.MultiHeadAttention(6, 4)
