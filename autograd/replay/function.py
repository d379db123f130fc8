"""`record`: a function over Values that runs once as it is, and from then on as its recorded program."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from autograd import modes
from autograd.backward import PASS
from autograd.collector import uncollected
from autograd.interop.exporting import Exports
from autograd.messages import say
from autograd.replay.along import Along
from autograd.replay.audit import Audit
from autograd.replay.capture.arguments import Arguments
from autograd.replay.capture.result import detached, first_of, put_together, recorded_result, without_graph
from autograd.replay.capture.variant import Variant, add_gradients, is_finite
from autograd.replay.executors.backends import BACKENDS, REDUCTIONS, backend_of, fast, reference
from autograd.replay.learned import Learned
from autograd.replay.listing import Listing
from autograd.replay.optimiser import parameters_of
from autograd.replay.plain_run import as_it_is
from autograd.replay.samples import Samples, samples_of
from autograd.replay.this_thread import HERE
from autograd.replay.training_loop import Settings, Training, prepared, train
from autograd.settings import WHOLE_FROM_0, chosen_number, chosen_word
from autograd.special import total
from autograd.value import Value

if TYPE_CHECKING:
    from typing_extensions import Unpack


Given = ParamSpec("Given")
Result = TypeVar("Result")


@overload
def record(
    function: Callable[Given, Result],
    params: Iterable[Value] = (),
    *,
    backend: str = "auto",
    check_every: int = 0,
    has_aux: bool = False,
    audit: bool = True,
) -> Recorded[Given, Result]: ...
@overload
def record(
    function: None = None,
    params: Iterable[Value] = (),
    *,
    backend: str = "auto",
    check_every: int = 0,
    has_aux: bool = False,
    audit: bool = True,
) -> Callable[[Callable[Given, Result]], Recorded[Given, Result]]: ...
def record(
    function: Callable[..., Any] | None = None,
    params: Iterable[Value] = (),
    *,
    backend: str = "auto",
    check_every: int = 0,
    has_aux: bool = False,
    audit: bool = True,
) -> Any:
    """A function that computes the same numbers and gradients as `function`, from a recorded program.

    The first two calls run `function` itself and write down what it does, the third runs it as it is; when
    all three agree, in loss and gradients, later calls replay the program. Branches on values are guarded:
    where one comes out differently, another program is recorded. A function that draws random numbers,
    changes what it reads or leaves more than eight programs per kind of arguments runs as it is, after one
    warning that says why. For what no recording sees, the function itself runs in place of the 1st, 2nd, 4th,
    8th, ... replay of a program and is compared with it.

    Args:
        function: takes floats, ints, Values, and lists, tuples, dicts, arrays of them; returns one Value
            (or, for `value` alone, any structure of Values and numbers). Without it: a decorator.
        params: the Values to train, in the order in which `train` keeps them.
        backend: "numba" (native), "numpy", "python" (the reference), or "auto", the first that is there.
        has_aux: the function returns a pair: its loss, and what else is to come along, as in JAX.
        check_every: compare every so many calls with `function` itself, gradients too (one sample of a batch
            or of a training); 0 never.
        audit: compare ever more rarely: at the 1st, 2nd, 4th, ... call that a program serves; in `batch` and
            `train` at the 2^18th, 2^19th, ... sample, and after a callback has run for the 1st, 2nd, 4th, ...
            time. False leaves that out.

    Returns:
        A `Recorded`: call it for the loss and the gradients in `.grad`, as `backward` would leave them;
        see also its `value`, `batch`, `train` and `program`.

    Raises:
        ValueError: the backend has another name.
        TypeError: the function is none, async or a generator; the parameters are no Values.

    Called, it raises `ReplayMismatch` where a comparison differs after numbers were served, and says since
    which call they are in doubt.

    >>> from autograd import Value, record
    >>> w = Value(2.0)
    >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
    >>> [loss(3.0, y).data for y in (5.0, 6.0, 7.0)]
    [1.0, 0.0, 1.0]
    >>> w.grad
    0.0
    """
    chosen_word("record", "backend", backend, BACKENDS)
    check_every = chosen_number("record", "check_every", check_every, WHOLE_FROM_0)
    if function is not None and not callable(function):
        raise TypeError(say("record_no_function", kind=type(function).__name__))
    trained = parameters_of(params)
    kinds: dict[Any, str] = {
        iscoroutinefunction: "async",
        isgeneratorfunction: "generator",
        isasyncgenfunction: "generator",
    }
    for is_kind, kind in kinds.items():
        if is_kind(function):
            name = getattr(function, "__name__", repr(function))
            raise TypeError(say(f"record_{kind}", name=name))
    if function is None:
        return lambda f: record(
            f, trained, backend=backend, check_every=check_every, has_aux=has_aux, audit=audit
        )
    return Recorded(function, trained, backend, Audit(audit, check_every), has_aux)


class Recorded(Exports, Generic[Given, Result]):
    """A recorded function; made by `record`. May be called from several threads."""

    is_recorded_function = True

    def __init__(
        self,
        function: Callable[..., Any],
        params: Iterable[Value],
        backend: str,
        audit: Audit,
        has_aux: bool = False,
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.with_nodes = first_of(function) if has_aux else function  # what `grad` and its kin ask for
        self.params, self.audit = list(params), audit
        self.learned = Learned(function, self.params, backend, audit, has_aux)
        self.function = self.learned.function
        self.replays = 0
        self._lock = RLock()

    def __repr__(self) -> str:
        programs = sum(map(len, self.learned.variants.values()))
        return f"<recorded {getattr(self.function, '__name__', 'function')}: {programs} program(s)>"

    @property
    def calls(self) -> int:
        """How often it was called; a batch or a training is one call."""
        return self.audit.call

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError(say("pickle_recorded", name=getattr(self.function, "__qualname__", "function")))

    def __get__(self, owner: Any, _: Any = None) -> Any:
        """A decorated method, on one object."""
        return self if owner is None else MethodType(self, owner)

    # -- one call -----------------------------------------------------------------------------------------

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """The function's result, as a constant; every leaf's `.grad` gains its gradient."""
        return self._call(args, kwargs, True)  # type: ignore[no-any-return]  # what the function gives

    def value(self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """The function's result without any gradient."""
        return self._call(args, kwargs, False)  # type: ignore[no-any-return]  # as above

    # -- many samples -------------------------------------------------------------------------------------

    def batch(self, *columns: Any, reduction: str = "mean") -> Any:
        """The mean (or sum) of the losses of many samples; every leaf's `.grad` gains its gradient.

        With `has_aux` a pair: the loss, and a list of what came along with each sample's.

        Args:
            columns: one sequence per argument of the function: sample i is the i-th entry of each.
            reduction: "mean" or "sum".

        >>> from autograd import Value, record
        >>> w = Value(2.0)
        >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
        >>> loss.batch([1.0, 2.0], [1.0, 6.0]).data, w.grad
        (2.5, -3.0)
        """
        chosen_word("batch", "reduction", reduction, REDUCTIONS)
        with self._lock:
            samples = samples_of(self.learned, columns)
            weight = 1.0 / samples.count if reduction == "mean" else 1.0
            outcome = samples.run_all(weight, True)
            with PASS:
                add_gradients(outcome.gradients, outcome.gradients.values())
            loss = recorded_result(total(*outcome.losses) * weight)
            return (loss, outcome.along.parts) if self.learned.has_aux else loss

    def judge(self, samples: Samples, alone: bool = False) -> tuple[float, Along]:
        """The mean loss of samples, and with `has_aux` what came along with each; no gradient is touched.

        Args:
            samples: all of them are judged.
            alone: nobody's code has run since the last time: what the function reads is as it was.
        """
        with self._lock:
            outcome = samples.run_all(1.0, False, alone)
            self.audit.called_back()
            return total(*outcome.losses) / samples.count, outcome.along

    def train(
        self,
        *columns: Any,
        epochs: int = 1,
        optimizer: Any = "sgd",
        batch_size: int | None = None,
        shuffle: Any = False,
        reduction: str = "mean",
        callbacks: Iterable[Callable[..., Any]] = (),
        **settings: Unpack[Settings],
    ) -> list[float]:
        """Train the parameters on many samples, inside the kernel where one program serves them all.

        Args:
            columns: one sequence per argument of the function.
            epochs: passes over the samples.
            optimizer: "sgd", "momentum", "adam", or an object of `nn.optim` on the same parameters.
            batch_size: samples per update; all of them when left out.
            shuffle: True (by `random`), a seed, or a `random.Random`: a new order each epoch.
            reduction: whether an update follows the "mean" or the "sum" of its samples' losses.
            callbacks: called as f(epoch, loss) after each epoch; a true answer ends the training. With
                `has_aux` as f(epoch, loss, aux): for each sample what came along when it was trained on.
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
        with self._lock:
            epochs = chosen_number("train", "epochs", epochs, WHOLE_FROM_0)
            self.audit.begin_many(epochs)
            return train(
                self.learned, columns, epochs, optimizer, batch_size, shuffle, reduction, callbacks, settings
            )

    def training(
        self,
        *columns: Any,
        optimizer: Any = "sgd",
        batch_size: int | None = None,
        reduction: str = "mean",
        **settings: Unpack[Settings],
    ) -> Training:
        """The same training epoch by epoch, for a loop of one's own.

        Args:
            columns: as for `train`, and so are all others.
            optimizer: its name, or an object.
            batch_size: samples per update.
            reduction: "mean" or "sum".
            settings: of the optimiser.

        Raises:
            ValueError: as `train`.

        >>> from autograd import Value, record
        >>> w = Value(0.0)
        >>> loss = record(lambda x, y: (w * x - y) ** 2, params=[w], backend="python")
        >>> training = loss.training([1.0, 2.0], [3.0, 6.0], lr=0.1)
        >>> for _ in range(40):
        ...     mean = training.epoch()
        >>> round(w.data, 6)
        3.0
        """
        with self._lock:
            run = prepared(self.learned, columns, optimizer, batch_size, False, reduction, True, settings)
            return Training(run, self._lock)

    @property
    def program(self) -> Any:
        """The last program that was recorded; print it for its instructions and groups."""
        found = [variant for variants in self.learned.variants.values() for variant in variants]
        return Listing(found[-1], "samples" in found[-1].prepared) if found else None

    def _call(self, args: Any, kwargs: Any, gradient: bool) -> Any:
        if HERE.body or (modes.differentiating and modes.ACTIVE.get()):
            # part of the body of another recorded function, or of one that is being differentiated
            result = self.function(*args, **kwargs)
            return result if gradient else detached(result)
        with self._lock:
            self.audit.begin()
            if modes.WATCHERS.get():  # no_grad, scopes, anomaly detection: they want to see the nodes
                return as_it_is(self.function, args, kwargs, gradient)
            arguments = self.learned.take(args, kwargs)
            if arguments.key in self.learned.left_alone:
                return as_it_is(self.function, args, kwargs, gradient)
            variants = self.learned.variants.setdefault(arguments.key, [])
            for variant in variants:
                if variant.confirmed:
                    found = self._answer(variant, arguments, gradient)
                    if found is not None:
                        if variant in variants:  # a comparison may have struck the list off
                            variants.remove(variant)
                            variants.insert(0, variant)
                        return found[0]
            return self._record(arguments, gradient)

    def _answer(self, variant: Variant, arguments: Arguments, gradient: bool) -> Any:
        """A one-tuple of the result, its gradients handed out; None when the guards say no."""
        numbers = variant.some_numbers(arguments.numbers)
        if self.audit.due(variant.answers + 1) or variant.unproven(arguments, numbers):
            with uncollected():
                plain = self.learned.prove(variant, arguments, [*map(float, numbers)])
                if plain is None:
                    return None
                variant.answers += 1
                if gradient:
                    plain.hand_out()
                answer = without_graph(plain.result)
                plain.release()
            return (answer,)
        found = fast(variant, backend_of(variant, self.learned.backend), numbers, gradient)
        if found is None or not (is_finite([found[0]]) and is_finite(found[1])):
            found = reference(variant, [*map(float, numbers)], gradient)
            if found is None:
                return None
        loss, grads, outputs = found
        self.replays += 1
        variant.answers += 1
        variant.served = True
        if variant.program.root < 0:
            return (put_together(variant.shape, outputs),)
        if gradient:
            variant.hand_out(arguments, grads)
        answer = recorded_result(loss)
        return ((answer, variant.aux(outputs)) if self.learned.has_aux else answer,)

    def _record(self, arguments: Arguments, gradient: bool) -> Any:
        with uncollected():
            run = self.learned.record(arguments)
            if gradient:
                run.hand_out()
            answer = without_graph(run.result)
            run.release()
        return answer
