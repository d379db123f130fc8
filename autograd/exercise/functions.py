"""Functions as answers: they are run on cases from small to large; the first that fails is told and drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd.exercise.question import Fault, Text, close, fault_of, match, raised
from autograd.graph import topological_order
from autograd.messages import chosen
from autograd.trace.digits import digits
from autograd.value import Value

LONG = 100_000  # nodes of the chain on which recursion fails

# -- order(root) --------------------------------------------------------------------------------------------

RECURSION = (
    "On a chain of {count} nodes it stops with RecursionError: a function that calls itself goes too deep. "
    "Keep what is waiting in a list of your own.",
    "在 {count} 个节点的链上出现 RecursionError:调用自身的函数层数太深。请自己用列表存放等待的节点。",
)
A_SET = ("A set has no order: what comes back must be a list.", "集合没有次序:返回的应是列表。")
NOTHING_BACK = ("Nothing comes back yet: return what is asked for.", "还没有返回值:请返回所问的内容。")
ROOT_MISSING = (
    "On {graph} the root is missing: it is a node of its graph, too.",
    "在 {graph} 上缺少根节点:它也是图中的节点。",
)
LISTED_TWICE = (
    "On {graph} the node {x} stands there {count} times: remember which nodes are done.",
    "在 {graph} 上节点 {x} 出现了 {count} 次:请记住哪些节点已处理。",
)
NODE_MISSING = ("On {graph} the node {x} is missing.", "在 {graph} 上缺少节点 {x}。")
NO_NODE = (
    "On {graph} it lists something that is no node of the graph.",
    "在 {graph} 上列出了不属于图的东西。",
)
NOT_REVERSED = (
    "On {graph} the list runs from the root to the leaves: operands come before results, so turn it round.",
    "在 {graph} 上列表从根走到叶:操作数应在结果之前,请反转。",
)
TOO_EARLY = (
    "On {graph} {x} stands before its operand {operand}.",
    "在 {graph} 上 {x} 排在它的操作数 {operand} 之前。",
)


def _small_graphs() -> Iterator[tuple[str, Value]]:
    def named(node: Value, label: str) -> Value:
        node.label = label
        return node

    a = Value(2.0, label="a")
    yield "a", a
    yield "b = a*a", named(a * a, "b")
    b = named(a + a, "b")
    yield "b = a + a; c = b + b", named(b + b, "c")
    b, c = named(a + 1, "b"), named(a * 3, "c")
    yield "b = a + 1; c = a*3; d = b*c", named(b * c, "d")
    b = named(a * a, "b")
    c = named(b + a, "c")
    yield "b = a*a; c = b + a; d = a*c", named(a * c, "d")


def judge_order(order: Callable[[Any], Any]) -> Fault | None:
    """What is wrong first with a function that lists the nodes of a graph in forward order."""
    for told, root in _small_graphs():
        try:
            found = order(root)
        except RecursionError:
            return fault_of(RECURSION, root, count=told)
        except Exception as error:
            return raised(error, root)
        fault = _order_fault(found, root, told)
        if fault is not None:
            return fault
    chain = Value(1.0)
    for _ in range(LONG):
        chain = -chain
    try:
        found = list(order(chain))
    except RecursionError:
        return fault_of(RECURSION, count=f"{LONG:,}")
    except Exception as error:
        return raised(error)
    right = topological_order(chain)
    if len(found) == len(right) and all(x is y for x, y in zip(found, right)):
        return None
    return fault_of(NODE_MISSING, graph=f"-(-(...a)), {LONG:,}", x="a")


def _order_fault(found: Any, root: Value, told: str) -> Fault | None:
    """What is wrong with one list."""
    if found is None or found is ...:
        return Fault(chosen(NOTHING_BACK), counts=False)
    nodes, right = list(found), topological_order(root)
    known = {id(x) for x in right}

    def fault(text: Text, **fields: Any) -> Fault:
        return fault_of(text, root, graph=told, **fields)

    if isinstance(found, (set, frozenset)):
        return fault(A_SET)
    if any(id(x) not in known for x in nodes):
        return fault(NO_NODE)
    for x in right:
        count = [id(y) for y in nodes].count(id(x))
        if count > 1:
            return fault(LISTED_TWICE, x=_name(x), count=count)
    place = {id(x): k for k, x in enumerate(nodes)}
    if id(root) not in place:
        return fault(ROOT_MISSING)
    for x in right:
        if id(x) not in place:
            return fault(NODE_MISSING, x=_name(x))
    return _misplaced(right, place, fault)


def _misplaced(right: list[Value], place: dict[int, int], fault: Callable[..., Fault]) -> Fault | None:
    pairs = [(x, operand) for x in right for operand in x.parents]
    if pairs and all(place[id(x)] < place[id(operand)] for x, operand in pairs):
        return fault(NOT_REVERSED)
    for x, operand in pairs:
        if place[id(x)] < place[id(operand)]:
            return fault(TOO_EARLY, x=_name(x), operand=_name(operand))
    return None


def _name(node: Value) -> str:
    return node.label or digits(node.data)


# -- a walk downhill ----------------------------------------------------------------------------------------

NOT_ZEROED = (
    "It still swings past 2: what does w.grad hold at the second turn, before backward()?",
    "仍在 2 两侧摆动:第二轮 backward() 之前,w.grad 里是什么?",
)
NEVER_MOVES = (
    "w does not move: the gradient is gone before the step uses it.",
    "w 不动:梯度在更新之前就没了。",
)
UPHILL = (
    "w runs away from 2: a step downhill goes against the gradient, -=.",
    "w 离 2 越来越远:下坡要逆着梯度,用 -=。",
)
STARTS_AGAIN = (
    "Every turn begins at w = 0 again: w is made before the loop, once.",
    "每一轮又从 w = 0 开始:w 应在循环之前建立,只建一次。",
)
NOT_THIS_WALK = (
    "The first turn gives {got}, not {wanted}: only one line is missing, leave the others as they are.",
    "第一轮得到 {got},应为 {wanted}:只少一行,其余请保持不变。",
)
LATER_WRONG = ("Turn {turn} gives {got}, not {wanted}.", "第 {turn} 轮得到 {got},应为 {wanted}。")
TURNS = 8


def run(code: Callable[..., Any], *given: Any) -> Any:
    """What a learner's code gives; a `Fault` where it raises, or gives nothing back."""
    try:
        found = code(*given)
    except Exception as error:
        return raised(error)
    return Fault(chosen(NOTHING_BACK), counts=False) if found is None or found is ... else found


