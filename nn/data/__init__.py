"""Data to learn on, and what is done to data before learning; needs the standard library alone.

A data set is a list of samples `X`, each a list of floats, and a list of targets `y` of the same length.
Everything random takes a `seed` and gives the same result for the same seed on every Python version.
"""

from typing import TYPE_CHECKING

from nn.data.files import Table, load_names, names, read_csv
from nn.data.images import augment, digits
from nn.data.loading import DataLoader, Dataset, Subset, TensorDataset, random_split
from nn.data.points import circles, moons, spiral, xor
from nn.data.preparation import batches, one_hot, standardize, train_val_split
from nn.missing import refusing

__all__ = [
    "DataLoader", "Dataset", "Subset", "Table", "TensorDataset", "augment", "batches", "circles", "digits",
    "load_names", "moons", "names", "one_hot", "random_split", "read_csv", "spiral", "standardize",
    "train_val_split", "xor",
]  # fmt: skip


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
