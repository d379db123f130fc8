"""Every public name of PyTorch, Keras and JAX is here, or asking for it says what to write."""

import functools
import inspect
import pickle
import random
import re
from importlib import import_module

import pytest

import autograd as ag
import nn
import nn.keras
import nn.torch
from autograd import Value
from autograd.elsewhere import OF_A_NUMBER
from nn.keywords import UNTOLD
from nn.missing import OF_A_MODULE

KERAS = [
    "layers", "losses", "metrics", "callbacks", "optimizers", "initializers", "regularizers", "utils", "ops",
]  # fmt: skip
TORCH = {
    "torch": "nn.torch", "torch.nn": "nn", "torch.nn.functional": "nn.functional", "torch.optim": "nn.optim",
    "torch.optim.lr_scheduler": "nn.optim.lr_scheduler", "torch.utils.data": "nn.data",
    "torch.nn.init": "nn.init", "torch.cuda": "nn.torch.cuda", "torch.autograd": "nn.torch.autograd",
}  # fmt: skip


def unhelpful(theirs, ours):
    """The public names of `theirs` at which `ours` gives an error that says nothing."""
    found = []
    for name in dir(theirs):
        if name.startswith("_"):
            continue
        try:
            getattr(ours, name)
        except AttributeError as error:
            if f" has no {name}" not in str(error) or len(str(error)) < 40:
                found.append(name)
    return found


