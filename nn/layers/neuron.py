"""`Neuron`, `Layer` and `MLP` in micrograd's meaning.

A neuron is two nodes, `dot(w, x) + b` and its activation, whatever its number of inputs: all calls of a
neuron share one tuple of weights, and all neurons of a layer share one tuple of inputs.
"""

# mypy: disable-error-code="no-any-return, return-value"
# (by its width and what it gets, a module gives a Value or a list of these: a `Result`)

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd import Operand, Operands, Value, operands_of, weigh_rows
from autograd.number import is_index, is_list, listed, number_of, say_not_a_number
from autograd.settings import WHOLE_FROM_0, chosen_number
from nn.layers.activations import Activation, activation
from nn.messages import problem, say
from nn.module import Module
from nn.outputs import Outputs, Result, Sample, for_each_sample

Keys = list[int] | None  # the indices of a sparse sample's entries


class SharedWeights:
    """Weights and last the bias as one tuple, made anew only when one of them was replaced.

    >>> w, b, shared = [Value(2.0)], Value(1.0), SharedWeights()
    >>> shared.of(w, b) is shared.of(w, b)
    True
    """

    __slots__ = ("bias", "operands", "row")

    def __init__(self) -> None:
        self.row: Sequence[Any] | None = None
        self.bias: Any = None
        self.operands = Operands()

    def of(self, row: Sequence[Any], bias: Any, keys: Keys = None) -> Operands:
        """The operands for these weights (compared by identity) and this bias, None for none.

        With `keys`, for the weights of these inputs alone: a sparse sample, every time another one.
        """
        if keys is not None:
            return operands_of([*[row[i] for i in keys], *([] if bias is None else [bias])], inputs=False)
        if self.bias is not bias or self.row != row:
            self.row, self.bias = list(row), bias
            self.operands = operands_of(row if bias is None else [*row, bias], inputs=False)
        return self.operands

    def __reduce__(self) -> tuple[type[SharedWeights], tuple[()]]:
        return SharedWeights, ()  # a copy of a model shares nothing with it


def weighed(
    shared: list[SharedWeights], weight: Any, bias: Any, xs: Operands, keys: Keys = None
) -> list[Any]:
    """`weight @ x + bias`, a node for each row of the weights; `shared` holds one for each."""
    rows = zip(shared, weight, bias or [None] * len(weight), strict=True)
    return weigh_rows([one.of(row, b, keys) for one, row, b in rows], xs)


def is_batch(x: Any) -> bool:
    """True for a list of samples: its first entry is a list again, or a sparse sample."""
    if not (isinstance(x, list) or is_list(x)) or len(x) == 0:
        return False
    first = x[0]
    return not isinstance(first, (Operand, float)) and (is_list(first) or isinstance(first, dict))


def checked_inputs(module: Module, x: Any, wanted: int, build: str) -> tuple[Operands, Keys]:
    """One sample as operands that neurons share; of a sparse sample `{index: number}` also its indices.

    Args:
        module: who asks, for the errors.
        x: one sample.
        wanted: how many inputs it should have.
        build: how to make a module that takes `{count}` inputs.
    """
    if isinstance(x, list) and len(x) == wanted:
        return operands_of(x), None
    if isinstance(x, dict):
        outside = next((i for i in x if not is_index(i) or i not in range(wanted)), None)
        if outside is not None:
            fields = {"index": outside, "last": wanted - 1}
            raise problem(ValueError, "nn_no_such_input", layer=said_of(module), **fields)
        return operands_of(x.values()), [int(i) for i in x]
    if isinstance(x, (str, bytes)):
        raise TypeError(say_not_a_number(x))
    check_row(module, x, wanted, build)
    return operands_of(x), None


def check_row(module: Module, x: Any, wanted: int, build: str, name: str = "") -> None:
    """Check that `x`, which an error calls `name` or shows, is a list of `wanted` entries.

    Raises:
        TypeError: it is one number.
        ValueError: it has another length; `build` says how the module is made for that.
    """
    if not is_list(x):
        raise problem(TypeError, "nn_one_number", layer=repr(module), inputs=number_of(x))
    if len(x) != wanted:
        numbers = str(list(map(number_of, x[:6])))
        shown = name or (numbers if len(x) <= 6 else numbers[:-1] + ", ...]")
        fields = {"got": len(x), "inputs": shown, "wanted": wanted, "build": build.format(count=len(x))}
        raise problem(ValueError, "nn_inputs", layer=said_of(module), **fields)


def said_of(module: Module) -> str:
    """What an error calls a module: `layers.0 is Linear(3 -> 4)`."""
    return say("nn_layer_is", name=module.place or say("nn_the_model"), layer=module)


