"""Neural networks built from scalar Values."""

try:
    import autograd.mixture  # noqa: F401  raises where another distribution named autograd is mixed in
except ModuleNotFoundError:  # that one stands in another folder, before ours
    import runpy
    from pathlib import Path

    runpy.run_path(str(Path(__file__).parent.parent / "autograd" / "mixture.py"))  # says so, and raises
    raise

import random
import sys
from typing import TYPE_CHECKING, Any

from autograd.settings import WHOLE, chosen_number
from nn import data, functional, historical, optim, watching
from nn.fit import callbacks, checkpoint, history, parallel, progress
from nn.fit.callbacks import ClipGradients, EarlyStopping, GradientNorms, LearningRate
from nn.fit.checkpoint import Checkpoint, load_checkpoint
from nn.fit.history import History
from nn.fit.run import Callback
from nn.historical import McCullochPitts, Perceptron
from nn.layers import activations, attention, convolution, criteria, gpt, neuron, normalisation, recurrent
from nn.layers.activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nn.layers.attention import Cache, FeedForward, MultiHeadAttention, TransformerBlock
from nn.layers.containers import ModuleDict, ModuleList
from nn.layers.convolution import AvgPool1d, AvgPool2d, Conv1d, Conv2d, MaxPool1d, MaxPool2d
from nn.layers.criteria import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from nn.layers.gpt import GPT, CharTokenizer
from nn.layers.linear import Dense, Dropout, Embedding, Flatten, Linear, Residual, Sequential
from nn.layers.neuron import MLP, Layer, Neuron
from nn.layers.normalisation import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from nn.layers.recurrent import GRUCell, LSTMCell, RNNCell, unroll
from nn.layers.sequences import GRU, LSTM, RNN
from nn.learning import init, losses, metrics, optimizer, regularisers, schedules
from nn.learning import regularisers as utils  # nn.utils.clip_grad_norm_, as in PyTorch
from nn.learning.losses import (
    bce,
    bce_with_logits,
    cross_entropy,
    half_sse,
    hinge,
    huber,
    kl_div,
    mae,
    mse,
    nll,
    smooth_l1,
)
from nn.learning.metrics import accuracy, r2
from nn.learning.optim import SGD, Adagrad, Adam, AdamW, RMSprop
from nn.learning.optimizer import Optimizer
from nn.learning.regularisers import clip_grad_norm_, clip_grad_value_, l1, l2
from nn.looking import interpretability
from nn.looking.audit import audit, gradients_of
from nn.looking.interpretability import integrated_gradients, saliency
from nn.missing import refusing
from nn.module import Module
from nn.outputs import Outputs
from nn.outputs import Result as Result  # a type, for annotations
from nn.parameters import Parameter

__all__ = [
    "ELU", "GELU", "GPT", "GRU", "LSTM", "MLP", "RNN", "SGD", "Adagrad", "Adam", "AdamW", "AvgPool1d",
    "AvgPool2d", "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "Cache", "Callback",
    "CharTokenizer", "Checkpoint", "ClipGradients", "Conv1d", "Conv2d", "CrossEntropyLoss", "Dense",
    "Dropout", "EarlyStopping", "Embedding", "FeedForward", "Flatten", "GRUCell", "GradientNorms",
    "GroupNorm", "History", "HuberLoss", "Identity", "KLDivLoss", "L1Loss", "LSTMCell", "Layer", "LayerNorm",
    "LeakyReLU", "LearningRate", "Linear", "LogSoftmax", "MSELoss", "MaxPool1d", "MaxPool2d",
    "McCullochPitts", "Module", "ModuleDict", "ModuleList", "MultiHeadAttention", "NLLLoss", "Neuron",
    "Optimizer", "Outputs", "Parameter", "Perceptron", "RMSNorm", "RMSprop", "RNNCell", "ReLU", "Residual",
    "Sequential", "SiLU", "Sigmoid", "SmoothL1Loss", "Softmax", "Softplus", "Tanh", "TransformerBlock",
    "accuracy", "audit", "bce", "bce_with_logits", "clip_grad_norm_", "clip_grad_value_", "criteria",
    "cross_entropy", "data", "functional", "gradients_of", "half_sse", "hinge", "historical", "huber", "init",
    "integrated_gradients", "kl_div", "l1", "l2", "load_checkpoint", "losses", "mae", "manual_seed", "mse",
    "nll", "optim", "r2", "saliency", "schedules", "smooth_l1", "unroll", "utils", "watching",
]  # fmt: skip


def manual_seed(seed: int) -> None:
    """Begin Python's random numbers anew: weights, dropout and orders are the same each time.

    Raises:
        TypeError: the seed is no whole number.

    >>> manual_seed(0)
    >>> first = Linear(2, 1).state_dict()
    >>> manual_seed(0)
    >>> Linear(2, 1).state_dict() == first
    True
    """
    random.seed(chosen_number("manual_seed", "seed", seed, WHOLE))


# Programs, pickles and checkpoints know these modules as nn.losses, nn.schedules, ..., without their rooms,
for _module in (
    *(activations, attention, convolution, criteria, gpt, neuron, normalisation, recurrent),
    *(init, losses, metrics, optimizer, regularisers, schedules),
    *(callbacks, checkpoint, history, parallel, progress),
    interpretability,
):
    sys.modules[f"nn.{_module.__name__.rpartition('.')[2]}"] = _module
# and a few classes by modules that have another name today.
for _name, _place in (
    ("tokenizer", "layers.gpt"),
    ("data.tables", "data.files"),
    ("watching.film", "looking.film"),
    ("watching.flow", "looking.gradients"),
):
    sys.modules[f"nn.{_name}"] = sys.modules[f"nn.{_place}"]

_ON_DEMAND = ("estimators", "interop", "keras", "torch")  # large, or not installed


if TYPE_CHECKING:  # a `__getattr__` would have a type checker take every name for one that is there
    from types import ModuleType

    from nn import interop as interop
    from nn import keras as keras

    estimators: ModuleType  # it imports nn itself
else:
    _refuse = refusing(__name__)

    def __getattr__(name: str) -> Any:
        if name in _ON_DEMAND:
            from importlib import import_module

            return import_module(f"nn.{name}")
        return _refuse(name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_ON_DEMAND])
