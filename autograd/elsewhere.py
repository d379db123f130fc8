"""Names that programs look for here since other libraries have them: asking for one says what to write.

`import autograd.numpy` is HIPS's habit, `from autograd import jit` JAX's, `autograd.tensor` PyTorch's. They
go by a finder, since Python looks for `from autograd import name` as for a module of that name.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

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
    "at": "Python's x[0] = 1.0 on a list, or numpy.where(mask, 1.0, x)",
    "custom_gradient": "mine = autograd.op('mine', f, lambda x, y: 2 * x), the slope beside f",
    "checkpoint": "f itself: nothing is saved for memory's sake",
    "remat": "f itself: nothing is saved for memory's sake",
    "device_put": "x itself: all runs on this machine's processor",
    "device_get": "x itself: all runs on this machine's processor",
    "block_until_ready": "x itself: a result is there when it is returned",
    "devices": "fast.to_jax() of fast = autograd.record(f), and JAX itself",
    "sharding": "fast.to_jax() of fast = autograd.record(f), and JAX itself",
    "config": "nothing: all numbers are double here",
    "debug": "Python's own print: a function runs as it stands",
    "linalg": "numpy.linalg, or autograd.norm(xs)",
    "matmul": "a @ b of NumPy's arrays",
    "flatten_util": "list(params.values()): grad takes nested lists and dicts as they are",
}

# What people ask a node for as of PyTorch's tensor of one number; not `dtype`, which libraries often ask for.
OF_A_NUMBER = {
    instead: names.split()
    for instead, names in (
        ("with autograd.watch(f), which is shown every node; after backward() each has its .grad",
         "register_hook register_post_accumulate_grad_hook retain_grad retains_grad"),
        ("x.op and x.parents", "grad_fn is_leaf"),
        ("x.item()", "tolist float double"),
        ("x itself: it is one number", "sum mean max min squeeze flatten view reshape t cuda contiguous"),
        ("Value(x.data) for a leaf of its own, x * 1 for a node", "clone"),
        ("x.shape, which is ()", "size dim ndim"),
        ("[x]", "unsqueeze expand repeat"),
        ("x.requires_grad = True", "requires_grad_"),
        ("x.data = 0.0, or any other number",
         "zero_ fill_ add_ sub_ mul_ div_ copy_ normal_ uniform_"),
        ("x + y, x - y, x * y, x / y, x ** y", "add sub mul div pow matmul dot"),
        ("x > y, x < y, x == y", "gt lt ge le eq ne"),
        ("autograd.softmax(xs), of a list", "softmax log_softmax logsumexp argmax"),
        ("math.isnan(x.data), math.isfinite(x.data)", "isnan isinf isfinite"),
        ("nn.Outputs([x]), a list of one, which has it",
         "all amax amin any argmin argsort chunk clip cumsum flip gather index_select masked_fill maximum "
         "minimum mm bmm mv norm permute prod round sort split std topk tril triu var view_as reshape_as"),
        ("x.data, a float", "half bool int long short byte bfloat16 type type_as isclose allclose equal"),
        ("x.data = ... of the new number: nothing is computed in place",
         "abs_ clamp_ exp_ log_ neg_ pow_ relu_ round_ sigmoid_ sqrt_ tanh_ detach_ masked_fill_ set_"),
        ("numpy.array([x]), and a function of numpy",
         "diag cov cummax cumprod diff det inverse kron median mode nonzero outer quantile roll solve svd "
         "trace unique unbind tile scatter scatter_ repeat_interleave ravel where histc logit rsqrt frac"),
        ("nothing: all runs on this machine's processor", "device is_cuda"),
    )
}  # fmt: skip


def what_instead(name: str) -> str:
    """The sentence for a name; "" for those that nobody is known to look for."""
    if name in OTHER_PACKAGE:
        return say("elsewhere_package", name=name)
    return say("elsewhere", name=name, instead=INSTEAD[name]) if name in INSTEAD else ""


def what_for_arrays(name: str) -> str:
    """The sentence for a function of NumPy's, which JAX's programs call by `jnp`; "" for all else."""
    try:
        import numpy
    except ImportError:
        return ""
    there = not name.startswith("_") and hasattr(numpy, name)
    return say("elsewhere", name=name, instead=f"numpy.{name}, which takes Values in arrays") if there else ""


def kind_for(frame: FrameType) -> type[Exception]:
    """The error for a name that `frame` asked for: what `hasattr` understands, or what `import` shows.

    Of an AttributeError `from module import name` keeps not a word.
    """
    asks = dis.opname[frame.f_code.co_code[frame.f_lasti]]
    return ImportError if asks == "IMPORT_FROM" else AttributeError


class Elsewhere:
    """A name on a class that other libraries have there: an AttributeError that says what to write."""

    def __init__(self, said: Callable[[Any], str]) -> None:
        self.said = said

    def __get__(self, thing: Any, kind: type) -> NoReturn:
        raise AttributeError(self.said(kind))


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
