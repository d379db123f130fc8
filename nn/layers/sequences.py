"""PyTorch's recurrent layers over whole sequences: `RNN`, `LSTM`, `GRU`, several layers, batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from autograd.number import depth_of, listed, rectangle
from autograd.settings import SHARE, WHOLE_FROM_1, chosen_number, chosen_word
from nn.layers.linear import Dropout
from nn.layers.neuron import said_of
from nn.layers.recurrent import Cell, GRUCell, LSTMCell, RNNCell, unroll
from nn.messages import problem
from nn.module import Module
from nn.outputs import Batch, Outputs

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Recurrent(Module):
    """What the three layers share: a cell for each layer, whose weights are this layer's.

    Args:
        input_size: numbers in one step's input.
        hidden_size: numbers in the hidden state.
        num_layers: how many cells there are, each on what the one before gives.
        bias: False leaves the biases away.
        batch_first: whether a batch is `[sample][step][number]` and not `[step][sample][number]`.
        dropout: after each layer but the last, while training.
    """

    cell: Callable[..., Cell]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
    ) -> None:
        self.num_layers: int = chosen_number(self, "num_layers", num_layers, WHOLE_FROM_1)
        sizes = [input_size, *[hidden_size] * (self.num_layers - 1)]
        self._cells = [self.cell(n, hidden_size, bias) for n in sizes]
        self.input_size, self.hidden_size = self._cells[0].input_size, self._cells[0].hidden_size
        self.batch_first = bool(batch_first)
        self.dropout: float = chosen_number(self, "dropout", dropout, SHARE)
        self.draws = self.dropout > 0
        self._drop = Dropout(self.dropout)
        for k, cell in enumerate(self._cells):
            for name in WEIGHTS:
                if getattr(cell, name) is not None:
                    setattr(self, f"{name}_l{k}", getattr(cell, name))

    def forward(self, x: Any, state: Any = None) -> tuple[Outputs, Any]:
        """The last layer's hidden numbers after every step, and the last state of every layer.

        Args:
            x: a sequence `[step][number]`, or a batch of them.
            state: before the first step, `[layer][number]`, of a batch `[layer][sample][number]`, whatever
                `batch_first` says; of an LSTM the pair `(h, c)`; None for zeros.

        Raises:
            ValueError: lists nested otherwise, or of different lengths (packed sequences are not known).
        """
        x = rectangle(listed(x), repr(self))
        depth = depth_of(x)
        if depth not in (2, 3):
            wanted = "[sample][step][number]" if self.batch_first else "[step][sample][number]"
            wanted = f"[step][number] / {wanted}"
            raise problem(ValueError, "nn_depth", layer=said_of(self), wanted=wanted, got=depth)
        if depth == 2:
            return self._one(x, state)
        samples = x if self.batch_first else [list(step) for step in zip(*x, strict=True)]
        made = [self._one(sample, self._of_sample(state, i)) for i, sample in enumerate(samples)]
        outputs: Any = Batch([out for out, _ in made])
        if not self.batch_first:
            outputs = Outputs([Outputs(step) for step in zip(*outputs, strict=True)])
        return outputs, self._together([last for _, last in made])

    def take_place(self, path: tuple[str, ...], seen: set[int] | None = None) -> None:
        """Take the place as every module does; what the cells make is this layer's."""
        super().take_place(path, seen)
        for cell in self._cells:
            cell.take_place(path)

    def _one(self, sequence: Any, state: Any) -> tuple[Outputs, Any]:
        starts = self._by_layer(state)
        lasts, out = [], sequence
        for k, cell in enumerate(self._cells):
            self._share(k, cell)
            drop = k > 0 and self.dropout > 0 and self.training
            out, last = unroll(cell, self._drop(out) if drop else out, starts[k])
            lasts.append(last)
        return out, self._joined(lasts)

    def _share(self, k: int, cell: Cell) -> None:
        """Weights that somebody put in the place of this layer's are its cell's too."""
        for name in WEIGHTS:
            weight = getattr(self, f"{name}_l{k}", None)
            if getattr(cell, name) is not weight:
                setattr(cell, name, weight)

    def _by_layer(self, state: Any) -> list[Any]:
        if state is None:
            return [None] * self.num_layers
        state = listed(state)
        if depth_of(state) != 2 or len(state) != self.num_layers:
            fields = {"layer": said_of(self), "layers": self.num_layers, "size": self.hidden_size}
            raise problem(ValueError, "nn_layer_states", **fields)
        return list(state)

    def _of_sample(self, state: Any, i: int) -> Any:
        return None if state is None else [layer[i] for layer in listed(state)]

    def _joined(self, lasts: list[Any]) -> Any:
        return Outputs(lasts)

    def _together(self, states: list[Any]) -> Any:
        return Outputs([Batch(layer) for layer in zip(*states, strict=True)])

    def __repr__(self) -> str:
        layers = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        return f"{type(self).__name__}({self.input_size} -> {self.hidden_size}{layers})"


class RNN(Recurrent):
    """Elman's network: `RNNCell` over a sequence.

    >>> outputs, last = RNN(2, 3)([[1.0, 0.0], [0.5, 1.0]])
    >>> outputs.shape, last.shape, outputs[-1] == last[0]
    ((2, 3), (1, 3), True)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
    ) -> None:
        chosen_word(self, "nonlinearity", nonlinearity, ("tanh", "relu"))
        self.cell = partial(RNNCell, nonlinearity=nonlinearity)
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout)


class GRU(Recurrent):
    """`GRUCell` over a sequence."""

    cell = GRUCell


class LSTM(Recurrent):
    """`LSTMCell` over a sequence; the states are the pair `(h, c)`.

    >>> outputs, (h, c) = LSTM(2, 3, num_layers=2, batch_first=True)([[[1.0, 0.0], [0.5, 1.0]]])
    >>> outputs.shape, h.shape, c.shape
    ((1, 2, 3), (2, 1, 3), (2, 1, 3))
    """

    cell = LSTMCell

    def _by_layer(self, state: Any) -> list[Any]:
        if state is None:
            return [None] * self.num_layers
        hs, cs = (Recurrent._by_layer(self, part) for part in self._pair(state))
        return list(zip(hs, cs, strict=True))

    def _pair(self, state: Any) -> tuple[Any, Any]:
        if not isinstance(state, (tuple, list)) or len(state) != 2:
            raise problem(ValueError, "nn_state_pair", layer=repr(self), got=repr(state))
        return state[0], state[1]

    def _of_sample(self, state: Any, i: int) -> Any:
        if state is None:
            return None
        return tuple([layer[i] for layer in listed(part)] for part in self._pair(state))

    def _joined(self, lasts: list[Any]) -> Any:
        return tuple(Outputs(part) for part in zip(*lasts, strict=True))

    def _together(self, states: list[Any]) -> Any:
        joined = super()._together
        return tuple(joined(list(part)) for part in zip(*states, strict=True))
