"""Recurrent cells with PyTorch's formulas, gate order and weight layout; `unroll` runs one over a sequence.

`weight_ih` and `weight_hh` hold the rows of all gates one below the other; every gate of every unit is one
`dot` of the inputs and one of the hidden numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd import operands_of
from autograd.number import is_list, listed
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_number, chosen_word
from nn.layers.neuron import SharedWeights, check_row, checked_inputs, weighed
from nn.learning import init
from nn.messages import problem
from nn.module import Module
from nn.outputs import Outputs


class Cell(Module):
    """What the three cells share: weights for `gates` blocks of rows, drawn from -+1/sqrt(hidden).

    Args:
        input_size: numbers in one step's input.
        hidden_size: numbers in the hidden state.
        bias: False leaves both biases away.
    """

    gates = 1

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        self.input_size = input_size = chosen_number(self, "input_size", input_size, WHOLE_FROM_0)
        self.hidden_size = hidden_size = chosen_number(self, "hidden_size", hidden_size, WHOLE_FROM_1)
        rows, bound = self.gates * hidden_size, 1 / math.sqrt(hidden_size)
        self.weight_ih = init.uniform_(init.empty(rows, input_size), -bound, bound)
        self.weight_hh = init.uniform_(init.empty(rows, hidden_size), -bound, bound)
        self.bias_ih = init.uniform_(init.empty(rows), -bound, bound) if bias else None
        self.bias_hh = init.uniform_(init.empty(rows), -bound, bound) if bias else None
        self._shared_ih = [SharedWeights() for _ in range(rows)]
        self._shared_hh = [SharedWeights() for _ in range(rows)]

    def start(self) -> Any:
        """The state before the first step: zeros."""
        return [0.0] * self.hidden_size

    def taken(self, state: Any) -> Any:
        """A state as it was given, as lists; None for the start."""
        return self.start() if state is None else listed(state)

    def output(self, state: Any) -> Any:
        """The hidden numbers in a state."""
        return state

    def from_input(self, x: Any) -> list[Any]:
        """`weight_ih @ x + bias_ih`, all rows."""
        build = f"nn.{type(self).__name__}({{count}}, {self.hidden_size})"
        xs, keys = checked_inputs(self, listed(x), self.input_size, build)
        return weighed(self._shared_ih, self.weight_ih, self.bias_ih, xs, keys)

    def from_hidden(self, h: Sequence[Any]) -> list[Any]:
        """`weight_hh @ h + bias_hh`, all rows."""
        build = f"nn.{type(self).__name__}({self.input_size}, {{count}})"
        check_row(self, h, self.hidden_size, build, "h")
        return weighed(self._shared_hh, self.weight_hh, self.bias_hh, operands_of(h))

    def blocks(self, rows: list[Any]) -> list[list[Any]]:
        """The rows of each gate."""
        n = self.hidden_size
        return [rows[i * n : (i + 1) * n] for i in range(self.gates)]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.input_size} -> {self.hidden_size})"


class RNNCell(Cell):
    """Elman's cell: `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)`.

    >>> cell = RNNCell(2, 3)
    >>> len(cell([1.0, 0.0]))
    3
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh"
    ) -> None:
        self.nonlinearity = chosen_word(self, "nonlinearity", nonlinearity, ("tanh", "relu"))
        super().__init__(input_size, hidden_size, bias)

    def forward(self, x: Any, state: Any = None) -> Outputs:
        """The next hidden numbers, from one step's input and the hidden numbers before (None: zeros)."""
        function = ag.relu if self.nonlinearity == "relu" else ag.tanh
        rows = zip(self.from_input(x), self.from_hidden(self.taken(state)), strict=True)
        return Outputs([function(a + b) for a, b in rows])


class GRUCell(Cell):
    """Cho et al. 2014, gates in PyTorch's order reset, update, new: `h' = (1 - z) * n + z * h`."""

    gates = 3

    def forward(self, x: Any, state: Any = None) -> Outputs:
        """The next hidden numbers, from one step's input and the hidden numbers before (None: zeros)."""
        h = self.taken(state)
        inputs = zip(*self.blocks(self.from_input(x)), strict=True)
        hidden = zip(*self.blocks(self.from_hidden(h)), strict=True)
        new_h = []
        for (ri, zi, ni), (rh, zh, nh), before in zip(inputs, hidden, h, strict=True):
            reset, update = ag.sigmoid(ri + rh), ag.sigmoid(zi + zh)
            new = ag.tanh(ni + reset * nh)
            new_h.append((1 - update) * new + update * before)
        return Outputs(new_h)


class LSTMCell(Cell):
    """Hochreiter and Schmidhuber 1997, gates in PyTorch's order input, forget, cell, output.

    `c' = f * c + i * g` and `h' = o * tanh(c')`; the state is the pair (h, c).
    """

    gates = 4

    def start(self) -> Any:
        """The state before the first step: two lists of zeros."""
        return [0.0] * self.hidden_size, [0.0] * self.hidden_size

    def taken(self, state: Any) -> Any:
        """A pair as it was given, as two lists; None for the start."""
        pair = super().taken(state)
        if not is_list(pair) or len(pair) != 2 or not all(map(is_list, pair)):
            raise problem(ValueError, "nn_state_pair", layer=repr(self), got=repr(state))
        h, c = map(listed, pair)
        if len(c) != self.hidden_size:
            self.from_hidden(c)  # says what is wrong with its length
        return h, c

    def output(self, state: Any) -> Any:
        """The hidden numbers of the pair."""
        return state[0]

    def forward(self, x: Any, state: Any = None) -> tuple[Outputs, Outputs]:
        """The next pair (h, c), from one step's input and the pair before (None: zeros)."""
        h, c = self.taken(state)
        inputs = zip(*self.blocks(self.from_input(x)), strict=True)
        hidden = zip(*self.blocks(self.from_hidden(h)), strict=True)
        new_h, new_c = [], []
        for (ii, fi, gi, oi), (ih, fh, gh, oh), before in zip(inputs, hidden, c, strict=True):
            cell = ag.sigmoid(fi + fh) * before + ag.sigmoid(ii + ih) * ag.tanh(gi + gh)
            new_c.append(cell)
            new_h.append(ag.sigmoid(oi + oh) * ag.tanh(cell))
        return Outputs(new_h), Outputs(new_c)


def unroll(cell: Cell, sequence: Sequence[Any], state: Any = None) -> tuple[Outputs, Any]:
    """Run a cell over a sequence.

    Args:
        cell: one of the three, or of your own.
        sequence: the inputs of all steps.
        state: the state before the first step; None for zeros.

    Returns:
        The hidden numbers after every step, and the last state.

    >>> outputs, state = unroll(GRUCell(1, 2), [[0.5], [1.0], [1.5]])
    >>> len(outputs), outputs[-1] == state
    (3, True)
    """
    outputs = Outputs()
    for x in listed(sequence):
        state = cell(x, state)
        outputs.append(cell.output(state))
    return outputs, state
