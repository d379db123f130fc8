import asyncio
import threading
import traceback

import pytest
from interrupts import interrupted_at, moments_in

import autograd as ag
from autograd import Value, modes, no_grad, scope
from autograd.modes import watch


def test_no_grad_makes_constants_and_ends():
    w = Value(2.0)
    with no_grad():
        y = w * w + ag.tanh(w)
        with no_grad():
            assert not (w + 1).requires_grad
        assert not (w + 1).requires_grad
    assert y.parents == ()
    assert (w * 2).requires_grad


def test_no_grad_is_a_decorator():
    w = Value(2.0)

    @no_grad()
    def predict(x):
        """Say it."""
        return w * x

    assert not predict(3.0).requires_grad
    assert predict.__doc__ == "Say it."


def test_gradients_are_switched_on_and_off_as_in_torch():
    w = Value(2.0)

    @ag.inference_mode()
    def predict(x):
        return w * x

    @ag.enable_grad()
    def train(x):
        return w * x

    assert not predict(3.0).requires_grad
    with no_grad():
        assert not ag.is_grad_enabled()
        assert train(3.0).requires_grad
        with ag.set_grad_enabled(True):
            assert (w * w).requires_grad
        assert not (w * w).requires_grad
    for training in (True, False):
        with ag.set_grad_enabled(training):
            assert (w * w).requires_grad is training
    with pytest.raises(ZeroDivisionError), ag.set_grad_enabled(False):
        1 / 0  # noqa: B018 - it raises
    assert ag.is_grad_enabled()


def test_set_grad_enabled_holds_until_it_is_called_again():
    w = Value(2.0)
    try:
        ag.set_grad_enabled(False)
        assert not (w * w).requires_grad
    finally:
        ag.set_grad_enabled(True)
    assert (w * w).requires_grad


def test_no_grad_ends_on_an_exception():
    w = Value(2.0)
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0  # noqa: B018 - raises
    assert (w * 2).requires_grad


def test_threads_do_not_share_modes():
    w, seen, inside, done = Value(2.0), [], threading.Event(), threading.Event()

    def other():
        inside.wait()
        seen.append((w * 2).requires_grad)
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.set()
        done.wait()
        assert not (w * 2).requires_grad
    thread.join()
    assert seen == [True]


def test_async_tasks_do_not_share_modes():
    w, seen = Value(2.0), {}

    async def quiet(inside, done):
        with no_grad():
            inside.set()
            await done.wait()
            seen["quiet"] = (w * 2).requires_grad

    async def plain(inside, done):
        await inside.wait()
        seen["plain"] = (w * 2).requires_grad
        done.set()

    async def both():
        moments = asyncio.Event(), asyncio.Event()
        await asyncio.gather(quiet(*moments), plain(*moments))

    asyncio.run(both())
    assert seen == {"quiet": False, "plain": True}


def test_scopes_nest_and_are_stored_only_when_set():
    with scope("attention"):
        a = Value(1.0) * 2
        with scope("head 1"):
            b = a * 3
        c = b + 1
    d = c * 2
    assert (a.scope, b.scope, c.scope, d.scope) == (
        ("attention",),
        ("attention", "head 1"),
        ("attention",),
        (),
    )
    assert "scope" not in d.__dict__


def test_a_watcher_sees_every_new_node():
    seen = []
    a = Value(2.0)
    with watch(lambda node: seen.append(node.op.name) or node):
        y = ag.dot([a, a], [a, 1.0]) + a * a - a / 2
    assert seen == ["dot", "mul", "add", "div", "sub"]
    assert y.data == 9.0


def test_no_grad_decorates_a_generator_for_its_own_steps_only():
    w = Value(2.0)

    @no_grad()
    def squares():
        got = []
        try:
            while True:
                got.append((yield w * w))
        except ValueError:
            yield w + w
        return got

    steps = squares()
    assert next(steps).parents == ()
    assert (w * w).parents == (w, w)
    assert steps.send("sent").parents == ()
    assert steps.throw(ValueError()).parents == ()
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == ["sent"]


