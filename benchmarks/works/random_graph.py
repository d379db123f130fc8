"""Random graphs of +, *, - and tanh, as a function over Values and as a plan for other engines."""

import random

import autograd as ag
from autograd import Value
from works.timing import Work

KINDS = (0.35, 0.6, 0.8)  # up to these draws: +, *, -; tanh above


class RandomGraph(Work):
    """`size` nodes on size/50 leaves; every result that no other node uses is summed.

    Attributes:
        plan: a draw per node, which tells its op, and the places of its operands among leaves and nodes.
        ends: the places of what is summed.
    """

    def __init__(self, size, seed=0):
        draw = random.Random(seed)
        super().__init__([Value(draw.uniform(-1, 1)) for _ in range(max(4, size // 50))])
        first, used, plan = len(self.params), set(), []
        for m in range(first, first + size):
            kind = draw.random()
            a, b = int(draw.random() * m), int(draw.random() * m)
            used |= {a, b} if kind < KINDS[2] else {a}
            plan.append((kind, a, b))
        self.size, self.plan = size, tuple(plan)
        self.ends = tuple(i for i in range(first, first + size) if i not in used)

    def loss(self, _sample=0.0):
        """Build the graph; its argument is there so that `train` can run it, and is not read."""
        pool = list(self.params)
        for kind, a, b in self.plan:
            x = pool[a]
            if kind < KINDS[0]:
                pool.append(x + pool[b])
            elif kind < KINDS[1]:
                pool.append(x * pool[b])
            elif kind < KINDS[2]:
                pool.append(x - pool[b])
            else:
                pool.append(x.tanh())
        return ag.sum([pool[i] for i in self.ends])
