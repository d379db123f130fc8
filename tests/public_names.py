"""The public names of nn, and arguments with which each of them works: what tests walk over."""

import functools
import importlib
import inspect

import nn
import nn.keras
from autograd import Value, record

MODULES = [
    "nn", "nn.data", "nn.functional", "nn.init", "nn.keras", "nn.keras.layers", "nn.keras.losses",
    "nn.keras.metrics", "nn.keras.regularizers", "nn.parallel", "nn.schedules",
    "nn.watching",
]  # fmt: skip


def optimizer():
    return nn.SGD([Value(1.0)], lr=0.1)


def compiled():
    model = nn.Sequential(nn.Linear(2, 1))
    model.compile("sgd", "mse")
    return model


X, Y = [[0.0, 1.0], [1.0, 0.5]], [0.0, 1.0]

# what a required parameter may be given
GOOD = {
    "indices": [0], "x1": lambda: [[1.0, 2.0]], "x2": lambda: [[2.0, 1.0]],
    "optimizer": optimizer, "params": lambda: [Value(1.0)], "parameters": lambda: [Value(1.0)],
    "prediction": lambda: [0.5], "target": lambda: [1.0], "logits": lambda: [0.5], "score": lambda: [0.5],
    "x": lambda: [1.0, 2.0], "tensor": lambda: nn.init.empty(2, 3), "weights": lambda: [1.0, 2.0],
    "in_features": 2, "out_features": 2, "units": 2, "nin": 2, "nout": 2, "nouts": lambda: [2, 1], "dim": 4,
    "hidden": 4, "heads": 2, "embed_dim": 4, "num_heads": 2, "num_embeddings": 3, "embedding_dim": 2,
    "input_size": 2, "hidden_size": 2, "in_channels": 1, "out_channels": 1, "kernel_size": 2,
    "normalized_shape": 2, "num_features": 2, "vocab_size": 3, "block_size": 3, "max_norm": 1.0,
    "clip_value": 1.0, "baseline": lambda: [0.0, 0.0], "threshold": 1.0, "lr_lambda": lambda: float,
    "step_size": 2, "gamma": 0.5, "T_max": 3, "warmup_steps": 1, "total_steps": 4, "max_lr": 0.1, "size": 1,
    "film": nn.watching.Film, "num_groups": 2, "num_channels": 4, "dataset": lambda: [1.0, 2.0],
    "shape": lambda: (2,), "rate": 0.5, "input_dim": 3,
    "output_dim": 2, "initial_value": 1.0, "activation": "relu", "function": lambda: float, "metric": None,
    "name": "loss",
    "base_lr": 0.01, "T_0": 2, "milestones": lambda: [1], "seed": 0,
    "path": "weights.json", "filepath": "weights.json", "make": lambda: float, "model": compiled,
    "X": lambda: X, "y": lambda: Y, "numbers": lambda: [1.0], "recipe": lambda: nn.watching.RECIPES[0],
    "depth": 2, "loss": "mse", "history": nn.History, "f": lambda: sum, "nonlinearity": "relu",
    "predictions": lambda: [0.5], "targets": lambda: [1.0],
}  # fmt: skip


def public():
    """(label, callable) of every public class and function of nn, and of the methods that take settings."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for key in getattr(module, "__all__", vars(module)):
            thing = getattr(module, key)
            home = getattr(thing, "__module__", None) or ""
            own = home.startswith("nn.") if hasattr(module, "__all__") else home == module.__name__
            if own and not key.startswith("_") and (inspect.isclass(thing) or inspect.isfunction(thing)):
                found.setdefault(thing, f"{name}.{key}")
    yield from ((label, thing) for thing, label in found.items())
    model = compiled()
    w = Value(1.0)
    recorded = record(lambda x: w * x, params=[w], backend="python")
    history = nn.History()
    history.add(1, {"loss": 1.0})
    generate = functools.partial(nn.GPT(3, 3, 4, 2).generate, start=1)
    methods = [
        model.compile, functools.partial(model.fit, X, Y), functools.partial(model.evaluate, X, Y),
        functools.partial(model.predict, X), history.best, generate, record,
        functools.partial(nn.Perceptron(2).fit, X, [0, 1]), functools.partial(recorded.train, [1.0]),
        functools.partial(recorded.batch, [1.0]),
    ]  # fmt: skip
    for method in methods:
        yield getattr(method, "func", method).__qualname__, method


def good(thing, name):
    """Required arguments with which `thing` works, but for the one named."""
    label = getattr(thing, "__name__", "")
    special, found = {}, {}
    if label in ("cross_entropy", "nll"):
        special = {"logits": [0.5, 1.0], "log_shares": [-0.5, -1.0], "target": 0}
    if label == "OneCycleLR":
        special = {"max_lr": 0.1}
        found = {"epochs": 2, "steps_per_epoch": 2}
        found.pop(name, None)
    if label == "SequentialLR":
        steps = nn.SGD([Value(1.0)], lr=0.1)
        parts = [nn.schedules.StepLR(steps, 2), nn.schedules.StepLR(steps, 3)]
        special = {"optimizer": steps, "schedulers": parts, "milestones": [1]}
    if label == "kl_div":
        special = {"log_shares": [-0.5], "target": [1.0]}
    if label in ("Conv1d", "Conv2d", "TransformerBlock", "MultiHeadAttention", "GPT"):
        special = {"heads": 2}
    for p in inspect.signature(thing).parameters.values():
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name != name:
            value = special[p.name] if p.name in special else GOOD[p.name]
            found[p.name] = value() if callable(value) else value
    return found
