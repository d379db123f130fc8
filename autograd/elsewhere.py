"""Names that programs look for here since other libraries have them: asking for one says what to write.

`import autograd.numpy` is HIPS's habit, `from autograd import jit` JAX's, `autograd.tensor` PyTorch's. They
go by a finder, since Python looks for `from autograd import name` as for a module of that name.
"""

from __future__ import annotations

import sys
from typing import Any

from autograd.messages import say

OTHER_PACKAGE = {"numpy", "scipy", "extend", "builtins", "misc", "core", "tracer", "test_util"}
INSTEAD = {
    "jit": "autograd.record(f)",
    "vmap": "[f(x) for x in xs], or autograd.record(f).batch(xs)",
    "pmap": "autograd.record(f).batch(xs)",
    "jacrev": "autograd.jacobian(f)",
    "jacfwd": "autograd.jacobian(f)",
    "elementwise_grad": "[autograd.grad(f)(x) for x in xs]",
    "make_vjp": "autograd.vjp(f, x)",
    "make_jvp": "autograd.jvp(f, (x,), (v,))",
    "linearize": "autograd.jvp(f, (x,), (v,))",
    "hessian_vector_product": "autograd.hvp(f, x, v)",
    "multigrad_dict": "autograd.grad(f) with a dict of parameters",
    "grad_named": "autograd.grad(f, argnums=1)",
    "holomorphic_grad": "autograd.grad(f): numbers are real here",
    "custom_vjp": "mine = autograd.op('mine', f, lambda x, y: 2 * x), the slope beside f",
    "custom_jvp": "mine = autograd.op('mine', f, lambda x, y: 2 * x), the slope beside f",
    "make_jaxpr": "autograd.trace_table(y)",
    "tree_util": "{name: p - 0.1 * grads[name] for name, p in params.items()}",
    "tree": "{name: p - 0.1 * grads[name] for name, p in params.items()}",
    "random": "numpy.random.default_rng(0)",
    "array": "import numpy as np, and np.array([1.0, 2.0]): functions of numpy take Values",
    "arange": "numpy.arange(3.0)",
    "linspace": "numpy.linspace(0, 1, 5)",
    "zeros": "numpy.zeros(3)",
    "ones": "numpy.ones(3)",
    "stop_gradient": "x.detach()",
    "lax": "Python's own for, while and if",
    "tensor": "autograd.Value(2.0), or nn.Parameter([[1.0, 2.0]])",
    "Tensor": "autograd.Value",
    "Variable": "autograd.Value(2.0)",
    "manual_seed": "nn.manual_seed(0)",
    "nn": "import nn",
    "optim": "from nn import optim",
    "utils": "import nn.data",
}


def what_instead(name: str) -> str:
    """The sentence for a name; "" for those that nobody is known to look for."""
    if name in OTHER_PACKAGE:
        return say("elsewhere_package", name=name)
    return say("elsewhere", name=name, instead=INSTEAD[name]) if name in INSTEAD else ""


class Finder:
    """Refuses the modules of that other package, and says what to write."""

    @staticmethod
    def find_spec(fullname: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG004 - Python's form
        """Nothing is found here; an ImportError for the names above."""
        package, _, name = fullname.partition(".")
        said = what_instead(name) if package == "autograd" else ""
        if said:
            raise ImportError(said, name=fullname)


sys.meta_path.insert(0, Finder)  # before that package's own folder, where it is left over
