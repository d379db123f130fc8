"""Tensors whose entries stand in other places: turned, repeated, cut and picked.

The names are PyTorch's. In: nested lists of numbers and Values, and settings; out: lists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd as ag
from autograd.number import depth_of, entries, is_list, listed, shape_of
from nn.outputs import Outputs
from nn.shapes import axis_of, fitting, laid_out, permuted


def length_of(owner: str, x: Any, dim: int) -> int:
    """How many entries stand along an axis."""
    return shape_of(x)[axis_of(owner, dim, depth_of(x))]  # type: ignore[return-value]  # no ragged list


def tril(x: Any, diagonal: int = 0) -> Any:
    """The entries below a diagonal and on it, 0.0 elsewhere."""
    return _half(x, lambda i, j: j - i <= diagonal)


def triu(x: Any, diagonal: int = 0) -> Any:
    """The entries above a diagonal and on it, 0.0 elsewhere."""
    return _half(x, lambda i, j: j - i >= diagonal)


def _half(x: Any, kept: Callable[[int, int], bool]) -> Any:
    fitting("tril, triu", "one axis", x, depth_of(x) > 1)
    if depth_of(x) > 2:
        return type(x)(_half(part, kept) for part in x)
    return type(x)(type(x)(v if kept(i, j) else 0.0 for j, v in enumerate(row)) for i, row in enumerate(x))


def permute(x: Any, *dims: Any) -> Any:
    """The axes in another order."""
    wanted = listed(dims[0]) if len(dims) == 1 and is_list(dims[0]) else dims
    order = [axis_of("permute", dim, depth_of(x)) for dim in wanted]
    fitting("permute", tuple(wanted), x, sorted(order) == [*range(depth_of(x))])
    return permuted(x, order, type(x))


def repeat(x: Any, *sizes: Any) -> Any:
    """The entries so many times along each axis; more numbers than axes add axes before."""
    times = list(listed(sizes[0]) if len(sizes) == 1 and is_list(sizes[0]) else sizes)
    fitting("repeat", tuple(times), x, len(times) >= depth_of(x) and min(times, default=0) >= 0)
    for _ in range(len(times) - depth_of(x)):
        x = type(x)([x])

    def again(part: Any, counts: Sequence[int]) -> Any:
        return type(x)([again(row, counts[1:]) for row in part] * counts[0]) if counts else part

    return again(x, times)


def expand(x: Any, *sizes: Any) -> Any:
    """Axes of length 1 as long as said; -1 stays."""
    wanted = list(listed(sizes[0]) if len(sizes) == 1 and is_list(sizes[0]) else sizes)
    here: list[int] = list(shape_of(x))  # type: ignore[arg-type]  # a tuple, since a tensor is no ragged list
    here = [1] * (len(wanted) - len(here)) + here
    fits = len(wanted) == len(here) and all(now in (1, n) or n == -1 for n, now in zip(wanted, here))
    fitting("expand", tuple(wanted), x, fits)
    return repeat(x, [1 if n in (-1, now) else n for n, now in zip(wanted, here)])


def split(x: Any, split_size: Any, dim: int = 0) -> list[Any]:
    """Parts of this length along an axis, the last one shorter; or of these lengths."""
    size, axis, found, start = length_of("split", x, dim), axis_of("split", dim, depth_of(x)), list[Any](), 0
    if is_list(split_size):
        parts = listed(split_size)
        fitting("split", parts, x, ag.sum(parts) == size and min(parts) >= 0)
    else:
        fitting("split", split_size, x, split_size > 0)
        parts = [split_size] * max(1, -(-size // split_size))
    for part in parts:
        found.append(x[tuple([slice(None)] * axis + [slice(start, start + part)])])
        start += part
    return found


def chunk(x: Any, chunks: int, dim: int = 0) -> list[Any]:
    """So many parts along an axis."""
    fitting("chunk", chunks, x, chunks > 0)
    return split(x, max(1, -(-length_of("chunk", x, dim) // chunks)), dim)


def gather(x: Any, dim: int, index: Any) -> Any:
    """From each list along an axis the entries at these places."""
    axis, shape = axis_of("gather", dim, depth_of(x)), shape_of(index)
    sizes: Any = (shape_of(x), shape)
    fits = len(sizes[0]) == len(shape) and all(k == axis or n <= m for k, (m, n) in enumerate(zip(*sizes)))
    fitting("gather", f"index of shape {shape}", x, fits)
    found = []
    for place, i in entries(index):
        fitting("gather", i, x, 0 <= i < sizes[0][axis])
        at = (*place[:axis], i, *place[axis + 1 :])
        found.append(x[at])
    return laid_out(found, sizes[1], Outputs)


def index_select(x: Any, dim: int, index: Any) -> Any:
    """The parts at these places along an axis."""
    axis, size = axis_of("index_select", dim, depth_of(x)), length_of("index_select", x, dim)
    fitting("index_select", index, x, all(0 <= i < size for i in index))
    return x[tuple([slice(None)] * axis + [list(index)])]
