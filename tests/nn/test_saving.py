import json
import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn import saving


@pytest.fixture(params=["json", "safetensors"])
def path(request, tmp_path):
    return tmp_path / f"w.{request.param}"


def test_files_keep_every_bit(path):
    state = {"w": [0.1 + 0.2, 5e-324, -0.0], "b": 1.7976931348623157e308, "m": [[1.0, 2.0]]}
    saving.write_weights(path, "Model()", state)
    found = saving.read_weights(path)
    assert {name: repr(x) for name, x in found.items()} == {name: repr(x) for name, x in state.items()}


@pytest.mark.parametrize("model", [nn.MLP(2, [3, 1]), nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))])
def test_a_model_comes_back_from_either_kind_of_file(model, path):
    before = model.state_dict()
    model.save(path)
    for p in model.parameters():
        p.data = 9.0
    model.load(path)
    assert model.state_dict() == before


def test_safetensors_are_what_the_library_itself_reads(tmp_path):
    from safetensors import numpy as library

    model = nn.Linear(2, 1)
    model.save(tmp_path / "w.safetensors")
    arrays = library.load_file(tmp_path / "w.safetensors")
    assert {name: x.tolist() for name, x in arrays.items()} == model.state_dict()


def test_a_failing_write_leaves_the_older_file(path):
    saving.write_weights(path, "Model()", {"w": 1.0})
    with pytest.raises((TypeError, ValueError)):
        saving.write_weights(path, "Model()", {"w": object()})
    assert saving.read_weights(path) == {"w": 1.0}


def test_numbers_and_arrays_of_numpy_are_written_as_pythons(tmp_path):
    saving.write_weights(tmp_path / "w.json", "Model()", {"w": [np.float32(0.5)], "b": np.ones(2)})
    assert saving.read_weights(tmp_path / "w.json") == {"w": [0.5], "b": [1.0, 1.0]}


HOSTILE = {
    "nan": ("NaN", r"layers.0.weight\[0\]\[1\] is nan"),
    "inf": ("-Infinity", r"layers.0.weight\[0\]\[1\] is -inf"),
    "beyond the floats": ("1e400", r"layers.0.weight\[0\]\[1\] is inf"),
    "an int beyond the floats": ("1" + "0" * 400, r"layers.0.weight\[0\]\[1\] is inf"),
    "an int of many digits": ("1" + "0" * 5000, "a whole number of thousands of digits"),
    "text": ('"0.5"', r"layers.0.weight\[0\]\[1\] is '0.5', and no number"),
    "true": ("true", r"layers.0.weight\[0\]\[1\] is True, and no number"),
    "null": ("null", r"layers.0.weight\[0\]\[1\] is None, and no number"),
    "a dict": ('{"a": 1}', r"layers.0.weight\[0\]\[1\] is {'a': 1}, and no number"),
    "a list too much": ("[1.0]", "layers.0.weight has the shape"),
    "a number too much": ("1.0, 2.0", "layers.0.weight has the shape"),
    "nested deep": ("[" * 60 + "]" * 60, r"nested more than 32 deep \(layers.0.weight"),
    "nested beyond Python": ("[" * 200_000 + "]" * 200_000, "nested more than 32 deep"),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("file", ["weights", "checkpoint"])
def test_what_is_no_weight_is_one_message_with_file_and_entry_and_nothing_is_loaded(kind, file, tmp_path):
    text, message = HOSTILE[kind]
    model, path = nn.Sequential(nn.Linear(2, 1)), tmp_path / "run.json"
    model.load_state_dict({"layers.0.weight": [[0.25, 0.123]], "layers.0.bias": [0.0]})
    if file == "weights":
        model.save(path)
    else:
        model.compile(lambda p: nn.SGD(p, lr=0.0))
        model.fit([[1.0, 2.0]], [1.0], callbacks=[nn.Checkpoint(path)], verbose=False)
    path.write_text(path.read_text().replace("0.123", text, 1))
    before = model.state_dict()
    with pytest.raises(ValueError, match=message) as caught:
        model.load(path) if file == "weights" else nn.load_checkpoint(path, model)
    assert str(caught.value).startswith(str(path))
    assert model.state_dict() == before


def test_a_name_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "w.json"
    path.write_text('{"format": "scalar-autograd weights", "weights": {"w": 1.0, "w": 2.0}}')
    with pytest.raises(ValueError, match=r"w.json holds 'w' twice"):
        saving.read_weights(path)


@pytest.mark.parametrize("weights", ["[1.0]", "null", "3"])
def test_weights_without_names_are_refused(weights, tmp_path):
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"format": saving.FORMAT, "weights": json.loads(weights)}))
    with pytest.raises(ValueError, match=r"w.json: weights is .* and no number"):
        saving.read_weights(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[]", b'{"format": "other"}', b"junk"])
@pytest.mark.parametrize("suffix", ["json", "safetensors"])
def test_a_file_of_another_kind_is_named(content, suffix, tmp_path):
    path = tmp_path / f"w.{suffix}"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"w.{suffix}"):
        saving.read_weights(path)


