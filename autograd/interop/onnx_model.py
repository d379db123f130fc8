"""`fast.to_onnx(path)`: a recorded function as an ONNX model, with its gradients on request.

The NumPy source is run once on tensors that write down what is done to them: so forward and backward pass are
those of `to_numpy`, line for line.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.files import write_file
from autograd.interop.arrays import Arrays
from autograd.interop.numpy_source import write_ways
from autograd.interop.onnx_graph import BATCH, Graph, Tensor
from autograd.interop.onnx_numpy import Numpy
from autograd.interop.signature import Signature

OPSET = 18
SLOPES = """
def flow_of_tanh(x, y, g):
    return g * sech2(x)

def flow_of_sigmoid(x, y, g):
    return g * (y * sigmoid(-x))
"""  # whatever the numbers are


def _functions(graph: Graph, library: Numpy) -> dict[str, Callable[..., Any]]:
    """What the source calls and says in a way that is not for tensors."""

    def hits(k: Any, size: int) -> Any:
        here = Tensor(graph, graph.constant(np.arange(size)), (size,), "i")
        return k.unsqueezed().with_("Equal", here, "b")

    def pick(x: Any, k: Any) -> Any:
        x = graph.tensor(x)
        return library.where(hits(k, x.shape[-1]), x, 0.0).sum(-1)  # an entry that is not picked may be nan

    def added(total: Any, index: Any, flow: Any, axis: int) -> None:
        sizes = graph.node("Shape", [flow.name])
        places = graph.node("Expand", [graph.constant(np.asarray(index)), sizes])
        inputs = [total.name, places, flow.name]
        total.become(graph.node("ScatterElements", inputs, axis=axis, reduction="add"))

    def add_at(total: Any, index: Any, flow: Any) -> None:
        added(total, index, flow, -1)

    def add_rows_at(total: Any, index: Any, flow: Any) -> None:
        added(total, np.asarray(index)[:, None], flow, -2)

    return {
        "one_hot": lambda k, size: hits(k, size).astype(float),
        "pick": pick,
        "add_at": add_at,
        "add_rows_at": add_rows_at,
        "sigmoid": lambda x: x.node("Sigmoid", x.shape),
        "relu": lambda x: x.node("Relu", x.shape),
        "fma": lambda a, b, c: a * b + c,
        "erf": library.erf,
        "erfc": library.erfc,
        "float": lambda x: x if isinstance(x, int) else float(x),
    }


def make_onnx(
    programs: Sequence[Arrays], signature: Signature, function: str, gradients: bool, kind: str
) -> Any:
    """The model, checked by `onnx.checker`.

    Args:
        programs: the ways through the function, in arrays.
        signature: what it takes.
        function: its name.
        gradients: whether the gradients of the sum of the losses are outputs too, as `gradient.NAME`.
        kind: "float64" or "float32".
    """
    import onnx
    from onnx import helper

    graph = Graph(kind)
    inputs, given = [], []
    for x in signature.inputs:
        inputs.append(
            helper.make_tensor_value_info(x.name, graph.types["i" if x.whole else "f"], ["batch", *x.shape])
        )
        tensor = Tensor(graph, x.name, (BATCH, *x.shape), "i" if x.whole else "f")
        given.append(tensor.astype(float) if x.whole else tensor)
    batch = graph.constant(np.array([1], np.int64))
    if given:
        shape = graph.node("Shape", [signature.inputs[0].name])
        batch = graph.node("Slice", [shape, *(graph.constant(np.array([n], np.int64)) for n in (0, 1))])
    parameters = {}
    for t, numbers in zip(programs[0].tensors, programs[0].numbers):
        graph.add(t.name, np.asarray(numbers, kind))
        parameters[t.name] = Tensor(graph, t.name, np.shape(numbers))
    ways, constants, functions = write_ways(programs, signature)
    library = Numpy(graph, batch)
    names: dict[str, Any] = {
        "np": library,
        **{name: graph.tensor(x) if x.dtype.kind == "f" else x for name, x in constants.items()},
    }
    exec("\n\n".join([*functions, SLOPES, *ways]), names)  # noqa: S102 - written from the program, just now
    names |= _functions(graph, library)
    calls = [
        functools.partial(names[f"way_{k}"], parameters, BATCH if given else 1) for k in range(len(programs))
    ]
    loss, found, failed = calls[0](*given) if len(calls) == 1 else _joined(library, calls, programs, given)
    outputs: list[tuple[str, Tensor, list[Any]]] = [("loss", loss, ["batch"])]
    if any(one.guards for one in programs):
        outputs[0] = ("loss", library.where(failed == 0, loss, library.nan), ["batch"])
        outputs.append(("failed", failed, ["batch"]))
    if gradients:
        outputs += [
            (f"gradient.{name}", g.reshape(parameters[name].shape), [*parameters[name].shape])
            for name, g in found.items()
        ]
    results = []
    for name, tensor, sizes in outputs:
        graph.nodes.append(helper.make_node("Identity", [tensor.name], [name]))
        results.append(helper.make_tensor_value_info(name, graph.types[tensor.kind], sizes))
    nodes = _needed(graph.nodes, [name for name, _, _ in outputs])
    used = {name for node in nodes for name in node.input}
    numbers = [x for x in graph.initializers if x.name in used or x.name in parameters]
    made = helper.make_graph(nodes, function, inputs, results, numbers)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def _joined(
    library: Numpy, calls: Sequence[Callable[..., Any]], programs: Sequence[Arrays], given: Sequence[Tensor]
) -> tuple[Tensor, dict[str, Any], Tensor]:
    """(losses, gradients, failed): each sample takes the first way whose conditions hold.

    A way runs twice: once to ask its conditions, once on the samples that take it; in the place of the others
    it gets those it was recorded with, and nothing flows back from them.
    """
    loss: Any = library.broadcast_to(library.nan, (BATCH,))
    failed: Any = None
    found: dict[str, Any] = {}
    for call, program in zip(calls, programs):
        wrong = call(*given)[2]
        here = wrong == 0 if failed is None else (wrong == 0) & (failed != 0)
        own = []
        for x, numbers in zip(given, program.examples):
            own.append(library.where(here.reshape(BATCH, *[1] * numbers.ndim), x, library.array(numbers)))
        library.taken = here.astype(float).reshape(BATCH, 1)
        losses, gradients, _ = call(*own)
        loss = library.where(here, losses, loss)
        failed = wrong if failed is None else library.where(wrong == 0, wrong, failed)
        for name, g in gradients.items():
            found[name] = found[name] + g if name in found else g
    return loss, found, failed


def _needed(nodes: Sequence[Any], outputs: Sequence[str]) -> list[Any]:
    """The nodes that the outputs depend on."""
    wanted, kept = set(outputs), []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    return kept[::-1]


def write_onnx(
    path: Any, programs: Sequence[Arrays], signature: Signature, function: str, gradients: bool, kind: str
) -> None:
    """Write the model, after onnxruntime has run it on the recorded inputs and come to numbers."""
    import onnxruntime

    model = make_onnx(programs, signature, function, gradients, kind)
    text = model.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
    feed = {
        x.name: np.asarray(numbers, np.int64 if x.whole else kind)[None]
        for x, numbers in zip(signature.inputs, programs[0].examples)
    }
    session.run(None, feed)
    write_file(path, text)
