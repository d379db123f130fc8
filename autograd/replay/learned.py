"""What is known of a recorded function: its programs by kind of arguments, and what runs as it is.

A program is kept when two recorded runs left the same one behind, and replayed once a run of the function
as it is (`plain`) gave the same loss and gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial
from traceback import walk_tb
from typing import Any
from weakref import ref

from autograd import modes
from autograd.messages import listed, say
from autograd.replay.audit import Audit, ReplayMismatch
from autograd.replay.capture.arguments import NODE, NOTHING, Arguments
from autograd.replay.capture.recorded_run import RecordedRun
from autograd.replay.capture.result import with_aux
from autograd.replay.capture.surroundings import Surroundings
from autograd.replay.capture.variant import Variant, is_finite
from autograd.replay.executors.backends import backend_of, fast, reference
from autograd.replay.plain_run import PlainRun, near
from autograd.replay.slots import Slots
from autograd.value import Value

BUDGET = 8  # programs per kind of arguments, before a function is left to run as it is
OBJECTS = 64  # objects among arguments that are kept, to be known by identity
STRONG = 16  # of these, those whose type knows no weak references
LARGE = 20_000  # nodes from which on a comparison is with the backend instead of the reference
KINDS = 1024  # kinds of arguments that are remembered


class Learned:
    """A function and all that its runs have shown.

    Attributes:
        variants: the programs by key of the arguments, the last used first.
        left_alone: why arguments of a key run as they are.
        runs: how often the function, or other code that is not the library's, ran for this.
        unconfirmed: the numbers and lists that a program was recorded on, until another run has confirmed it.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        params: Sequence[Value],
        backend: str,
        audit: Audit,
        has_aux: bool = False,
    ) -> None:
        self.as_written = function  # whose globals and lines matter
        self.function = with_aux(function) if has_aux else function
        self.params, self.backend, self.audit, self.has_aux = params, backend, audit, has_aux
        self.slots = Slots(params)
        self.variants: dict[Any, list[Variant]] = {}
        self.left_alone: dict[Any, str] = {}
        self.settled: set[Any] = set()
        self.runs = 0
        self.unconfirmed: tuple[Sequence[Any], dict[str, Any]] | None = None
        self.surroundings: Surroundings | None = None
        # the last columns by `id`, and, where they came twice, what they held and the samples made of them
        self.columns: tuple[list[int], Any, Any] = ([], None, None)
        self._own = {id(p) for p in params}
        self._captured = self._own  # the Values that the function can reach by itself
        self._read = NOTHING
        self._alike: Container[int] = frozenset()
        self._given: dict[int, Any] = {}  # references to the objects among arguments, by id
        self._gone: set[int] = set()  # the ids of those that died since the last look
        self._objects = 0  # how many there were
        self._switches = modes.switches

    def take(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Arguments:
        """One call's arguments; when what the function reads has changed, all programs are forgotten."""
        arguments = Arguments(args, kwargs, self._captured, self._read, self._alike)
        if self.outdated():
            self.variants.clear()
            self.surroundings, self._switches = None, modes.switches
        if self._gone:
            self._forget_gone()
        seen = self.surroundings  # the death of an argument may take it away at any time
        if seen is None or not seen.knows(arguments.objects):
            new = {id(x): x for x in arguments.objects if id(x) not in self._given}
            self._objects += len(new)
            if self._objects > OBJECTS:
                return self._too_many(arguments)
            self._given.update({key: self._reference(x) for key, x in new.items()})
            strong = [key for key, x in self._given.items() if not isinstance(x, ref)]
            for key in strong[:-STRONG]:
                del self._given[key]
                self._gone.add(key)
            roots = [x if isinstance(x, ref) else x() for x in [*self._given.values()]]
            self.surroundings = seen = Surroundings([self.as_written, *roots])
            self._captured, self._read, self._alike = self._own | seen.values, seen.read, seen.alike
            arguments = Arguments(args, kwargs, self._captured, self._read, self._alike)
        if seen.problem and arguments.key not in self.left_alone:
            self.leave(arguments.key, seen.problem)
        return arguments

    def _reference(self, x: Any) -> Any:
        """A way to an argument that does not keep it alive, where its type has one."""
        name, this = id(x), ref(self)

        def gone(_: Any) -> None:
            learned = this()
            if learned is not None:
                learned._given.pop(name, None)
                learned._gone.add(name)
                learned.surroundings = None

        if isinstance(x, Value):  # programs hold on to their Values anyway
            return partial(_itself, x)
        try:
            return ref(x, gone)
        except TypeError:
            return partial(_itself, x)

    def _forget_gone(self) -> None:
        """Drop the programs of arguments that are no more: others may get their ids."""
        gone, self._gone = self._gone, set()
        for known in (self.variants, self.left_alone):
            for key in [key for key in known if _names(key, gone)]:
                del known[key]

    def outdated(self) -> bool:
        """Whether something that the function reads has changed since the last look."""
        if self._switches != modes.switches:  # some Value's requires_grad was set
            return True
        surroundings = self.surroundings
        return surroundings is not None and bool(surroundings.changed())

    def _changed(self) -> str:
        surroundings = self.surroundings  # the death of an argument may take it away at any time
        return surroundings.changed() if surroundings else ""

    def _too_many(self, arguments: Arguments) -> Arguments:
        arguments.key = OBJECTS
        if OBJECTS not in self.left_alone:
            kinds = ", ".join(dict.fromkeys(type(x).__name__ for x in arguments.objects))
            self.leave(OBJECTS, say("runs_new_objects", kinds=kinds))
        return arguments

    def leave(self, key: Any, why: str) -> None:
        """From now on, run such arguments as they are."""
        self.left_alone[key] = why
        self.variants.pop(key, None)
        name = getattr(self.function, "__qualname__", "the function")
        modes.warn(say("runs_as_it_is", name=name, why=why))

    def record(self, arguments: Arguments) -> RecordedRun | PlainRun:
        """Record a run of the function, and keep or confirm the program that the run leaves behind.

        A function that asks for `type(x)`, or whether an argument is a list that it reads, may take another
        way on what stands for these: it runs a second time in the same call, as it is. So does one that a
        stand-in made raise an error.
        """
        self.runs += 1
        mentions = self.surroundings.mentions if self.surroundings else set()
        wary = "type" in mentions or arguments.known
        try:
            run = RecordedRun(self.function, arguments, mentions)
        except Exception as problem:
            if not wary and not _by_a_stand_in(problem):
                raise
            plain = PlainRun(self.function, *arguments.structure)
            self.leave(arguments.key, say("runs_raised", problem=repr(problem), line=raised_at(problem)))
            return plain
        if wary:
            plain = PlainRun(self.function, *arguments.structure)
            why = plain.differs_from_run(run)
            if why:
                hint = say("runs_type")
                if arguments.known:
                    hint = say("runs_identity")
                self.leave(arguments.key, say("runs_asks", why=why, hint=hint))
                return plain
        self._learn(run, arguments.key)
        confirmed = any(variant.confirmed for variant in self.variants.get(arguments.key, ()))
        lives = arguments.objects or NODE in arguments.kinds  # it is not kept alive
        self.unconfirmed = None if confirmed or lives else arguments.structure
        run.settle()
        return run

    def _learn(self, run: RecordedRun, key: Any) -> None:
        if len(self.variants) > KINDS:
            self.variants = {k: v for k, v in self.variants.items() if any(one.confirmed for one in v)}
        variants = self.variants.setdefault(key, [])
        changed = self._changed()
        # a first run may fill caches; a second one may not
        if changed and key not in self.settled and not run.hopeless:
            self.settled.add(key)
            self.surroundings = None
            return
        unfit = [*run.written.unfit, *([say("runs_changes", what=changed)] if changed else [])]
        if unfit:
            self.leave(key, unfit[0])
            return
        try:
            variant = Variant(run, self.params)
        except ValueError as problem:  # a node made by hand
            self.leave(key, str(problem))
            return
        if run.stored:
            self.leave(key, say("runs_stores", places=run.stored))
            return
        twin = next((v for v in variants if v.same_path(run)), None)
        if twin is not None and not twin.confirmed:
            why = twin.confirm(variant)
            if why:
                self.leave(key, why)
        elif twin is not None:
            return  # a guard was too near to call; the program is right
        elif len(variants) >= BUDGET:
            self.leave(key, _ways(variants))
        else:
            variants.append(variant)

    def prove(
        self,
        variant: Variant,
        arguments: Arguments,
        numbers: Sequence[float],
        served: float | None = None,
        proves: bool = True,
    ) -> PlainRun | None:
        """Run the function as it is and compare; None where the guards send the call another way.

        The caller hands out the run's gradients, whatever the comparison says.

        Args:
            variant: the program.
            arguments: of the call.
            numbers: of all leaves.
            served: the loss that was served for them, where one was.
            proves: whether what has moved counts as compared from here on.

        Raises:
            ReplayMismatch: it differs, and the program has served such numbers.
        """
        doubted = variant.served and not variant.unproven(arguments, numbers)
        found = None
        if len(variant.program.codes) >= LARGE:  # the reference would take as long as the function
            found = fast(variant, backend_of(variant, self.backend), numbers, True)
        quick = found is not None and is_finite((found[0], *found[1]))
        if not quick:
            found = reference(variant, numbers, True)
        if found is None:
            variant.missed(numbers)
            return None
        self.runs += 1
        try:
            plain = PlainRun(self.function, *arguments.structure, watch=served is None)
        except Exception as problem:
            if not doubted:
                raise
            why = say("replay_raises", problem=repr(problem))
            raise self._mismatch(variant, arguments.key, why) from problem
        targets = variant.targets(arguments)
        why = plain.differs(variant, targets, found)
        if why and quick:  # which rounds in another way; the reference has eager's own bits
            found = reference(variant, numbers, True) or found
        loss = found[0] if served is None else served
        if why or not near([found[0]], [loss]):
            why = plain.differs_but_for_rounding(variant, targets, found, numbers, loss)
        if why and doubted and not plain.asked:
            raise self._mismatch(variant, arguments.key, why)
        changed = self._changed()
        if changed:
            why = say("runs_changes", what=changed)
        if why:
            why = say("runs_defined", why=why, line=defined_at(self.as_written))
            if variant.served:  # what moved for the first time may have done it, which no number served had
                why += say("replay_perhaps", since=variant.doubt)
            self.leave(arguments.key, why)
        else:
            variant.proved(arguments, numbers, proves)
            variant.doubt = self.audit.beyond
        return plain

    def _mismatch(self, variant: Variant, key: Any, why: str) -> ReplayMismatch:
        """The error that says since when numbers are in doubt; what was recorded is forgotten."""
        self.variants.clear()
        self.left_alone[key] = why
        place, since = self.audit.place, variant.doubt
        name = getattr(self.function, "__qualname__", "the function")
        fields = {"line": defined_at(self.as_written), "place": place, "since": since}
        message = say("replay_mismatch", name=name, why=why, **fields)
        return ReplayMismatch(message, place.call, since.call, why)


def _ways(variants: Sequence[Variant]) -> str:
    """Why a function has more programs than are kept: its lines, and what to write there."""
    guards = [guard for variant in variants for guard in variant.guards]
    kinds = {"lookup" if code == "eq" else "order" for code, *_ in guards}
    hints = "".join(say(f"replay_ways_{kind}") for kind in sorted(kinds))
    return say("replay_ways", lines=listed(dict.fromkeys(guard[-1] for guard in guards)), hints=hints.strip())


def _itself(x: Any) -> Any:
    return x


def _names(key: Any, objects: set[int]) -> bool:
    """Whether a key of arguments names one of these objects."""
    if not isinstance(key, tuple):
        return False
    if len(key) == 2 and key[0] == "object" and key[1] in objects:
        return True
    return any(_names(part, objects) for part in key)


def _by_a_stand_in(problem: Exception) -> bool:
    """Whether what stands for a number or an array may have raised it."""
    if isinstance(problem, (TypeError, AttributeError, IndexError)):
        return True
    return isinstance(problem, ValueError) and "read-only" in str(problem)  # an array changed in place


def defined_at(function: Any) -> str:
    """File and line of a function."""
    while isinstance(function, partial):
        function = function.func
    function = getattr(function, "__func__", function)
    call = vars(type(function)).get("__call__")
    code = getattr(function, "__code__", None) or getattr(call, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else repr(function)


def raised_at(problem: BaseException) -> str:
    """The innermost line of an error that is not in this library."""
    found = "nowhere"
    for frame, line in walk_tb(problem.__traceback__):
        if not frame.f_globals.get("__name__", "").startswith("autograd."):
            found = f"{frame.f_code.co_filename}:{line}"
    return found
