"""Which tests may be skipped, and when: everything else that is skipped fails the run.

`@pytest.mark.parity`           the test compares with torch or micrograd; import them inside the test.
`@pytest.mark.browser`          the test drives a real Chromium; the fixture `chromium` gives its path.
`@pytest.mark.gpu`              the test needs torch and a GPU.
`@pytest.mark.program("dot")`   the test needs one of the named programs.

What a marked test needs is looked for here, and a skip gets its reason here. `permitted_skips.txt` beside
this file lists the permitted ones; with `--nothing-skipped` none is.
"""

import gc
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
skipped: list[tuple[str, str]] = []  # node id and reason, in the order of the run
compiling: list[subprocess.Popen[bytes]] = []  # where tests run in several processes: the kernels' compiler

# No example depends on a clock or on chance: the same ones in every run, however long they take.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _every_test_begins_alike():
    """The same random numbers; hints quiet, also after a test has imported what notebooks run on."""
    random.seed(20)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(20)
    if hinting := sys.modules.get("autograd.hinting"):
        hinting.at_the_prompt = _nobody_types_here
    yield
    gc.enable()  # a test may have raised an interrupt as a pause of it ended: no finally block runs then


def _nobody_types_here():
    return False


def pytest_addoption(parser):
    parser.addoption("--nothing-skipped", action="store_true", help="every skip fails the run")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One process more than cores: many tests wait for processes that they start."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else None


def pytest_configure(config):
    """Each of several processes (`-n`) gets tests that stand together, and takes from others at the end.

    An interrupt is heard: what a shell starts in the background does not hear it, nor do its processes.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("COLUMNS", None)  # each of several processes is given one: texts would be that narrow
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "worksteal"


def pytest_sessionstart(session):
    """Compile the replay kernels once, while several processes collect, before each would compile its own."""
    if getattr(session.config.option, "numprocesses", None):
        os.environ.setdefault("PYTHONHASHSEED", "0")  # sets have one order in all of them
        if find_spec("numba"):
            command = [sys.executable, "-m", "autograd", "warm"]
            compiling.append(
                subprocess.Popen(command, cwd=session.config.rootpath, stdout=subprocess.DEVNULL)
            )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished():
    for process in compiling:
        if process.wait():
            raise pytest.UsageError(f"{' '.join(process.args)} failed")


def pytest_collection_modifyitems(items):
    """Hold what `.ci/run` and `.ci/more` rely on: they collect only the files in which these marks stand."""
    for mark in ("parity", "more"):
        files = {item.path for item in items if item.get_closest_marker(mark)}
        if hidden := [path for path in files if f"mark.{mark}" not in path.read_text(encoding="utf-8")]:
            raise pytest.UsageError(f"`mark.{mark}` does not stand in {', '.join(map(str, hidden))}")


def pytest_collection_finish():
    """What was collected stays: it need not be looked through by the collector, nor by tests that ask it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item):
    if item.get_closest_marker("parity") and not all(map(find_spec, ("torch", "micrograd", "keras"))):
        pytest.skip("needs torch, micrograd and keras: the extra `parity`")
    if item.get_closest_marker("gpu") and not _has_gpu():
        pytest.skip("needs a GPU")
    if item.get_closest_marker("browser") and not _first_program(*CHROMIUM):
        pytest.skip("needs a program: chromium")
    for marker in item.iter_markers("program"):
        if not _first_program(*marker.args):
            pytest.skip(f"needs a program: {' or '.join(marker.args)}")


@pytest.fixture
def chromium():
    """Give the path of the browser; only for tests marked `browser`."""
    return _first_program(*CHROMIUM)


def pytest_runtest_logreport(report):
    if report.skipped:
        skipped.append((report.nodeid, _reason(report)))


def pytest_collectreport(report):
    if report.skipped:
        skipped.append((report.nodeid, _reason(report)))


def pytest_sessionfinish(session):
    if _not_permitted(session.config) and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    forbidden = _not_permitted(config)
    if skipped:
        terminalreporter.section("skipped, and why")
    permitted = [skip for skip in skipped if skip not in forbidden]
    for (file, reason), count in Counter((node.split("::")[0], why) for node, why in permitted).items():
        terminalreporter.line(f"{count} of {file}: {reason}")
    for nodeid, reason in forbidden:
        terminalreporter.line(f"NOT PERMITTED  {nodeid}: {reason}", red=True)
    if forbidden:
        total = f"{len(forbidden)} skipped without permission: tests/permitted_skips.txt"
        terminalreporter.line(total, red=True)


def _not_permitted(config) -> list[tuple[str, str]]:
    if hasattr(config, "workerinput"):  # one of several processes: the first hears of every skip
        return []
    if config.getoption("--nothing-skipped"):
        return skipped
    text = (Path(__file__).parent / "permitted_skips.txt").read_text(encoding="utf-8")
    rules = [line.split(" :: ") for line in text.splitlines() if line and not line.startswith("#")]
    return [
        (nodeid, reason)
        for nodeid, reason in skipped
        if not any(fnmatchcase(nodeid, node) and fnmatchcase(reason, why) for node, why in rules)
    ]


def _reason(report) -> str:
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail}"
    if isinstance(report.longrepr, tuple):  # file, line, message
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)


def _has_gpu() -> bool:
    if not find_spec("torch"):
        return False
    import torch

    return torch.cuda.is_available()


def _first_program(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)
