"""The kernels of the optimisers: one step of SGD, momentum or Adam, eight parameters at a time."""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.parts import load_some, store_some
from autograd.replay.kernels.vectors import apart, at, fma, load, root, splat, store, total
from autograd.replay.passes.codes import MOMENTUM, SGD


@njit
def finite(gradients: Any, parameters: int) -> bool:
    """Whether all parameters' gradients are: a sum of x * 0 is 0 for finite x alone."""
    zero = splat(0.0)
    s = t = zero
    whole = parameters // 16 * 16
    for i in range(0, whole, 16):
        s = s + load(gradients, i) * zero
        t = t + load(gradients, i + 8) * zero
    rest = 0.0
    for i in range(whole, parameters):
        rest += at(gradients, i) * 0.0
    return total(s + t) + rest == 0.0


@njit(inline="always")
def some(array: Any, i: int, end: int) -> Any:
    """Eight numbers from i on, or what is left before `end`."""
    return load(array, i) if i + 8 <= end else load_some(array, i, end - i)


@njit(inline="always")
def keep(array: Any, i: int, end: int, v: Any) -> None:
    """Store what `some` loads."""
    if i + 8 <= end:
        store(array, i, v)
    else:
        store_some(array, i, v, end - i)


@njit
def update(
    values: Any, gradients: Any, parameters: int, kind: int, settings: Any, state: Any, rate: float, step: int
) -> None:
    """One step of SGD, momentum or Adam on the first `parameters` numbers.

    settings: momentum, dampening, nesterov, weight decay | beta1, beta2, eps, weight decay.
    """
    apart()
    decay, minus_rate = splat(at(settings, 3)), splat(-rate)
    if kind == SGD:
        for i in range(0, parameters, 8):
            p = some(values, i, parameters)
            keep(values, i, parameters, fma(minus_rate, fma(decay, p, some(gradients, i, parameters)), p))
    elif kind == MOMENTUM:
        mu, fresh, nesterov = splat(at(settings, 0)), splat(1.0 - at(settings, 1)), at(settings, 2) != 0.0
        for i in range(0, parameters, 8):
            p = some(values, i, parameters)
            g = fma(decay, p, some(gradients, i, parameters))
            m = g if step == 0 else fma(mu, some(state, i, parameters), fresh * g)
            keep(state, i, parameters, m)
            keep(values, i, parameters, fma(minus_rate, fma(mu, m, g) if nesterov else m, p))
    else:
        adam(values, gradients, parameters, settings, state, rate, step)


@njit
def adam(
    values: Any, gradients: Any, parameters: int, settings: Any, state: Any, rate: float, step: int
) -> None:
    """Adam's step; both means are divided by what they lack because they began at 0 (Kingma & Ba 2015)."""
    apart()
    beta1, beta2, decay = at(settings, 0), at(settings, 1), splat(at(settings, 3))
    old_m, new_m, old_v, new_v = splat(beta1), splat(1.0 - beta1), splat(beta2), splat(1.0 - beta2)
    # rate * (m / a) / (sqrt(v / b) + eps) with one division: the factors are numbers of this step
    missing_m, missing_v = 1.0 - beta1 ** (step + 1), 1.0 - beta2 ** (step + 1)
    factor, share, eps = splat(-rate / missing_m), splat(1.0 / missing_v), splat(at(settings, 2))
    for i in range(0, parameters, 8):
        p = some(values, i, parameters)
        g = fma(decay, p, some(gradients, i, parameters))
        m = fma(old_m, some(state, i, parameters), new_m * g)
        v = fma(old_v, some(state, parameters + i, 2 * parameters), new_v * (g * g))
        keep(state, i, parameters, m)
        keep(state, parameters + i, 2 * parameters, v)
        keep(values, i, parameters, p + factor * m / (root(v * share) + eps))
