"""`GPT`, a language model of scalars that learns, samples, and can be fine-tuned; and its `CharTokenizer`."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from autograd import no_grad, softmax
from autograd.number import is_index, is_list, to_list
from autograd.settings import FROM_0, WHOLE, WHOLE_FROM_0, chosen_list, chosen_number
from nn.layers.attention import Cache, TransformerBlock
from nn.layers.linear import Embedding, Linear
from nn.layers.normalisation import RMSNorm
from nn.learning import init, losses
from nn.messages import problem
from nn.module import Module
from nn.outputs import Outputs


class CharTokenizer:
    """Characters as numbers 0, 1, 2, ... in sorted order; the last number is the boundary of a text.

    Args:
        texts: whose characters are taken in.

    >>> t = CharTokenizer(["ann", "bob"])
    >>> t.encode("bob"), t.decode([4, 0, 2, 2, 4]), t.size
    ([4, 1, 3, 1, 4], 'ann', 5)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.letters = sorted(set().union(*map(set, chosen_list(self, "texts", texts))))
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


class GPT(Module):
    """Token and position vectors, transformer blocks, and a score for every token that may come next.

    Args:
        vocab_size: number of tokens.
        block_size: the longest text, in tokens.
        dim: numbers in each position's vector.
        heads: attention heads.
        layers: transformer blocks.
        std: deviation of the initial weights.

    >>> random.seed(0)
    >>> model = GPT(vocab_size=5, block_size=4, dim=4, heads=2, layers=1)
    >>> abs(model.loss([4, 0, 1, 4]).data - 1.6) < 0.2   # untrained: about log(5)
    True
    >>> model.generate(start=4, stop=4, seed=1) == model.generate(start=4, stop=4, seed=1)
    True
    """

    def __init__(
        self,
        vocab_size: int,
        block_size: int,
        dim: int = 16,
        heads: int = 4,
        layers: int = 1,
        std: float = 0.08,
    ) -> None:
        std = chosen_number(self, "std", std, FROM_0)
        layers = chosen_number(self, "layers", layers, WHOLE_FROM_0)
        self.vocab_size, self.block_size, self.dim = vocab_size, block_size, dim
        self.token_embedding = Embedding(vocab_size, dim)
        self.position_embedding = Embedding(block_size, dim)
        self.norm = RMSNorm(dim, eps=1e-5)
        self.blocks = [TransformerBlock(dim, heads) for _ in range(layers)]
        self.head = Linear(dim, vocab_size, bias=False)
        for name, tensor in self.named_tensors():
            if "norm" not in name:
                init.normal_(tensor, 0.0, std)

    def forward(self, tokens: Sequence[int], caches: list[Cache] | None = None) -> Outputs:
        """For every position the scores (logits) of all tokens that may come next.

        Args:
            tokens: the text; after earlier calls with the same `caches`, only what is new.
            caches: one `Cache` per block, filled as positions go by.
        """
        tokens = to_list(tokens)
        start = len(caches[0].keys) if caches else 0
        if start + len(tokens) > self.block_size:
            raise problem(ValueError, "nn_too_long", got=start + len(tokens), most=self.block_size)
        sequence: Any = []
        for i, token in enumerate(tokens):
            pair = zip(self.token_embedding(token), self.position_embedding(start + i), strict=True)
            sequence.append(self.norm([a + b for a, b in pair]))
        for i, block in enumerate(self.blocks):
            sequence = block(sequence, caches[i] if caches else None)
        return Outputs([self.head(x) for x in sequence])

    def loss(self, tokens: Sequence[int]) -> Any:
        """The mean cross-entropy of every token after the first, given those before it."""
        tokens = to_list(tokens)
        if len(tokens) < 2:
            raise problem(ValueError, "nn_too_short", got=len(tokens))
        seen = tokens[: self.block_size + 1]
        return losses.cross_entropy(self(seen[:-1]), seen[1:])

    def generate(
        self,
        start: int | Sequence[int],
        stop: int | None = None,
        temperature: float = 1.0,
        seed: int | None = None,
        length: int | None = None,
    ) -> list[int]:
        """Draw tokens one by one until `stop`, or until the block is full.

        Args:
            start: the first token or tokens; they are not repeated in the result.
            stop: the token that ends the text; it is left out.
            temperature: below 1 for likelier texts, near 0 always the likeliest token.
            seed: the same seed gives the same text; None draws from `random`.
            length: at most so many tokens.
        """
        temperature = chosen_number("generate", "temperature", temperature, FROM_0)
        stop = chosen_number("generate", "stop", stop, WHOLE_FROM_0, none=True)
        length = chosen_number("generate", "length", length, WHOLE_FROM_0, none=True)
        seed = chosen_number("generate", "seed", seed, WHOLE, none=True)
        draw = random.Random(seed) if seed is not None else random
        given: Any = to_list(start) if is_list(start) else [start]
        caches, drawn = [Cache() for _ in self.blocks], []
        most = self.block_size - len(given) + 1
        with no_grad():
            for _ in range(most if length is None else min(most, length)):
                logits = [score.data for score in self(given, caches)[-1]]
                if temperature > 0:
                    shares = softmax([z / temperature for z in logits])
                    token = draw.choices(range(self.vocab_size), weights=shares)[0]
                else:
                    token = logits.index(max(logits))
                if token == stop:
                    break
                drawn.append(token)
                given = [token]
        return drawn

    def __repr__(self) -> str:
        return f"GPT(vocab_size={self.vocab_size}, block_size={self.block_size}, dim={self.dim})"
