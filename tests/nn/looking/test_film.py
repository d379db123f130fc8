import nn
from nn.looking.film import LEVELS, Film

X, Y = nn.data.moons(12)


def filmed(film, epochs=3):
    model = nn.MLP(2, [3, 1])
    model.compile("sgd", loss="hinge")
    model.fit(X, [2 * label - 1 for label in Y], epochs=epochs, callbacks=[film], verbose=False)
    return film


def test_there_is_a_frame_before_learning_and_one_per_epoch():
    assert [frame.epoch for frame in filmed(Film()).frames] == [0, 1, 2, 3]


def test_long_runs_keep_every_so_many_epochs_and_the_last():
    film = filmed(Film(frames=2), epochs=7)
    assert [frame.epoch for frame in film.frames] == [0, 4, 7]
    assert film.frames[-1].numbers["loss"] == film.history["loss"][-1]


def test_only_the_largest_tensors_are_kept():
    assert list(filmed(Film(most_tensors=1)).frames[0].weights) == ["layers.0.w"]


def test_the_plane_is_kept_where_the_data_is_given():
    frame = filmed(Film(X, Y, size=4)).frames[-1]
    assert len(frame.plane) == 16
    assert set(frame.plane) <= set(LEVELS)
    assert filmed(Film()).frames[0].plane == ""


def test_a_second_run_starts_a_new_film():
    film = Film()
    filmed(film)
    assert len(filmed(film).frames) == 4