def test_no_grad_decorates_a_coroutine():
    w = Value(2.0)

    @no_grad()
    async def square():
        return w * w

    assert asyncio.run(square()).parents == ()
    assert (w * w).parents == (w, w)


def test_no_grad_decorates_without_parentheses():
    w = Value(2.0)

    @no_grad
    def predict(x):
        """Say it."""
        return w * x

    @no_grad
    def steps():
        yield w * w

    assert not predict(3.0).requires_grad
    assert predict.__doc__ == "Say it."
    assert not next(steps()).requires_grad
    assert (w * w).requires_grad


def test_no_grad_of_what_is_no_function_says_so():
    with pytest.raises(TypeError, match="takes a function to decorate"):
        no_grad(True)


def test_no_grad_decorates_an_async_generator_for_its_own_steps_only():
    w = Value(2.0)

    @no_grad
    async def squares():
        try:
            got = yield w * w
            yield w * got
        except ValueError:
            yield w + w

    async def use():
        seen = []
        async for y in squares():
            seen.append(y.requires_grad)
            break
        steps = squares()
        seen.append((await steps.asend(None)).requires_grad)
        seen.append((await steps.asend(3.0)).data)
        again = squares()
        await again.asend(None)
        thrown = await again.athrow(ValueError())
        return seen, thrown.data, thrown.requires_grad, (w * w).requires_grad

    assert asyncio.run(use()) == ([False, False, 6.0], 4.0, False, True)


def inside_no_grad():
    with no_grad():
        Value(1.0) * 2.0


def inside_scope():
    with scope("part"):
        Value(1.0) * 2.0


def inside_anomaly_detection():
    with ag.detect_anomaly():
        Value(1.0) * 2.0


def inside_a_derivative():
    ag.grad(ag.grad(lambda x: x * x))(2.0)


@pytest.mark.parametrize("run", [inside_no_grad, inside_scope, inside_a_derivative, inside_anomaly_detection])
def test_an_interrupt_while_a_mode_is_entered_or_left_leaves_it_off(run):
    for moment in range(moments_in(run)):
        try:
            with interrupted_at(moment):
                run()
        except KeyboardInterrupt as stop:
            if traceback.extract_tb(stop.__traceback__)[-2].line.startswith("def __exit__"):
                no_grad().__exit__()  # Python called it, and its first instruction was not reached
        state = modes.watching, modes.WATCHERS.get(), modes.SCOPE.get(), modes.watchers
        assert state == (0, (), (), set())
        assert (modes.differentiating, modes.ACTIVE.get(), modes.ANOMALY.get()) == (False, frozenset(), False)


@pytest.mark.parametrize("outer", [lambda: watch(Value), lambda: modes.differentiation([1])])
@pytest.mark.parametrize("inner", [lambda: watch(Value), lambda: modes.differentiation([2])])
def test_what_ends_after_what_is_around_it_brings_nothing_back(outer, inner):
    opened = [outer(), inner()]  # as an interrupt leaves them to whoever frees its traceback
    for one in opened:
        one.__enter__()
    for one in opened:
        one.__exit__(None, None, None)
    state = modes.watching, modes.differentiating, modes.WATCHERS.get(), modes.ACTIVE.get(), modes.BEGUN.get()
    assert state == (False, False, (), frozenset(), ())


def test_no_grad_decorates_static_and_class_methods_in_either_order_and_no_class():
    w = Value(2.0)

    class Model:
        @no_grad
        @staticmethod
        def outer():
            return (w * w).requires_grad

        @staticmethod
        @no_grad
        def inner():
            return (w * w).requires_grad

        @no_grad()
        @classmethod
        def of_class(cls):
            return cls.__name__, (w * w).requires_grad

    assert [Model.outer(), Model().outer(), Model.inner()] == [False] * 3
    assert Model.of_class() == ("Model", False)
    with pytest.raises(TypeError, match="takes a function to decorate"):
        no_grad(Model)
