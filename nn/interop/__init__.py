"""Weights to and from other libraries: the same model runs there with the same numbers.

>>> import nn
>>> kernel, bias = keras_weights(nn.Linear(3, 2))
>>> len(kernel), len(kernel[0]), len(bias)
(3, 2, 2)
"""

from __future__ import annotations

from nn.interop.keras import keras_weights, load_keras
from nn.interop.torch import load_torch, torch_state
from nn.interop.torch_network import to_torch

__all__ = ["keras_weights", "load_keras", "load_torch", "to_torch", "torch_state"]
