"""The places under which programs, pickles and checkpoints know what stands in nn's rooms."""

import importlib
import pickle
import subprocess
import sys

import pytest

import nn
from nn.state import unpacked

NAMED_IN_TEXTS = [
    "activations", "callbacks", "convolution", "criteria", "data", "estimators", "functional", "historical",
    "history", "init", "interop", "interpretability", "keras", "losses", "metrics", "optim", "parallel",
    "progress", "recurrent", "regularisers", "schedules", "watching",
]  # fmt: skip
# where a class stood when its pickles were written
STOOD_IN = {
    "activations": "ReLU", "attention": "TransformerBlock", "callbacks": "EarlyStopping",
    "checkpoint": "Checkpoint", "convolution": "Conv2d", "criteria": "MSELoss", "gpt": "GPT",
    "history": "History", "layers": "Sequential", "module": "Module", "neuron": "MLP",
    "normalisation": "BatchNorm1d", "optim": "Adam", "optimizer": "Optimizer", "outputs": "Outputs",
    "recurrent": "GRUCell", "tokenizer": "CharTokenizer", "data.tables": "Table", "watching.film": "Film",
    "watching.flow": "Recipe",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED_IN_TEXTS)
def test_a_module_that_the_texts_name_is_imported_by_that_name(name):
    program = f"import nn.{name} as wanted, nn; assert wanted is nn.{name}"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(("module", "name"), STOOD_IN.items())
def test_a_pickle_from_before_the_rooms_finds_its_class(module, name):
    assert pickle.loads(f"cnn.{module}\n{name}\n.".encode()) is next(
        getattr(home, name) for home in (nn, nn.data, nn.watching) if hasattr(home, name)
    )


def test_a_checkpoint_from_before_the_rooms_finds_its_named_tuples():
    phase = nn.schedules.Phase(*range(len(nn.schedules.Phase._fields)))
    assert unpacked({"$named": ["nn.schedules", "Phase", list(phase)]}) == phase


def test_each_public_class_is_pickled_by_a_place_that_exists():
    for name in nn.__all__:
        thing = getattr(nn, name)
        if isinstance(thing, type):
            assert getattr(importlib.import_module(thing.__module__), name) is thing
