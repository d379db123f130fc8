"""The exercises of notebook 02: uses that add, the order of handing on, zero_grad."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from random import Random
from typing import Any

from autograd.exercise.functions import judge_loop, judge_order
from autograd.exercise.question import EXERCISES, Exercise, Fault, Mistake, Part, Task, fault_of
from autograd.graph import topological_order
from autograd.messages import say
from autograd.value import Value

# -- 2.1 paths ----------------------------------------------------------------------------------------------

ADDED = (
    "{given} adds a 2 per doubling. Each path splits again at the next doubling: the numbers of ways multiply.",
    "{given} 是每次翻倍加 2。每条路径到下一次翻倍又分成两条:路数要相乘。",
)
COUNTED = (
    "{given} counts the doublings. How many ways lead through each of them?",
    "{given} 数的是翻倍的次数。每次翻倍有几条路可走?",
)
SQUARED = (
    "n*n grows too slowly: count for n = 3 and n = 4, and see what each doubling multiplies.",
    "n*n 增长得太慢:数一数 n = 3 和 n = 4,看每次翻倍乘以几。",
)

EXERCISES["2.1"] = Exercise(
    "2.1",
    (
        "b = a + a; c = b + b; and so on, {n} doublings: how many paths lead from a to the result? "
        "And after n doublings, as a function of n?",
        "b = a + a; c = b + b;如此翻倍 {n} 次:从 a 到结果有多少条路径?翻倍 n 次呢,写成 n 的函数?",
    ),
    lambda random: {"n": random.randint(4, 7)},
    (
        Part(
            lambda n: 2**n,
            (Mistake(lambda n: 2 * n, ADDED), Mistake(lambda n: n, COUNTED)),
            ("paths", "路径数"),
        ),
        Part(
            lambda n: lambda k: 2.0**k,
            (
                Mistake(lambda n: lambda k: k * k, SQUARED),
                Mistake(lambda n: lambda k: 2 * k, ADDED),
                Mistake(lambda n: lambda k: k, COUNTED),
            ),
            ("f(n)", "f(n)"),
            lambda n: (5, 7, 10),
        ),
    ),
    (
        "How many paths has one doubling? And when each of these meets the next doubling?",
        "一次翻倍有几条路径?每一条遇到下一次翻倍又变成几条?",
    ),
    first={"n": 3},
)

# -- 2.2 an order -------------------------------------------------------------------------------------------


def _draw_edges(random: Random) -> dict[str, Any]:
    """Seven nodes, a and b to L; every one of them is used."""
    names = ["a", "b", "c", "d", "e", "f", "L"]
    while True:
        edges = {name: random.sample(names[:k], 2) for k, name in enumerate(names) if k > 1}
        if {x for pair in edges.values() for x in pair} == set(names[:-1]):
            signs = [random.choice("+*") for _ in edges]
            told = [f"{name} = {x}{sign}{y}" for (name, (x, y)), sign in zip(edges.items(), signs)]
            return {"lines": "; ".join(told), "edges": edges}


def _judge_hand_on(given: Any, lines: str, edges: dict[str, list[str]]) -> Fault | None:  # noqa: ARG001 - all judges are called alike
    names = given.replace(",", " ").split() if isinstance(given, str) else [str(x) for x in given]
    known = ["a", "b", *edges]
    if not names:
        return Fault(say("answer_blank"), counts=False)
    for text, wrong in (
        (NO_NODE, [x for x in names if x not in known]),
        (TWICE, [x for x in names if names.count(x) > 1]),
        (MISSING, [x for x in known if x not in names]),
    ):
        if wrong:
            return fault_of(text, x=wrong[0])
    place = {name: k for k, name in enumerate(names)}
    if all(place[x] < place[user] for user, pair in edges.items() for x in pair):
        return fault_of(FORWARD)
    for user, pair in edges.items():
        for x in pair:
            if place[x] < place[user]:
                return fault_of(EARLY, x=x, user=user)
    return None


NO_NODE = ("{x} is no node of this graph.", "{x} 不是这张图的节点。")
TWICE = ("{x} stands there twice: each node hands on once.", "{x} 出现了两次:每个节点只往回传一次。")
MISSING = ("{x} is missing: every node gets its turn.", "缺少 {x}:每个节点都要轮到。")
FORWARD = (
    "That is the forward order, operands first. The way back begins at the result.",
    "这是前向的次序,操作数在前。往回走要从结果开始。",
)
EARLY = (
    "{x} hands on before {user}, which uses it: what {user} sends would come too late.",
    "{x} 在用到它的 {user} 之前就往回传了:{user} 传来的贡献就迟到了。",
)

EXERCISES["2.2"] = Task(
    "2.2",
    (
        "{lines}. In which order may the seven nodes hand on? One text, such as 'L f e d c b a'.",
        "{lines}。七个节点可以按什么次序往回传?写成一个文本,例如 'L f e d c b a'。",
    ),
    _judge_hand_on,
    lambda lines, edges: " ".join(reversed(["a", "b", *edges])),
    _draw_edges,
)

# -- 2.3 order(root), 2.4 the loop --------------------------------------------------------------------------

EXERCISES["2.3"] = Task(
    "2.3",
    (
        "Write order(root): the list of all nodes of root's graph, every node once, operands before results. "
        "A node tells its operands as node.parents.",
        "请写 order(root):返回 root 的图中所有节点的列表,每个节点一次,操作数在结果之前。"
        "节点的操作数是 node.parents。",
    ),
    judge_order,
    lambda: inspect.getsource(topological_order),
)


def walk(turns: int) -> list[float]:
    """The loop of exercise 2.4 as it should be: down (w - 2)**2 from w = 0; gives w after each turn."""
    w = Value(0.0)
    seen = []
    for _ in range(turns):
        loss = (w - 2) ** 2
        loss.zero_grad()
        loss.backward()
        w.data -= 0.6 * w.grad
        seen.append(w.data)
    return seen


EXERCISES["2.4"] = Task(
    "2.4",
    (
        "walk(turns) should settle at w = 2, and swings past it. One line is missing: put it in.",
        "walk(turns) 应停在 w = 2,却来回摆动。少了一行:请补上。",
    ),
    judge_loop,
    lambda: inspect.getsource(walk),
)

# -- 2.5 the bug hunt ---------------------------------------------------------------------------------------


class Toy:
    """A number that remembers its operands and its local derivatives."""

    def __init__(self, data: float, parents: tuple[Toy, ...] = (), local: tuple[float, ...] = ()) -> None:
        self.data, self.parents, self.local, self.grad = data, parents, local, 0.0

    def __add__(self, other: Toy) -> Toy:
        return Toy(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Toy) -> Toy:
        return Toy(self.data * other.data, (self, other), (other.data, self.data))


def toy_gradient(
    make: Callable[[Toy], Toy],
    at: float,
    *,
    assigns: bool = False,
    in_a_set: bool = False,
    at_once: bool = False,
    runs: int = 1,
) -> float:
    """The gradient that a toy engine with these mistakes gives.

    Args:
        make: builds the graph from its leaf.
        at: the leaf's number.
        assigns: `=` where `+=` is right.
        in_a_set: the operands are kept in a set, so that `b*b` has one.
        at_once: a node hands on at each arrival, not when all its uses are in.
        runs: so many backward passes, with nothing zeroed in between.

    >>> toy_gradient(lambda a: a * a, 3.0), toy_gradient(lambda a: a * a, 3.0, assigns=True)
    (6.0, 3.0)
    """
    leaf = Toy(at)
    root = make(leaf)

    def hand_on(node: Toy) -> None:
        edges = list(zip(node.parents, node.local))
        if in_a_set:
            edges = list({id(parent): (parent, local) for parent, local in edges}.values())
        for parent, local in edges:
            parent.grad = (0.0 if assigns else parent.grad) + node.grad * local
            if at_once:
                hand_on(parent)

    for _ in range(runs):
        root.grad = 1.0
        for node in [root] if at_once else reversed(topological_order(root)):
            hand_on(node)
    return leaf.grad


def hunted(a: Toy) -> Toy:
    """The graph of the bug hunt: b = a + a; L = b*b + b."""
    b = a + a
    return b * b + b


BUGS: dict[str, tuple[tuple[str, str], Callable[[float], float]]] = {
    "=": (
        ("= for +=, at once", "用 = 代替 +=,立即传"),
        lambda a: toy_gradient(hunted, a, assigns=True, at_once=True),
    ),
    "= in order": (
        ("= for +=, in order", "用 = 代替 +=,按次序"),
        lambda a: toy_gradient(hunted, a, assigns=True),
    ),
    "set": (("operands in a set", "操作数放在集合里"), lambda a: toy_gradient(hunted, a, in_a_set=True)),
    "at once": (("+= at once", "+=,立即传"), lambda a: toy_gradient(hunted, a, at_once=True)),
    "twice": (("run twice, nothing zeroed", "运行两次,从不清零"), lambda a: toy_gradient(hunted, a, runs=2)),
}


def _bug_part(key: str) -> Part:
    name, code = BUGS[key]
    others = [
        Mistake(
            lambda a, code=other: code(a),
            (
                f"{{given}} is what the engine with another bug says: {texts[0]}.",
                f"{{given}} 是另一个有错的引擎给出的:{texts[1]}。",
            ),
        )
        for k, (texts, other) in BUGS.items()
        if k != key
    ]
    right = Mistake(
        lambda a: toy_gradient(hunted, a),
        (
            "{given} is the right gradient. Asked is what the engine with this bug says.",
            "{given} 是正确的梯度。问的是有这个错误的引擎给出多少。",
        ),
    )
    return Part(code, (right, *others), name)


EXERCISES["2.5"] = Exercise(
    "2.5",
    (
        "b = a + a; L = b*b + b at a = {a}. Five engines, a bug in each: = for += at once, = for += in order, "
        "operands in a set, += at once, run twice with nothing zeroed. What is a.grad in each, in this order?",
        "b = a + a; L = b*b + b,a = {a}。五个引擎各有一个错误:用 = 代替 += 且立即传、用 = 代替 += 按次序、"
        "操作数放在集合里、+= 立即传、运行两次从不清零。依次写出各自的 a.grad。",
    ),
    lambda random: {"a": random.choice([2.0, 3.0, -2.0, 0.5, 1.5])},
    tuple(map(_bug_part, BUGS)),
    (
        "Follow it by hand: what stands in v1.grad, in b.grad, in a.grad after each step?",
        "手算跟一遍:每一步之后 v1.grad、b.grad、a.grad 各是多少?",
    ),
    first={"a": 1.0},
)
