"""The optimisers under PyTorch's path, `import nn.optim as optim`; they stand in `nn/learning/optim.py`.

A file, since type checkers and editors look for one where a program imports it by name.
"""

import sys
from typing import TYPE_CHECKING

from nn.learning.optim import SGD, Adagrad, Adam, AdamW, RMSprop, lr_scheduler
from nn.learning.optimizer import Optimizer
from nn.missing import refusing

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
sys.modules[f"{__name__}.lr_scheduler"] = lr_scheduler  # `from nn.optim.lr_scheduler import StepLR`


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
