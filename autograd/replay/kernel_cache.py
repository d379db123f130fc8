"""Compiled kernels on disk: one folder for all clones of a user, each found by what it is made of.

A name in that folder tells Numba, Python, the processor and the source apart; where the source lies and when
it was written play no part. One file holds one kernel for one signature and appears complete or not at all,
so several processes may compile at once: the last one to finish wins, with the same code.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core import config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator
from numba.core.registry import cpu_target
from numba.core.runtime.nrt import rtsys
from numba.misc.appdirs import AppDirs

from autograd.messages import say
from autograd.modes import warn

IMPORTS = re.compile(r"^from (autograd\.replay[\w.]*) import ([^(\n]+|\([^)]*\))", re.MULTILINE)
CACHES: list[KernelCache] = []  # of this library's kernels in this process
KEPT = 32  # kernels of one function: as many states of the source as one works on at a time, by signatures


class Shared(_CacheLocator):  # type: ignore[misc]  # Numba has no types of its own
    """NUMBA_CACHE_DIR, or the folder in which this user's programs keep what can be made again."""

    def __init__(self, file: str) -> None:
        self._py_file = file  # Numba's warnings name it
        root = config.CACHE_DIR or AppDirs(appname="scalar-autograd", appauthor=False).user_cache_dir
        self.folder = os.path.join(root, "autograd-kernels")

    def get_cache_path(self) -> str:
        """The folder."""
        return self.folder

    def get_source_stamp(self) -> str:
        """Nothing: the content stands in the name."""
        return ""

    def get_disambiguator(self) -> str:
        """Nothing: the content tells functions of one name apart."""
        return "kernel"

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> Shared | None:
        """The folder for a function of this file; None where it cannot be written to."""
        del function
        found = cls(file)
        try:
            found.ensure_cache_path()
        except OSError:
            return None
        return found


class Beside(Shared):
    """`__pycache__` beside the source, where the user has no such folder."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.folder = os.path.join(os.path.dirname(file), "__pycache__")


class Found(CompileResultCacheImpl):  # type: ignore[misc]  # as above
    """A compiled function as bytes, and the folder to keep it in."""

    _locator_classes = (Shared, Beside)


class OneFileEach(IndexDataCacheFile):  # type: ignore[misc]  # as above
    """One file for each kernel, named by its key: Numba's index loses entries when two processes write."""

    @property
    def pattern(self) -> str:
        """What the names of all files of this function match."""
        return self._data_name_pattern.format(number=0).replace(".0.nbc", ".*.nbc")  # type: ignore[no-any-return]  # as above

    def save(self, key: Any, data: Any) -> None:
        """Write one kernel, complete or not at all; of one function's kernels the newest stay."""
        self._save_data(self._named(key), data)
        function = self._index_name.rsplit("-", 1)[0]
        files = sorted(Path(self._cache_path).glob(f"{function}-*.nbc"), key=_last_used)
        for file in files[:-KEPT]:
            file.unlink(missing_ok=True)

    def load(self, key: Any) -> Any:
        """The kernel with this key; None where there is none, or no whole one."""
        name = self._named(key)
        try:
            data = self._load_data(name)
        except Exception:  # a file that was cut off or damaged fails in as many ways as there are bytes
            return None
        with suppress(OSError):
            os.utime(self._data_path(name))
        return data

    def _named(self, key: Any) -> str:
        return self.pattern.replace("*", sha256(repr(key).encode()).hexdigest()[:16])


def _last_used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process has removed it
        return 0.0


