"""`record`: a function over Values that runs once as it is, and from then on as its recorded program."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import Any

from autograd import modes
from autograd.backward import PASS, postorder
from autograd.entry import LEAF
from autograd.program import Program
from autograd.replay.arguments import NODE, Arguments
from autograd.replay.jit import have_numba, have_numpy
from autograd.replay.probe import number_of
from autograd.replay.samples import Samples
from autograd.replay.surroundings import Surroundings
from autograd.replay.variant import Run, Variant, is_finite, put_together, take_apart
from autograd.value import UNSET, Value, constant

BUDGET = 8  # programs per kind of arguments, before a function is left to run as it is
BACKENDS = ("auto", "numba", "numpy", "python")


def record(
    function: Callable[..., Any] | None = None,
    params: Iterable[Value] = (),
    *,
    backend: str = "auto",
    check_every: int = 0,
) -> Any:
    """A function that computes the same numbers and gradients as `function`, from a recorded program.

    The first two calls run `function` itself and write down what it does; when both leave the same program
    behind, later calls replay it. Branches on values are guarded: where one comes out differently, another
    program is recorded. A function that draws random numbers, changes what it reads or leaves more than
    eight programs per kind of arguments runs as it is, after one warning that says why.

    Args:
        function: takes floats, ints, Values, and lists, tuples, dicts, arrays of them; returns one Value
            (or, for `value` alone, any structure of Values and numbers). Without it: a decorator.
        params: the Values to train, in the order in which `train` keeps them.
        backend: "numba" (native), "numpy", "python" (the reference), or "auto", the first that is there.
        check_every: compare every so many calls with `function` itself; 0 never.

    Returns:
        A `Recorded`: call it for the loss and the gradients in `.grad`, as `backward` would leave them;
        see also its `value`, `batch`, `train` and `program`.

    Raises:
        ValueError: the backend has another name.

    >>> from autograd import Value, record
    >>> w = Value(2.0)
    >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
    >>> [loss(3.0, y).data for y in (5.0, 6.0, 7.0)]
    [1.0, 0.0, 1.0]
    >>> w.grad
    0.0
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend={backend!r} is none of {', '.join(BACKENDS)}")
    if function is None:
        return lambda f: Recorded(f, params, backend, check_every)
    return Recorded(function, params, backend, check_every)


