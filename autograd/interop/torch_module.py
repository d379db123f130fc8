"""`fast.to_torch()`: a recorded function as a `torch.nn.Module`."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from typing import Any

from autograd.interop.arrays import Arrays
from autograd.interop.python_source import Dialect
from autograd.interop.signature import OWN, Signature
from autograd.interop.ways import Form, compiled, write_ways
from autograd.replay.ops import SIGNS, Target

_SAME = [
    "exp", "log", "tanh", "relu", "sigmoid", "sqrt", "square", "reciprocal", "abs", "sin", "cos", "tan",
    "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "expm1", "log1p", "erf", "erfc",
    "neg", "pow", "maximum", "minimum", "hypot", "atan2", "copysign", "floor", "fmod",
]  # fmt: skip
TORCH = Dialect(
    target=Target(
        calls={
            **{name: f"torch.{name}" for name in _SAME},
            "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
            "sign": "torch.where({0} == {0}, torch.sign({0}), {0})",  # theirs of nan is 0
            "nearest": "torch.round",
            "silu": "torch.nn.functional.silu",
            "stop": "{0}.detach()",
            "cbrt": "(torch.sign({0}) * torch.abs({0}) ** (1 / 3))",
            "normal_cdf": "(0.5 * torch.erfc(-0.7071067811865476 * {0}))",
            "sech2": "torch.cosh({0}) ** -2",
            "where": "torch.where({0} != 0, {1}, {2})",
            "clamp": "torch.where({0} < {1}, {1}, torch.where({0} > {2}, {2}, {0}))",
        },
        number="place.new_tensor({})",
        select=lambda name, a, b, x, y: f"torch.where({a} {SIGNS[name]} {b}, {x}, {y})",
    ),
    library="torch",
    array="torch.as_tensor({0}, dtype=place.dtype, device=place.device)",
    number="place.new_tensor({0})",
    to_shape="{0}.expand({1})",
    concatenate="torch.cat([{0}], {1})",
    transpose="{0}.permute({1})",
    whole="{0}.long().clamp(0, {1})",
)


def _path(name: str) -> str:
    """`layers.0.weight` as the way to it from the module."""
    text = "self"
    for part in map(_attribute, name.split(".")):
        plain = part.isidentifier() and not keyword.iskeyword(part)
        text = f"{text}.{part}" if plain else f"getattr({text}, {part!r})"
    return text


def _attribute(part: str) -> str:
    """A part of a name, with an underscore behind it where a module has an attribute called so."""
    import torch

    while hasattr(torch.nn.Module(), part) or OWN.fullmatch(part):
        part += "_"
    return part


def _form(place: str) -> Form:
    """Methods of a module; `place` is a tensor that has its type and device."""
    return Form(
        dialect=TORCH,
        owner="self.",
        given=("place", "batch"),
        parameter=_path,
        begin=(f"place = {place}",),
        spread="{0}.reshape(-1).expand(batch)",
        ones="valid = torch.ones(batch, dtype=torch.bool, device=place.device)",
        none=(
            "loss = torch.full((batch,), math.nan, dtype=place.dtype, device=place.device)",
            "valid = torch.zeros(batch, dtype=torch.bool, device=place.device)",
        ),
        asked=("with torch.no_grad():", "    here = {0}[1] & ~valid"),
    )


def module_of(source: str, function: str) -> Any:
    """A module whose methods are this source, without parameters: what a pickled one is made from.

    Args:
        source: of `forward` and the ways it takes.
        function: the name of what was recorded, for tracebacks.
    """
    import math

    import torch

    def pick(x: Any, k: Any) -> Any:
        shape = torch.broadcast_shapes(x.shape[:-1], k.shape)
        x, k = x.expand(*shape, x.shape[-1]), k.expand(shape)
        return x.gather(-1, k[..., None])[..., 0]

    def logsumexp(x: Any) -> Any:  # torch's loses the digits of a share near 1, and slopes of large numbers
        top, place = x.detach().max(-1, keepdim=True)
        top = torch.nan_to_num(top, 0.0, 0.0, 0.0)
        # one of the highest apart, by its number: in a backward pass x may be another than the top
        first = torch.arange(x.shape[-1], device=x.device) == place
        rest = torch.where(first, torch.expm1(x - top), torch.exp(x - top)).sum(-1)
        return torch.log1p(rest) + top[..., 0]

    names = {"torch": torch, "math": math, "pick": pick, "logsumexp": logsumexp}
    compiled(source, f"{function} in torch", names)
    ways = [name for name in names if name == "forward" or name.startswith("way_")]
    methods: dict[str, Any] = {name: names[name] for name in ways}
    methods["__reduce__"] = lambda module: (module_of, (source, function), module.__dict__)
    return type("Recorded", (torch.nn.Module,), {"source": source, **methods})()


def make_torch(programs: Sequence[Arrays], signature: Signature, function: str) -> Any:
    """The module: parameters under our names, in nested modules; `.source` is what its `forward` says."""
    import torch

    program = programs[0]
    place = _path(program.parameters[0].name) if program.parameters else "self.place"
    source, constants = write_ways(_form(place), programs, signature, "forward")
    module = module_of(source, function)
    for tensor, numbers in zip(program.tensors, program.numbers):
        *way, last = map(_attribute, tensor.name.split("."))
        inner = module
        for part in way:
            if part not in inner._modules:
                inner.add_module(part, torch.nn.Module())
            inner = inner._modules[part]
        inner.register_parameter(last, torch.nn.Parameter(torch.tensor(numbers, dtype=torch.float64)))
    for key, numbers in constants.items():
        module.register_buffer(key, torch.tensor(numbers), persistent=False)
    if not program.parameters:
        module.register_buffer("place", torch.zeros((), dtype=torch.float64), persistent=False)
    return module
