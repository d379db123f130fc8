"""Random graphs of 10^2 to 10^6 nodes: nanoseconds per node and what they cost to record; plans in lists and tuples.

Without audits: of these twenty in a million calls a short measurement would catch too many.
"""

import gc
import time
import tracemalloc

import numpy as np

from autograd import record
from works.random_graph import KINDS, RandomGraph
from works.timing import MORE, PEERS, Goal, Race, agree, c_run, compiled, cpu, ratio

QUICK, SIZES = (100, 1000, 10_000), (100, 1000, 10_000, 100_000, 1_000_000)
WEIGHED_MOST = 100_000  # nodes: tracemalloc makes everything four times as slow
PLANNED = 10_000  # nodes of a graph whose plan is captured in containers of several kinds
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
    fast, calls = record(graph.loss, params=graph.params, audit=False), []
    while not fast.replays:
        calls.append(seconds(lambda: fast(0.0))[0])
        if len(calls) > MOST_CALLS:
            raise RuntimeError("the graph is not replayed")
    return fast, calls


def replayed(graph, race, truth):
    """Enter both rows; returns CPU seconds of the calls until the first replay."""
    gc.collect()
    fast, calls = settled(graph)
    check(fast, graph, truth)
    count = max(1, WORK // graph.size)
    race.enter(CALL, lambda: cpu(lambda n: [fast(0.0) for _ in range(n)], count))
    fast.train([0.0], epochs=count, lr=0.0)
    race.enter(LOOP, lambda: cpu(lambda n: fast.train([0.0], epochs=n, lr=0.0), 4 * count))
    return calls


def held(graph):
    """Bytes per node that a replaying function holds, by Python's own count."""
    gc.collect()
    tracemalloc.start()
    fast, _ = settled(graph)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del fast  # kept until here, so that it was there when it was weighed
    return size / graph.size


def check(fast, graph, truth):
    """The function's value and gradients, from a call and from an update of its loop, are eager's."""
    graph.reset()
    agree([fast(0.0).data, *[leaf.grad for leaf in graph.params]], truth, CALL)
    rate = 1e-3
    fast.train([0.0], epochs=1, lr=rate)
    agree([leaf.data for leaf in graph.params], [x - rate * g for x, g in zip(graph.start, truth[1:])], LOOP)
    graph.reset()


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


def one_size(size, run):
    """The row of one size: nanoseconds per node, then seconds and bytes."""
    graph = RandomGraph(size)
    gc.collect()

    def eager():
        loss = graph.loss()
        loss.backward()
        return loss.data

    eager_seconds, value = seconds(eager)
    truth = [value, *[leaf.grad for leaf in graph.params]]
    race = Race(run, f"graph {size}", f"{size} nodes", "us per pass", ours=CALL)
    count = max(1, WORK // size)

    def casadi(measured):
        peer = Casadi(graph)
        agree(peer.results(), truth, CASADI)
        return measured(peer)

    def limit():
        program, given = compiled("dag", run.folder), c_input(graph)
        agree(c_run(program, (1,), given)[1:], truth, C)
        return lambda: c_run(program, (count,), given)[0]

    if size <= CASADI_MOST:
        race.enter(CASADI, lambda: casadi(lambda peer: cpu(peer.call, count)), needs="casadi")
        race.enter(CASADI_LOOP, lambda: casadi(lambda peer: peer.loop(count)), needs="casadi")
    race.enter(C, limit, needs="cc")
    row = {"bytes": held(graph)} if size <= WEIGHED_MOST else {}
    calls = replayed(graph, race, truth)
    row["first call s"], row["to replay s"] = calls[0], sum(calls)
    row |= {name: t * 1000 / size for name, t in race.run().items()}
    row["eager"] = eager_seconds * 1e9 / size
    race.extra = row
    return row


def show_header():
    print(
        "\nrandom graphs, value and gradient: ns per node; CPU seconds of the first call and of all to the first "
        "replay; bytes held per node"
    )
    print(f"  {'nodes':>9} " + " ".join(f"{name:>16}" for name in COLUMNS), flush=True)


def show(size, row):
    digits = {name: 4 if name.endswith(" s") else 1 for name in COLUMNS}
    cells = [f"{row[name]:16,.{digits[name]}f}" if name in row else f"{'-':>16}" for name in COLUMNS]
    print(f"  {size:>9,} " + " ".join(cells), flush=True)


def plans(run):
    """A call where the plan of the graph is captured in tuples, in lists, in lists of lists; and in an argument."""
    graph = RandomGraph(PLANNED)
    kinds = {
        "a tuple of tuples": graph.plan,
        "a list of tuples": list(graph.plan),
        "a list of lists": [list(step) for step in graph.plan],
    }
    tuples, *_, lists = kinds
    race = Race(
        run, "plans", f"a graph of {PLANNED:,} nodes after a plan that is captured", "ns a node", ours=tuples
    )
    graph.loss().backward()
    truth = [leaf.grad for leaf in graph.params]

    def measurement(plan):
        planned = RandomGraph(PLANNED)
        planned.plan = plan
        fast, _ = settled(planned)
        planned.reset()
        fast(0.0)
        agree([leaf.grad for leaf in planned.params], truth, str(type(plan)))
        timed = cpu(lambda n: [fast(0.0) for _ in range(n)], 60)
        return lambda: timed() * 1000 / PLANNED

    for name, plan in kinds.items():
        race.enter(name, lambda plan=plan: measurement(plan))
    race.show()
    return Goal(PEERS, "a plan in lists of lists over one in tuples", race.ratio(lists, tuples), 2)


def measure(run):
    rows = {}
    settled(RandomGraph(100))  # what is loaded once is loaded
    show_header()
    for size in QUICK if run.quick else SIZES:
        rows[size] = one_size(size, run)
        show(size, rows[size])
    small = {size: row for size, row in rows.items() if size <= WEIGHED_MOST}
    goals = [
        plans(run),
        *(
            Goal(
                PEERS,
                f"random graph of {size:,}, loop: times as fast as C",
                ratio(row, C, LOOP),
                1,
                "x",
                True,
            )
            for size, row in small.items()
            if size >= PLANNED
        ),
    ]
    for name, peer, least, most in ((LOOP, CASADI_LOOP, 1000, 6), (CALL, CASADI, 10_000, 12)):
        ahead = [ratio(row, peer, name) for row in small.values()]
        worst = max(row[name] for size, row in small.items() if size >= least)
        goals += [
            Goal(
                MORE, f"random graphs, {name}: ns a node, the worst of {least:,} and more", worst, most, "ns"
            ),
            Goal(
                MORE,
                f"random graphs: times as fast as {peer}, the worst size",
                None if None in ahead else min(ahead),
                1,
                "x",
                True,
            ),
        ]
    if not run.quick:
        largest, last = list(rows.items())[-1]
        goals += [
            Goal(MORE, f"random graphs, {LOOP}: ns a node at {largest:,}", last[LOOP], 15, "ns"),
            Goal(MORE, f"first call of {largest:,} nodes, recording included", last["first call s"], 3, "s"),
            Goal(MORE, "random graphs: bytes held a node at 10^5", rows[WEIGHED_MOST]["bytes"], 64, "bytes"),
        ]
    return goals
