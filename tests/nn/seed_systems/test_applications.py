"""Rows 21, 22, 25, 26 and 28: images, sequences, sound, recommendations, language; each in seconds."""

import copy
import math
import random

import pytest

import autograd as ag
import nn
from autograd import UNSET, no_grad
from nn.data import digits
from nn.data import names as given_names


def accuracy(model, samples, labels):
    with no_grad():
        outputs = [model(x) for x in samples]
    right = [max(range(len(z)), key=lambda i: z[i].data) == t for z, t in zip(outputs, labels)]
    return right.count(True) / len(right)


def learn(model, samples, labels, epochs, lr, batch=8):
    """The plain loop with Adam."""
    optimizer, order, draw = nn.Adam(model.parameters(), lr=lr), list(range(len(samples))), random.Random(0)
    for _ in range(epochs):
        draw.shuffle(order)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            nn.cross_entropy([model(samples[i]) for i in rows], [labels[i] for i in rows]).backward()
            optimizer.step()


def test_row_21_a_small_cnn_tells_handwritten_digits_apart():
    random.seed(21)
    X, y = digits()
    chosen = [i for i, label in enumerate(y) if label < 3][:200]
    images = [[[X[i][8 * r : 8 * r + 8] for r in range(8)]] for i in chosen]
    labels = [y[i] for i in chosen]
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))
    learn(model, images[:120], labels[:120], epochs=5, lr=0.02)
    assert accuracy(model, images[120:], labels[120:]) >= 0.95


def test_row_21_a_gradient_passes_20_layers_only_with_residuals():
    def first_gradient(wrap):
        random.seed(5)
        blocks = [wrap(nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))) for _ in range(20)]
        out = nn.Sequential(*blocks)([0.5, -1.0, 0.25, 1.0])
        ag.sum([v * (1 + i) for i, v in enumerate(out)]).backward()
        return math.hypot(*[p.grad for p in blocks[0].parameters()])

    plain, residual = first_gradient(lambda block: block), first_gradient(nn.Residual)
    assert plain < 1e-8
    assert residual > 1.0


class Echo(nn.Module):
    """Says at each step what it heard one step before."""

    def __init__(self, cell):
        self.cell, self.head = cell, nn.Linear(cell.hidden_size, 1)

    def forward(self, bits):
        outputs, _ = nn.unroll(self.cell, [[b] for b in bits])
        return [self.head(h)[0] for h in outputs]


@pytest.mark.parametrize("kind", [nn.RNNCell, nn.GRUCell, nn.LSTMCell])
def test_row_22_a_recurrent_network_echoes_a_sequence(kind):
    random.seed(22)
    model, draw = Echo(kind(1, 4)), random.Random(1)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    for _ in range(100):
        bits = [float(draw.random() < 0.5) for _ in range(8)]
        optimizer.zero_grad()
        nn.bce_with_logits(model(bits)[1:], bits[:-1]).backward()
        optimizer.step()
    right = []
    with no_grad():
        for _ in range(25):
            bits = [float(draw.random() < 0.5) for _ in range(8)]
            right += [(z.data > 0) == (b > 0) for z, b in zip(model(bits)[1:], bits)]
    assert right.count(True) / len(right) >= 0.95


def test_row_25_a_convolution_tells_two_tones_in_noise_apart():
    random.seed(25)

    def recording(tone):
        frequency, phase = (0.12, 0.3)[tone], random.uniform(0, 2 * math.pi)
        return [[math.sin(2 * math.pi * frequency * t + phase) + random.gauss(0, 0.4) for t in range(24)]]

    labels = [i % 2 for i in range(160)]
    sounds = [recording(tone) for tone in labels]
    model = nn.Sequential(
        nn.Conv1d(1, 4, 7, stride=2), nn.ReLU(), nn.AvgPool1d(9), nn.Flatten(), nn.Linear(4, 2)
    )
    learn(model, sounds[:80], labels[:80], epochs=12, lr=0.05)
    assert accuracy(model, sounds[80:], labels[80:]) >= 0.95


class Recommender(nn.Module):
    """A rating is the product of what a person likes and what a film has."""

    def __init__(self, people, films, features):
        self.people, self.films = nn.Embedding(people, features), nn.Embedding(films, features)

    def forward(self, person, film):
        return ag.dot(self.people(person), self.films(film))


def test_row_26_embeddings_factorise_a_table_of_ratings():
    random.seed(26)
    likes = [[1.0, 0.2], [0.1, 1.5], [0.9, 0.9], [1.4, 0.0]]
    has = [[2.0, 0.5], [0.3, 2.5], [1.0, 1.0]]
    table = {(p, f): likes[p][0] * has[f][0] + likes[p][1] * has[f][1] for p in range(4) for f in range(3)}
    hidden = (2, 1)
    known = {pair: rating for pair, rating in table.items() if pair != hidden}
    model = Recommender(people=6, films=3, features=2)  # persons 4 and 5 never rate
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        nn.mse([model(p, f) for p, f in known], list(known.values())).backward()
        for row in model.people.weight[4:]:
            assert all(v.grad == 0.0 and v.grad is UNSET for v in row)
        optimizer.step()
    assert all(model(p, f).data == pytest.approx(rating, abs=0.02) for (p, f), rating in known.items())
    assert model(*hidden).data == pytest.approx(table[hidden], abs=0.3)  # never told


def test_row_28_a_gpt_is_trained_on_names_samples_and_is_fine_tuned_with_frozen_parts():
    random.seed(28)
    names = [name for name in given_names() if len(name) <= 6][:120]
    tokenizer = nn.CharTokenizer(names)
    texts = [tokenizer.encode(name) for name in names]
    model = nn.GPT(tokenizer.size, block_size=8, dim=8, heads=2, layers=1)
    train_on(model, texts, steps=110, lr=0.02)
    with no_grad():
        loss = math.fsum(model.loss(text).data for text in texts[:40]) / 40
    assert loss < 2.3  # untrained: log(27) = 3.3
    edge = tokenizer.boundary
    samples = [
        tokenizer.decode(model.generate(edge, stop=edge, temperature=0.8, seed=seed)) for seed in range(5)
    ]
    assert samples == [
        tokenizer.decode(model.generate(edge, stop=edge, temperature=0.8, seed=seed)) for seed in range(5)
    ]
    assert all(0 < len(sample) <= 8 for sample in samples)

    tuned = copy.deepcopy(model)
    for part in (tuned.token_embedding, tuned.position_embedding, tuned.blocks[0].attention):
        part.requires_grad_(False)
    frozen = [p for p in tuned.parameters() if not p.requires_grad]
    before = [p.data for p in frozen]
    ending_in_a = [text for text in texts if text[-2] == tokenizer.encode("a")[1]]
    share = ends_in_a(tuned, tokenizer)
    train_on(tuned, ending_in_a, steps=40, lr=0.02)
    assert [p.data for p in frozen] == before
    assert 0 < len(frozen) < len(tuned.parameters())
    assert ends_in_a(tuned, tokenizer) > share + 0.2


def train_on(model, texts, steps, lr):
    optimizer = nn.Adam(model.parameters(), lr=lr, betas=(0.85, 0.99))
    for step in range(steps):
        optimizer.zero_grad()
        model.loss(texts[step % len(texts)]).backward()
        optimizer.step()


def ends_in_a(model, tokenizer):
    edge = tokenizer.boundary
    texts = [tokenizer.decode(model.generate(edge, stop=edge, seed=seed)) for seed in range(40)]
    return sum(text.endswith("a") for text in texts) / len(texts)
