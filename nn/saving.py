"""Files of weights and runs: JSON that Python reads without running any of it; weights also as safetensors.

What is read is hostile until it was looked at: one message names file and entry, and nothing is loaded.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograd import Value, write_file
from autograd.number import is_list, map_nested, number_of, shape_of
from nn.messages import problem

FORMAT, CHECKPOINT = "scalar-autograd weights", "scalar-autograd checkpoint"
OBJECTS = "scalar-autograd objects"
SAFETENSORS = ".safetensors"
OF_TORCH, OF_KERAS = (".pt", ".pth"), (".keras", ".h5", ".hdf5")  # names that programs of theirs type
# what other libraries put behind the name of their files
FOREIGN = {
    **dict.fromkeys(OF_TORCH, "PyTorch"),
    **dict.fromkeys((".npz", ".npy"), "NumPy"),
    **dict.fromkeys(OF_KERAS, "Keras"),
    **dict.fromkeys((".pkl", ".pickle"), "pickle"),
    ".onnx": "ONNX",
    SAFETENSORS: "safetensors",
}
# how such a file begins, and how its weights come from there
THEIRS = {
    b"PK.*data[.]pkl|\x80.*l\xfc\x9cF\xf9": (
        "PyTorch",
        "import torch; nn.interop.load_torch(model, torch.load({path!r}))",
    ),
    b"PK.*(metadata|config)[.]json|\x89HDF": (
        "Keras",
        "nn.interop.load_keras(model, theirs), where theirs is the model that Keras has read from it",
    ),
}
DEEPEST = 32  # lists in lists of one entry

Name = str | os.PathLike[str]


def check_suffix(path: Name, *known: str) -> None:
    """Check that a name says no other kind of file than what is written.

    Raises:
        ValueError: it has the suffix of another library and is not among `known`.

    >>> check_suffix("run.json")
    """
    suffix = Path(path).suffix.lower()
    if suffix in FOREIGN and suffix not in known:
        options = " / ".join([str(Path(path).with_suffix(ending)) for ending in (".json", *known)])
        raise problem(ValueError, "nn_suffix", path=str(path), kind=FOREIGN[suffix], known=options)


def write_weights(
    path: Name, model: str, weights: dict[str, Any], known: tuple[str, ...] = (), **more: Any
) -> None:
    """Write weights by name, all digits of them; the file appears whole or not at all.

    Args:
        path: `.safetensors` is written by the library of that name, everything else as JSON.
        model: what the weights belong to, to be read by people.
        weights: nested lists of numbers by name.
        known: suffixes of another library that are taken all the same.
        more: what stands beside them in JSON.

    Raises:
        ValueError: a suffix of another library.
        ImportError: `.safetensors` without the extra.
    """
    check_suffix(path, SAFETENSORS, *known)
    if Path(path).suffix.lower() == SAFETENSORS:
        write_file(path, _as_safetensors(path, model, weights))
    else:
        write_file(path, as_json({"format": FORMAT, "model": model, "weights": weights, **more}))


def as_json(content: dict[str, Any]) -> str:
    """A line of JSON; NumPy's numbers and arrays are written as Python's."""
    return json.dumps(content, default=lambda x: x.tolist() if hasattr(x, "tolist") else float(x)) + "\n"


def read_weights(path: Name, known: tuple[str, ...] = ()) -> dict[str, Any]:
    """The weights in a file that `write_weights` wrote, or in a checkpoint: lists of finite numbers by name.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it was cut short, is of another kind, or holds something that is no weight.
    """
    check_suffix(path, SAFETENSORS, *known)
    if Path(path).suffix.lower() == SAFETENSORS:
        return checked_weights(path, _from_safetensors(path))
    content = read_json(path, "nn_file_broken", "nn_file_other", FORMAT, CHECKPOINT)
    return checked_weights(path, content.get("weights"))


def write_objects(path: Name, content: Any) -> None:
    """Write nested dicts and lists of numbers and strings; tensors in them come back as such.

    Raises:
        ValueError: the suffix of a library other than PyTorch.
    """
    check_suffix(path, *OF_TORCH)
    write_file(path, as_json({"format": OBJECTS, "content": _tensors_marked(content)}))


def read_objects(path: Name, tensor: Callable[[Any], Any]) -> Any:
    """What `write_objects` wrote, tensors made by `tensor`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is of another kind.
    """
    check_suffix(path, *OF_TORCH)
    content = read_json(path, "nn_file_broken", "nn_file_other", OBJECTS)

    def made(x: Any) -> Any:
        if isinstance(x, dict):
            parts = {name: made(part) for name, part in x.items()}
            return tensor(parts["tensor"]) if [*parts] == ["tensor"] else parts
        return [made(part) for part in x] if isinstance(x, list) else x

    with naming(path):
        return made(content["content"])


def _tensors_marked(x: Any) -> Any:
    if isinstance(x, Value) or (is_list(x) and type(x) not in (list, tuple)):  # lists that compute, arrays
        return {"tensor": map_nested(number_of, x)}
    if isinstance(x, dict):
        return {name: _tensors_marked(part) for name, part in x.items()}
    return [_tensors_marked(part) for part in x] if isinstance(x, (list, tuple)) else x


def read_json(path: Name, broken: str, other: str, wanted: str, *also: str) -> dict[str, Any]:
    """The content of a JSON file whose "format" is `wanted`, or one of `also`.

    Args:
        path: the file.
        broken: the message where it is no complete JSON.
        other: the message where it is of another kind.
        wanted: the kind.
        also: other kinds that have what is needed.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: as said, or a name stands twice in it, or it is nested or long beyond measure.
    """
    fields = {"path": str(path), "wanted": wanted}
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_named_once)
    except json.JSONDecodeError as error:
        cut_short = problem(ValueError, broken, line=error.lineno, column=error.colno, **fields)
        raise _foreign(path) or cut_short from None
    except UnicodeDecodeError:
        raise _foreign(path) or problem(ValueError, other, **fields) from None
    except _NamedTwiceError as twice:
        raise problem(ValueError, "nn_file_twice", path=str(path), name=str(twice)) from None
    except RecursionError:
        raise problem(ValueError, "nn_file_deep", path=str(path), most=DEEPEST, entry="") from None
    except ValueError:  # Python reads no whole number of more than 4300 digits
        raise problem(ValueError, "nn_file_long", path=str(path)) from None
    if not isinstance(content, dict) or content.get("format") not in (wanted, *also):
        raise problem(ValueError, other, **fields)
    return content


def checked_weights(path: Name, weights: Any) -> dict[str, Any]:
    """What a file has under "weights", after every entry was found to be a finite number.

    Raises:
        ValueError: the first entry that is not.
    """
    if not isinstance(weights, dict):
        raise problem(ValueError, "nn_file_entry", path=str(path), entry="weights", value=_short(weights))
    return {name: _checked(str(path), name, x, 0) for name, x in weights.items()}


@contextmanager
def naming(path: Name) -> Iterator[None]:
    """Put the file's name before what is wrong with its content.

    Raises:
        ValueError: for each ValueError inside, and for what Python says of entries that are missing or of
            another kind.
    """
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    except (TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"
        raise problem(ValueError, "nn_file_damaged", path=str(path), why=why) from None


def _foreign(path: Name) -> Exception | None:
    """What is wrong with a file that another library wrote, whatever it is called."""
    with open(path, "rb") as file:
        head = file.read(400)
    for start, (library, way) in THEIRS.items():
        if re.match(start, head, re.DOTALL):
            fields = {"path": str(path), "library": library, "way": way.format(path=str(path))}
            return problem(ValueError, "nn_file_theirs", **fields)
    return None


class _NamedTwiceError(ValueError):
    pass


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NamedTwiceError(next(name for name in names if names.count(name) > 1))
    return made


def _checked(path: str, entry: str, x: Any, depth: int) -> Any:
    if isinstance(x, list):
        if set(map(type, x)) == {float} and all(map(math.isfinite, x)):
            return x  # what nearly all are
        if depth == DEEPEST:
            raise problem(ValueError, "nn_file_deep", path=path, most=DEEPEST, entry=f" ({entry[:40]})")
        return [_checked(path, f"{entry}[{i}]", y, depth + 1) for i, y in enumerate(x)]
    if type(x) not in (int, float):
        raise problem(ValueError, "nn_file_entry", path=path, entry=entry, value=_short(x))
    try:
        number = float(x)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise problem(ValueError, "nn_file_not_finite", path=path, entry=entry, value=number)
    return number


def _short(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 40 else text[:37] + "..."


def _library() -> Any:
    try:
        import numpy  # noqa: F401  safetensors.numpy needs it and does not say so
        import safetensors.numpy
    except ImportError:
        raise problem(ImportError, "nn_needs_safetensors") from None
    return safetensors.numpy


def _as_safetensors(path: Name, model: str, weights: dict[str, Any]) -> bytes:
    import numpy as np

    library = _library()
    for name, x in weights.items():
        shape = shape_of(x)
        if isinstance(shape, str):
            fields = {"path": str(path), "entry": name, "shape": shape}
            raise problem(ValueError, "nn_file_ragged", kind="safetensors", **fields)
    arrays = {name: np.array(x, float) for name, x in weights.items()}
    written: bytes = library.save(arrays, metadata={"format": FORMAT, "model": model})
    return written


def _from_safetensors(path: Name) -> dict[str, Any]:
    library, content = _library(), Path(path).read_bytes()
    try:
        return {name: array.tolist() for name, array in library.load(content).items()}
    except Exception as error:  # the library has errors of its own, and NumPy no bfloat16
        fields = {"path": str(path), "kind": "safetensors", "reason": error}
        raise problem(ValueError, "nn_file_unreadable", **fields) from None
