"""What programs call on `torch` itself: after `from nn import torch` a small one runs as it was typed.

    from nn import torch
    import nn
    import nn.functional as F

    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = torch.randn(2, requires_grad=True)
    loss = ((x @ w - 1.0) ** 2).mean()
    loss.backward()

A tensor of one number is a `Value`; a larger one is nested lists of numbers that compute, with
`requires_grad=True` of Values. All is computed number by number in double precision.
"""

# mypy: disable-error-code="no-any-return, override, return-value"
# (PyTorch has one type, ours are several: Values, outputs, numbers; to a type checker all are the one)

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import autograd as ag
import nn
from autograd import Value, enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from autograd.number import depth_of, entries, is_list, listed, map_nested, number_of, shape_of
from nn import data, optim
from nn.keywords import told
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Classes, Numbers, Outputs
from nn.parameters import Parameter
from nn.saving import read_objects, write_objects
from nn.shapes import DOUBLE, TRUTH, WHOLE_NUMBER, Share, axis_of, fitting, laid_out
from nn.tensors import FUNCTIONS, as_function

__all__ = [
    "Generator", "Tensor", "allclose", "arange", "as_tensor", "autograd", "bernoulli", "cat", "cuda",
    "device", "enable_grad", "eye", "from_numpy", "full", "full_like", "inference_mode", "is_grad_enabled",
    "is_tensor", "linspace", "load", "manual_seed", "multinomial", "nn", "no_grad", "normal", "ones",
    "ones_like", "optim", "rand", "rand_like", "randint", "randn", "randn_like", "randperm", "save",
    "set_grad_enabled", "stack", "tensor", "utils", "where", "zeros", "zeros_like",
]  # fmt: skip

# what is a method of lists that compute, and often of numbers too
METHODS = ["sum", "mean", "flatten", "reshape", "squeeze", "unsqueeze", "transpose", "t", "numel", "detach"]
manual_seed = nn.manual_seed
inf, nan, pi = math.inf, math.nan, math.pi
float16 = bfloat16 = half = float32 = float64 = double = DOUBLE  # accepted; numbers are double here
long = int64 = int32 = WHOLE_NUMBER
device = str


def _place(name: str, **there: Any) -> Any:
    """A module inside this one."""
    made: Any = ModuleType(f"nn.torch.{name}")
    vars(made).update(there, __getattr__=refusing(made.__name__))
    return made


cuda = _place(
    "cuda",
    is_available=lambda: False,
    device_count=lambda: 0,
    manual_seed=nn.manual_seed,
    manual_seed_all=nn.manual_seed,
    empty_cache=lambda: None,
    synchronize=lambda: None,
)


if TYPE_CHECKING:

    class Tensor(Numbers["Tensor"], Value):  # type: ignore[misc]  # what both have means the same
        """What a tensor is to a type checker: a Value that may be nested lists."""

        grad: Any
        data: Any

        def __init__(self, entries: Any) -> None: ...

else:

    class Tensor(Classes):
        """Numbers in nested lists, as `tensor` makes them.

        >>> x = tensor([[1.0, 2.0], [3.0, 4.0]])
        >>> x.shape, x[:, 0], x.T, (x > 2).sum().item()
        ((2, 2), [1.0, 3.0], [[1.0, 3.0], [2.0, 4.0]], 2)
        """

        __slots__ = ()

        def __getitem__(self, key: Any) -> Any:
            found = super().__getitem__(key)
            return Tensor(found) if type(key) is slice else found


def tensor(data: Any, requires_grad: bool = False, dtype: Any = None, device: Any = None) -> Tensor:  # noqa: ARG001 - PyTorch's
    """A Value of a number; nested lists that compute of lists or an array.

    Args:
        data: numbers.
        requires_grad: whether gradients arrive at them.
        dtype: `torch.float32` and `torch.long` make floats and whole numbers of them; all floats are double.
        device: accepted; there is one.

    Raises:
        TypeError: an entry is no number.
        ValueError: lists of different lengths stand side by side.

    >>> tensor(2.0, requires_grad=True), tensor([1, 2], dtype=float32)
    (Value(data=2.0, grad=0.0), [1.0, 2.0])
    """
    data = listed(data)
    if isinstance(shape_of(data), str):
        raise problem(ValueError, "torch_mixed", shapes=shape_of(data))
    if dtype is not None:
        data = map_nested(lambda x: dtype(number_of(x)), data)
    if not is_list(data):
        return Value(number_of(data), requires_grad=requires_grad)
    return Parameter(data) if requires_grad else nested(data)


def nested(x: Any) -> Any:
    """Nested lists as a tensor, whose rows are tensors too."""
    x = listed(x)
    return Tensor(map(nested, x)) if is_list(x) else x


from_numpy = as_tensor = tensor
LongTensor, FloatTensor = functools.partial(tensor, dtype=long), functools.partial(tensor, dtype=double)


def is_tensor(x: Any) -> bool:
    """Whether it is a tensor: a Value, or lists that compute."""
    return isinstance(x, (Value, Numbers))


