"""What each of the six targets gives for a recorded function at one point: loss and gradients by name."""

import ctypes
import subprocess

import numpy as np

from autograd.interop.signature import _names as names_of
from autograd.interop.torch_module import _attribute as name_in_torch

QUICK = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}  # compiled, run once


def named(fast, given):
    """Give the arguments by name, and by what a name becomes that means something else."""
    names = names_of(fast.function, len(given))
    return {**dict(zip(names, given)), **dict(zip([f"{name}_" for name in names], given))}


def values_of(fast, given):
    """Give (input, its numbers) for each array that an export takes."""
    by_name = named(fast, given)
    return [
        (x, np.array(eval(x.path, by_name), float))  # noqa: S307 - a path of ours
        for x in fast._chosen(()).signature.inputs
    ]


def arguments(fast, given):
    """Give the arguments that hold numbers, which are those that an export takes."""
    by_name = named(fast, given)
    return [by_name[name] for name in fast._chosen(()).signature.arguments]


def in_numpy(fast, given, folder):
    names = {}
    exec(fast.to_numpy(), names)  # noqa: S102 - the text that is tested
    loss, gradients, *failed = names["value_and_gradients"](names["PARAMS"], *arguments(fast, given))
    assert not any(failed)
    return loss, gradients


def in_torch(fast, given, folder):
    module = fast.to_torch()
    found = module(*arguments(fast, given))
    loss, valid = found if isinstance(found, tuple) else (found, True)
    assert valid
    if loss.requires_grad:
        loss.backward()
    parameters = dict(module.named_parameters())
    slopes = {}
    for t in fast._chosen(()).tensors:
        p = parameters[".".join(map(name_in_torch, t.name.split(".")))]
        slopes[t.name] = np.zeros(p.shape) if p.grad is None else p.grad.numpy()
    return loss.item(), slopes


def in_jax(fast, given, folder):
    import jax

    with jax.enable_x64(True):
        f, params = fast.to_jax()

        def loss(params):
            found = f(params, *arguments(fast, given))
            return found if isinstance(found, tuple) else (found, True)

        both = jax.jit(jax.value_and_grad(loss, has_aux=True), compiler_options=QUICK)
        (value, valid), gradients = both(params)
        assert valid
        return float(value), {name: np.asarray(g) for name, g in gradients.items()}


def in_onnx(fast, given, folder):
    import onnxruntime

    fast.to_onnx(folder / "loss.onnx", gradients=True)
    session = onnxruntime.InferenceSession(folder / "loss.onnx", providers=["CPUExecutionProvider"])
    feed = {x.name: a[None].astype(np.int64 if x.whole else float) for x, a in values_of(fast, given)}
    found = dict(zip([x.name for x in session.get_outputs()], session.run(None, feed)))
    assert not found.get("failed", 0)
    return found["loss"][0], {
        k.removeprefix("gradient."): g for k, g in found.items() if k.startswith("gradient.")
    }


def in_c(fast, given, folder):
    fast.to_c(folder / "loss.c")
    command = [
        "cc",
        "-std=c11",
        "-O0",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "loss.c",
        "-o",
        "loss.so",
    ]
    subprocess.run([*command, "-lm"], cwd=folder, check=True)
    chosen = fast._chosen(())
    now = np.array([p.data for p in chosen.leaves])
    params = np.concatenate([now[t.index].ravel() for t in chosen.tensors]) if chosen.tensors else np.zeros(1)
    inputs = np.concatenate([a.ravel() for _, a in values_of(fast, given)] or [np.zeros(1)])
    loss, gradients, pointer = np.zeros(1), np.zeros(len(params)), ctypes.POINTER(ctypes.c_double)
    arrays = [x.ctypes.data_as(pointer) for x in (params, inputs, loss, gradients)]
    assert ctypes.CDLL(str(folder / "loss.so")).loss(*arrays) == 0
    parts = np.split(gradients, np.cumsum([t.index.size for t in chosen.tensors]))
    return loss[0], {t.name: g.reshape(t.shape) for t, g in zip(chosen.tensors, parts)}


def evaluator(algebra):
    """Give a function from the number of each symbol to those of the loss and its gradients.

    It computes the expressions as they are, what they share once: `lambdify` builds them anew where a name
    is `w[0]`, and SymPy then decides again which of two is larger.
    """
    import mpmath
    import sympy
    from sympy.printing.pycode import MpmathPrinter

    given, lines = [*algebra.symbols.values()], []
    place = {symbol: f"x[{k}]" for k, symbol in enumerate(given)}

    def kept(expression, text):
        place[expression] = f"x[{len(given) + len(lines)}]"
        lines.append(f"    x.append({text})")
        return place[expression]

    class Printer(MpmathPrinter):
        choices = 0

        def _print(self, expression, **settings):
            if expression in place:
                return place[expression]
            text = super()._print(expression, **settings)
            shared = isinstance(expression, (sympy.Add, sympy.Mul, sympy.Pow, sympy.Function))
            return kept(expression, text) if shared and not self.choices else text

        def _print_Piecewise(self, choice):  # what is not chosen may have no value
            self.choices += 1
            text = super()._print_Piecewise(choice)
            self.choices -= 1
            return text

    say = Printer({"allow_unknown_functions": True})._print
    for symbol, expression in algebra.replacements:
        kept(symbol, say(expression))
    results = ", ".join(map(say, (algebra.expression, *algebra.gradients.values())))
    names = {"mpmath": mpmath, "polygamma": mpmath.psi}
    exec("\n".join(["def results(x):", *lines, f"    return [{results}]"]), names)  # noqa: S102 - written from the expression, just above
    return lambda numbers: names["results"]([numbers.get(symbol) for symbol in given])


def in_sympy(fast, given, folder):
    import mpmath

    algebra, chosen = fast.to_sympy(), fast._chosen(())
    now = np.array([p.data for p in chosen.leaves])
    known = {}
    for name, array in [(t.name, now[t.index]) for t in chosen.tensors] + [
        (x.path, a) for x, a in values_of(fast, given)
    ]:
        for index in np.ndindex(array.shape):
            symbol = algebra.symbols[f"{name}[{', '.join(map(str, index))}]" if index else name]
            known[symbol] = mpmath.mpf(float(array[index]))
    with mpmath.workdps(40):
        loss, *slopes = map(float, evaluator(algebra)(known))
    by_name, gradients = dict(zip(algebra.gradients, slopes)), {}
    for t in chosen.tensors:
        g = gradients[t.name] = np.zeros(t.shape)
        for index in np.ndindex(t.shape):
            g[index] = by_name[f"{t.name}[{', '.join(map(str, index))}]" if index else t.name]
    return loss, gradients


TARGETS = {"NumPy": in_numpy, "torch": in_torch, "JAX": in_jax, "ONNX": in_onnx, "C": in_c, "SymPy": in_sympy}
