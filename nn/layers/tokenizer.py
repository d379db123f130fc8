"""Text as numbers: one token per character, and one that stands for the beginning and the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd.number import is_index, to_list
from nn.messages import problem


class CharTokenizer:
    """Characters as numbers 0, 1, 2, ... in sorted order; the last number is the boundary of a text.

    Args:
        texts: whose characters are taken in.

    >>> t = CharTokenizer(["ann", "bob"])
    >>> t.encode("bob"), t.decode([4, 0, 2, 2, 4]), t.size
    ([4, 1, 3, 1, 4], 'ann', 5)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.letters = sorted(set().union(*map(set, texts)))
        self.boundary = len(self.letters)
        self.size = self.boundary + 1
        self._numbers = {letter: i for i, letter in enumerate(self.letters)}

    def encode(self, text: str) -> list[int]:
        """The text's tokens, with the boundary on both sides.

        Raises:
            ValueError: a character that was not taken in.
        """
        for letter in text:
            if letter not in self._numbers:
                known = "".join(self.letters)
                raise problem(ValueError, "nn_unknown_letter", letter=letter, text=text, known=known)
        return [self.boundary, *[self._numbers[letter] for letter in text], self.boundary]

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of tokens; boundaries are left out.

        Raises:
            ValueError: a token that stands for no letter.
        """
        tokens = to_list(tokens)
        for token in tokens:
            if not is_index(token) or not 0 <= token <= self.boundary:
                raise problem(ValueError, "nn_token", token=token, last=self.boundary)
        return "".join(self.letters[token] for token in tokens if token != self.boundary)
