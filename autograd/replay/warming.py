"""`warm`: every kernel is compiled, or found compiled, before anybody waits for one."""

from __future__ import annotations

import time
from typing import Any

from autograd.messages import say
from autograd.replay.audit import Audit
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.function import Recorded
from autograd.replay.jit import LARGE, all_compiled, have_numba
from autograd.replay.optimiser import NAMES, Optimiser
from autograd.value import Value


def warm() -> float:
    """Compile all kernels now, or load them; returns the seconds it took: `python -m autograd warm`.

    Raises:
        ImportError: Numba is not installed.
    """
    if not have_numba():
        raise ImportError(say("kernels_missing"))
    begin = time.perf_counter()
    w = Value(1.0)

    def long(x: Any) -> Any:  # large programs have loops of their own
        y = w * x
        for _ in range(LARGE):
            y = y + x
        return y

    with all_compiled():
        for function in (lambda x: w * x if w > 0 else w, lambda x: w * x, lambda x: (w * x).exp(), long):
            recorded: Recorded[..., Any] = Recorded(function, [w], "numba", Audit(False))
            number = 0.0
            while not recorded.replays:
                number += 1.0
                recorded(number)
    from autograd.replay.executors.numba_updates import plan_of
    from autograd.replay.kernels import row_kernels, small_kernels
    from autograd.replay.pointers import layout_is_known, place_of

    layout_is_known()
    place_of(DATA)
    row_kernels.all_addresses()
    small_kernels.rare_address()
    for name in NAMES:
        plan_of(Optimiser(name, [w], {}))
    w.grad = 0.0
    return time.perf_counter() - begin
