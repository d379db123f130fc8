"""Random graphs of 10^2 to 10^6 nodes: nanoseconds per node, forward and gradient, and what they cost to record."""

import gc
import time
import tracemalloc

import numpy as np

from autograd import record
from works.random_graph import KINDS, RandomGraph
from works.timing import Goal, Race, agree, c_run, compiled, cpu, ratio, there

SIZES = (100, 1000, 10_000, 100_000, 1_000_000)
CASADI_MOST = 100_000  # nodes: its graph is built at some 30 us a node
CALL, LOOP = "replay, a call", "replay, its loop"
CASADI, CASADI_LOOP, C = "casadi, a call", "casadi, its loop", "C, a switch"
COLUMNS = (CALL, LOOP, CASADI, CASADI_LOOP, C, "eager", "first call s", "to replay s", "bytes")
MOST_CALLS = 8  # until a graph must replay
WORK = 600_000  # nodes per measurement, at least one pass


def seconds(function):
    """(CPU seconds of one call, its result)."""
    begin = time.process_time()
    result = function()
    return time.process_time() - begin, result


def settled(graph):
    """A recorded function that replays, and the CPU seconds of the calls until it did."""
    fast, calls = record(graph.loss, params=graph.params), []
    while not fast.replays:
        calls.append(seconds(lambda: fast(0.0))[0])
        if len(calls) > MOST_CALLS:
            raise RuntimeError("the graph is not replayed")
    return fast, calls


