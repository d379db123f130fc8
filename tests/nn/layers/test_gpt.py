import random

import numpy as np
import pytest

import autograd as ag
import nn


@pytest.fixture
def model():
    random.seed(3)
    return nn.GPT(vocab_size=5, block_size=6, dim=4, heads=2, layers=2, std=0.5)


def test_generating_with_the_cache_gives_what_the_whole_text_gives(model):
    text = [4]
    for _ in range(4):
        logits = [z.data for z in model(text)[-1]]
        text.append(logits.index(max(logits)))
    assert model.generate(4, temperature=0, length=4) == text[1:]


def test_the_same_seed_gives_the_same_text(model):
    texts = [model.generate(4, seed=seed) for seed in range(20)]
    assert texts == [model.generate(4, seed=seed) for seed in range(20)]
    assert len({tuple(text) for text in texts}) > 5


def test_low_temperature_draws_the_likeliest(model):
    assert model.generate(4, temperature=1e-3, seed=1) == model.generate(4, temperature=0)


def test_generating_stops_at_the_stop_token_and_records_no_graph(model):
    for seed in range(20):
        text = model.generate(4, stop=2, seed=seed)
        assert 2 not in text
        assert len(text) <= model.block_size


def test_frozen_parts_stay_to_the_bit_while_the_rest_learns(model):
    model.token_embedding.requires_grad_(False)
    model.blocks[0].requires_grad_(False)
    frozen = [p for p in model.parameters() if not p.requires_grad]
    before = [p.data for p in frozen]
    moving = [p.data for p in model.head.parameters()]
    optimizer = nn.AdamW(model.parameters(), lr=0.1)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = model.loss([4, 0, 1, 4])
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < losses[0]
    assert [p.data for p in frozen] == before
    assert all(a != p.data for a, p in zip(moving, model.head.parameters()))


@pytest.mark.parity
def test_loss_and_gradients_equal_the_same_model_in_torch(torch, same, model):
    F = torch.nn.functional
    w = {name: torch.tensor(x, requires_grad=True) for name, x in model.state_dict().items()}
    tokens = [4, 0, 3, 1, 4]

    def norm(x, weight):
        return F.rms_norm(x, (4,), weight, 1e-5)

    x = norm(w["token_embedding.weight"][tokens[:-1]] + w["position_embedding.weight"][:4], w["norm.weight"])
    for i in range(2):
        b = f"blocks.{i}."
        q, k, v = (norm(x, w[b + "norm1.weight"]) @ w[b + "attention.in_proj_weight"].T).chunk(3, -1)
        heads = [t.reshape(4, 2, 2).transpose(0, 1) for t in (q, k, v)]
        mixed = F.scaled_dot_product_attention(*heads, is_causal=True).transpose(0, 1).reshape(4, 4)
        x = x + mixed @ w[b + "attention.out_proj.weight"].T
        up = torch.relu(norm(x, w[b + "norm2.weight"]) @ w[b + "feed_forward.up.weight"].T)
        x = x + up @ w[b + "feed_forward.down.weight"].T
    expected = F.cross_entropy(x @ w["head.weight"].T, torch.tensor(tokens[1:]))
    expected.backward()
    loss = model.loss(tokens)
    loss.backward()
    assert loss.data == pytest.approx(expected.item(), rel=1e-12)
    for name, tensor in model.named_tensors():
        same(
            [[p.grad for p in row] if isinstance(row, list) else row.grad for row in tensor],
            w[name].grad,
            rel=1e-11,
        )


def test_a_text_longer_than_the_block_is_refused(model):
    with pytest.raises(ValueError, match="7 tokens are longer than block_size = 6"):
        model([0] * 7)


def test_a_loss_needs_two_tokens(model):
    with pytest.raises(ValueError, match="at least 2 tokens, one to see and one to predict; got 1"):
        model.loss([0])


def test_the_loss_of_a_gpt_passes_check_gradients():
    random.seed(3)
    small = nn.GPT(vocab_size=3, block_size=3, dim=2, heads=1, layers=1, std=0.5)
    report = ag.check_gradients(lambda _: small.loss([2, 0, 1, 2]), (small.parameters(),), tolerance=1e-5)
    assert report.checked > len(small.parameters())
    assert report.unmeasured == []


def test_a_text_comes_back():
    tokenizer = nn.CharTokenizer(["emma", "olivia"])
    assert tokenizer.decode(tokenizer.encode("olivia")) == "olivia"
    assert tokenizer.encode("am") == [tokenizer.boundary, 0, 4, tokenizer.boundary]
    assert tokenizer.size == len(set("emmaolivia")) + 1


def test_an_unknown_letter_is_named():
    with pytest.raises(ValueError, match="the tokenizer does not know 'z' in 'liz': it was made from 'il'"):
        nn.CharTokenizer(["il"]).encode("liz")


@pytest.mark.parametrize("token", [-1, 4, 1.0, True, "a", None], ids=repr)
def test_what_is_no_token_is_refused(token):
    t = nn.CharTokenizer(["abc"])
    assert t.decode(np.array([3, 0, 2, 3])) == "ac"
    with pytest.raises(ValueError, match=r"is none of this tokenizer: tokens are whole numbers from 0 to 3"):
        t.decode([0, token])
