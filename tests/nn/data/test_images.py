import hashlib
import struct

import pytest

from nn.data import augment, digits


def checksum(X):
    return hashlib.sha256(b"".join(struct.pack(f"<{len(row)}d", *row) for row in X)).hexdigest()[:16]


def test_there_are_1797_images_of_64_pixels_between_0_and_1():
    X, y = digits()
    assert len(X) == len(y) == 1797
    assert {len(image) for image in X} == {64}
    assert min(map(min, X)) == 0.0
    assert max(map(max, X)) == 1.0
    assert {type(pixel) for image in X for pixel in image} == {float}


def test_every_digit_occurs_about_equally_often():
    _, y = digits()
    counts = [y.count(digit) for digit in range(10)]
    assert counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_pixels_and_labels_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs = load_digits()
    X, y = digits()
    assert [[pixel * 16 for pixel in image] for image in X] == theirs.data.tolist()
    assert y == theirs.target.tolist()


def test_the_split_is_the_same_on_every_machine_and_loses_no_image():
    X_train, y_train = digits("train")
    X_val, y_val = digits("val")
    X, _ = digits()
    assert (len(X_train), len(X_val)) == (1438, 359)
    assert sorted(X_train + X_val) == sorted(X)
    assert (checksum(X_train), checksum(X_val)) == ("7834543545031676", "f3929faa84241a88")
    assert (y_train[:5], y_val[:5]) == ([6, 5, 8, 3, 5], [6, 9, 8, 4, 1])


def test_an_unknown_split_names_the_known_ones():
    with pytest.raises(ValueError, match="digits: split 'test' is not known: choose one of all, train, val"):
        digits("test")


def test_a_shifted_image_keeps_its_shape_and_gains_an_empty_edge():
    dot = [0.0] * 16
    dot[5] = 1.0  # row 1, column 1 of 4 x 4
    places = {tuple(image).index(1.0) for image in augment([dot] * 200, noise=0.0, width=4)}
    assert places == {0, 1, 2, 4, 5, 6, 8, 9, 10}


def test_what_moves_over_the_edge_does_not_come_back_on_the_other_side():
    corner = [1.0, 0.0, 0.0, 0.0]
    moved = augment([corner] * 200, noise=0.0, width=2)
    assert {tuple(image) for image in moved} == {
        (1.0, 0.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, 0.0),
        (0.0, 0.0, 1.0, 0.0),
        (0.0, 0.0, 0.0, 1.0),
        (0.0, 0.0, 0.0, 0.0),
    }


def test_noise_stays_within_0_and_1_and_depends_on_the_seed_alone():
    X = digits()[0][:20]
    first = augment(X, seed=1, noise=0.3)
    assert first == augment(X, seed=1, noise=0.3)
    assert first != augment(X, seed=2, noise=0.3)
    assert all(0.0 <= pixel <= 1.0 for image in first for pixel in image)


def test_augment_leaves_its_input_alone():
    X = [[0.5] * 64]
    augment(X)
    assert X == [[0.5] * 64]


def test_pixels_that_fill_no_rows_are_named():
    with pytest.raises(ValueError, match=r"image 1 has 63 pixels.*rows of 8"):
        augment([[0.0] * 64, [0.0] * 63])


def test_a_negative_shift_or_noise_is_refused():
    with pytest.raises(ValueError, match="augment needs a whole number shift >= 0, got -1"):
        augment([[0.0] * 64], shift=-1)