def replayed(graph, race):
    """Enter both rows; returns CPU seconds of the calls until the first replay."""
    gc.collect()
    fast, calls = settled(graph)
    count = max(1, WORK // graph.size)
    race.enter(CALL, cpu(lambda n: [fast(0.0) for _ in range(n)], count))
    fast.train([0.0], epochs=count, lr=0.0)
    race.enter(LOOP, cpu(lambda n: fast.train([0.0], epochs=n, lr=0.0), 4 * count))
    return calls


def checked(graph, truth, others):
    """Bytes per node that a replaying function holds, by Python's own count; all results beside eager's.

    The function's value and gradients come from a call and from an update of its loop.
    """
    gc.collect()
    tracemalloc.start()
    fast, _ = settled(graph)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    graph.reset()
    agree([fast(0.0).data, *[leaf.grad for leaf in graph.params]], truth, CALL)
    rate = 1e-3
    fast.train([0.0], epochs=1, lr=rate)
    agree([leaf.data for leaf in graph.params], [x - rate * g for x, g in zip(graph.start, truth[1:])], LOOP)
    graph.reset()
    for name, found in others.items():
        agree(found, truth, name)
    return held / graph.size


class Casadi:
    """The graph as CasADi's SX: a function for the value and the gradient, and a loop of gradient descent."""

    def __init__(self, graph):
        import casadi as ca

        x, rate = ca.SX.sym("x", len(graph.start)), ca.SX.sym("rate")
        pool = ca.vertsplit(x)
        for kind, a, b in graph.plan:
            if kind < KINDS[2]:
                u, v = pool[a], pool[b]
                pool.append(u + v if kind < KINDS[0] else u * v if kind < KINDS[1] else u - v)
            else:
                pool.append(ca.tanh(pool[a]))
        total = ca.sum1(ca.vertcat(*[pool[i] for i in graph.ends]))
        gradient = ca.gradient(total, x)
        self.function = ca.Function("f", [x], [total, gradient])
        self.step = ca.Function("step", [x, rate], [x - rate * gradient])
        self.point = ca.DM(graph.start)

    def results(self):
        total, gradient = self.function(self.point)
        return [float(total), *gradient.full().ravel().tolist()]

    def call(self, count):
        for _ in range(count):
            self.function(self.point)

    def loop(self, count):
        """A measurement of so many updates inside CasADi."""
        import casadi as ca

        fold, rates = self.step.fold(count), ca.DM.zeros(1, count)
        return cpu(lambda _: fold(self.point, rates), count)


def c_input(graph):
    """The graph as `dag.c` reads it."""
    kinds = np.searchsorted(KINDS, [kind for kind, _, _ in graph.plan], side="right")
    nodes = np.column_stack([kinds, *np.array([(a, b) for _, a, b in graph.plan]).T]).astype(np.int32)
    sizes = np.array([len(graph.params), graph.size, len(graph.ends)], np.int32)
    ends, numbers = np.array(graph.ends, np.int32), np.array(graph.start)
    return b"".join(part.tobytes() for part in (sizes, nodes, ends, numbers))


def one_size(size, repeats, folder):
    """The row of one size: nanoseconds per node, then seconds and bytes."""
    graph = RandomGraph(size)
    gc.collect()
    row = {}

    def eager():
        loss = graph.loss()
        loss.backward()
        return loss.data

    eager_seconds, value = seconds(eager)
    truth = [value, *[leaf.grad for leaf in graph.params]]
    race, others = Race(f"{size} nodes", ours=CALL), {}
    count = max(1, WORK // size)
    if there("casadi") and size <= CASADI_MOST:
        peer = Casadi(graph)
        others[CASADI] = peer.results()
        race.enter(CASADI, cpu(peer.call, count))
        race.enter(CASADI_LOOP, peer.loop(count))

    def limit():
        program, given = compiled("dag", folder), c_input(graph)
        others[C] = c_run(program, (1,), given)[1:]
        return lambda: c_run(program, (count,), given)[0]

    race.enter_c(C, limit)
    row["bytes"] = checked(graph, truth, others)
    calls = replayed(graph, race)
    row["first call s"], row["to replay s"] = calls[0], sum(calls)
    times = race.run(repeats)
    row |= {name: t * 1000 / size for name, t in times.items()}
    row["eager"] = eager_seconds * 1e9 / size
    return row


def show_header():
    print(
        "\nrandom graphs, value and gradient: ns per node; CPU seconds of the first call and of all to the first "
        "replay; bytes held per node"
    )
    print(f"  {'nodes':>9} " + " ".join(f"{name:>16}" for name in COLUMNS))
    if not there("casadi"):
        print("  casadi is left out: it is not installed")


def show(size, row):
    digits = {name: 4 if name.endswith(" s") else 1 for name in COLUMNS}
    cells = [f"{row[name]:16,.{digits[name]}f}" if name in row else f"{'-':>16}" for name in COLUMNS]
    print(f"  {size:>9,} " + " ".join(cells), flush=True)


def flatness(rows, name):
    """The dearest node over the cheapest, over all sizes."""
    costs = [row[name] for row in rows.values()]
    return max(costs) / min(costs)


def measure(repeats, folder):
    rows = {}
    show_header()
    for size in SIZES:
        rows[size] = one_size(size, repeats, folder)
        show(size, rows[size])
    small, (largest, last) = list(rows.values())[:-1], list(rows.items())[-1]
    goals = []
    for name, peer in ((LOOP, CASADI_LOOP), (CALL, CASADI)):
        print(f"  {name}: the dearest node over the cheapest, over five decades: {flatness(rows, name):.2f}")
        ahead = [ratio(row, peer, name) for row in small]
        goals += [
            Goal(
                f"random graphs, {name}: ns per node, the worst size up to 10^5",
                max(row[name] for row in small),
                6,
            ),
            Goal(f"random graphs, {name}: ns per node at 10^6", last[name], 15),
            Goal(f"random graphs, {name}: the dearest node over the cheapest", flatness(rows, name), 4),
            Goal(
                f"random graphs: times as fast as {peer}, the worst size",
                None if None in ahead else min(ahead),
                1,
                True,
            ),
        ]
    return [
        *goals,
        Goal(f"first call of {largest:,} nodes: CPU seconds, recording included", last["first call s"], 3),
        Goal("random graphs: bytes held per node at 10^6", last["bytes"], 64),
    ]
