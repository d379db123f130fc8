import re

from nn.fit.history import History
from nn.looking.curves import curves


def made():
    history = History()
    for epoch in (1, 2, 3):
        history.add(epoch, {"loss": 1 / epoch, "accuracy": epoch / 3, "val_loss": 2 / epoch})
    return history


def test_training_and_validation_share_a_panel():
    picture = curves(made())
    assert picture.count("<g ") == 2  # loss with val_loss; accuracy
    assert ">val_loss<" in picture


def test_gradient_norms_get_a_panel_of_their_own():
    history = made()
    history.steps["gradient_norm"] = [1.0, 0.1, 0.01]
    assert "length of the gradient" in curves(history)


def test_the_picture_is_written_to_a_file(tmp_path):
    picture = made().plot(tmp_path / "c.svg")
    assert (tmp_path / "c.svg").read_text() == picture


def test_the_same_history_gives_the_same_bytes():
    assert curves(made()) == curves(made())


def test_a_history_is_told_in_text_and_its_charts_are_shown_once_where_they_are_asked_for():
    history = made()
    assert not [name for name in dir(history) if name.startswith("_repr_")]
    assert repr(history).splitlines()[1].startswith("loss")


def test_the_charts_fit_side_by_side_into_a_cell():
    history = made()
    history.steps["gradient_norm"] = [1.0, 0.1, 0.01]
    width = float(re.search(r'width="([\d.]+)"', curves(history))[1])
    assert width <= 1000


def test_the_charts_are_described_in_words():
    assert "<desc>loss 1 to 0.3333, accuracy 0.3333 to 1, val_loss 2 to 0.6667</desc>" in curves(made())