def judge_loop(walk: Callable[[int], Any]) -> Fault | None:
    """What is wrong first with the walk of exercise 2.4; every known wrong walk is walked as well."""
    found = run(walk, TURNS)
    if isinstance(found, Fault):
        return found
    seen, wanted = [float(x) for x in found], walked()
    if match(seen, wanted):
        return None
    for text, wrong in (
        (NOT_ZEROED, walked(zeroed=False)),
        (NEVER_MOVES, [0.0] * TURNS),
        (UPHILL, walked(sign=1.0)),
        (STARTS_AGAIN, [wanted[0]] * TURNS),
    ):
        if match(seen, wrong):
            return fault_of(text)
    if not seen or not close(seen[0], wanted[0]):
        return fault_of(NOT_THIS_WALK, got=digits(seen[0]) if seen else "[]", wanted=digits(wanted[0]))
    turn = next((k for k, (x, y) in enumerate(zip(seen, wanted)) if not close(x, y)), len(seen) - 1)
    return fault_of(LATER_WRONG, turn=turn + 1, got=digits(seen[turn]), wanted=digits(wanted[turn]))


def walked(zeroed: bool = True, sign: float = -1.0) -> list[float]:
    """W after each turn down (w - 2)**2, or as a mistake makes it go."""
    w, gradient, seen = 0.0, 0.0, []
    for _ in range(TURNS):
        gradient = (0.0 if zeroed else gradient) + 2 * (w - 2)
        w += sign * 0.6 * gradient
        seen.append(w)
    return seen
