"""Rules of this code base that no linter knows."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*.py"))
VAGUE = {"common", "helper", "helpers", "misc", "shared", "stuff", "tools", "util", "utils"}


def builtin_sums(text):
    """Give the lines that call Python's `sum` on anything but counts."""
    nodes = list(ast.walk(ast.parse(text)))
    imported = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    if "sum" in {alias.asname or alias.name for alias in imported}:
        return []
    calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "sum"]
    return [call.lineno for call in calls if not counts(call.args[0])]


def counts(terms):
    """Tell whether all terms are whole numbers: ones, lengths, or truths of comparisons."""
    term = getattr(terms, "elt", terms)
    return isinstance(term, ast.Compare) or re.match(r"1$|len\(|map\(len,", ast.unparse(term))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_floats_are_never_added_by_the_builtin_sum(path):
    # Python 3.12 changed it: sum([0.1] * 10) has other bits than before; use math.fsum or functools.reduce
    assert builtin_sums(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = sum(xs)", [1]),
        ("\nx = sum(a * b for a, b in pairs)", [2]),
        ("n = sum(1 for x in xs)", []),
        ("n = sum(len(x) for x in xs)", []),
        ("n = sum(x is y for x in xs)", []),
        ("from autograd.ops import sum\nx = sum(xs)", []),
    ],
)
def test_builtin_sums_are_found(text, lines):
    assert builtin_sums(text) == lines


# `math.fsum` raises where numbers or their sum are infinite: `special.total`, `autograd.fsum` do not
FSUM = {
    "drawing/arranging.py": "of lengths in a picture",
    "learning/init.py": "of two counts",
    "capture/variant.py": "of zeros and nan",
}


def test_sums_of_numbers_from_outside_do_not_raise():
    found = {
        "/".join(path.parts[-2:]) for path in SOURCES if "math.fsum(" in path.read_text(encoding="utf-8")
    }
    assert {name for name in found if not name.startswith("special/")} == set(FSUM)


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in SOURCES if {path.stem, path.parent.name} & VAGUE] == []


# Why a file is as short as it is; all others hold 60 lines to 400, `__init__` aside.
SHORT = {
    "autograd/__main__.py": "Python's name",
    "autograd/collector.py": "the core and nn both pause the collector by it",
    "autograd/drawing/axes.py": "charts of nn and the tangent both have axes",
    "autograd/exercise/small_net.py": "two files of exercises try learners' code on it",
    "autograd/replay/executors/arranged_variant.py": "all executors begin with it",
    "autograd/replay/executors/backends.py": "the door to the executors, which imports none of them",
    "autograd/replay/passes/codes.py": "what the passes write and the kernels read",
    "autograd/replay/this_thread.py": "the ground of capture and of all that calls functions",
    "autograd/replay/warming.py": "it imports every kernel, which nothing else does",
    "nn/keras/regularizers.py": "programs import `keras.regularizers`",
    "nn/keras/summary.py": "`Model` prints by it, `Sequential` asks it for shapes",
    "nn/learning/targets.py": "losses, metrics and `fit` read targets by it",
    "nn/looking/flowchart.py": "it draws no numbers, unlike the others there",
    "nn/optim.py": "programs import `nn.optim`",
    "nn/watching.py": "one name for all that looks at a run",
    "autograd/interop/asked.py": "what arrays, C and algebra all ask of a tape",
}


def test_files_are_neither_long_nor_short_without_a_reason():
    lines = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8").count("\n")
        for path in SOURCES
        if path.stem != "__init__"
    }
    assert {path for path, count in lines.items() if count < 60} == set(SHORT)
    assert [path for path, count in lines.items() if count > 400] == []


# What stands twice within a package, and why. A catalogue's file bears the name of what its texts are about.
FILES_TWICE = {
    "autograd": {
        "__init__.py": "Python's name",
        "ops.py": "the table, and the table as replay reads it",
    },
    "nn": {
        "__init__.py": "Python's name",
        **dict.fromkeys(
            ["callbacks.py", "losses.py", "metrics.py"], "Keras's path, which programs import by that name"
        ),
        "optim.py": "PyTorch's path to the room's file",
        "torch.py": "what programs call on torch, and what hands networks to PyTorch",
    },
}
CLASSES_TWICE = {
    "autograd": {
        "Graph": "ONNX's word in its file, ours elsewhere",
        "Guard": "interop's plain record of the recording's guard",
        "Operand": "interop's plain record of a row's operand; whatever takes operators",
        "Report": "what a check of gradients and what a check of somebody's engine found",
        "Step": "interop's plain record of a row of the tape; one edge of the chain rule",
        "Tensor": "a name's tensor, and ONNX's record of one",
    },
    "nn": dict.fromkeys(
        [
            "Adagrad",
            "Adam",
            "AdamW",
            "BinaryCrossentropy",
            "Callback",
            "CategoricalCrossentropy",
            "Dataset",
            "Dense",
            "Dropout",
            "ELU",
            "EarlyStopping",
            "Embedding",
            "Flatten",
            "Layer",
            "LeakyReLU",
            "Loss",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "MeanSquaredError",
            "MeanSquaredLogarithmicError",
            "Optimizer",
            "RMSprop",
            "ReLU",
            "ReduceLROnPlateau",
            "SGD",
            "Sequential",
            "Softmax",
            "SparseCategoricalCrossentropy",
        ],
        "nn.keras gives it under the name that it has there, with the settings of there",
    ),
}


def twice(names):
    """Give the names that stand more than once."""
    return {name for name, count in Counter(names).items() if count > 1}


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_no_name_stands_twice_in_a_package_without_a_reason(package):
    paths = [path for path in SOURCES if path.relative_to(ROOT).parts[0] == package]
    bodies = [ast.parse(path.read_text(encoding="utf-8")).body for path in paths]
    classes = [node.name for body in bodies for node in body if isinstance(node, ast.ClassDef)]
    files = [path.name for path in paths if path.parent.name != "messages" or path.stem == "__init__"]
    assert twice(files) == set(FILES_TWICE[package])
    assert twice(classes) == set(CLASSES_TWICE[package])


def test_no_test_is_skipped_for_a_library_that_an_extra_brings():
    """What `test` does not bring has the mark `parity`, and is run by `.ci/run` with nothing skipped."""
    call = "importor" + "skip("
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if call in path.read_text("utf-8")
    ]
    assert found == []
