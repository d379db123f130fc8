"""Names of Keras that are not here: importing one says what takes its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from nn.messages import problem

INSTEAD = {
    "BatchNormalization": "nn.BatchNorm1d(n)",
    "LayerNormalization": "nn.LayerNorm(n)",
    "Conv1D": "nn.Conv1d(channels_in, channels_out, size)",
    "Conv2D": "nn.Conv2d(channels_in, channels_out, size)",
    "MaxPooling1D": "nn.MaxPool1d(size)",
    "MaxPooling2D": "nn.MaxPool2d(size)",
    "AveragePooling2D": "nn.AvgPool2d(size)",
    "SimpleRNN": "nn.RNN(inputs, hidden, batch_first=True)",
    "LSTM": "nn.LSTM(inputs, hidden, batch_first=True)",
    "GRU": "nn.GRU(inputs, hidden, batch_first=True)",
    "MultiHeadAttention": "nn.MultiHeadAttention(size, heads)",
    "Concatenate": "a + b, two lists in forward",
    "ReduceLROnPlateau": "nn.LearningRate(nn.schedules.ReduceLROnPlateau, monitor='loss')",
    "ExponentialDecay": "callbacks=[nn.LearningRate(lambda o: nn.schedules.ExponentialLR(o, 0.9))]",
    "TensorBoard": "history.plot()",
    "CSVLogger": "model.history.history, a dict of lists",
    "load_model": "the same layers, then model.load(path)",
    "datasets": "nn.data.digits(), nn.data.moons(100)",
    "load_data": "nn.data.digits(), nn.data.moons(100)",
    "plot_model": "model.summary(), autograd.draw(loss)",
}


def refusing(module: str) -> Callable[[str], NoReturn]:
    """A module's `__getattr__`: it says what to write in the place of a name that Keras has elsewhere."""

    def refuse(name: str) -> NoReturn:
        if name in INSTEAD:
            raise problem(ImportError, "keras_missing", module=module, name=name, instead=INSTEAD[name])
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return refuse
