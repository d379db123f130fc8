"""Attention: every position asks (query), every position answers (key) and says something (value).

Positions go one after the other, and each looks at those before it, so the same code trains on a whole
sequence and, given the keys and values of earlier positions, goes on by a single one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd import operands_of, weigh, weigh_rows
from autograd.number import listed
from autograd.settings import WHOLE_FROM_1, chosen_list, chosen_number
from nn.layers.activations import Activation, activation, on_each
from nn.layers.linear import Linear
from nn.layers.neuron import SharedWeights, checked_inputs, weighed
from nn.layers.normalisation import RMSNorm
from nn.learning import init
from nn.messages import problem
from nn.module import Module
from nn.outputs import Outputs


class Cache:
    """Keys and values of the positions seen so far, one list of vectors each."""

    def __init__(self) -> None:
        self.keys: list[Sequence[Any]] = []
        self.values: list[Sequence[Any]] = []


class MultiHeadAttention(Module):
    """Scaled dot-product attention in several heads (Vaswani et al. 2017), with PyTorch's weight layout.

    Args:
        embed_dim: numbers in each position's vector.
        num_heads: heads that share them evenly.
        bias: False leaves the biases away.
        causal: each position sees itself and those before it, not those after.

    `in_proj_weight` holds the rows for queries, keys and values one below the other.

    >>> len(MultiHeadAttention(4, 2)([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]))
    2
    """

    def __init__(self, embed_dim: int, num_heads: int, bias: bool = True, causal: bool = True) -> None:
        embed_dim = chosen_number(self, "embed_dim", embed_dim, WHOLE_FROM_1)
        num_heads = chosen_number(self, "num_heads", num_heads, WHOLE_FROM_1)
        if embed_dim % num_heads:
            raise problem(ValueError, "nn_heads", dim=embed_dim, heads=num_heads)
        self.embed_dim, self.num_heads, self.causal = embed_dim, num_heads, causal
        self.in_proj_weight = init.xavier_uniform_(init.empty(3 * embed_dim, embed_dim))
        self.in_proj_bias = init.empty(3 * embed_dim) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias)
        init.zeros_(self.out_proj.bias or [])
        self._shared = [SharedWeights() for _ in range(3 * embed_dim)]

    def forward(self, sequence: Sequence[Any], cache: Cache | None = None) -> Outputs:
        """One vector for each of a sequence of vectors.

        Args:
            sequence: the positions' vectors; after earlier ones, only the new.
            cache: what earlier positions left; the new ones are added to it.
        """
        seen = Cache() if cache is None else cache
        projected = [self._project(x) for x in chosen_list(self, "sequence", listed(sequence))]
        mixed = []
        if not self.causal:
            for _, key, value in projected:
                self._remember(seen, key, value)
        for query, key, value in projected:
            if self.causal:
                self._remember(seen, key, value)
            mixed.append(self._attend(query, seen))
        return Outputs([self.out_proj(x) for x in mixed])

    def _project(self, x: Sequence[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Query (scaled), key and value of one position."""
        n = self.embed_dim
        xs, _ = checked_inputs(self, x, n, "nn.MultiHeadAttention({count}, ...)")
        out = weighed(self._shared, self.in_proj_weight, self.in_proj_bias, xs)
        scale = 1 / math.sqrt(n // self.num_heads)
        return [q * scale for q in out[:n]], out[n : 2 * n], out[2 * n :]

    def _remember(self, seen: Cache, key: list[Any], value: list[Any]) -> None:
        size = self.embed_dim // self.num_heads
        seen.keys.append([operands_of(key[i : i + size]) for i in range(0, self.embed_dim, size)])
        seen.values.append(value)

    def _attend(self, query: list[Any], seen: Cache) -> list[Any]:
        """The values that `query`'s position sees, mixed by how well their keys fit."""
        size, out = self.embed_dim // self.num_heads, []
        for head in range(self.num_heads):
            start = head * size
            asked = operands_of(query[start : start + size], inputs=False)
            scores = [weigh(asked, key[head]) for key in seen.keys]
            shares = operands_of(ag.softmax(scores))
            columns = zip(*[value[start : start + size] for value in seen.values], strict=True)
            out += weigh_rows([operands_of(column, inputs=False) for column in columns], shares)
        return out

    def __repr__(self) -> str:
        return f"MultiHeadAttention({self.embed_dim}, heads={self.num_heads})"


class FeedForward(Module):
    """Two linear layers with an activation between, on every position alone."""

    def __init__(self, dim: int, hidden: int, act: str | Activation = "relu", bias: bool = False) -> None:
        self.up, self.down = Linear(dim, hidden, bias), Linear(hidden, dim, bias)
        self._act = activation(act, self)

    def forward(self, x: Any) -> Outputs:
        """One position's vector, or a list of them."""
        return self.down(on_each(self._act, self.up(x)))

    def __repr__(self) -> str:
        return f"FeedForward({self.up.in_features} -> {self.up.out_features} -> {self.up.in_features})"


class TransformerBlock(Module):
    """`x + attention(norm(x))`, then `x + feed_forward(norm(x))` (pre-norm, as in GPT-2, with RMSNorm).

    Args:
        dim: numbers in each position's vector.
        heads: attention heads.
        hidden: width of the feed-forward part; 4 * dim when not given.
        act: its activation.
        bias: False leaves all biases away.
    """

    def __init__(
        self,
        dim: int,
        heads: int,
        hidden: int | None = None,
        act: str | Activation = "relu",
        bias: bool = False,
    ) -> None:
        self.norm1, self.norm2 = RMSNorm(dim, eps=1e-5), RMSNorm(dim, eps=1e-5)
        self.attention = MultiHeadAttention(dim, heads, bias)
        self.feed_forward = FeedForward(dim, 4 * dim if hidden is None else hidden, act, bias)
        self.dim, self.heads = self.attention.embed_dim, self.attention.num_heads

    def forward(self, sequence: Sequence[Any], cache: Cache | None = None) -> Outputs:
        """One vector for each of a sequence of vectors; see `MultiHeadAttention` for `cache`."""
        sequence = listed(sequence)
        attended = self.attention([self.norm1(x) for x in sequence], cache)
        middle = [_plus(x, a) for x, a in zip(sequence, attended, strict=True)]
        return Outputs([_plus(x, self.feed_forward(self.norm2(x))) for x in middle])

    def __repr__(self) -> str:
        return f"TransformerBlock({self.dim}, heads={self.heads})"


def _plus(x: Sequence[Any], y: Sequence[Any]) -> list[Any]:
    return [a + b for a, b in zip(x, y, strict=True)]