class KernelCache(FunctionCache):  # type: ignore[misc]  # as above
    """The kernels of one function on disk; raises RuntimeError where no folder can be written to."""

    _impl_class = Found

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        super().__init__(function)
        name = f"{self._impl.filename_base}-{content(function, options)[:16]}"
        self._cache_file = OneFileEach(self._cache_path, name, source_stamp=None)
        self._ours = function.__module__.startswith("autograd.")
        if self._ours:
            CACHES.append(self)

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        """The signature, since all else stands in the name; Numba would add a closure's cells as pickles."""
        return sig, codegen.magic_tuple()

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The kernel from disk; None where it is to be compiled, which may take a while.

        Numba would first import all that it can compile, SciPy's routines among it: half a second that what
        is compiled already has no use for. Its compiler does so itself where a kernel is missing. What runs
        needs the counting of references alone.
        """
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            found = self._load_overload(sig, target_context)
        if found is None and self._ours:
            missing = len([cache for cache in CACHES if not cache.holds_any()])
            OF_THIS_PROCESS.begin(self._py_func.__name__, missing)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep one kernel; a full disk costs the file and nothing else."""
        if self._ours:
            OF_THIS_PROCESS.end()
        try:
            super().save_overload(sig, data)
        except OSError as problem:  # the disk is full, or no longer writable
            warn_not_kept(str(problem))

    def holds_any(self) -> bool:
        """Whether a kernel of this function, as it stands, lies on disk for this machine."""
        return any(Path(self._cache_path).glob(self._cache_file.pattern))


def content(function: Callable[..., Any], options: dict[str, Any]) -> str:
    """A digest of what a kernel is made of: its module, what that imports in replay, and the compiler."""
    sources: dict[str, bytes] = {}
    _gather(function.__module__, sources)
    sources.setdefault(function.__module__, function.__code__.co_code)  # not one of ours
    around = [getattr(cell.cell_contents, "__name__", "") for cell in function.__closure__ or ()]
    made_by = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    machine = cpu_target.target_context.codegen().magic_tuple()
    everything = (sorted(sources.items()), around, sorted(options.items()), made_by, machine)
    return sha256(repr(everything).encode()).hexdigest()


def _gather(name: str, sources: dict[str, bytes]) -> None:
    """Add the source of a module in replay, written and generated, and of those it imports at its top."""
    module = sys.modules.get(name)
    if module is None or name in sources or not name.startswith("autograd.replay."):
        return
    if name == "autograd.replay.jit":  # holds what compiles, nothing that is compiled
        return
    sources[name] = Path(str(module.__file__)).read_bytes().replace(b"\r\n", b"\n")
    imports = IMPORTS.findall(sources[name].decode("utf-8"))
    sources[name] += getattr(module, "SOURCE", "").encode()
    for package, names in imports:
        _gather(package, sources)
        for part in re.findall(r"\w+", names):
            _gather(f"{package}.{part}", sources)


@cache
def warn_not_kept(problem: str) -> None:
    """Say once that the kernels cannot be kept, why, and what helps."""
    warn(say("kernels_not_kept", problem=problem))


LONG = 5.0  # seconds after which it is said how long it took
PAUSE = 0.5


class Compiling:
    """The kernels of one process, one after the other; `missing` says how many are not there yet."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.seconds = 0.0  # in finished kernels
        self._began = 0.0
        self._done = Event()

    def begin(self, name: str, missing: int) -> None:
        """A kernel is compiled from here on, the first of so many that are missing."""
        self.names.append(name)
        self._began, self._done = time.perf_counter(), Event()
        if sys.stderr.isatty():
            total = len(self.names) - 1 + max(1, missing)
            Thread(target=self._move_on, args=(self._done, total), daemon=True).start()
        elif len(self.names) == 1:
            print(f"{say('kernels_compiling')} ...", file=sys.stderr)  # noqa: T201 - whoever waits is told why

    def end(self) -> None:
        """The kernel is there."""
        self._done.set()
        took = time.perf_counter() - self._began
        self.seconds += took
        if took > LONG:
            where = "\r" + " " * 100 + "\r" if sys.stderr.isatty() else ""
            text = say("kernels_compiled", count=len(self.names), seconds=self.seconds)
            print(where + text, file=sys.stderr)  # noqa: T201 - the same

    def _move_on(self, done: Event, total: int) -> None:
        while not done.wait(PAUSE):
            part = (len(self.names) - 1) / total
            bar = "#" * round(20 * part)
            seconds = self.seconds + time.perf_counter() - self._began
            told = say("kernels_compiling")
            sys.stderr.write(f"\r{told} [{bar:<20}] {seconds:.0f} s, {self.names[-1]:<16}")
            sys.stderr.flush()


OF_THIS_PROCESS = Compiling()
