"""What every program here trains: a small network on moons, and its recorded loss."""

import os
import random

import nn
from autograd import record
from nn.data import moons

RATE = 0.5
SAMPLES = int(os.environ.get("SAMPLES", "64"))

random.seed(0)
X, y = moons(SAMPLES, noise=0.1, seed=0)
model = nn.MLP(2, [16, 16, 1], act="tanh")


def loss(point, label):
    """One sample's."""
    return nn.bce_with_logits(model(point), label)


fast = record(loss, params=model.parameters())
