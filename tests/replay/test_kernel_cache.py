import io
import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

import autograd
from autograd.replay import kernel_cache
from autograd.replay.kernel_cache import OneFileEach, content
from autograd.replay.kernels import elementwise, loops, small_kernels
from autograd.replay.passes import tidy

USE = """
import numpy as np
from autograd.replay import jit
from autograd.replay.passes import tidy
before = jit.is_compiled(tidy.levels)
tidy.levels(np.zeros(3, np.int64), np.zeros(4, np.int64), np.zeros(0, np.int64))
print(before, sum(tidy.levels.stats.cache_hits.values()), jit.is_compiled(tidy.levels))
"""


def clone(folder):
    """This package copied to a folder, written now."""
    source, no_caches = Path(autograd.__file__).parent, shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, folder / "autograd", ignore=no_caches, copy_function=shutil.copy)
    return folder


def used_in(folder, cache):
    environment = {**os.environ, "PYTHONPATH": os.fspath(folder), "NUMBA_CACHE_DIR": os.fspath(cache)}
    command = [sys.executable, "-c", USE]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_what_one_clone_has_compiled_another_loads_until_the_source_differs(tmp_path):
    one, two, cache = clone(tmp_path / "one"), clone(tmp_path / "two"), tmp_path / "cache"
    assert used_in(one, cache) == ["False", "0", "True"]
    assert used_in(two, cache) == ["True", "1", "True"]
    (one / "autograd/replay/passes/tidy.py").touch()
    assert used_in(one, cache) == ["True", "1", "True"]
    with (two / "autograd/replay/passes/tidy.py").open("a") as file:
        file.write("# another source\n")
    assert used_in(two, cache) == ["False", "0", "True"]
    assert used_in(one, cache) == ["True", "1", "True"]  # each keeps its own


def sources_of(kernel):
    sources: dict[str, bytes] = {}
    kernel_cache._gather(kernel.py_func.__module__, sources)
    return sources


def reached(kernel, seen):
    """The modules of all that a kernel calls, compiled functions and intrinsics alike."""
    function = getattr(kernel, "py_func", None) or getattr(kernel, "_defn", None)
    if function is None or function in seen:
        return
    seen.add(function)
    for value in function.__globals__.values():
        for called in [value, *vars(value).values()] if hasattr(value, "__file__") else [value]:
            reached(called, seen)


def test_a_kernel_is_made_of_every_module_that_it_calls_and_of_no_room_beside_them():
    for kernel in (loops.run, small_kernels.run_small, tidy.fuse):
        functions: set = set()
        reached(kernel, functions)
        assert len(functions) > 3
        assert {function.__module__ for function in functions} <= sources_of(kernel).keys()
        assert "autograd.replay.passes.codes" in sources_of(kernel)
        assert "autograd.replay.function" not in sources_of(kernel)
    assert "autograd.replay.kernels.reductions" not in sources_of(small_kernels.run_small)


def test_a_rule_of_the_table_that_reads_differently_makes_another_kernel(monkeypatch):
    usual = content(loops.run.py_func, {})
    monkeypatch.setattr(elementwise, "SOURCE", elementwise.SOURCE.replace("g * y", "g * a"))
    assert content(loops.run.py_func, {}) != usual


def test_a_kernel_is_told_apart_by_how_it_is_compiled_and_by_whom(monkeypatch):
    usual = content(tidy.levels.py_func, {})
    assert content(tidy.levels.py_func, {}) == usual
    assert content(tidy.levels.py_func, {"_nrt": False}) != usual
    monkeypatch.setattr("llvmlite.__version__", "0.0")
    assert content(tidy.levels.py_func, {}) != usual


