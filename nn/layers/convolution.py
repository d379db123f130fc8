"""Convolution and pooling over nested lists: a sample is `[channel][place]` or `[channel][row][column]`.

A list of samples gives a list of results.  Every output number is one `dot`; all output channels share the
operands of a window.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd import Value, operands_of, weigh_rows
from autograd.number import depth_of, entries, is_list, listed, map_nested, rectangle
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, Range, chosen_number, chosen_numbers, chosen_word
from nn.layers.neuron import SharedWeights, said_of
from nn.learning import init
from nn.messages import problem
from nn.module import Module
from nn.outputs import Outputs, for_each_sample
from nn.shapes import laid_out

Size = int | tuple[int, ...]
Window = list[tuple[int, ...]]  # the places that a window covers


def _per_axis(owner: Any, name: str, size: Any, axes: int, among: Range) -> tuple[int, ...]:
    if is_list(size):
        return chosen_numbers(owner, name, size, axes, among)
    return (chosen_number(owner, name, size, among),) * axes


class Sliding(Module):
    """What convolution and pooling share: a window that slides over one axis or two.

    Args:
        kernel_size: of the window, one number or one for each axis.
        stride: how far the window moves; None for as far as it is wide.
        padding: places added at both ends, outside the sample; "same" keeps the length, "valid" adds none.
        dilation: how far the places of a window are apart.
    """

    axes: int
    behind: tuple[int, ...] = (0, 0)

    def __init__(
        self, kernel_size: Size, stride: Size | None, padding: Size | str, dilation: Size = 1
    ) -> None:
        self.axes = axes = self.axes  # its own, since a checkpoint compares what each module has
        self.kernel_size = _per_axis(self, "kernel_size", kernel_size, axes, WHOLE_FROM_1)
        strides = self.kernel_size if stride is None else stride
        self.stride = _per_axis(self, "stride", strides, axes, WHOLE_FROM_1)
        self.dilation = _per_axis(self, "dilation", dilation, axes, WHOLE_FROM_1)
        spans = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
        if isinstance(padding, str):
            chosen_word(self, "padding", padding, ("same", "valid"))
            self.behind = tuple(n % 2 if padding == "same" else 0 for n in spans)  # one place more at the end
            padding = tuple(n // 2 if padding == "same" else 0 for n in spans)
        self.padding = _per_axis(self, "padding", padding, axes, WHOLE_FROM_0)

    def forward(self, x: Any) -> Outputs:
        """The result of one sample, or of each of a list of samples.

        Raises:
            ValueError: a sample is nested less or more, or its rows or channels differ in length.
        """
        x = listed(x)
        depth = depth_of(x)
        if depth == self.axes + 2:
            return for_each_sample(self, x)
        if depth != self.axes + 1:
            wanted = "[channel]" + ("[place]" if self.axes == 1 else "[row][column]")
            raise problem(ValueError, "nn_depth", layer=said_of(self), wanted=wanted, got=depth)
        return self.on_sample(rectangle(x, repr(self)))

    def on_sample(self, x: Sequence[Any]) -> Outputs:
        """The result of one sample."""
        raise NotImplementedError

    def windows(self, x: Sequence[Any]) -> tuple[tuple[int, ...], list[Window]]:
        """How many windows there are along each axis, and which places each covers, in order."""
        sizes = [len(x[0]), len(x[0][0])][: self.axes] if self.axes == 2 else [len(x[0])]
        counts = []
        settings = zip(self.kernel_size, self.stride, self.padding, self.dilation, self.behind)
        for size, (k, s, p, d, more) in zip(sizes, settings):
            span = d * (k - 1) + 1
            if size + 2 * p + more < span:
                raise problem(ValueError, "nn_window", layer=said_of(self), window=span, size=size, padding=p)
            counts.append((size + 2 * p + more - span) // s + 1)
        starts = [range(-p, -p + n * s, s) for n, s, p in zip(counts, self.stride, self.padding, strict=True)]
        steps = zip(self.kernel_size, self.dilation, strict=True)
        offsets = list(itertools.product(*(range(0, k * d, d) for k, d in steps)))
        places = [
            [tuple(map(sum, zip(corner, offset, strict=True))) for offset in offsets]
            for corner in itertools.product(*starts)
        ]
        return tuple(counts), places

    def look_up(self, channel: Any, place: tuple[int, ...], outside: Any) -> Any:
        """The entry at a place, or `outside`."""
        for i in place:
            if not 0 <= i < len(channel):
                return outside
            channel = channel[i]
        return channel


def _part(things: Sequence[Any], number: int, parts: int) -> Sequence[Any]:
    size = len(things) // parts
    return things[number * size : (number + 1) * size]


class _Conv(Sliding):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, dilation)
        self.in_channels = in_channels = chosen_number(self, "in_channels", in_channels, WHOLE_FROM_1)
        self.out_channels = out_channels = chosen_number(self, "out_channels", out_channels, WHOLE_FROM_1)
        self.groups = chosen_number(
            self, "groups", groups, Range(1, math.gcd(in_channels, out_channels), whole=True)
        )
        if math.gcd(in_channels, out_channels) % self.groups:
            raise problem(
                ValueError, "nn_conv_groups", groups=groups, inputs=in_channels, outputs=out_channels
            )
        seen = in_channels // self.groups
        bound = 1 / math.sqrt(seen * math.prod(self.kernel_size))
        self.weight = init.uniform_(init.empty(out_channels, seen, *self.kernel_size), -bound, bound)
        self.bias: list[Value] | None = None
        if bias:
            self.bias = init.uniform_(init.empty(out_channels), -bound, bound)
        self._shared = [SharedWeights() for _ in range(out_channels)]

    def on_sample(self, x: Sequence[Any]) -> Outputs:
        """`[out channel][...]` of `[in channel][...]`."""
        if len(x) != self.in_channels:
            build = f"nn.{type(self).__name__}({len(x)}, {self.out_channels}, ...)"
            fields = {"got": len(x), "wanted": self.in_channels, "build": build}
            raise problem(ValueError, "nn_channels", layer=said_of(self), **fields)
        nodes = map_nested(lambda v: operands_of([v])[0], x)  # each number one node in all its windows
        counts, windows = self.windows(x)
        nothing = Value(0.0, requires_grad=False)
        biases: Sequence[Value | None] = self.bias or [None] * self.out_channels
        kernels = [
            shared.of([w for _, w in entries(kernel)], bias)
            for shared, kernel, bias in zip(self._shared, self.weight, biases, strict=True)
        ]
        result: list[Outputs] = []
        for group in range(self.groups):
            seen, made = _part(nodes, group, self.groups), _part(kernels, group, self.groups)
            operands = [
                operands_of(self.look_up(channel, place, nothing) for channel in seen for place in window)
                for window in windows
            ]
            by_window = [weigh_rows(made, xs) for xs in operands]
            result += [laid_out(channel, counts, Outputs) for channel in zip(*by_window, strict=True)]
        return Outputs(result)

    def __repr__(self) -> str:
        window = "x".join(map(str, self.kernel_size))
        return f"{type(self).__name__}({self.in_channels} -> {self.out_channels}, {window})"


class Conv1d(_Conv):
    """Convolution along one axis; PyTorch's weights `[out][in][place]` and initialisation.

    >>> layer = Conv1d(1, 1, 3, bias=False)
    >>> layer.load_state_dict({"weight": [[[-1, 0, 1]]]})
    >>> [v.data for v in layer([[1.0, 2.0, 4.0, 8.0]])[0]]
    [3.0, 6.0]
    """

    axes = 1


class Conv2d(_Conv):
    """Convolution over rows and columns; PyTorch's weights `[out][in][row][column]` and initialisation.

    >>> image = [[[float(i * j) for j in range(4)] for i in range(4)]]
    >>> result = Conv2d(1, 2, 3, padding=1)(image)
    >>> len(result), len(result[0]), len(result[0][0])
    (2, 4, 4)
    """

    axes = 2


class _Pool(Sliding):
    def __init__(
        self, kernel_size: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1
    ) -> None:
        if not is_list(padding):  # words are for convolution
            chosen_number(self, "padding", padding, WHOLE_FROM_0)
        super().__init__(kernel_size, stride, padding, dilation)
        for size, places in zip(self.kernel_size, self.padding, strict=True):  # no window outside the sample
            chosen_number(self, "padding", places, Range(0, size // 2, whole=True))

    def pick(self, window: list[Any]) -> Any:
        """The number that stands for a window."""
        raise NotImplementedError

    outside: float | None = None  # what padding counts as; None: nothing at all

    def on_sample(self, x: Sequence[Any]) -> Outputs:
        """Each channel on its own."""
        counts, windows = self.windows(x)
        result: list[Any] = []
        for channel in x:
            picked = []
            for window in windows:
                found = [self.look_up(channel, place, self.outside) for place in window]
                picked.append(self.pick([v for v in found if v is not None]))
            result.append(laid_out(picked, counts, Outputs))
        return Outputs(result)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'x'.join(map(str, self.kernel_size))})"


class _MaxPool(_Pool):
    def pick(self, window: list[Any]) -> Any:
        """The largest number."""
        return ag.maximum(window)


class _AvgPool(_Pool):
    def __init__(
        self, kernel_size: Size, stride: Size | None = None, padding: Size = 0, count_include_pad: bool = True
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.outside = 0.0 if count_include_pad else None

    def pick(self, window: list[Any]) -> Any:
        """The mean."""
        return ag.sum(window) / len(window)


class MaxPool1d(_MaxPool):
    """The largest number of each window; equal ones share the gradient.

    >>> MaxPool1d(2)([[1.0, 3.0, 2.0, 0.0]])
    [[3.0, 2.0]]
    """

    axes = 1


class MaxPool2d(_MaxPool):
    """The largest number of each window; equal ones share the gradient.

    >>> MaxPool2d(2)([[[1.0, 3.0], [2.0, 0.0]]])
    [[[3.0]]]
    """

    axes = 2


class AvgPool1d(_AvgPool):
    """The mean of each window; padding counts as zeros, or not at all with `count_include_pad=False`.

    >>> AvgPool1d(2)([[1.0, 3.0, 2.0, 0.0]])
    [[2.0, 1.0]]
    """

    axes = 1


class AvgPool2d(_AvgPool):
    """The mean of each window; padding counts as zeros, or not at all with `count_include_pad=False`.

    >>> AvgPool2d(2)([[[1.0, 3.0], [2.0, 0.0]]])
    [[[1.5]]]
    """

    axes = 2
