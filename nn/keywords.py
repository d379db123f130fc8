"""Keywords of functions, methods and classes: which there are, and what PyTorch's and Keras's mean here."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

from nn.messages import problem, say

Asked = TypeVar("Asked", bound=Callable[..., Any])

# They say where or how fast something is computed, or what it is called: nothing that changes a number here.
IDLE = {
    "inplace", "foreach", "fused", "capturable", "differentiable", "device", "dtype", "layout",
    "memory_format", "non_blocking", "pin_memory", "pin_memory_device", "persistent_workers",
    "prefetch_factor", "multiprocessing_context", "timeout", "worker_init_fn", "in_order", "num_workers",
    "weights_only", "map_location", "mmap", "pickle_module", "pickle_protocol", "sparse", "name", "verbose",
    "run_eagerly", "jit_compile", "steps_per_execution", "auto_scale_loss", "workers",
    "use_multiprocessing", "max_queue_size", "overwrite", "zipped", "max_shard_size", "synchronized",
    "line_length", "positions", "expand_nested", "show_trainable", "autocast",
}  # fmt: skip
# What takes the place of a keyword; where a program gives it as None or False it asks for nothing.
INSTEAD = {
    keyword: instead
    for instead, keywords in (
        ("reduction='sum', or 'none'", "size_average reduce"),
        ("nn.data.DataLoader([dataset[i] for i in rows])", "sampler batch_sampler"),
        ("[f(sample) for sample in dataset]", "collate_fn"),
        ("p.requires_grad = False for each p in table.weight[0]", "max_norm scale_grad_by_freq"),
        ("fit(x[:n], y[:n], epochs=...)", "steps_per_epoch steps validation_steps"),
        ("model.evaluate(x, y)", "validation_freq validation_batch_size"),
        ("metrics=[...]", "weighted_metrics"),
        ("a function of (y_true, y_pred) as loss", "loss_weights"),
        ("compile(penalty=lambda model: nn.l2(model))", "activity_regularizer bias_regularizer"),
        ("compile(penalty=lambda model: nn.l2(model))", "embeddings_regularizer beta_regularizer"),
        ("a callback with on_train_batch_end", "kernel_constraint bias_constraint embeddings_constraint"),
        ("a callback with on_train_batch_end", "use_ema ema_momentum ema_overwrite_frequency"),
        ("keras.optimizers.AdamW(weight_decay=0.004)", "weight_decay"),
        ("batch_size=...", "gradient_accumulation_steps loss_scale_factor"),
        ("padding=...", "ceil_mode padding_mode"),
        ("torch.max(x, dim=1).indices", "return_indices"),
        ("nn.AvgPool2d(size)(x), times a number", "divisor_override"),
    )
    for keyword in keywords.split()
}
# What other libraries call a parameter: its first name that there is here.
ALSO = {
    "axis": ("dim",), "dim": ("axis",), "dims": ("axes",), "keepdims": ("keepdim",), "val": ("value",),
    "filepath": ("path",), "other": ("b", "y"), "predictions": ("prediction",), "lr": ("learning_rate",),
    "learning_rate": ("lr",), "weights": ("weight",), "dropout": ("p",), "rate": ("p",),
}  # fmt: skip
FIRST = ("input", "inputs", "self", "obj")  # PyTorch's names of what a function works on
UNTOLD = ("forward", "call", "update")  # called for every sample, or read as formulas


def keywords_told(names: dict[str, Any]) -> None:
    """Let the public functions and classes of a module say which keywords they have.

    Args:
        names: of the module; its own functions are replaced there, and where they were written.
    """
    public = names.get("__all__") or [name for name in names if name[:1] != "_"]
    for name in public:
        thing = names.get(name)
        if isinstance(thing, FunctionType) and thing.__module__.startswith(names["__name__"]):
            names[name] = vars(sys.modules[thing.__module__])[thing.__name__] = told(thing)
        elif isinstance(thing, type):
            for kind in thing.__mro__:
                if kind.__module__.partition(".")[0] == "nn":
                    _methods_told(kind)


@functools.cache
def _methods_told(kind: type) -> None:
    for name, method in list(vars(kind).items()):
        if isinstance(method, FunctionType) and (
            name in ("__init__", "__call__") or (name[:1] != "_" and name not in UNTOLD)
        ):
            setattr(kind, name, told(method))


def told(function: Asked) -> Asked:
    """The same function; for a keyword that it does not have it says which there are, or knows what it means.

    Raises:
        TypeError: by what is returned.
    """
    return cast(Asked, _told(function))


@functools.cache
def _told(function: Any) -> Any:
    if function.__code__.co_flags & inspect.CO_VARKEYWORDS or hasattr(function, "__wrapped__"):
        return function

    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except TypeError as error:
            if not named or error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it arose inside the function
            known = understood(function, given, named)
            if known == named:
                raise
        return function(*given, **known)

    return call


def understood(function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Keywords by the names that they have here, without those that change nothing.

    Raises:
        TypeError: one that is not known.
    """
    code = function.__code__
    count = code.co_argcount
    names = [x for x in code.co_varnames[: count + code.co_kwonlyargcount] if x != "self"]
    method = code.co_varnames[:1] == ("self",)
    found: dict[str, Any] = {}
    for name, x in named.items():
        here = [name, *ALSO.get(name, ()), *(names[:1] if name in FIRST and len(given) <= method else [])]
        meant = next(
            (other for other in here if other in names and (other == name or other not in named)), None
        )
        if meant is not None:
            found[meant] = x
        elif not (
            name in IDLE or ((x is None or x is False) and name in INSTEAD) or (name == "axis" and x == -1)
        ):
            owner = type(given[0]).__name__ if function.__name__ == "__init__" else function.__name__
            raise _unknown(owner, name, names) from None
    return found


def _unknown(owner: str, name: str, names: list[str]) -> Exception:
    from difflib import get_close_matches

    near = [INSTEAD[name]] if name in INSTEAD else get_close_matches(name, names, n=1, cutoff=0.6)
    instead = say("nn_write", instead=near[0]) if near else say("nn_leave_away")
    fields = {"instead": instead, "names": ", ".join(names) or say("nn_no_settings")}
    return problem(TypeError, "nn_no_argument", owner=owner, name=name, **fields)
