"""The methods of a recorded function that write it for others: NumPy, torch, JAX, ONNX, SymPy, C."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.entry import TABLE
from autograd.files import write_file
from autograd.interop.signature import ExportError, Signature, signature_of, takes_nothing
from autograd.messages import say
from autograd.modes import WATCHERS
from autograd.settings import chosen_word
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.interop.naming import Tensor


class Chosen(NamedTuple):
    """What is exported: the ways through a function for one kind of arguments."""

    name: str
    variants: list[Any]
    leaves: list[Value]
    tensors: list[Tensor]
    signature: Signature

    def arrays(self, compact: bool = False) -> list[Any]:
        """Each way in arrays; where compact is asked for, one of many small steps as a table."""
        from autograd.interop.arrays import arrays_of
        from autograd.interop.tables import compact_arrays_of

        read = compact_arrays_of if compact else arrays_of
        return [read(one, self.leaves, self.tensors, self.signature) for one in self.variants]


@contextmanager
def _for(target: str) -> Iterator[None]:
    """An op that the target lacks becomes an `ExportError` that names both, and what works."""
    from autograd.interop.vocabulary import HIGHEST
    from autograd.replay.ops import UnsupportedError

    try:
        yield
    except UnsupportedError as op:
        problem = "export_order" if str(op) in TABLE and not TABLE[str(op)].own else "export_op"
        raise ExportError(say(problem, op=op, target=target, highest=HIGHEST)) from None


@contextmanager
def _unwatched() -> Iterator[None]:
    """Nobody sees the nodes made here: in a `no_grad`, or for a scope, nothing would be recorded."""
    before = WATCHERS.set(())
    try:
        yield
    finally:
        WATCHERS.reset(before)


class Exports:
    """What `Recorded` can be written as.

    Every method takes an example of the arguments, which chooses the program (by a text's length, say). It
    needs none where the function was called with one kind of arguments alone. Parameters have the numbers of
    the moment, and the names by which their network knows them, with an underscore behind a name that is an
    argument's too; entries of one list are one array. A Value among the arguments is an input like a number.

    Raises:
        ExportError: nothing is recorded, the function runs as it is, an op is one that the target lacks.
    """

    learned: Any

    def to_numpy(self, *example: Any, **named: Any) -> str:
        """The function as readable NumPy source, which needs nothing of this package.

        Returns:
            A module's text: it defines `PARAMS` and `value_and_gradients(params, *inputs)`, which gives the
            loss and a dict of gradients; with an axis for a batch in front of the inputs one loss a sample,
            and the gradients of their sum. A function that branches has a third result: 0 where one of the
            recorded ways holds, else 1 + the number of the condition that failed; such a sample has the loss
            nan and no part in the gradients.

        >>> from autograd import Value, record
        >>> w = Value(2.0, label="w")
        >>> fast = record(lambda x, y: (w * x - y) ** 2, params=[w])
        >>> names = {}
        >>> exec(fast.to_numpy(3.0, 5.0), names)
        >>> loss, gradients = names["value_and_gradients"](names["PARAMS"], 3.0, 5.0)
        >>> float(loss), float(gradients["w"])
        (1.0, 6.0)
        """
        from autograd.interop.numpy_source import write_numpy

        chosen = self._chosen(example, named)
        with _for("NumPy"):
            return write_numpy(chosen.arrays(), chosen.signature, chosen.name)

    def to_torch(self, *example: Any, **named: Any) -> Any:
        """The function as a `torch.nn.Module` of float64 (`.float()` makes it one of float32).

        Returns:
            A module whose parameters have our names, in nested modules (`train_` for `train` and whatever
            else a module has itself). Called with the inputs it gives the loss; with an axis for a batch in
            front of them one loss a sample; the mean is the caller's. A function that branches, or picks by
            an index, gives (loss, valid): where no recorded way holds, or there is no such entry, the loss is
            nan. `.source` is what its methods say. It can be copied, pickled and saved whole; who loads it
            needs this package.
        """
        from autograd.interop.torch_module import make_torch

        chosen = self._chosen(example, named)
        with _for("torch"):
            return make_torch(chosen.arrays(), chosen.signature, chosen.name)

    def to_jax(self, *example: Any, **named: Any) -> tuple[Any, dict[str, Any]]:
        """The function as a pure function of JAX: `f, params = fast.to_jax()`, then `f(params, *inputs)`.

        Returns:
            (f, params): `jax.jit`, `grad`, `vmap` and sharding work on `f`; with an axis for a batch in front
            of the inputs it gives one loss a sample. A function that branches, or picks by an index, gives
            (loss, valid): where no recorded way holds, or there is no such entry, the loss is nan.
            `f.source` is what it says.
        """
        from autograd.interop.jax_function import make_jax

        chosen = self._chosen(example, named)
        with _for("JAX"):
            return make_jax(chosen.arrays(compact=True), chosen.signature, chosen.name)

    def to_onnx(
        self,
        path: Any,
        /,
        *example: Any,
        gradients: bool = False,
        dtype: str = "float64",
        **named: Any,
    ) -> None:
        """The function as an ONNX model, which `onnx.checker` and `onnxruntime` have accepted.

        Args:
            path: of the file.
            *example: arguments that choose the program.
            gradients: outputs `gradient.NAME` too, of the sum of the losses.
            dtype: "float64" or "float32".
            **named: arguments likewise.

        The inputs have an axis for the batch in front; the outputs are `loss`, one number a sample, and for a
        function that branches `failed`, 0 where one of the recorded ways holds: elsewhere the loss is nan.
        Parameters are initialisers under our names.
        """
        from autograd.interop.onnx_model import write_onnx

        chosen_word("to_onnx", "dtype", dtype, ("float64", "float32"))
        chosen = self._chosen(example, named)
        with _for("ONNX"):
            write_onnx(path, chosen.arrays(), chosen.signature, chosen.name, gradients, dtype)

    def to_sympy(self, *example: Any, **named: Any) -> Any:
        """The function as algebra: (expression, symbols, gradients, replacements).

        Returns:
            The loss, a dict name -> symbol for parameters and inputs, a dict of the gradients; above 200
            nodes these are said in `replacements`, pairs (symbol, expression) in the order of computation.
        """
        from autograd.interop.sympy_expression import make_sympy

        chosen = self._chosen(example, named)
        with _for("SymPy"):
            return make_sympy(chosen.variants, chosen.leaves, chosen.tensors, chosen.signature)

    def to_c(self, path: Any, /, *example: Any, **named: Any) -> None:
        """The function as one C11 file that needs libm alone.

        Args:
            path: of the file; its stem, made a name of C, is that of the function `int NAME(const double
                *params, const double *inputs, double *loss, double *gradients)`, which returns 0, or 1 + the
                number of the condition that failed. A comment at the top says the layout.
            *example: arguments that choose the program.
            **named: likewise.
        """
        from pathlib import Path

        from autograd.interop.c_source import name_in_c, write_c

        chosen = self._chosen(example, named)
        name = name_in_c(Path(path).stem)
        with _for("C"):
            text = write_c(chosen, name)
        write_file(path, text)

    def _chosen(self, example: Sequence[Any], named: dict[str, Any] | None = None) -> Chosen:
        """The confirmed programs for the example's kind of arguments, or for the only kind there is."""
        from autograd.interop.naming import tensors_of

        learned = self.learned
        name = getattr(learned.function, "__name__", "loss")
        name = name if name.isidentifier() else "loss"
        kinds = [key for key in learned.variants if _confirmed(learned, key)]
        once = None if example or named or kinds else learned.unconfirmed
        if once:  # it was called, and once alone
            example, named = once
        fresh = not learned.variants and not learned.left_alone
        if example or named or once or (fresh and takes_nothing(learned.function)):
            key = learned.take(example, named or {}).key
            for _ in range(3):  # two runs to record it, one to compare
                if key in learned.left_alone or _confirmed(learned, key):
                    break
                with _unwatched():
                    self.value(*example, **(named or {}))  # type: ignore[attr-defined]  # this is `Recorded`'s
        else:
            if not kinds and learned.left_alone:
                key = next(iter(learned.left_alone))
            elif len(kinds) != 1:
                key = "export_several" if kinds else "export_none"
                raise ExportError(say(key, name=name, count=len(kinds)))
            else:
                (key,) = kinds
        if key in learned.left_alone:
            raise ExportError(say("export_as_it_is", name=name, why=learned.left_alone[key]))
        variants = _confirmed(learned, key)
        if not variants:
            raise ExportError(say("export_none", name=name))
        without = [one for one in variants if one.program.root < 0]
        if without:
            lines = dict.fromkeys(str(guard[-1]) for guard in without[0].guards)
            problem = "export_branch" if lines else "export_result"
            raise ExportError(say(problem, name=name, lines=", ".join(lines)))
        if any(len({*one.given}) < len(one.given) for one in variants):
            raise ExportError(say("export_same", name=name))
        kept = [pair for one in variants for pair in zip(one.kept, one.wanted) if pair[1] not in one.given]
        leaves = list({id(leaf): leaf for leaf, _ in kept}.values())
        signature = signature_of(learned.function, key)
        taken = {*signature.arguments, *(x.name for x in signature.inputs)}
        return Chosen(name, variants, leaves, tensors_of(learned.function, leaves, taken), signature)


def _confirmed(learned: Any, key: Any) -> list[Any]:
    return [one for one in learned.variants.get(key, ()) if one.confirmed]