def _filled(draw: Callable[[], Any], shape: tuple[Any, ...], requires_grad: bool = False) -> Any:
    sizes = listed(shape[0]) if len(shape) == 1 and is_list(shape[0]) else list(shape)
    flat = [draw() for _ in range(math.prod(sizes))]
    return tensor(laid_out(flat, sizes, list), requires_grad)


def _placed(make: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The same function, which also takes PyTorch's `dtype` and, since there is one alone, any `device`."""
    make = told(make)

    @functools.wraps(make)
    def made(*given: Any, dtype: Any = None, device: Any = None, **named: Any) -> Tensor:  # noqa: ARG001 - the same
        found = make(*given, **named)
        return found if dtype is None or named.get("requires_grad") else tensor(found, dtype=dtype)

    return made


@_placed
def zeros(*shape: Any, requires_grad: bool = False) -> Tensor:
    """0.0 everywhere."""
    return _filled(lambda: 0.0, shape, requires_grad)


@_placed
def ones(*shape: Any, requires_grad: bool = False) -> Tensor:
    """1.0 everywhere."""
    return _filled(lambda: 1.0, shape, requires_grad)


@_placed
def full(size: Any, fill_value: float, requires_grad: bool = False) -> Tensor:
    """One number everywhere."""
    return _filled(lambda: fill_value, (size,), requires_grad)


@_placed
def randn(*shape: Any, requires_grad: bool = False) -> Tensor:
    """Drawn from the normal distribution, by Python's random numbers (`manual_seed`)."""
    return _filled(lambda: random.gauss(0.0, 1.0), shape, requires_grad)


@_placed
def rand(*shape: Any, requires_grad: bool = False) -> Tensor:
    """Drawn evenly from 0 to 1."""
    return _filled(random.random, shape, requires_grad)


@_placed
def randint(low: int, high: Any, size: Any = None) -> Tensor:
    """Whole numbers from `low` up to, without, `high`; `randint(3, (20,))` begins at 0."""
    low, high, size = (0, low, high) if size is None else (low, high, size)
    return _filled(lambda: random.randrange(low, high), (size,))


def randperm(n: int) -> Tensor:
    """The whole numbers below `n` in a random order."""
    return Tensor(random.sample(range(n), n))


@_placed
def zeros_like(x: Any) -> Tensor:
    """0.0 in the shape of `x`."""
    return zeros(shape_of(x))


@_placed
def ones_like(x: Any) -> Tensor:
    """1.0 in the shape of `x`."""
    return ones(shape_of(x))


@_placed
def full_like(x: Any, fill_value: float) -> Tensor:
    """One number in the shape of `x`."""
    return full(shape_of(x), fill_value)


@_placed
def randn_like(x: Any) -> Tensor:
    """Draws from the normal distribution in the shape of `x`."""
    return randn(shape_of(x))


@_placed
def rand_like(x: Any) -> Tensor:
    """Draws from 0 to 1 in the shape of `x`."""
    return rand(shape_of(x))


@_placed
def normal(mean: Any, std: Any, size: Any = None) -> Tensor:
    """Draws from a normal distribution; tensors of means and deviations give one for each."""
    if size is None:
        size = shape_of(mean) or shape_of(std)
    return nested(randn(size) * std + mean)


def bernoulli(x: Any) -> Tensor:
    """1.0 with the probability that each number is, else 0.0."""
    return nested(map_nested(lambda p: float(random.random() < number_of(p)), x))


def multinomial(x: Any, num_samples: int, replacement: bool = False) -> Tensor:
    """Places drawn by weights, of each row so many."""
    if is_list(x[0]):
        return Tensor(multinomial(row, num_samples, replacement) for row in x)
    weights: list[float] = [number_of(p) for p in x]
    drawn: list[int] = []
    for _ in range(num_samples):
        drawn.append(random.choices(range(len(weights)), weights)[0])
        if not replacement:
            weights[drawn[-1]] = 0.0
    return Tensor(drawn)


@_placed
def arange(start: float, end: float | None = None, step: float = 1) -> Tensor:
    """Numbers from `start` (0 when it is left away) up to, without, `end`."""
    start, end = (0, start) if end is None else (start, end)
    return Tensor(start + i * step for i in range(math.ceil((end - start) / step)))


@_placed
def linspace(start: float, end: float, steps: int) -> Tensor:
    """`steps` numbers at equal distances, both ends among them."""
    return Tensor(start + i * (end - start) / (steps - 1 or 1) for i in range(steps))


@_placed
def eye(n: int) -> Tensor:
    """1.0 on the diagonal, 0.0 elsewhere."""
    return nested([[float(i == j) for j in range(n)] for i in range(n)])


def cat(tensors: Any, dim: int = 0) -> Tensor:
    """The tensors one after the other along an axis; one without entries is left away."""
    given = [x for x in tensors if shape_of(x) != (0,)] or [*tensors]
    fitting("cat", "no tensor", given, bool(given))
    axis = axis_of("cat", dim, depth_of(given[0]))
    _alike("cat", given, lambda shape: (*shape[:axis], *shape[axis + 1 :], len(shape)))
    return _joined(given, axis)


def _alike(owner: str, tensors: Sequence[Any], part: Callable[[Any], Any]) -> None:
    for x in tensors:
        fitting(owner, shape_of(x), tensors[0], part(shape_of(x)) == part(shape_of(tensors[0])))


def _joined(tensors: Sequence[Any], axis: int) -> Any:
    if axis:
        return Outputs(_joined(rows, axis - 1) for rows in zip(*tensors))
    kind = Tensor if all(type(x) is Tensor for x in tensors) else Outputs
    return kind(row for x in tensors for row in x)


def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Side by side along a new axis."""
    fitting("stack", "no tensor", tensors, len(tensors) > 0)
    axis = axis_of("stack", dim, depth_of(tensors[0]) + 1)
    _alike("stack", tensors, lambda shape: shape)
    if axis == 0:
        return type(tensors[0])(tensors) if isinstance(tensors[0], Numbers) else Outputs(tensors)
    return cast("Tensor", _joined([Numbers(x).unsqueeze(axis) for x in tensors], axis))


def where(condition: Any, x: Any, y: Any) -> Tensor:
    """`x` where the condition holds and `y` elsewhere, entry by entry."""
    if not is_list(condition):
        return ag.where(condition, x, y)
    each = [v if is_list(v) else [v] * len(condition) for v in (x, y)]
    return Outputs(where(*row) for row in zip(condition, *each, strict=True))


def allclose(a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08) -> bool:
    """Whether all entries differ by no more than `atol + rtol * |b|`."""
    pairs = zip(entries(a), entries(b), strict=True)
    numbers = [(number_of(x), number_of(y)) for (_, x), (_, y) in pairs]
    return all(abs(x - y) <= atol + rtol * abs(y) for x, y in numbers)


def save(obj: Any, f: str) -> None:
    """Write nested dicts and lists of numbers and strings, such as state dicts, as JSON, "model.pth" too.

    Raises:
        TypeError: a module, of which a file holds the `state_dict()`.
        ValueError: the suffix of a library other than PyTorch, such as `.h5`.
    """
    if isinstance(obj, nn.Module):
        raise problem(TypeError, "torch_save_module", path=f)
    write_objects(f, obj)


def load(f: str) -> Any:
    """What `save` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is of another kind; of a file that PyTorch wrote it says how its weights come here.
    """
    return read_objects(f, tensor)


def _gradients(outputs: Any, inputs: Any, create_graph: bool = False, **options: Any) -> tuple[Any, ...]:
    """`torch.autograd.grad`: a tuple, one entry for each input."""
    wanted = inputs if type(inputs) in (list, tuple) else [inputs]
    found = ag.grad(outputs, list(wanted), create_graph=create_graph, **options)
    return tuple(g if isinstance(g, Value) else Outputs(g) if is_list(g) else Share(g) for g in found)


autograd = _place(
    "autograd",
    grad=_gradients,
    functional=_place(
        "autograd.functional",
        jacobian=lambda f, x: nested(ag.jacobian(lambda v: f(nested(v)))(x)),
        hessian=lambda f, x: nested(ag.hessian(lambda v: f(nested(v)))(x)),
    ),
)


class Generator(random.Random):
    """Random numbers of one's own, for `DataLoader` and `random_split`."""

    def manual_seed(self, seed: int) -> Generator:
        """Begin anew."""
        self.seed(seed)
        return self


func = _place("func", grad=ag.grad, jacrev=ag.jacobian, jacfwd=ag.jacobian, hessian=ag.hessian)
utils = _place("utils", data=data, **{name: x for name, x in vars(nn.utils).items() if name[0] != "_"})


for _name in (*FUNCTIONS, *METHODS):
    globals()[_name] = as_function(_name)
globals().update(float=DOUBLE, int=WHOLE_NUMBER, bool=TRUTH)  # the names of Python's own
if TYPE_CHECKING:
    _given = cast("Callable[..., Tensor]", tensor)  # what stands in that table
    # fmt: off
    abs = any = max = min = round = pow = sum = _given  # noqa: A001 - torch.abs
    acos = asin = atan = ceil = cos = cosh = erf = erfc = exp = exp2 = expm1 = floor = lgamma = log = \
    log10 = log1p = log2 = reciprocal = relu = sigmoid = sign = sin = sinh = sqrt = square = tan = tanh \
    = trunc = add = sub = var = std = norm = prod = logsumexp = softmax = log_softmax = amax = amin = \
    argsort = argmax = argmin = sort = topk = cumsum = flip = clamp = isfinite = masked_fill = tril = \
    triu = permute = repeat = expand = split = chunk = gather = index_select = mul = truediv = matmul = \
    eq = ne = gt = ge = lt = le = logical_and = logical_or = maximum = minimum = div = mm = bmm = mv = \
    dot = clip = multiply = divide = subtract = absolute = true_divide = mean = flatten = reshape = \
    squeeze = unsqueeze = transpose = t = numel = detach = isnan = _given
    # fmt: on


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