def test_nan_in_safetensors_is_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    saving.write_weights(path, "Model()", {"w": [1.0, math.nan]})
    with pytest.raises(ValueError, match=r"w.safetensors: w\[1\] is nan"):
        saving.read_weights(path)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".npz", ".NPY", ".h5", ".keras", ".pkl", ".onnx"])
def test_a_suffix_of_another_library_is_refused_and_nothing_written(suffix, tmp_path):
    path = tmp_path / f"w{suffix}"
    model = nn.Linear(1, 1)
    for refused in (lambda: model.save(path), lambda: model.load(path), lambda: nn.Checkpoint(path)):
        with pytest.raises(ValueError, match=r"has the suffix of another kind of file.*: write .*w\.json"):
            refused()
    assert list(tmp_path.iterdir()) == []


def test_what_is_ragged_goes_to_json_alone(tmp_path):
    weights = {"w": [[1.0], [1.0, 2.0]]}
    with pytest.raises(ValueError, match=r"w has the shapes \[\(1,\), \(2,\)\], and safetensors holds"):
        saving.write_weights(tmp_path / "w.safetensors", "", weights)
    saving.write_weights(tmp_path / "w.json", "", weights)
    assert saving.read_weights(tmp_path / "w.json") == weights


def test_a_file_that_does_not_fit_is_named_with_the_entry_in_chinese_too(tmp_path):
    path = tmp_path / "w.json"
    nn.Linear(2, 1).save(path)
    ag.language("zh")
    try:
        with pytest.raises(ValueError, match=r"w.json: 保存的权重与 .*weight 在模型中的形状是"):
            nn.Linear(3, 1).load(path)
    finally:
        ag.language("en")
    assert json.loads(path.read_text())["format"] == saving.FORMAT


@pytest.mark.parametrize("name", ["model.pth", "model.pt"])
def test_pytorch_s_names_are_taken_in_its_door_and_tensors_come_back_as_tensors(name, tmp_path):
    from nn import torch

    path = str(tmp_path / name)
    model = nn.Linear(2, 1)
    torch.save({"epoch": 3, "model": model.state_dict(), "x": torch.tensor([1.0, 2.0])}, path)
    found = torch.load(path, weights_only=True, map_location="cpu")
    assert (found["epoch"], found["model"], (found["x"] * 2).tolist()) == (3, model.state_dict(), [2.0, 4.0])
    with pytest.raises(TypeError, match=r"write torch.save\(model.state_dict\(\), "):
        torch.save(model, path)


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.weights.h5"])
def test_keras_s_names_are_taken_in_its_door_by_checkpoints_too(name, tmp_path):
    from nn import keras

    path, x, y = tmp_path / name, [[1.0], [2.0]], [1.0, 2.0]
    model = keras.Sequential([keras.Dense(1, input_shape=(1,))])
    model.compile("adam", "mse")
    best = keras.callbacks.ModelCheckpoint(path, monitor="loss", save_best_only=True)
    for write in (model.save, model.save_weights, lambda _: model.fit(x, y, verbose=0, callbacks=[best])):
        write(path)
        again = keras.models.load_model(path)
        model.load_weights(path)
        assert (again.predict(x), again.evaluate(x, y)) == (model.predict(x), model.evaluate(x, y))


STARTS = {  # as these libraries write them
    "PyTorch": [b"PK\x03\x04 \x00archive/data.pklFB\x80", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."],
    "Keras": [b"PK\x03\x04 metadata.json{\x80", b"PK\x03\x04 config.json{", b"\x89HDF\r\n\x1a\n"],
}


@pytest.mark.parametrize(("library", "start"), [(name, x) for name, starts in STARTS.items() for x in starts])
def test_a_file_that_another_library_wrote_says_how_its_weights_come_here(library, start, tmp_path):
    from nn import keras, torch

    theirs = {"PyTorch": "model.pth", "Keras": "model.keras"}[library]
    (tmp_path / theirs).write_bytes(start)
    load = {"PyTorch": torch.load, "Keras": keras.models.load_model}[library]
    with pytest.raises(
        ValueError, match=rf"written by {library} itself, .*nn.interop.load_{library.lower()[-5:]}"
    ):
        load(str(tmp_path / theirs))
    ag.language("zh")
    try:
        with pytest.raises(ValueError, match=rf"是由 {library} 本身写的"):
            load(str(tmp_path / theirs))
    finally:
        ag.language("en")
