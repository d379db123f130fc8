import subprocess
import sys
import warnings

import pytest

from autograd.replay import jit, kernel_cache


def double(x):
    return x + x


def test_without_a_place_to_write_kernels_are_compiled_with_one_warning(monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kernel_cache.Shared, "ensure_cache_path", refuse)
    kernel_cache.warn_not_kept.cache_clear()
    with pytest.warns(RuntimeWarning, match=r"compiled anew in each process .*NUMBA_CACHE_DIR"):
        kernel = jit.cached(double)
    assert kernel(2.0) == 4.0
    assert not jit.is_compiled(kernel)


def test_a_full_disk_costs_the_cache_and_nothing_else(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kernel_cache.OneFileEach, "save", full)
    kernel_cache.warn_not_kept.cache_clear()
    kernel = jit.cached(lambda x: x + x)
    with pytest.warns(RuntimeWarning, match=r"cannot be kept on disk .*No space left.*NUMBA_CACHE_DIR"):
        assert kernel(2.0) == 4.0


def test_a_kernel_with_its_cache_gives_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert jit.cached(double)(2.0) == 4.0


def test_kernels_count_no_references_but_passes_that_make_arrays_do():
    assert jit.cached(double).targetoptions["_nrt"] is False
    assert "_nrt" not in jit.compiled(double).targetoptions


def test_warm_leaves_nothing_to_compile_for_the_usual_run():
    program = """
from autograd.replay.warming import warm
warm()
from autograd.replay.capture import flattening
from autograd.replay import jit, reference
from autograd.replay.kernels import loops, small_kernels
from autograd.replay.passes import grouping, tidy
kernels = [loops.run, small_kernels.run_small, jit.natively(flattening.find), jit.natively(reference.add_up),
           grouping.from_the_back, tidy.fold, tidy.merge, tidy.uses_of, tidy.fuse, tidy.spread]
print([kernel.__name__ for kernel in kernels if not kernel.signatures])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
