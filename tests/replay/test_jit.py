import os
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numba
import pytest

from autograd.replay import jit


def double(x):
    return x + x


def test_without_a_place_to_write_kernels_are_compiled_with_one_warning(monkeypatch):
    njit = numba.njit

    def refusing(function=None, cache=False, **how):
        if cache:
            raise RuntimeError("cannot cache function 'double': no locator available")
        return njit(**how)(function) if function is not None else lambda f: refusing(f, cache, **how)

    def either(function=None, **how):
        return (lambda f: refusing(f, **how)) if function is None else refusing(function, **how)

    monkeypatch.setattr(numba, "njit", either)
    with pytest.warns(RuntimeWarning, match=r"compiled anew in each process .*NUMBA_CACHE_DIR"):
        kernel = jit.cached(double)
    assert kernel(2.0) == 4.0


def test_a_full_disk_costs_the_cache_and_nothing_else(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.FunctionCache.save_overload", full)
    kernel = jit.cached(lambda x: x + x)
    with pytest.warns(RuntimeWarning, match=r"cannot be kept on disk .*No space left.*NUMBA_CACHE_DIR"):
        assert kernel(2.0) == 4.0


def test_a_kernel_with_its_cache_gives_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert jit.cached(double)(2.0) == 4.0


def test_a_kernel_on_disk_is_as_old_as_the_newest_of_its_neighbours():
    stamps = jit._stamps()
    assert {"elementwise.py", "codes.py", "loops.py"} <= {name for name, _, _ in stamps}
    assert len(stamps) > 40
    assert jit.cached(double)._cache._cache_file._source_stamp[1:] == tuple(stamps)


def test_kernels_count_no_references_but_passes_that_make_arrays_do():
    assert jit.cached(double).targetoptions["_nrt"] is False
    assert "_nrt" not in jit.compiled(double).targetoptions


def kernel_cached_in(folder, name="run"):
    return SimpleNamespace(_cache=SimpleNamespace(cache_path=os.fspath(folder)), __name__=name)


def test_the_first_compilation_on_a_machine_is_announced(tmp_path, capsys):
    jit.tell_of_first_use(kernel_cached_in(tmp_path))
    assert capsys.readouterr().err.count("compiling the replay kernels, once on this machine") == 1


def test_nothing_is_announced_when_the_kernel_lies_on_disk(tmp_path, capsys):
    (tmp_path / "kernels.run-300.py311.nbi").touch()
    jit.tell_of_first_use(kernel_cached_in(tmp_path))
    assert capsys.readouterr().err == ""


def test_warm_leaves_nothing_to_compile_for_the_usual_run():
    program = """
from autograd.replay.jit import warm
warm()
from autograd.replay.capture import flattening
from autograd.replay.executors import exact
from autograd.replay.kernels import loops, small_kernels
from autograd.replay.passes import grouping, tidy
kernels = [loops.run, small_kernels.run_small, flattening.find, exact._add_up,
           grouping.from_the_back, tidy.fold, tidy.merge, tidy.uses_of, tidy.fuse, tidy.spread]
print([kernel.__name__ for kernel in kernels if not kernel.signatures])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
