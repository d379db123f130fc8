"""What an epoch costs: the digits MLP, a small CNN and a GPT on names, beside the same model in torch.

    pip install -e ".[fast,parity]"
    python benchmarks/training.py [--share 1.0] [--json FILE]

Time is CPU time per epoch (one thread), memory the highest that Python's allocators held during an epoch
above what they held before. Each model starts from the same weights here and in torch, makes the same steps
of Adam, and the losses of the epoch are compared. Replay is `autograd.record` as `fit` uses it: a fit of one
epoch, which records, and what each further epoch costs; compiling the kernels is left out. micrograd has neither
cross-entropy nor convolution: see `benchmarks/eager.py`.
"""

import argparse
import gc
import json
import random
import time
import tracemalloc

import torch

import autograd as ag
import nn
from nn.data import digits, names

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
RATE = 0.01
MORE = 5  # epochs beyond the first, in a second fit: what a fit costs once is in the first


def mlp(share):
    X, y = digits("train")
    count = int(len(X) * share)
    ours = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    theirs = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    return ours, theirs, X[:count], y[:count], 32


def cnn(share):
    X, y = digits("train")
    count = int(len(X) * share)
    images = [[[x[8 * i : 8 * i + 8] for i in range(8)]] for x in X[:count]]
    ours = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10))
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(36, 10),
    )
    return ours, theirs, images, y[:count], 32


def same_start(ours, theirs):
    state = dict(zip(ours.state_dict(), (p.tolist() for p in theirs.parameters()), strict=True))
    ours.load_state_dict(state)


def measured(run):
    """CPU seconds of `run()`, and what it gave."""
    gc.collect()
    start = time.process_time()
    result = run()
    seconds = time.process_time() - start
    return seconds, result


def peak_of(run):
    """The most memory that Python held during `run()`, in MiB."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    run()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return peak / 2**20


def torch_epoch(theirs, X, y, size):
    x, target = torch.tensor(X), torch.tensor(y)
    optimizer = torch.optim.Adam(theirs.parameters(), lr=RATE)

    def epoch():
        total = 0.0
        for start in range(0, len(X), size):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                theirs(x[start : start + size]), target[start : start + size]
            )
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x[start : start + size])
        return total / len(X)

    return epoch


def fit_epoch(ours, X, y, size, replay, epochs=1):
    """A function that fits for so many epochs and returns the loss of the first."""
    ours.compile(lambda p: nn.Adam(p, lr=RATE), "cross_entropy")

    def epoch():
        settings = {"batch_size": size, "shuffle": False, "replay": replay, "verbose": False}
        return ours.fit(X, y, epochs=epochs, **settings)["loss"][0]

    return epoch


def classifier(make, share):
    """Eager, replay and torch on the same model; the losses of the first epoch must agree."""
    random.seed(0)
    torch.manual_seed(0)
    ours, theirs, X, y, size = make(share)
    same_start(ours, theirs)
    start = ours.state_dict()
    rows = {"parameters": len(ours.parameters()), "samples": len(X)}
    rows["eager s"], eager_loss = measured(fit_epoch(ours, X, y, size, False))
    rows["eager MiB"] = peak_of(fit_epoch(ours, X[: 4 * size], y[: 4 * size], size, False))
    rows["torch s"], torch_loss = measured(torch_epoch(theirs, X, y, size))
    for epochs in (1, 1, 1 + MORE):  # the first compiles or loads the kernels
        ours.load_state_dict(start)
        replayed = fit_epoch(ours, X, y, size, True, epochs)
        seconds, replay_loss = measured(replayed)
        if epochs == 1:
            rows["replay, fit of one epoch s"] = seconds
    rows["replay, each more s"] = (seconds - rows["replay, fit of one epoch s"]) / MORE
    worst = max(abs(loss / torch_loss - 1) for loss in (eager_loss, replay_loss))
    rows["losses agree to"] = worst
    return rows


def gpt(share):
    """One pass over names, one name a step: eager and replayed from the same start; torch has no such model."""
    random.seed(0)
    words = names()[: max(8, int(300 * share))]
    tokenizer = nn.CharTokenizer(words)
    texts = [tokenizer.encode(word) for word in words]
    model = nn.GPT(tokenizer.size, block_size=12, dim=16, heads=4, layers=1)
    start = model.state_dict()

    def eager(texts=texts):
        optimizer, losses = nn.Adam(model.parameters(), lr=RATE), []
        gc.disable()
        for text in texts:
            optimizer.zero_grad()
            loss = model.loss(text)
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
        gc.enable()
        return sum(losses) / len(losses)

    rows = {"parameters": len(model.parameters()), "samples": len(texts)}
    rows["eager s"], eager_loss = measured(eager)
    rows["eager MiB"] = peak_of(lambda: eager(texts[:4]))
    recorded = ag.record(model.loss, params=model.parameters())

    def replayed():
        optimizer = nn.Adam(model.parameters(), lr=RATE)
        return recorded.train(texts, batch_size=1, optimizer=optimizer)[0]

    for _ in range(3):  # two passes to record and compile the program of every length
        model.load_state_dict(start)
        rows["replay s"], replay_loss = measured(replayed)
    rows["losses agree to"] = abs(replay_loss / eager_loss - 1)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", type=float, default=1.0, help="part of the data to use")
    parser.add_argument("--json", help="also write the figures to this file")
    options = parser.parse_args()
    result = {}
    for name, rows in (
        ("MLP 64-32-10 on digits", lambda: classifier(mlp, options.share)),
        ("CNN on digits", lambda: classifier(cnn, options.share)),
        ("GPT on names", lambda: gpt(options.share)),
    ):
        result[name] = rows()
        shown = ", ".join(f"{key} {value:.4g}" for key, value in result[name].items())
        print(f"{name}: {shown}", flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