def module_at(path):
    """`nn.torch.cuda` is no file."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        place, _, name = path.rpartition(".")
        return getattr(import_module(place), name)


@pytest.mark.parity
@pytest.mark.parametrize("theirs", sorted(TORCH))
def test_every_name_of_pytorch_is_here_or_says_what_to_write(theirs):
    assert unhelpful(import_module(theirs), module_at(TORCH[theirs])) == []


@pytest.mark.parity
@pytest.mark.more
def test_every_name_of_keras_is_here_or_says_what_to_write(keras):
    assert unhelpful(keras, nn.keras) == []
    for part in KERAS:
        assert unhelpful(getattr(keras, part), getattr(nn.keras, part)) == []


@pytest.mark.parity
def test_every_method_of_a_tensor_is_one_of_our_lists_or_they_say_what_to_write():
    import torch

    assert unhelpful(torch.Tensor, nn.torch.tensor([1.0, 2.0])) == []


@pytest.mark.parity
def test_functions_of_arrays_that_jax_has_beside_numpy_s():
    import jax.numpy as jnp
    import numpy as np

    both = [name for name in dir(jnp) if hasattr(np, name) and not name.startswith("_")]
    assert len(both) > 300
    for name in both:
        assert hasattr(ag, name) or f"autograd has no {name}." in str(asked(ag, name))


def asked(thing, name):
    with pytest.raises(AttributeError) as caught:
        getattr(thing, name)
    return caught.value


@pytest.mark.parametrize("name", [name for names in OF_A_NUMBER.values() for name in names])
def test_what_people_ask_a_tensor_of_one_number(name):
    assert f"Value has no {name}: a Value is one number. Write " in str(asked(Value(1.0), name))
    assert not hasattr(Value(1.0), name)
    assert name not in dir(Value(1.0))


@pytest.mark.parametrize("name", [name for names in OF_A_MODULE.values() for name in names])
def test_what_people_ask_a_module(name):
    assert f"Linear has no {name} here. Write " in str(asked(nn.Linear(2, 1), name))


def test_a_module_may_use_these_names_itself():
    class Mine(nn.Module):
        def __init__(self):
            self.dtype, self.losses = "double", [1.0]

        def reset_parameters(self):
            return "mine"

    mine = Mine()
    assert (mine.dtype, mine.losses, mine.reset_parameters()) == ("double", [1.0], "mine")
    assert "cuda" not in mine.state_dict()


IMPORTS = [
    "from nn.keras.layers import Conv3D", "from nn.keras import applications", "from nn.torch import einsum",
    "from nn import Foo", "from autograd import matmul", "from nn.optim import LBFGS",
    "from nn.data import Sampler",
]  # fmt: skip


@pytest.mark.parametrize("program", IMPORTS)
def test_an_import_shows_the_sentence_too_in_both_languages(program):
    name = program.split()[-1]
    with pytest.raises(ImportError, match=rf" has no {name}"):
        exec(program)  # noqa: S102 - as a program has it
    ag.language("zh")
    try:
        with pytest.raises(ImportError, match=rf"没有 {name}"):
            exec(program)  # noqa: S102 - the same
    finally:
        ag.language("en")


def test_asking_whether_a_name_is_there_is_no_error():
    for place in (ag, nn, nn.torch, nn.keras, nn.keras.layers, nn.functional, nn.torch.cuda):
        assert not hasattr(place, "compile_everything")
        assert inspect.unwrap(place) is place


def told_of(place):
    """Every public function, class and method that a module of ours has, by name."""
    module = import_module(place)
    for name in getattr(module, "__all__", vars(module)):
        thing = getattr(module, name)
        own = getattr(thing, "__module__", "").startswith(
            "nn" if hasattr(module, "__all__") else module.__name__
        )
        if name[:1] != "_" and own and inspect.isfunction(thing):
            yield f"{place}.{name}", thing
        if name[:1] != "_" and own and inspect.isclass(thing):
            if thing.__init__ is not object.__init__ and not issubclass(thing, (list, random.Random)):
                yield f"{place}.{name}", thing
            for called in dir(thing):
                method = inspect.getattr_static(thing, called)
                if (
                    called[:1] != "_"
                    and called not in UNTOLD
                    and inspect.isfunction(method)
                    and method.__module__[:2] == "nn"
                ):
                    yield f"{place}.{name}.{called}", functools.partial(method, SELF)


SELF = object()
PLACES = [
    "nn", "nn.torch", "nn.functional", "nn.data", "nn.optim", "nn.init", "nn.schedules",
    "nn.keras", *(f"nn.keras.{part}" for part in KERAS),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_keyword_is_an_error_that_lists_those_that_there_are(place):
    seen = 0
    for path, thing in told_of(place):
        if any(x.kind is x.VAR_KEYWORD for x in inspect.signature(thing).parameters.values()):
            continue  # it takes all names and looks at them itself
        with pytest.raises(TypeError) as caught:
            thing(of_nobody=1)
        assert re.match(r"\w+ has no setting of_nobody here: leave it away. It has ", str(caught.value)), path
        seen += 1
    assert seen > 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            lambda: nn.optim.Adam([Value(1.0)], weigth_decay=0.1),
            "Adam .* weigth_decay here: write weight_decay. It",
        ),
        (lambda: nn.mse([1.0], [2.0], reduce=True), "mse has no setting reduce here: write reduction='sum'"),
        (lambda: nn.ReLU(slope=1), r"ReLU has no setting slope here: leave it away. It has none\."),
    ],
)
def test_the_nearest_keyword_or_what_to_write_instead_is_named(typed, said):
    with pytest.raises(TypeError, match=said):
        typed()
    ag.language("zh")
    try:
        with pytest.raises(TypeError, match=r"没有设置 \w+.请"):
            typed()
    finally:
        ag.language("en")


def test_keywords_of_other_libraries_that_change_nothing_run():
    assert nn.ReLU(inplace=True)([-1.0]) == [0.0]
    assert nn.functional.cross_entropy(input=[0.0, 0.0], target=1, size_average=None) == nn.cross_entropy(
        [0.0, 0.0], 1
    )
    assert nn.torch.sum(nn.torch.ones(2, 3), axis=0).tolist() == [2.0, 2.0, 2.0]
    assert nn.optim.Adam([Value(1.0)], fused=True).param_groups[0]["lr"] == 0.001
    nn.keras.Sequential([]).compile("sgd", jit_compile=True)


def test_functions_that_say_so_are_pickled_by_their_names():
    for function in (nn.mse, nn.accuracy, nn.data.moons, nn.functional.relu, nn.torch.zeros, nn.init.zeros_):
        assert pickle.loads(pickle.dumps(function)) is function
