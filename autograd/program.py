"""A graph flattened: instructions on numbered slots, in the order in which they were computed.

    slot    0 1 2 ...        the leaves: inputs, parameters, constants
    slot    leaves + k       the result of instruction k: an op and the slots of its operands

`run` and `gradients` are plain Python and give the bits that `Value` and `backward` give; every other
executor is compared with them. A program holds a few bytes per node, no Values but its leaves, and can be
drawn and explained: `as_node` makes the graph again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograd import ops
from autograd.backward import postorder
from autograd.entry import CONSTANT, LEAF, Op, read_on_floats
from autograd.messages import say
from autograd.node import GROUP, ByHand
from autograd.value import Value

STOP = Op("stop", lambda x: x, (None,))  # the number of a node, without its gradient
ADD, SUB, MUL, DOT = ops.add, ops.sub, ops.mul, ops.dot


def _slot(i: int, leaves: int) -> int:
    return i + leaves if i >= 0 else -1 - i


class Program:
    """A flat program. Make it with `Program.of(root)`.

    Attributes:
        leaves: what the first slots stand for, Values in the order of `Program.of`.
        size: the number of slots.
        root: the slot of the result, or -1 when there is no single one.
        reach: instructions from this one on do not lead to the root (they serve guards and other results).
        recorded: every slot's number at the time of recording.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> program = Program.of(x * x + x)
    >>> numbers = program.run([5.0])
    >>> numbers[program.root], program.gradients(numbers)[0]
    (30.0, 11.0)
    """

    def __init__(self) -> None:
        self.leaves: list[Any] = []
        self.kinds: list[Op] = []  # the distinct ops, in order of appearance
        self.codes = array("H")  # per instruction: which of `kinds`
        self.starts = array("i", [0])  # per instruction: where its operands begin in `operands`
        self.operands = array("i")
        self.recorded = array("d")
        self.labels: dict[int, str] = {}
        self.outputs: tuple[int, ...] = ()
        self.root, self.reach = -1, 0

    @classmethod
    def of(cls, root: Any, others: Sequence[Any] = (), leaves: Iterable[Any] = ()) -> Program:
        """Flatten the graph below `root`, and below `others`, which no gradient leaves from.

        Args:
            root: a Value, the one to differentiate; or None.
            others: more Values whose numbers are wanted.
            leaves: Values that shall be the first slots, in this order, used or not.

        Raises:
            ValueError: a node was made by hand (`_backward`): nobody can compute it again.
        """
        program = cls()
        place: dict[Any, int] = {}  # result k of the instructions: k; leaf i: -1 - i
        for leaf in leaves:
            program._leaf(leaf, place)
        for node in (root, *others):
            if node is not None and node not in place:
                program._extend(postorder(node)[0], place)
                if node.a is None:
                    program._leaf(node, place)
            if node is root:
                program.reach = len(program.codes)
        program._number()
        first = len(program.leaves)
        program.outputs = tuple(_slot(place[node], first) for node in others)
        program.root = -1 if root is None else _slot(place[root], first)
        return program

    def _leaf(self, leaf: Any, place: dict[Any, int]) -> int:
        found = place.get(leaf)
        if found is None:
            found = place[leaf] = -1 - len(self.leaves)
            self.leaves.append(leaf)
        return found

    def _extend(self, order: Sequence[Any], place: dict[Any, int]) -> None:
        known = {op: i for i, op in enumerate(self.kinds)}
        codes, starts, operands, recorded = self.codes, self.starts, self.operands, self.recorded
        for node in order:
            if node in place:
                continue
            op = node.op
            code = known.get(op)
            if code is None:
                if op.__class__ is ByHand:
                    raise ValueError(say("program_by_hand", node=node))
                code = known[op] = len(self.kinds)
                self.kinds.append(op)
            codes.append(code)
            a, b = node.a, node.b
            for x in node.parents if a.a is GROUP else (a,) if b is None else (a, b):
                i = place.get(x)
                operands.append(self._leaf(x, place) if i is None else i)
            starts.append(len(operands))
            if node.label:
                self.labels[len(recorded)] = node.label
            place[node] = len(recorded)
            recorded.append(node.data)

    def _number(self) -> None:
        """Put the leaves before the instructions."""
        first = len(self.leaves)
        self.operands = array("i", [_slot(i, first) for i in self.operands])
        self.recorded = array("d", [leaf.data for leaf in self.leaves]) + self.recorded
        self.labels = {k + first: label for k, label in self.labels.items()}
        self.labels.update({i: leaf.label for i, leaf in enumerate(self.leaves) if leaf.label})

    # -- looking ---------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """The number of slots."""
        return len(self.recorded)

    def op(self, slot: int) -> Op:
        """The entry that makes a slot; LEAF or CONSTANT for a leaf."""
        k = slot - len(self.leaves)
        if k >= 0:
            return self.kinds[self.codes[k]]
        return CONSTANT if self.leaves[slot].op is CONSTANT else LEAF

    def operands_of(self, slot: int) -> Sequence[int]:
        """The slots of a slot's operands; nothing for a leaf."""
        k = slot - len(self.leaves)
        return self.operands[self.starts[k] : self.starts[k + 1]] if k >= 0 else ()

    def as_node(self) -> Value:
        """The graph again, on the very leaves and with their numbers of now: what `draw` and `explain` show.

        Raises:
            ValueError: the program has no single result.

        >>> from autograd import Value
        >>> x = Value(3.0, label="x")
        >>> Program.of(x * x + x).as_node().parents[1] is x
        True
        """
        if self.root < 0:
            raise ValueError(say("program_several"))
        nodes = list(self.leaves)
        for slot, op, operands in self.instructions():
            nodes.append(Value.apply(op, [nodes[i] for i in operands]))
            if slot in self.labels:
                nodes[-1].label = self.labels[slot]
        made: Value = nodes[self.root]
        return made

    def instructions(self) -> Iterator[tuple[int, Op, Sequence[int]]]:
        """(slot, op, operand slots) in the order of computation."""
        for slot in range(len(self.leaves), self.size):
            yield slot, self.op(slot), self.operands_of(slot)

    def counts(self) -> dict[str, int]:
        """How often each op occurs."""
        found = dict.fromkeys((op.name for op in self.kinds), 0)
        for code in self.codes:
            found[self.kinds[code].name] += 1
        return found

    def __repr__(self) -> str:
        ops_ = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        return f"Program({len(self.leaves)} leaves, {len(self.codes)} instructions: {ops_})"

    def without_flow(self, slots: Iterable[int]) -> frozenset[int]:
        """Those of these slots to which nothing flows from the root, not even 0."""
        if STOP not in self.kinds:  # a million operands are compared at once
            return frozenset(slots).difference(self.operands[: self.starts[self.reach]], [self.root])
        flows, first = {self.root}, len(self.leaves)
        for slot in reversed(range(first, first + self.reach)):
            if slot in flows and self.op(slot) is not STOP:
                flows.update(self.operands_of(slot))
        return frozenset(slots) - flows

    # -- running: the reference --------------------------------------------------------------------

    def run(self, numbers: Sequence[float]) -> list[float]:
        """Every slot's number, given the leaves' numbers: the forward pass, bit for bit that of Values."""
        slots = list(numbers)
        values = [op.value for op in self.kinds]
        starts, operands = self.starts, self.operands
        for k, code in enumerate(self.codes):
            slots.append(values[code](*[slots[i] for i in operands[starts[k] : starts[k + 1]]]))
        return slots

    def gradients(self, slots: Sequence[float], gradient: float = 1.0) -> list[float]:
        """The gradient of the root to every slot: the backward pass, bit for bit that of `backward`."""
        grads = self._sweep(slots, gradient, 0.0)
        if any(grads[i] != grads[i] for i in range(len(self.leaves))):
            # as `backward` does: again, with nothing at all into branches that nobody took
            grads = [0.0 if g is None else g for g in self._sweep(slots, gradient, None)]
        return grads

    def _sweep(self, slots: Sequence[float], gradient: float, nothing: float | None) -> list[Any]:
        grads: list[Any] = [nothing] * self.size
        grads[self.root] = gradient
        starts, operands, first = self.starts, self.operands, len(self.leaves)
        for k in range(self.reach - 1, -1, -1):
            g = grads[first + k]
            if g is None:
                continue
            op = self.kinds[self.codes[k]]
            places = operands[starts[k] : starts[k + 1]]
            for i, local in zip(places, local_derivatives(op, [slots[i] for i in places], slots[first + k])):
                if local is not None and (local or not op.choice):
                    before = grads[i]
                    grads[i] = (0.0 if before is None else before) + g * local
        return grads


def local_derivatives(op: Op, numbers: Sequence[float], result: float) -> Sequence[float | None]:
    """The local derivative to each operand; None where the op is flat."""
    if op is MUL:
        return (numbers[1], numbers[0])
    if op is ADD:
        return (1.0, 1.0)
    if op is SUB:
        return (1.0, -1.0)
    if op is DOT:
        n = len(numbers) // 2
        return [*numbers[n : 2 * n], *numbers[:n], *([1.0] if len(numbers) > 2 * n else [])]
    if op.arity is None:  # all at once: a rule for each operand of a long sum would read them all each time
        return op.locals(numbers, result)
    rules = [op.rule(i) for i in range(len(numbers))]
    return [None if rule is None else read_on_floats(rule, numbers, result) for rule in rules]


def _chosen(operands: Sequence[float]) -> int:
    """Which operand the last one names; the nearest where there is none, until a guard has spoken."""
    return min(max(int(operands[-1]), 0), len(operands) - 2)


def _shares(operands: Sequence[float], _: float) -> list[float]:
    found = [0.0] * len(operands)
    found[_chosen(operands)] = 1.0
    return found


PICK = Op("pick", lambda *operands: operands[_chosen(operands)], (), arity=None, choice=True, bulk=_shares)