class Neuron(Module):
    """One neuron, `act(w1*x1 + w2*x2 + ... + b)`, its weights drawn from -1..1 and its bias 0.

    Args:
        nin: number of inputs.
        nonlin: False leaves the activation away.
        act: name of the activation, or a function.

    >>> n = Neuron(2)
    >>> n.w[0].data, n.w[1].data = 3.0, -1.0
    >>> n([1.0, 2.0]).data
    1.0
    """

    def __init__(self, nin: int, nonlin: bool = True, act: str | Activation = "relu") -> None:
        nin = chosen_number(self, "nin", nin, WHOLE_FROM_0)
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nin, self.nonlin, self.act = nin, nonlin, act
        self._shared = SharedWeights()
        activation(act, self)  # an unknown name is found here

    def forward(self, x: Sample) -> Result:
        """One Value for a list of `nin` numbers or Values; a list of samples gives a list."""
        row = listed(x)
        if is_batch(row):
            return for_each_sample(self, row)
        xs, keys = checked_inputs(self, row, self.nin, "nn.Neuron({count})")
        return self.activated(weigh_rows((self.operands(keys),), xs)[0])

    def operands(self, keys: Keys = None) -> Operands:
        """Weights and bias; `keys` are the indices of a sparse sample."""
        return self._shared.of(self.w, self.b, keys)

    def activated(self, out: Any) -> Any:
        """The neuron's output, from the weighted sum of its inputs."""
        if self.nonlin:
            out = activation(self.act)(out)
        out.scope = self._path
        return out

    def __repr__(self) -> str:
        return f"Neuron({self.nin})"


class Layer(Module):
    """`nout` neurons that see the same `nin` inputs; a single neuron's output comes without a list.

    >>> [round(y.data, 1) for y in Layer(2, 3, act="sigmoid")([0.0, 0.0])]
    [0.5, 0.5, 0.5]
    """

    def __init__(self, nin: int, nout: int, nonlin: bool = True, act: str | Activation = "relu") -> None:
        nout = chosen_number(self, "nout", nout, WHOLE_FROM_0)
        self.neurons = [Neuron(nin, nonlin, act) for _ in range(nout)]
        self.nin, self.nout = nin, nout

    def forward(self, x: Sample) -> Result:
        """A list of `nout` Values, the Value itself when `nout` is 1; samples give a list of these."""
        row = listed(x)
        if is_batch(row):
            return for_each_sample(self, row)
        xs, keys = checked_inputs(self, row, self.nin, f"nn.Layer({{count}}, {self.nout})")
        sums = weigh_rows([neuron.operands(keys) for neuron in self.neurons], xs)
        out = [neuron.activated(z) for neuron, z in zip(self.neurons, sums, strict=True)]
        return out[0] if len(out) == 1 else Outputs(out)

    def is_unit(self) -> bool:
        """A layer is one line of `summary`; its neurons are not."""
        return True

    def __repr__(self) -> str:
        return f"Layer({self.nin} -> {self.nout})"


class MLP(Module):
    """A multi-layer perceptron: `MLP(2, [16, 16, 1])` has two hidden layers of 16 and one output.

    Args:
        nin: number of inputs.
        nouts: neurons of each layer.
        act: activation of the hidden layers.
        last: activation of the last layer, "linear" for none.

    >>> import random
    >>> random.seed(1337)
    >>> model = MLP(2, [16, 16, 1])
    >>> len(model.parameters())
    337
    >>> model([1.0, -1.0]).data == model([[1.0, -1.0]])[0].data
    True
    """

    unnamed = "layers"

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        act: str | Activation = "relu",
        last: str | Activation = "linear",
    ) -> None:
        activation(act, self)
        activation(last, self, "last")
        if not is_list(nouts):
            raise problem(TypeError, "nn_widths", nin=nin, got=nouts, example=nouts if is_index(nouts) else 1)
        self.nin: int = chosen_number(self, "nin", nin, WHOLE_FROM_0)
        self.nouts: list[int] = [chosen_number(self, "nouts", n, WHOLE_FROM_0) for n in nouts]
        sizes = [self.nin, *self.nouts]
        acts = [act] * (len(self.nouts) - 1) + [last] * bool(self.nouts)
        bent = [True] * (len(self.nouts) - 1) + [last != "linear"]
        self.layers = [Layer(*x) for x in zip(sizes, self.nouts, bent, acts)]

    def forward(self, x: Sample) -> Result:
        """What the last layer gives: a Value when it has one neuron, otherwise a list."""
        made = listed(x)
        if is_batch(made):
            return for_each_sample(self, made)
        for layer in self.layers:
            made = layer([made] if isinstance(made, Operand) else made)
        return made

    def __repr__(self) -> str:
        return f"MLP({self.nin}, {self.nouts})"
