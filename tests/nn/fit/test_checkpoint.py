import json
import math

import pytest

import nn

X = [[i / 8, 1 - i / 5] for i in range(8)]
Y = [x[0] - 2 * x[1] for x in X]


def compiled(hidden=3, seed=0):
    import random

    random.seed(seed)
    model = nn.Sequential(nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, 1))
    model.compile(lambda p: nn.Adam(p, lr=0.01))
    return model


def test_a_run_goes_on_as_if_it_had_never_stopped(tmp_path):
    path = str(tmp_path / "run.json")
    whole, first, second = compiled(), compiled(), compiled(seed=1)
    expected = whole.fit(X, Y, epochs=6, batch_size=3, verbose=False)
    first.fit(X, Y, epochs=4, batch_size=3, callbacks=[nn.Checkpoint(path)], verbose=False)
    history = second.fit(X, Y, epochs=6, batch_size=3, resume=path, verbose=False)
    assert second.state_dict() == whole.state_dict()
    assert history.history == expected.history
    assert history.steps == expected.steps
    assert history.epoch == [1, 2, 3, 4, 5, 6]


def test_load_checkpoint_gives_weights_and_history(tmp_path):
    path = tmp_path / "run.json"
    model, other = compiled(), compiled(seed=1)
    history = model.fit(X, Y, epochs=2, callbacks=[nn.Checkpoint(path)], verbose=False)
    assert nn.load_checkpoint(path, other)["loss"] == history["loss"]
    assert other.state_dict() == model.state_dict()


def test_with_monitor_only_better_epochs_are_written(tmp_path):
    path = str(tmp_path / "{epoch}.json")
    losses = {1: 3.0, 2: 4.0, 3: 1.0}

    class Pretend(nn.Callback):
        def on_epoch_end(self, run):
            run.logs["val_loss"] = losses[run.epoch]

    compiled().fit(
        X, Y, epochs=3, callbacks=[Pretend(), nn.Checkpoint(path, monitor="val_loss")], verbose=False
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.json", "3.json"]


def test_every_second_epoch(tmp_path):
    compiled().fit(
        X, Y, epochs=5, callbacks=[nn.Checkpoint(str(tmp_path / "{epoch}.json"), every=2)], verbose=False
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2.json", "4.json"]


def written(tmp_path):
    path = tmp_path / "run.json"
    compiled().fit(X, Y, callbacks=[nn.Checkpoint(path)], verbose=False)
    return path


def test_a_checkpoint_cut_short_is_one_clear_error_and_changes_nothing(tmp_path):
    path = written(tmp_path)
    path.write_text(path.read_text()[:200])
    model = compiled()
    before = model.state_dict()
    message = r"run.json is not a complete checkpoint \(line 1, column \d+\): it was cut short or edited"
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, resume=str(path), verbose=False)
    with pytest.raises(ValueError, match=message):
        nn.load_checkpoint(path, model)
    assert model.state_dict() == before


def test_a_checkpoint_of_another_architecture_is_refused_and_changes_nothing(tmp_path):
    model = compiled(hidden=4)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"layers.0.weight has the shape \(4, 2\) here and \(3, 2\) there"):
        model.fit(X, Y, resume=str(written(tmp_path)), verbose=False)
    assert model.state_dict() == before


def test_an_optimizer_that_does_not_fit_leaves_the_weights_alone(tmp_path):
    path, model = written(tmp_path), compiled(seed=1)
    before = model.state_dict()
    with pytest.raises(ValueError, match="the saved state has groups of"):
        nn.load_checkpoint(path, model, nn.Adam(model.parameters()[:2]))
    assert model.state_dict() == before


def test_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"weights": {}}))
    with pytest.raises(ValueError, match="is no checkpoint of this library"):
        nn.load_checkpoint(path, compiled())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        nn.load_checkpoint(tmp_path / "nowhere.json", compiled())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"null", b'{"format": "scalar-autograd checkpoint"}'])
def test_a_file_of_another_kind_is_named_and_changes_nothing(content, tmp_path):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    model = nn.Linear(2, 1)
    before = model.state_dict()
    with pytest.raises(ValueError, match="is no checkpoint"):
        nn.load_checkpoint(path, model)
    assert model.state_dict() == before


def test_a_history_that_cannot_be_read_leaves_the_weights_alone(tmp_path):
    path, model = written(tmp_path), compiled(seed=1)
    path.write_text(json.dumps({**json.loads(path.read_text()), "history": 7}))
    before = model.state_dict()
    with pytest.raises(ValueError, match="is no checkpoint of this library"):
        nn.load_checkpoint(path, model)
    assert model.state_dict() == before


class Numbers(nn.Callback):
    """Puts given numbers into the epochs."""

    def __init__(self, numbers):
        self.numbers = numbers

    def on_epoch_end(self, run):
        run.logs["val_f1"] = self.numbers[run.epoch - 1]


@pytest.mark.parametrize(
    ("mode", "every", "kept"), [("min", 1, 1), ("max", 1, 5), ("min", 2, 2), ("max", 2, 4), ("min", 5, 5)]
)
def test_of_the_epochs_that_may_be_written_the_best_is_kept(tmp_path, mode, every, kept):
    path = tmp_path / "best.json"
    keep = nn.Checkpoint(path, monitor="val_f1", every=every, mode=mode)
    model = nn.Sequential(nn.Linear(1, 1))
    model.compile("sgd", "mse")
    numbers = [0.1, 0.2, math.nan, 0.4, 0.5]
    model.fit([[1.0]], [1.0], epochs=5, callbacks=[Numbers(numbers), keep], verbose=False)
    assert nn.load_checkpoint(path, model).epoch[-1] == kept


def test_a_number_of_unknown_direction_is_taken_as_falling_and_said_so(tmp_path):
    with pytest.warns(RuntimeWarning, match="takes it as falling: write mode="):
        nn.Checkpoint(tmp_path / "best.json", monitor="val_f1")


def places_in(x, path=()):
    """Give the path to everything in nested dicts and lists, of lists to the first two."""
    if path:
        yield path
    for key in x if isinstance(x, dict) else range(min(len(x), 2)) if isinstance(x, list) else ():
        yield from places_in(x[key], (*path, key))


def told_of(path):
    """Give what is said of a checkpoint after its name, "" where a run goes on from it."""
    try:
        compiled().fit(X, Y, epochs=2, resume=path, verbose=False)
    except ValueError as error:
        return str(error).split(path.name, 1)[1]
    return ""


@pytest.mark.parametrize("new", ["missing", None, "x", [], {}, -1, True])
def test_whatever_of_a_checkpoint_is_missing_or_of_another_kind_is_told_in_words(tmp_path, new):
    path, damaged = tmp_path / "run.json", tmp_path / "damaged.json"
    compiled().fit(X, Y, epochs=1, callbacks=[nn.Checkpoint(path)], verbose=False)
    written = path.read_text(encoding="utf-8")
    for place in places_in(json.loads(written)):
        if place[:2] == ("modules", "now"):
            continue  # attributes of modules, which may be of any kind
        content = json.loads(written)
        inner = content
        for key in place[:-1]:
            inner = inner[key]
        if new == "missing":
            del inner[place[-1]]
        else:
            inner[place[-1]] = new
        damaged.write_text(json.dumps(content), encoding="utf-8")
        said = told_of(damaged)
        assert "object is not" not in said.partition("so it was edited or damaged")[0], (place, said)
        assert len(said) > 25 or not said, (place, said)
