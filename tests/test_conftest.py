import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MARKERS = "[pytest]\nmarkers =\n    parity: p\n    browser: b\n    program: c\n"


@pytest.fixture
def run(tmp_path):
    def run(test, *options):
        for name in ("conftest.py", "permitted_skips.txt"):
            (tmp_path / name).write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / "pytest.ini").write_text(MARKERS, encoding="utf-8")
        (tmp_path / "test_it.py").write_text(f"import pytest\n\n{test}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # plugins take seconds to import
        done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    return run


def test_a_skip_that_is_not_on_the_list_fails_the_run(run):
    code, output = run("def test_a(): pytest.skip('no time')")
    assert code == 1
    assert "NOT PERMITTED  test_it.py::test_a: no time" in output


def test_a_whole_module_skipped_fails_the_run(run):
    code, output = run("pytest.skip('not here', allow_module_level=True)")
    assert code == 1
    assert "NOT PERMITTED  test_it.py: not here" in output


def test_an_expected_failure_counts_as_a_skip(run):
    code, output = run("@pytest.mark.xfail(reason='later')\ndef test_a(): assert False")
    assert code == 1
    assert "NOT PERMITTED  test_it.py::test_a: expected to fail: later" in output


PROGRAM = "@pytest.mark.program('no-such-program')\ndef test_a(): pass"


def test_a_missing_program_is_permitted_and_named(run):
    code, output = run(PROGRAM)
    assert code == 0
    assert "1 of test_it.py: needs a program: no-such-program" in output
    assert "NOT PERMITTED" not in output


def test_with_nothing_skipped_the_list_does_not_count(run):
    code, output = run(PROGRAM, "--nothing-skipped")
    assert code == 1
    assert "1 skipped without permission" in output


def test_a_program_that_is_there_lets_the_test_run(run):
    code, output = run(PROGRAM.replace("('", "('python3', '"), "--nothing-skipped")
    assert code == 0
    assert "1 passed" in output


def test_a_run_without_skips_passes(run):
    code, output = run("def test_a(): pass")
    assert code == 0
    assert "skipped" not in output