def test_two_processes_that_write_at_once_keep_both_kernels(tmp_path):
    one, two = (OneFileEach(os.fspath(tmp_path), "module.run-kernel.py311-0123", None) for _ in range(2))
    write, beside = one._save_data, lambda name, data: (two.save("float", 2), write(name, data))
    one._save_data = beside  # the other one writes in the middle of this one's writing
    one.save("int", 1)
    for file in (one, two):
        assert (file.load("int"), file.load("float"), file.load("bool")) == (1, 2, None)


def test_a_damaged_file_is_no_kernel(tmp_path):
    kept = OneFileEach(os.fspath(tmp_path), "module.run-kernel.py311-0123", None)
    kept.save("int", {"code": b"x" * 1000})
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for end in (0, 1, 10, len(whole) - 1):
        file.write_bytes(whole[:end])
        assert kept.load("int") is None
    kept.save("int", 1)
    assert kept.load("int") == 1


def test_of_many_states_of_the_source_those_used_last_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_cache, "KEPT", 3)
    other = OneFileEach(os.fspath(tmp_path), "module.walk-kernel.py311-0", None)
    other.save("int", 0)
    states = [OneFileEach(os.fspath(tmp_path), f"module.run-kernel.py311-{k}", None) for k in range(5)]
    for k, state in enumerate(states):
        state.save("int", k)
        for file in tmp_path.glob(f"*-{k}.*"):
            os.utime(file, (k, k))
        states[0].load("int")
    assert [state.load("int") for state in states] == [0, None, None, 3, 4]
    assert other.load("int") == 0


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def said(monkeypatch):
    """Give a function from a stream and the seconds each kernel takes to what is written."""

    def run(stream, seconds):
        now = [0.0]
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setattr(kernel_cache.time, "perf_counter", lambda: now[0])
        notice = kernel_cache.Compiling()
        for number, took in zip(count(), seconds):
            notice.begin(f"kernel{number}", len(seconds) - number)
            if stream.isatty():
                notice._move_on(Once(), len(seconds))
            now[0] += took
            notice.end()
        return stream.getvalue()

    return run


class Once:
    """An event that is set at the second look."""

    looks = 0

    def wait(self, _):
        self.looks += 1
        return self.looks > 1


def test_a_file_gets_one_line_at_the_beginning_and_the_true_time_after_what_took_long(said):
    assert said(io.StringIO(), [1.0, 2.0, 40.0, 1.0]) == (
        "autograd: compiling the replay kernels, once on this machine ...\n"
        "autograd: 3 kernels compiled in 43 s\n"
    )


def test_a_terminal_sees_a_bar_that_names_the_kernel_and_the_seconds(said, monkeypatch):
    monkeypatch.setattr(kernel_cache, "PAUSE", 1e6)  # the thread never writes: the test does
    text = said(Terminal(), [2.0, 30.0])
    assert "once on this machine [                    ] 0 s, kernel0" in text
    assert "once on this machine [##########          ] 2 s, kernel1" in text
    assert text.endswith("autograd: 2 kernels compiled in 32 s\n")


def test_what_lies_on_disk_is_loaded_without_a_word(capsys):
    from autograd.replay.jit import is_compiled
    from autograd.replay.kernels import loops
    from autograd.replay.warming import warm

    warm()
    before = len(kernel_cache.OF_THIS_PROCESS.names)
    capsys.readouterr()
    warm()
    assert is_compiled(loops.run)
    assert len(kernel_cache.OF_THIS_PROCESS.names) == before
    assert capsys.readouterr().err == ""


LOADED = f"""{USE}
import sys
print([name for name in ("scipy.linalg", "numba.np.arraymath", "cffi") if name in sys.modules])
from numba import njit
print(njit(lambda xs: xs.sum())(np.ones(3)))
"""


def test_a_kernel_on_disk_is_loaded_without_what_only_compiling_needs(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": os.fspath(tmp_path)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", LOADED], env=environment, capture_output=True, check=True
        )
    hits, imported, compiled_later = done.stdout.decode().splitlines()
    assert hits == "True 1 True"
    assert imported == "[]"
    assert compiled_later == "3.0"
