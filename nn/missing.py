"""Names of PyTorch and Keras that are not here: asking for one says what takes its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from nn.messages import problem

KERAS = {
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
    "ExponentialDecay": "callbacks=[nn.LearningRate(lambda o: nn.schedules.ExponentialLR(o, 0.9))]",
    "Layer": "a subclass of nn.Module: parameters in __init__, and `def forward(self, x)`",
    "Add": "a + b in `call`, of two results",
    "concatenate": "a + b, two lists in forward",
    "clone_model": "copy.deepcopy(model)",
    "TensorBoard": "history.plot()",
    "CSVLogger": "model.history.history, a dict of lists",
    "datasets": "nn.data.digits(), nn.data.moons(100)",
    "load_data": "nn.data.digits(), nn.data.moons(100)",
    "plot_model": "model.summary(), autograd.draw(loss)",
}


TORCH = {
    "compile": "autograd.record(f)",
    "jit": "autograd.record(f)",
    "vmap": "[f(x) for x in xs]",
    "from_numpy": "torch.tensor(array)",
    "einsum": "a @ b",
    "bmm": "[a @ b for a, b in zip(xs, ys)]",
    "fft": "fast.to_torch() of a recorded function, and PyTorch itself",
    "Function": "mine = autograd.op('mine', f, lambda x, y: 2 * x), the slope beside f",
    "set_default_dtype": "nothing: all numbers are double here",
}
NN = {
    "MultiheadAttention": "nn.MultiHeadAttention(size, heads)",
    "TransformerEncoderLayer": "nn.TransformerBlock(size, heads)",
    "Transformer": "nn.GPT(...)",
    "PReLU": "nn.LeakyReLU(slope)",
    "LazyLinear": "nn.Dense(outputs)",
    "Dropout2d": "nn.Dropout(p)",
    "AdaptiveAvgPool2d": "nn.AvgPool2d(size)",
    "NLLLoss2d": "nn.NLLLoss()",
    "DataParallel": "nn.parallel.Workers",
    "Tensor": "nn.Parameter([[1.0, 2.0]]), torch.tensor of `from nn import torch`",
    "tensor": "torch.tensor([[1.0, 2.0]]) after `from nn import torch`",
}


def refusing(module: str) -> Callable[[str], NoReturn]:
    """A module's `__getattr__`: it says what to write in the place of a name that another library has.

    Raises:
        ImportError: by what is returned, for a name of that library.
        AttributeError: by what is returned, for a name that nobody has.
    """
    known = KERAS if "keras" in module else TORCH if "torch" in module else NN

    def refuse(name: str) -> NoReturn:
        if name in known:
            raise problem(ImportError, "nn_missing", module=module, name=name, instead=known[name])
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return refuse
