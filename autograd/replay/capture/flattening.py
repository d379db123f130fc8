"""The journal of a recording, a list of every node as it was made, becomes a `Program`.

A walk through the graph would look up each node several times over; a list of all of them is read column by
column into arrays, and these do the rest. Nothing that a node holds is written down a second time.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.entry import Op
from autograd.ops import dot
from autograd.program import Program
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.jit import LARGE, have_numba, natively
from autograd.value import Value

GOLDEN = -7046029254386353131  # 2**64 over the golden ratio, as a signed number: neighbours end up far apart


class Flattening:
    """From addresses to places: nodes 0, 1, ... in the order of the journal, then leaves."""

    def __init__(self, journal: Any, leaves: Sequence[Value]) -> None:
        self.journal = journal
        self.nodes = journal.nodes
        self.count = len(self.nodes)
        self.large = self.count >= LARGE and have_numba()
        known: defaultdict[Op, int] = defaultdict(count().__next__)
        self.codes = np.fromiter(map(known.__getitem__, self._column("op")), np.uint16, self.count)
        self.kinds = list(known)
        arity = np.array([op.arity if op.arity in (1, 2) else 0 for op in self.kinds], np.int8)[self.codes]
        widths, addresses = array("i"), array("q")
        for k in np.flatnonzero(arity == 0).tolist():
            parents = self.nodes[k].parents
            widths.append(len(parents))
            addresses.extend(map(id, parents))
        self.widths = arity.astype(np.int32)
        self.widths[arity == 0] = widths
        self.starts = np.zeros(self.count + 1, np.int32)
        np.cumsum(self.widths, out=self.starts[1:])
        self.addresses: Any = np.zeros(self.starts[-1], np.int64)
        two, several = arity == 2, arity == 0
        self.addresses[self.starts[:-1][~several]] = _addresses(self._column("a"), self.count)[~several]
        self.addresses[self.starts[:-1][two] + 1] = _addresses(self._column("b"), self.count)[two]
        self.addresses[np.repeat(several, self.widths)] = addresses
        self.given = list(dict.fromkeys(leaves))
        self.leaves = [*self.given, *journal.constants]

    def _column(self, name: str) -> Iterator[Any]:
        return map(attrgetter(name), self.nodes)

    def program(self, root: Value | None, others: Sequence[Value]) -> Program | None:
        """The program; None when it takes nodes that are not in the journal."""
        ends = [*([] if root is None else [root]), *others]
        wanted, self.addresses = np.concatenate([self.addresses, _addresses(ends, len(ends))]), None
        known = [_addresses(self.nodes, self.count), _addresses(self.leaves, len(self.leaves))]
        places = self._find(np.concatenate(known), wanted)
        if not self._other_leaves(places, wanted, ends):
            return None
        del wanted, known  # a graph of a million nodes has no room to spare
        self.operands, self.ends = places[: self.starts[-1]], places[self.starts[-1] :]
        return self._arranged(root is not None)

    def _find(self, known: Any, wanted: Any) -> Any:
        """For each address its place among the known ones, or -1."""
        if self.large:
            table = np.full(1 << (2 * len(known)).bit_length(), -1, np.int32)
            return natively(find)(known, wanted, table, np.empty(len(wanted), np.int32))
        order = np.argsort(known, kind="stable")
        at = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)]
        return np.where(known[at] == wanted, at, -1).astype(np.int32)

    def _other_leaves(self, places: Any, wanted: Any, ends: Sequence[Value]) -> bool:
        """Give places to leaves that were there before the run; False when one is no leaf."""
        unknown = np.flatnonzero(places < 0)
        _, first, which = np.unique(wanted[unknown], return_index=True, return_inverse=True)
        where = unknown[first]
        consumers = np.searchsorted(self.starts, where, side="right") - 1
        for position, k in zip(where.tolist(), consumers.tolist()):
            if k < self.count:
                leaf = self.nodes[k].parents[position - self.starts[k]]
            else:
                leaf = ends[position - self.starts[-1]]
            if leaf.a is not None:
                return False
            self.leaves.append(leaf)
        places[unknown] = self.count + len(self.leaves) - len(first) + which
        return True

    def _arranged(self, rooted: bool) -> Program:
        """What the ends need, in the order in which `backward` finds it."""
        order, reach = self._order(rooted)
        widths = self.widths[order]
        starts = np.zeros(len(order) + 1, np.int32)
        np.cumsum(widths, out=starts[1:])
        steps = np.arange(starts[-1], dtype=np.int32) + np.repeat(self.starts[order] - starts[:-1], widths)
        used = np.concatenate([self.operands[steps], self.ends])
        leaves, slot_of = self._number(order, used)
        slots = slot_of[used]
        program = Program()
        program.leaves = leaves
        codes, kinds = _by_appearance(self.codes[order], len(self.kinds))
        program.kinds = [self.kinds[k] for k in kinds]
        program.codes, program.starts = _tight("H", codes), _tight("i", starts)
        program.operands = _tight("i", slots[: starts[-1]])
        numbers = np.fromiter(map(DATA.__get__, self.nodes), np.float64, self.count)[order]
        known = np.fromiter(map(DATA.__get__, leaves), np.float64, len(leaves))
        program.recorded = _tight("d", np.concatenate([known, numbers]))
        found = slots[starts[-1] :].tolist()
        program.root, program.reach = (found.pop(0), reach) if rooted else (-1, 0)
        program.outputs = tuple(found)
        program.labels = self._labels(leaves, slot_of)
        return program

    def _order(self, rooted: bool) -> tuple[Any, int]:
        """The nodes that are needed, operands first, and how many of them the root needs."""
        ends = self.ends.tolist()
        biased = np.array([op is dot for op in self.kinds])[self.codes] & (self.widths % 2 == 1)
        room = 2 * self.count + len(self.operands) + 2
        arrays: list[Any] = [self.starts, self.operands, biased]
        order: Any = np.empty(self.count, np.int32)
        seen: Any = np.zeros(self.count, bool)
        stack: Any = np.empty(room, np.int32)
        walk: Any = depth_first
        if self.large:
            walk = natively(depth_first)
        else:  # plain loops are faster on lists
            arrays = [xs.tolist() for xs in arrays]
            order, seen, stack = order.tolist(), seen.tolist(), stack.tolist()
        made = reach = 0
        for i, end in enumerate(ends):
            made = walk(*arrays, end, order, made, seen, stack) if end < self.count else made
            reach = made if rooted and i == 0 else reach
        return np.array(order[:made], np.int64), reach

    def _number(self, order: Any, used: Any) -> tuple[list[Value], Any]:
        """The leaves that are needed, as they appear, and for each place its slot."""
        first = len(self.given)
        slot_of = np.full(self.count + len(self.leaves), -1, np.int32)
        slot_of[self.count : self.count + first] = np.arange(first)
        _, appear = _by_appearance(used[used >= self.count + first], len(slot_of))
        slot_of[appear] = first + np.arange(len(appear))
        slot_of[order] = first + len(appear) + np.arange(len(order))
        return [*self.given, *[self.leaves[i] for i in (appear - self.count).tolist()]], slot_of

    def _labels(self, leaves: Sequence[Value], slot_of: Any) -> dict[int, str]:
        labels = {i: leaf.label for i, leaf in enumerate(leaves) if leaf.label}
        if self.journal.labelled:
            place = {id(node): k for k, node in enumerate(self.nodes)}
            for node in self.journal.labelled:
                slot = slot_of[place[id(node)]] if id(node) in place else -1
                if slot >= 0:
                    labels[int(slot)] = node.label
        return labels


def _addresses(nodes: Iterable[Value], count: int) -> Any:
    return np.fromiter(map(id, nodes), np.int64, count)


def _tight(code: str, xs: Any) -> array[Any]:
    """The numbers in an array without the room to grow that one made of bytes has."""
    made = array(code, [0]) * len(xs)
    np.asarray(made)[:] = xs
    return made


def _by_appearance(xs: Any, count: int) -> tuple[Any, Any]:
    """Numbers below `count` renumbered in the order in which they first appear: (new xs, old by new)."""
    first = np.full(count, len(xs))
    first[xs[::-1]] = np.arange(len(xs))[::-1]  # of several, the last assignment stays: the first place
    old = np.flatnonzero(first < len(xs))
    old = old[np.argsort(first[old])]
    new = np.zeros(count, np.int32)
    new[old] = np.arange(len(old))
    return new[xs], old


def find(known: Any, wanted: Any, table: Any, places: Any) -> Any:
    """For each wanted address its place among the known ones, or -1: a hash table with linear probing.

    Args:
        known: addresses.
        wanted: addresses.
        table: room for twice as many places as are known, a power of two, filled with -1.
        places: room for the answer.
    """
    last = len(table) - 1
    for i in range(len(known)):
        slot = (known[i] * GOLDEN >> 20) & last
        while table[slot] >= 0:
            slot = (slot + 1) & last
        table[slot] = i
    for i in range(len(wanted)):
        slot = (wanted[i] * GOLDEN >> 20) & last
        while table[slot] >= 0 and known[table[slot]] != wanted[i]:
            slot = (slot + 1) & last
        places[i] = table[slot]
    return places


def depth_first(
    starts: Any, operands: Any, biased: Any, end: int, order: Any, made: int, seen: Any, stack: Any
) -> int:
    """Append to `order`, from `made` on, what `end` needs, as `backward.postorder` does; returns how many."""
    count = len(seen)
    stack[0], depth = end, 1
    while depth > 0:
        depth -= 1
        k = stack[depth]
        if k < 0:  # all its operands are in order
            order[made] = -1 - k
            made += 1
            continue
        if seen[k]:
            continue
        seen[k] = True
        stack[depth] = -1 - k
        depth += 1
        first, last = starts[k], starts[k + 1]
        if biased[k]:  # a dot's bias comes after its weights, before its inputs
            middle = first + (last - first) // 2
            for j in range(last - 2, middle - 1, -1):
                stack[depth] = operands[j]
                depth += operands[j] < count
            stack[depth] = operands[last - 1]
            depth += operands[last - 1] < count
            last = middle
        for j in range(last - 1, first - 1, -1):
            stack[depth] = operands[j]
            depth += operands[j] < count
    return made