class Recorded:
    """A recorded function; made by `record`. May be called from several threads."""

    def __init__(
        self, function: Callable[..., Any], params: Iterable[Value], backend: str, check_every: int
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.function = self.with_nodes = function  # `grad`, `hvp` and their kin ask for the second name
        self.params = list(params)
        self.backend = backend
        self.check_every = check_every
        self.calls = self.replays = 0
        self._variants: dict[Any, list[Variant]] = {}
        self._left_alone: dict[Any, str] = {}  # kinds of arguments that run as they are, and why
        self._surroundings: Surroundings | None = None
        self._settled: set[Any] = set()
        self._lock = RLock()
        self._keep: list[Any] = []

    def __repr__(self) -> str:
        programs = sum(map(len, self._variants.values()))
        return f"<recorded {getattr(self.function, '__name__', 'function')}: {programs} program(s)>"

    # -- one call -----------------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result, as a constant; every leaf's `.grad` gains its gradient."""
        return self._call(args, kwargs, True)

    def value(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result without any gradient."""
        return self._call(args, kwargs, False)

    # -- many samples -------------------------------------------------------------------------------------

    def batch(self, *columns: Any, reduction: str = "mean") -> Value:
        """The mean (or sum) of the losses of many samples; every leaf's `.grad` gains its gradient.

        Args:
            columns: one sequence per argument of the function: sample i is the i-th entry of each.
            reduction: "mean" or "sum".

        >>> from autograd import Value, record
        >>> w = Value(2.0)
        >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
        >>> loss.batch([1.0, 2.0], [1.0, 6.0]).data, w.grad
        (2.5, -3.0)
        """
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction={reduction!r} is neither 'mean' nor 'sum'")
        with self._lock:
            samples = Samples(self, columns)
            weight = 1.0 / samples.count if reduction == "mean" else 1.0
            outcome = samples.run(range(samples.count), weight, True)
            with PASS:
                for leaf, g in outcome.gradients.items():
                    leaf.grad += g
            return constant(math.fsum(outcome.losses) * weight)

    def train(
        self,
        *columns: Any,
        epochs: int = 1,
        optimizer: Any = "sgd",
        batch_size: int | None = None,
        shuffle: Any = False,
        reduction: str = "mean",
        callbacks: Iterable[Callable[[int, float], Any]] = (),
        **settings: Any,
    ) -> list[float]:
        """Train the parameters on many samples, inside the kernel where one program serves them all.

        Args:
            columns: one sequence per argument of the function.
            epochs: passes over the samples.
            optimizer: "sgd", "momentum", "adam", or an object of `nn.optim` on the same parameters.
            batch_size: samples per update; all of them when left out.
            shuffle: True (by `random`), a seed, or a `random.Random`: a new order each epoch.
            reduction: whether an update follows the "mean" or the "sum" of its samples' losses.
            callbacks: called as f(epoch, loss) after each epoch; a true answer ends the training.
            settings: lr (a number, or a function of the number of updates made), momentum, dampening,
                nesterov, betas, eps, weight_decay.

        Returns:
            Each epoch's loss per sample, each batch's taken before its update.

        Raises:
            ArithmeticError: a loss or gradient is not finite; the parameters are those before that update.
            ValueError: no parameters, an unknown optimizer or setting.

        Interrupted, it leaves the parameters at the last finished update.

        >>> from autograd import Value, record
        >>> w = Value(0.0)
        >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
        >>> history = loss.train([1.0, 2.0], [3.0, 6.0], epochs=40, lr=0.1)
        >>> round(w.data, 6)
        3.0
        """
        from autograd.replay.training import train

        with self._lock:
            return train(
                self, columns, epochs, optimizer, batch_size, shuffle, reduction, callbacks, settings
            )

    @property
    def program(self) -> Any:
        """The last program that was recorded; print it for its instructions and groups."""
        found = [variant for variants in self._variants.values() for variant in variants]
        return Listing(found[-1], "samples" in found[-1].prepared) if found else None

    def _call(self, args: Any, kwargs: Any, gradient: bool) -> Any:
        with self._lock:
            self.calls += 1
            if modes.WATCHERS.get():  # no_grad, scopes, anomaly detection: they want to see the nodes
                return self._eager(args, kwargs, gradient)
            arguments = Arguments(args, kwargs)
            if arguments.key in self._left_alone or not self._unchanged(arguments):
                return self._eager(args, kwargs, gradient)
            variants = self._variants.setdefault(arguments.key, [])
            inputs = arguments.numbers
            for variant in variants:
                if variant.confirmed:
                    found = self._replay(variant, arguments, inputs, gradient)
                    if found is not None:
                        variants.remove(variant)
                        variants.insert(0, variant)
                        return found[0]
            return self._record(arguments, variants, gradient)

    def _eager(self, args: Any, kwargs: Any, gradient: bool) -> Any:
        result = self.function(*args, **kwargs)
        if not isinstance(result, Value):
            return result
        if gradient and result.requires_grad:
            result.backward()
        return constant(result.data)

    def _unchanged(self, arguments: Arguments) -> bool:
        """Look at what the function reads; when it changed, all programs are out of date."""
        if self._surroundings is not None and self._surroundings.changed():
            self._variants.clear()
            self._surroundings = None
        if self._surroundings is None or any(
            id(x) not in self._surroundings._seen for x in arguments.objects
        ):
            self._keep = [*self._keep, *arguments.objects]
            self._surroundings = Surroundings([self.function, *self._keep])
            if self._surroundings.problem:
                self._leave(arguments.key, self._surroundings.problem)
                return False
        return True

    def _leave(self, key: Any, why: str) -> None:
        """From now on, run such arguments as they are."""
        self._left_alone[key] = why
        self._variants.pop(key, None)
        name = getattr(self.function, "__qualname__", "the function")
        warnings.warn(f"{name} is not replayed but runs as it is: {why}", RuntimeWarning, stacklevel=2)

    # -- recording ----------------------------------------------------------------------------------------

    def _record(self, arguments: Arguments, variants: list[Variant], gradient: bool) -> Any:
        """Run the function itself, and keep or confirm the program that the run leaves behind."""
        run = Run(self.function, arguments)
        self._learn(run, arguments.key, variants)
        result = run.root
        if result is None:
            shape, values = take_apart(run.result)
            return put_together(shape, [number_of(value) for value in values])
        if gradient and any(leaf.op is LEAF for leaf in postorder(result)[1]):
            result.backward()
            for given, node in zip(arguments.leaves, run.inputs):
                if isinstance(given, Value) and node.grad is not UNSET:
                    given.grad += node.grad
                    node.grad = UNSET
        return constant(number_of(result))

    def _learn(self, run: Run, key: Any, variants: list[Variant]) -> None:
        changed = self._surroundings.changed() if self._surroundings else ""
        if changed and key not in self._settled:  # a first run may fill caches; a second one may not
            self._settled.add(key)
            self._surroundings = None
            return
        unfit = [*run.written.unfit, *([f"it changes {changed}"] if changed else [])]
        if unfit:
            self._leave(key, unfit[0])
            return
        try:
            variant = Variant(run, self.params)
        except ValueError as problem:  # a node made by hand
            self._leave(key, str(problem))
            return
        twin = next((v for v in variants if v.same_path(run)), None)
        if twin is not None and not twin.confirmed:
            why = twin.confirm(variant)
            if why:
                self._leave(key, why)
        elif twin is not None:
            return  # a guard was too near to call; the program is right
        elif len(variants) >= BUDGET:
            lines = dict.fromkeys(guard[-1] for v in variants for guard in v.guards)
            self._leave(key, "its branches on values take too many ways, at " + ", ".join(lines))
        else:
            variants.append(variant)

    # -- replaying ----------------------------------------------------------------------------------------

    def _replay(self, variant: Variant, arguments: Arguments, inputs: Sequence[float], gradient: bool) -> Any:
        """A one-tuple of the result, its gradients handed out; None when the guards say no."""
        numbers = variant.numbers(inputs)
        found = self._fast(variant, numbers, gradient)
        if found is None or not is_finite((found[0], *found[1])):
            found = self._reference(variant, numbers, gradient)
            if found is None:
                return None
        loss, grads, outputs = found
        self.replays += 1
        if self.check_every and self.calls % self.check_every == 0:
            self._check(arguments, loss)
        if variant.program.root < 0:
            return (put_together(variant.shape, outputs),)
        if gradient:
            self._hand_out(variant, arguments, grads)
        return (constant(loss),)

    def _fast(self, variant: Variant, numbers: Sequence[float], gradient: bool) -> Any:
        kind = self._backend(variant)
        if kind == "python":
            return None
        if "single" not in variant.prepared:
            variant.prepared["single"] = self._executor(kind).Single(variant)
        return variant.prepared["single"].run_one(numbers, gradient and variant.program.root >= 0)

    def _backend(self, variant: Variant) -> str:
        """The backend for this program: what was asked for, as far as it is there and has all the ops."""
        kind: str = variant.prepared.get("backend", "")
        if not kind:
            kind = self.backend
            if kind == "auto":
                kind = "numba" if have_numba() else "numpy" if have_numpy() else "python"
            if kind in ("numba", "numpy"):
                from autograd.replay.expansions import UnsupportedError
                from autograd.replay.tape import tape_of

                try:
                    tape_of(variant, batched=False)
                except UnsupportedError:
                    kind = "python"
            variant.prepared["backend"] = kind
        return kind

    @staticmethod
    def _executor(kind: str) -> Any:
        if kind == "numba":
            from autograd.replay import numba_executor

            return numba_executor
        from autograd.replay import numpy_executor

        return numpy_executor

    @staticmethod
    def _reference(variant: Variant, numbers: Sequence[float], gradient: bool) -> Any:
        program = variant.program
        slots = program.run(numbers)
        if not variant.holds(slots):
            return None
        grads: list[float] = []
        if gradient and program.root >= 0:
            found = program.gradients(slots)
            grads = [found[i] for i in variant.wanted]
        return slots[program.root] if program.root >= 0 else 0.0, grads, [slots[i] for i in variant.outputs]

    def _hand_out(self, variant: Variant, arguments: Arguments | None, grads: Sequence[float]) -> None:
        targets = list(variant.kept)
        if arguments is not None and NODE in arguments.kinds:
            place = dict(zip(variant.given, arguments.leaves))
            targets = [place.get(slot, leaf) for slot, leaf in zip(variant.wanted, targets)]
        with PASS:
            for leaf, g in zip(targets, grads):
                leaf.grad += g

    def _check(self, arguments: Arguments, loss: float) -> None:
        args, kwargs = arguments.rebuilt(lambda x, _: x)
        result = self.function(*args, **kwargs)
        truth = result.data if isinstance(result, Value) else loss
        if abs(truth - loss) > 1e-9 * max(1.0, abs(truth)) or (truth == truth) != (loss == loss):
            self._leave(arguments.key, f"a check found {loss!r} where the function itself gives {truth!r}")


class Listing:
    """A recorded program as people look at it: how many nodes it had, and the groups it runs in.

    It can be drawn and explained: `autograd.explain(fast_loss.program)`. `flat` is the program itself.
    """

    def __init__(self, variant: Variant, batched: bool) -> None:
        self.variant, self.batched = variant, batched
        self.flat: Program = variant.program

    def as_node(self) -> Value:
        """The recorded graph as Values, for `draw` and `explain`."""
        return self.flat.as_node()

    def __repr__(self) -> str:
        from autograd.replay.listing import lines

        return "\n".join(lines(self.variant, self.batched))
