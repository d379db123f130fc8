"""Rows 23, 24, 27 and 33: pictures, language, a policy, and large batches in pieces."""

import math
import random
from collections import Counter
from itertools import pairwise

import pytest

import nn
from autograd import Value, log_softmax
from nn import data
from nn.fit.parallel import Workers


def test_row_23_an_mlp_reads_held_out_digits():
    random.seed(0)
    model = nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))
    model.compile(lambda p: nn.Adam(p, lr=0.01), "cross_entropy", metrics=["accuracy"])
    X, y = data.digits("train")
    history = model.fit(X, y, epochs=5, batch_size=16, validation_data=data.digits("val"), verbose=False)
    assert history["val_accuracy"][-1] >= 0.95


def test_row_23_a_small_cnn_reads_held_out_digits():
    def images(split):
        X, y = data.digits(split)
        return [[[x[8 * i : 8 * i + 8] for i in range(8)]] for x in X], y

    random.seed(0)
    convolution = nn.Conv2d(1, 6, 3, stride=2, padding=1)
    model = nn.Sequential(convolution, nn.ReLU(), nn.Flatten(), nn.Linear(96, 10))
    model.compile(lambda p: nn.Adam(p, lr=0.02), "cross_entropy", metrics=["accuracy"])
    X, y = images("train")
    model.fit(X[:700], y[:700], epochs=3, batch_size=16, verbose=False)
    assert model.evaluate(*images("val"))[1] >= 0.9


REVIEWS = {
    "a wonderful film full of joy": 1, "boring and far too long": 0, "the joy of a great story": 1,
    "a dull story badly told": 0, "wonderful actors and a great end": 1, "bad from the first minute": 0,
    "great fun and full of warmth": 1, "dull actors in a bad film": 0, "a warm and wonderful story": 1,
    "a boring story told too long": 0,
}  # fmt: skip
UNSEEN = {"great actors and a wonderful story": 1, "a boring and bad film": 0, "full of joy": 1, "dull": 0}


def test_row_24_a_bag_of_words_tells_good_reviews_from_bad():
    words = sorted({word for review in REVIEWS for word in review.split()})
    place = {word: i for i, word in enumerate(words)}

    def bag(review):
        return {place[word]: 1.0 for word in review.split() if word in place}

    random.seed(0)
    model = nn.Sequential(nn.Linear(len(words), 1))
    model.compile(lambda p: nn.Adam(p, lr=0.1), "bce_with_logits", metrics=["accuracy"])
    model.fit([bag(review) for review in REVIEWS], list(REVIEWS.values()), epochs=40, verbose=False)
    assert model.evaluate([bag(review) for review in UNSEEN], list(UNSEEN.values()))[1] == 1.0


def bigram_loss(texts, held_out, size):
    """Cross-entropy of counted pairs of letters, each pair counted once more (Laplace)."""
    pairs = Counter(pair for text in texts for pair in pairwise(text))
    firsts = Counter(first for text in texts for first in text[:-1])
    shares = [(pairs[pair] + 1) / (firsts[pair[0]] + size) for text in held_out for pair in pairwise(text)]
    return -math.fsum(math.log(share) for share in shares) / len(shares)


def test_row_24_a_gpt_learns_names_better_than_pairs_of_letters_do():
    names = data.names()[:340]
    tokenizer = nn.CharTokenizer(names)
    texts = [tokenizer.encode(name) for name in names]
    random.Random(0).shuffle(texts)
    texts, held_out = texts[:300], texts[300:]
    random.seed(1)
    model = nn.GPT(tokenizer.size, block_size=12, dim=8, heads=2, layers=1)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    for text in texts * 2:
        optimizer.zero_grad()
        model.loss(text).backward()
        optimizer.step()
    counts = [len(text) - 1 for text in held_out]
    losses = [model.loss(text).data * count for text, count in zip(held_out, counts)]
    assert math.fsum(losses) / math.fsum(counts) < bigram_loss(texts, held_out, tokenizer.size)
    edge = tokenizer.boundary
    drawn = [tokenizer.decode(model.generate(edge, edge, seed=seed)) for seed in range(20)]
    assert len([name for name in drawn if 2 <= len(name) <= 10 and set(name) & set("aeiouy")]) >= 15


def test_row_27_reinforce_finds_the_best_of_three_arms():
    draw = random.Random(0)
    chances = (0.2, 0.5, 0.8)
    scores = [Value(0.0) for _ in chances]
    optimizer = nn.SGD(scores, lr=0.1)
    baseline = 0.0
    for _ in range(1500):
        logs = log_softmax(scores)
        arm = draw.choices(range(3), [math.exp(x.data) for x in logs])[0]
        reward = float(draw.random() < chances[arm])
        optimizer.zero_grad()
        (-(reward - baseline) * logs[arm]).backward()
        optimizer.step()
        baseline += 0.05 * (reward - baseline)
    shares = [math.exp(x.data) for x in log_softmax(scores)]
    assert shares[2] > 0.9


def gradients(model, run):
    model.zero_grad()
    loss = run()
    return [loss, *[p.grad for p in model.parameters()]]


@pytest.fixture
def batch():
    random.seed(0)
    X, y = data.moons(23)
    return nn.MLP(2, [5, 1], act="tanh"), X, [2.0 * label - 1 for label in y]


def whole(model, X, y):
    loss = nn.mse([model(x) for x in X], y)
    loss.backward()
    return loss.data


def test_row_33_accumulated_gradients_are_those_of_the_large_batch(batch):
    model, X, y = batch

    def in_pieces():
        total = 0.0
        for start in range(0, 23, 7):
            said = [model(x) for x in X[start : start + 7]]
            piece = nn.mse(said, y[start : start + 7]) * (len(said) / 23)
            piece.backward()  # no zero_grad between the pieces
            total += piece.data
        return total

    expected = gradients(model, lambda: whole(model, X, y))
    assert gradients(model, in_pieces) == pytest.approx(expected, rel=1e-12)


def test_row_33_processes_share_a_batch(batch):
    model, X, y = batch
    expected = gradients(model, lambda: whole(model, X, y))
    with Workers(model, "mse", count=2) as workers:
        assert gradients(model, lambda: workers.gradients(X, y)) == pytest.approx(expected, rel=1e-12)
        for p in model.parameters():
            p.data += 0.1
        expected = gradients(model, lambda: whole(model, X, y))
        assert gradients(model, lambda: workers.gradients(X, y)) == pytest.approx(expected, rel=1e-12)


def test_row_33_mini_batches_see_every_sample_once():
    X, y = data.digits("val")
    seen = [label for _, labels in data.batches(X, y, size=64, seed=1) for label in labels]
    assert sorted(seen) == sorted(y)
