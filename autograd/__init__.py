"""A scalar autograd engine to learn on, to look into, and fast enough to keep.

    Value                                   one number that remembers what it was computed from
    exp log tanh sum dot maximum where ...  the ops, on numbers and on Values
    grad jacobian hessian vjp jvp ...       derivatives of functions, to any order
    check_gradients detect_anomaly hints    when a number looks wrong
    explain trace_table paths draw ...      the graph in words, numbers and pictures
"""

from __future__ import annotations

import autograd.mixture  # raises where another distribution named autograd is mixed in
from autograd.anomaly import detect_anomaly
from autograd.calculus import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.check import GradientError, check_gradients
from autograd.entry import Op, op
from autograd.graph import consumers, leaves, topological_order
from autograd.hinting import hints
from autograd.messages import language
from autograd.modes import no_grad, scope
from autograd.ops import (
    abs_ as abs,  # noqa: A004 - autograd.abs, sum and pow are meant; `import *` leaves the builtins alone
)
from autograd.ops import (
    acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, ceil, clamp, copysign, cos, cosh, degrees, digamma, dist,
    dot, elu, eq, erf, erfc, exp, exp2, expm1, floor, fma, fmod, gamma, gauss, ge, gelu, gt, hypot, le, leaky_relu,
    lgamma, log, log1p, log2, log10, log_sigmoid, log_softmax, logaddexp, logsumexp, lt, maximum, minimum, norm,
    normal_cdf, polygamma, prod, radians, reciprocal, relu, remainder, sech2, sigmoid, sign, silu, sin, sinh,
    softmax, softplus, sqrt, square, tan, tanh, trunc, where,
)  # fmt: skip
from autograd.ops import pow_ as pow  # noqa: A004
from autograd.ops import sum_ as sum  # noqa: A004
from autograd.value import Value

__all__ = [
    "GradientError", "Op", "Value", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "check_gradients", "clamp", "consumers",
    "copysign", "cos", "cosh", "degrees", "detect_anomaly", "digamma", "dist", "dot", "elu", "erf", "erfc", "exp",
    "exp2", "expm1", "floor", "fma", "fmod", "gamma", "gelu", "grad", "hessian", "hints", "hvp", "hypot", "jacobian", "jvp", "language", "leaky_relu", "leaves",
    "lgamma", "log", "log1p", "log2", "log10", "log_sigmoid", "log_softmax", "logaddexp", "logsumexp", "maximum",
    "minimum", "no_grad", "norm", "op", "polygamma", "prod", "radians", "reciprocal", "relu", "remainder", "scope",
    "sigmoid", "sign", "silu", "sin", "sinh", "softmax", "softplus", "sqrt", "square", "tan", "tanh",
    "topological_order", "trunc", "value_and_grad", "vjp", "where",
]  # fmt: skip
