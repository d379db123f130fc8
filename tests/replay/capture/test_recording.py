"""While a function is recorded, its context notes every node; others make theirs as always."""

import threading

import pytest

import autograd as ag
from autograd import Value, no_grad
from autograd.replay.capture.recording import recording


def made(run):
    return [node.op.name for node in run.journal.nodes]


def test_operators_and_functions_are_noted_in_order():
    x = Value(2.0)
    with recording() as run:
        ag.dot([x, 1.0], [3.0, -x.tanh()]) / 2 - abs(x) ** 2
    assert made(run) == ["tanh", "neg", "dot", "div", "abs", "pow", "sub"]


def test_operators_give_the_nodes_that_they_give_outside():
    x, y = Value(2.0), Value(-3.0)
    forms = [lambda: x + y, lambda: 2 - x, lambda: x / 4, lambda: 3.0**x, lambda: x.exp() * True, lambda: -y]
    outside = [form() for form in forms]
    with recording():
        inside = [form() for form in forms]
    for one, other in zip(outside, inside):
        assert (one.op, one.data, one.numbers) == (other.op, other.data, other.numbers)
        assert [p.op for p in one.parents] == [p.op for p in other.parents]


def test_all_is_as_before_when_the_recording_ends():
    before = dict(vars(Value))
    with pytest.raises(ZeroDivisionError), recording():
        1 / 0  # noqa: B018 - raises
    assert dict(vars(Value)) == before


def test_two_threads_record_at_once_and_a_third_makes_plain_nodes():
    x, runs, barrier = Value(2.0), {}, threading.Barrier(3)

    def work(name, steps):
        with recording() as run:
            barrier.wait()
            y = x
            for _ in range(steps):
                y = y * x
            barrier.wait()
        runs[name] = made(run)

    threads = [threading.Thread(target=work, args=args) for args in (("a", 1000), ("b", 500))]
    for thread in threads:
        thread.start()
    barrier.wait()
    plain = [x + 1.0 for _ in range(500)]
    barrier.wait()
    for thread in threads:
        thread.join()
    assert runs == {"a": ["mul"] * 1000, "b": ["mul"] * 500}
    assert {node.data for node in plain} == {3.0}


def test_what_no_grad_makes_of_a_node_has_no_gradient():
    x = Value(2.0)
    with recording() as run:
        with no_grad():
            y = x * 3.0
        root = y * x
    program = run.journal.program(root, [], [x])
    assert program.gradients(list(program.recorded))[0] == 6.0
