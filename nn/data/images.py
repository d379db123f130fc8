"""Handwritten digits, and small changes that leave a digit what it is."""

import gzip
import random
from collections.abc import Sequence
from importlib import resources

from autograd.number import to_float, to_list
from autograd.settings import FROM_0, WHOLE, WHOLE_FROM_0, WHOLE_FROM_1, chosen_number, chosen_word
from nn.data.preparation import train_val_split
from nn.messages import problem

PIXELS = 64  # 8 rows of 8
WHITEST = 16  # the largest pixel in the file


def digits(split: str = "all") -> tuple[list[list[float]], list[int]]:
    """Give 1,797 images of handwritten digits and what each one shows.

    Args:
        split: "all" (1,797 images in the order of the source), "train" (1,438 of them) or "val" (the other
            359). The parts are those of `train_val_split(X, y, fraction=0.2, seed=0)`: the same everywhere.

    Returns:
        X: one list of 64 floats per image, 8 x 8 pixels row by row from the top left, 0.0 (paper) to
            1.0 (ink).
        y: the digit shown, 0 to 9.

    Raises:
        ValueError: the split has another name.

    Source: E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49, CC BY 4.0; the part that scikit-learn ships as `load_digits`.

    >>> X, y = digits("train")
    >>> len(X), len(X[0]), y[:5]
    (1438, 64, [6, 5, 8, 3, 5])
    """
    chosen_word("digits", "split", split, ("all", "train", "val"))
    rows = gzip.decompress(resources.files("nn.data").joinpath("digits.gz").read_bytes())
    starts = range(0, len(rows), PIXELS + 1)
    X = [[pixel / WHITEST for pixel in rows[start : start + PIXELS]] for start in starts]
    y = [rows[start + PIXELS] for start in starts]
    if split == "all":
        return X, y
    X_train, X_val, y_train, y_val = train_val_split(X, y, fraction=0.2, seed=0)
    return (X_train, y_train) if split == "train" else (X_val, y_val)


def augment(
    X: Sequence[Sequence[float]], seed: int = 0, shift: int = 1, noise: float = 0.05, width: int = 8
) -> list[list[float]]:
    """Give each image once more, moved a little and with a little noise: new examples of the same thing.

    Args:
        X: images, each a flat list of pixels from 0 to 1, row by row, rows of `width`.
        seed: the same seed gives the same images; a new one per epoch (`seed=epoch`) gives new images.
        shift: an image moves by -shift to +shift pixels, across and down; what comes in at the edge is 0.
        noise: standard deviation of what is added to every pixel; the result is kept within 0 to 1.
        width: pixels in a row.

    Returns:
        As many images as came in, in the same order, so that the labels still fit.

    Raises:
        ValueError: the pixels of an image do not fill whole rows, or shift or noise is negative.

    >>> augment([[0.0, 1.0, 0.0, 0.0]], width=2, shift=0, noise=0.0)
    [[0.0, 1.0, 0.0, 0.0]]
    """
    shift = chosen_number("augment", "shift", shift, WHOLE_FROM_0)
    width = chosen_number("augment", "width", width, WHOLE_FROM_1)
    seed = chosen_number("augment", "seed", seed, WHOLE)
    noise = chosen_number("augment", "noise", noise, FROM_0)
    rng = random.Random(seed)
    moved = []
    for number, pixels in enumerate(to_list(X)):
        image = list(map(to_float, to_list(pixels)))
        if not image or len(image) % width:
            raise problem(ValueError, "data_image", number=number, count=len(image), width=width)
        down, right = (_draw_integer(rng, -shift, shift) for _ in range(2))
        shifted = _shifted(image, width, down, right)
        moved.append([min(1.0, max(0.0, pixel + rng.gauss(0.0, noise))) for pixel in shifted])
    return moved


def _shifted(image: Sequence[float], width: int, down: int, right: int) -> list[float]:
    height = len(image) // width
    return [
        image[(row - down) * width + column - right]
        if 0 <= row - down < height and 0 <= column - right < width
        else 0.0
        for row in range(height)
        for column in range(width)
    ]


def _draw_integer(rng: random.Random, low: int, high: int) -> int:
    # from random() alone: of all methods it is the one whose results Python promises never to change
    return low + int(rng.random() * (high - low + 1))
