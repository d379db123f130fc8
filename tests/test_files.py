import ast
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest
from interrupts import interrupted_at, moments_in

from autograd import files
from autograd.files import write_file

SOURCES = Path(__file__).parent.parent
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process at once in any case


def test_text_and_bytes_are_written_as_they_are(tmp_path):
    write_file(tmp_path / "a", "é\n")
    write_file(tmp_path / "b", b"\r\n\x00")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\n"
    assert (tmp_path / "b").read_bytes() == b"\r\n\x00"


def test_nothing_else_is_left_behind(tmp_path):
    write_file(tmp_path / "a", "one")
    write_file(tmp_path / "a", "two")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_link_stays_a_link_and_what_it_points_to_is_written(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_link_to_nothing_makes_the_file(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "target").read_text() == "new"


def test_no_name_beside_the_file_is_written_through(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for name in ("a.part", "a.tmp", "a~", ".a.part"):
        (tmp_path / name).symlink_to(precious)
    write_file(tmp_path / "a", "new")
    assert precious.read_text() == "precious"


def test_a_files_permissions_stay(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    write_file(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_is_no_regular_file_is_written_and_not_replaced():
    write_file(os.devnull, "gone")
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


def test_a_missing_folder_is_named_by_the_path_that_was_given(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere/a'|nowhere\\\\a'"):
        write_file(tmp_path / "nowhere" / "a", "new")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Python closes it
def test_an_interrupt_at_any_moment_leaves_nothing_beside_the_file(tmp_path):
    path = tmp_path / "a.txt"
    for moment in range(moments_in(lambda: write_file(path, "old"))):
        with suppress(KeyboardInterrupt), interrupted_at(moment):
            write_file(path, "new")
        assert os.listdir(tmp_path) == ["a.txt"]


def test_a_write_that_fails_leaves_the_older_file_alone(tmp_path, monkeypatch):
    write_file(tmp_path / "a", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


DYING = """
import importlib.util, os, sys
source, path, left, kill = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
spec = importlib.util.spec_from_file_location("files", source)
files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(files)

def trace(frame, event, arg):
    global left
    if frame.f_code.co_filename == files.__file__:
        left -= event == "line"
        if not left:
            os.kill(os.getpid(), kill)
    return trace

sys.settrace(trace)
files.write_file(path, "new" * 100_000)
"""


def test_whoever_is_killed_at_any_line_leaves_the_old_or_the_new_file(tmp_path):
    path = tmp_path / "a"
    seen = []
    for line in range(1, 29):
        path.write_text("old")
        words = [files.__file__, str(path), str(line), str(int(KILL))]
        dead = subprocess.run([sys.executable, "-I", "-c", DYING, *words], check=False)
        seen.append((dead.returncode != 0, path.read_text()))
    assert {text for _, text in seen} == {"old", "new" * 100_000}
    assert len([1 for killed, _ in seen if killed]) >= 20


SAVING = """
import sys, nn
model = nn.MLP(2, [4, 1])
for p in model.parameters():
    p.data = float(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(200):
    model.save(sys.argv[1])
"""


def test_four_processes_save_to_one_path_and_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "w.json"
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVING, str(path), str(k)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for k in range(4)
    ]  # fmt: skip
    for saver in savers:
        assert saver.stdout.readline() == "ready\n"
    for saver in savers:
        saver.stdin.write("go\n")
        saver.stdin.flush()
    reads = 0
    while any(saver.poll() is None for saver in savers) or not reads:
        if path.exists():
            weights = json.loads(path.read_text())["weights"]
            assert len({str(x) for x in weights["layers.1.neurons.0.w"]}) == 1  # of one model
            reads += 1
    assert [saver.communicate()[1] for saver in savers] == [""] * 4
    assert [saver.returncode for saver in savers] == [0] * 4
    assert [one.name for one in tmp_path.iterdir()] == ["w.json"]


def writes(text):
    """Give the lines that write a file by themselves."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [*node.args, *[keyword.value for keyword in node.keywords]]
            opens = name == "open" and any(isinstance(x, ast.Constant) and x.value in MODES for x in given)
            if opens or name in ("write_text", "write_bytes", "savefig", "savez", "dump"):
                yield node.lineno


MODES = {kind + more for kind in "wax" for more in ("", "b", "t", "+", "b+")} | {"r+", "r+b", "rb+"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("open(p, 'w')", [1]),
        ("\nopen(p, mode='ab')", [2]),
        ("p.open('x')", [1]),
        ("p.write_text(t)", [1]),
        ("open(p)", []),
        ("open(p, encoding='utf-8')", []),
    ],
)
def test_a_write_is_found(text, lines):
    assert list(writes(textwrap.dedent(text))) == lines


def test_every_file_is_written_by_one_function():
    found = {
        path.relative_to(SOURCES).as_posix(): list(writes(path.read_text(encoding="utf-8")))
        for package in ("autograd", "nn")
        for path in (SOURCES / package).rglob("*.py")
    }
    assert {path for path, lines in found.items() if lines} == {"autograd/files.py"}
