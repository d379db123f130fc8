"""`Module`: a model is a tree of modules, and its parameters are found by walking attributes.

Parameters are leaf Values that stand in attributes, or in lists and dicts there, however deep.  Attributes
whose name starts with an underscore are private and not walked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from operator import countOf
from typing import Any, ParamSpec, Protocol, TypeVar

from autograd import Value
from autograd.number import entries, map_nested
from nn import saving, weights
from nn.fit.trainer import Trainable
from nn.messages import problem, say
from nn.missing import OF_A_MODULE, refused
from nn.text import Text, table

Self = TypeVar("Self", bound="Module")
Given = ParamSpec("Given")
Made_co = TypeVar("Made_co", covariant=True)
PLAIN = frozenset((Value, int, float, str, bool, type(None)))  # what holds no module


class Forward(Protocol[Given, Made_co]):
    """What type checkers know of a module: it is called as its `forward` is, and gives the same."""

    _path: tuple[str, ...]

    def take_place(self, path: tuple[str, ...]) -> None: ...  # noqa: D102 - as there
    def forward(self, *inputs: Given.args, **options: Given.kwargs) -> Made_co: ...  # noqa: D102 - as there


class Module(Trainable):
    """The base class of everything that has parameters: subclass it and define `forward`.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.w, self.b = Value(2.0), Value(1.0)
    ...     def forward(self, x):
    ...         return self.w * x + self.b
    >>> model = Line()
    >>> model(3.0).data
    7.0
    >>> model.state_dict()
    {'w': 2.0, 'b': 1.0}
    """

    training: bool = True
    needs_batch: bool = False  # True: `forward` must see all samples of a batch together
    draws: bool = False  # True: `forward` draws random numbers while training
    unnamed: str = ""  # an attribute that PyTorch's names leave away: `Sequential`'s "layers"
    # names of attributes that are numbers, not trained but saved: running means
    buffers: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()  # of another library's files, taken all the same
    _path: tuple[str, ...] = ()  # where this module stands in the model; its results get it as their scope

    def forward(self, *inputs: Any, **options: Any) -> Any:  # noqa: ARG002 - what a subclass takes
        """Compute the outputs from the inputs; every module defines its own."""
        raise problem(NotImplementedError, "nn_no_forward", kind=type(self).__name__)

    def __call__(self: Forward[Given, Made_co], *inputs: Given.args, **options: Given.kwargs) -> Made_co:
        """What `forward` gives; its Values know this module as their scope."""
        if not self._path:
            self.take_place((repr(self),))
        out = self.forward(*inputs, **options)
        _set_scope(out, self._path)
        return out

    def take_place(self, path: tuple[str, ...], seen: set[int] | None = None) -> None:
        """Tell this module and all below where they stand: `("MLP(2, [4])", "layers.0: Layer(2 -> 4)")`."""
        seen = {id(self)} if seen is None else seen
        self._path = path
        for name, part in self.parts():
            if isinstance(part, Module) and id(part) not in seen:
                seen.add(id(part))
                part.take_place((*path, f"{name}: {part!r}"), seen)

    @property
    def place(self) -> str:
        """The dotted name under which the model knows this module, "" for the model itself."""
        return ".".join(step.split(": ")[0] for step in self._path[1:])

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Pairs of name and part: a module, a parameter, or nested lists of parameters."""
        for name, x in list(vars(self).items()):
            if not name.startswith("_"):
                yield from _parts(name, x)

    def named_modules(self, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Module]]:
        """This module and all below, each once, with dotted names; this one's is ""."""
        seen = set() if seen is None else seen
        if id(self) in seen:
            return
        seen.add(id(self))
        yield prefix, self
        for name, part in self.parts():
            if isinstance(part, Module):
                yield from part.named_modules(f"{prefix}.{name}" if prefix else name, seen)

    def modules(self) -> list[Module]:
        """This module and all below, each once."""
        found: dict[int, Module] = {}
        waiting: list[Any] = [self]
        while waiting:
            x = waiting.pop()
            if isinstance(x, Module):
                if id(x) not in found:
                    found[id(x)] = x
                    pairs = reversed(vars(x).items())
                    waiting += [y for name, y in pairs if y.__class__ not in PLAIN and name[:1] != "_"]
            elif isinstance(x, (list, tuple)):
                if countOf(map(type, x), Value) < len(x):
                    waiting += [y for y in reversed(x) if y.__class__ not in PLAIN]
            elif isinstance(x, dict):
                waiting += reversed(x.values())
        return list(found.values())

    def children(self) -> list[Module]:
        """The modules directly below."""
        return [part for _, part in self.parts() if isinstance(part, Module)]

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Numbers that are not trained; they are saved with the weights unless `persistent=False`."""
        setattr(self, name, tensor)
        if persistent:
            self.buffers = (*self.buffers, name)

    def add_module(self, name: str, module: Any) -> None:
        """`setattr(self, name, module)`; `register_parameter` is the same for a parameter."""
        setattr(self, name, module)

    register_module = register_parameter = add_module

    def named_tensors(self) -> Iterator[tuple[str, Any]]:
        """Parameters in the nested lists where they stand, by dotted name: `("layers.0.weight", [[...]])`.

        From then on each of them knows which others belong to its tensor, in whatever list an optimiser gets
        them.
        """
        for prefix, module in self.named_modules():
            for name, part in module.parts():
                if not isinstance(part, Module):
                    weights.stamp(weights.parameters_in(part) or [])
                    yield (f"{prefix}.{name}" if prefix else name), part

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Every parameter once, with its dotted name: `("layers.0.weight.2.1", Value)`."""
        seen: set[int] = set()
        for name, tensor in self.named_tensors():
            for index, value in entries(tensor):
                if id(value) not in seen:
                    seen.add(id(value))
                    yield ".".join([name, *map(str, index)]), value

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of `named_parameters`; each knows its tensor, as there."""
        return list(self._gathered(weights.stamp))

    def _gathered(self, see: Callable[[list[Value]], None] | None = None) -> dict[Value, None]:
        """Every parameter once; `see` gets those of each tensor."""
        found: list[Value] = []
        for module in self.modules():
            for name, x in vars(module).items():
                if not name.startswith("_"):
                    _gather(x, found, see)
        return dict.fromkeys(found)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Set every parameter's `.grad` back to no gradient; with `set_to_none=False` to the gradient 0.0."""
        weights.forget_gradients(self._gathered(), set_to_none)

    def requires_grad_(self: Self, wanted: bool = True) -> Self:
        """Freeze (`False`) or thaw all parameters below; frozen ones get no gradient and stay as they are."""
        for p in self.parameters():
            p.requires_grad = wanted
        return self

    def train(self: Self, mode: bool = True) -> Self:
        """Switch to training: dropout drops, batch normalisation measures its batch."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Switch to evaluation: dropout off, running averages in the place of a batch's own."""
        return self.train(False)

    def to(self: Self, *where: Any) -> Self:
        """Accepted for what is so anyway: `to("cpu")`, `to(float)`.

        Raises:
            ValueError: another device or type; the message says how to get there.
        """
        for place in where:
            if str(place) not in ("cpu", "float64", "torch.float64", "<class 'float'>"):
                raise problem(ValueError, "nn_device", where=place)
        return self

    def apply(self: Self, function: Callable[[Module], Any]) -> Self:
        """Call `function(module)` on this module and all below."""
        for module in self.modules():
            function(module)
        return self

    def state_dict(self) -> dict[str, Any]:
        """All weights and buffers as plain numbers in nested lists, by dotted name."""
        state = {name: weights.saved(name, tensor) for name, tensor in self.named_tensors()}
        for prefix, module in self.named_modules():
            for name in module.buffers:
                state[f"{prefix}.{name}" if prefix else name] = map_nested(lambda x: x, getattr(module, name))
        return state

    def load_state_dict(self, state: dict[str, Any], strict: bool = True) -> None:
        """Take over weights and buffers; nothing is changed unless all of them fit.

        Args:
            state: nested lists of numbers by dotted name, as `state_dict` gives them.
            strict: False takes over the names that both sides have.

        Raises:
            TypeError: `state` is not a dict, or an entry is not a number.
            ValueError: a name is missing or unknown, or a shape differs.
        """
        weights.load_state(self, state, strict)

    def also_saved(self) -> dict[str, Any]:
        """What files have beside the weights: nothing, unless a subclass says more."""
        return {}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all weights and buffers to a JSON file, or to `.safetensors` with the extra of that name.

        An older file is replaced in one move.

        Raises:
            ValueError: the suffix of another library, such as `.pt`.
        """
        saving.write_weights(path, repr(self), self.state_dict(), self.suffixes, **self.also_saved())

    def load(self, path: str | os.PathLike[str], strict: bool = True) -> None:
        """Take over the weights in a file of `save` or `Checkpoint`; nothing is changed unless all fit.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it holds other weights, or something that is no weight: file and entry are named.
        """
        found = saving.read_weights(path, self.suffixes)
        with saving.naming(path):
            self.load_state_dict(found, strict)

    def summary(self) -> Text:
        """A table of the modules with their parameter counts; a shared parameter counts once.

        >>> from nn import MLP
        >>> MLP(2, [3, 1]).summary()
        name      module          parameters
        layers.0  Layer(2 -> 3)            9
        layers.1  Layer(3 -> 1)            4
        total     MLP(2, [3, 1])          13
        """
        rows = [(say("chart_name"), say("chart_module"), say("chart_parameters"))]
        told: set[int] = set()
        for name, module in self._told_modules(""):
            own = module.parameters() if module.is_unit() else [p for _, p in module.own_parameters()]
            new = [p for p in own if id(p) not in told]
            told.update(map(id, new))
            if own or module.is_unit():
                rows.append((name, repr(module), f"{len(new):,}"))
        parameters = self.parameters()
        rows.append((say("chart_total"), repr(self), f"{len(parameters):,}"))
        frozen = len([p for p in parameters if not p.requires_grad])
        if frozen:
            rows.append((say("chart_frozen"), "", f"{frozen:,}"))
        return table(rows)

    def is_unit(self) -> bool:
        """Whether `summary` says this module in one line; a module without modules below is."""
        return not self.children()

    def own_parameters(self) -> Iterator[tuple[str, Value]]:
        """The parameters in this module's own attributes, without those of modules below."""
        for name, part in self.parts():
            if not isinstance(part, Module):
                yield from ((f"{name}.{'.'.join(map(str, i))}", p) for i, p in entries(part))

    def _told_modules(self, prefix: str) -> Iterator[tuple[str, Module]]:
        if prefix:
            yield prefix, self
        if not self.is_unit():
            for name, part in self.parts():
                if isinstance(part, Module):
                    yield from part._told_modules(f"{prefix}.{name}" if prefix else name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _parts(name: str, x: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(x, Module) or weights.is_tensor(x):
        yield name, x
    elif isinstance(x, (list, tuple)):
        for i, y in enumerate(x):
            yield from _parts(f"{name}.{i}", y)
    elif isinstance(x, dict):
        for key, y in x.items():
            yield from _parts(f"{name}.{key}", y)


def _gather(x: Any, found: list[Value], see: Callable[[list[Value]], None] | None) -> None:
    """Note the leaf Values in nested lists and dicts; what `_parts` finds, without names."""
    values = weights.parameters_in(x)
    if values is not None:
        if see is not None:
            see(values)
        found += values
    elif isinstance(x, (list, tuple)):
        for y in x:
            _gather(y, found, see)
    elif isinstance(x, dict):
        for y in x.values():
            _gather(y, found, see)


def _set_scope(out: Any, path: tuple[str, ...]) -> None:
    """Name the module that made `out`, unless a module inside it has."""
    if isinstance(out, Value):
        if not out.scope and out.a is not None:
            out.scope = path
    elif isinstance(out, (list, tuple)):
        for x in out:
            if not (isinstance(x, Value) and x.scope):
                _set_scope(x, path)


for _instead, _names in OF_A_MODULE.items():
    for _name in _names:
        setattr(Module, _name, refused(_name, _instead))
