import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.cli import EXPRESSION_COMMANDS, OTHER_COMMANDS, main

ROOT = Path(__file__).parent.parent.parent


def test_grad_prints_value_and_all_gradients(capsys):
    assert main(["grad", "w*x + b", "w=2", "x=-1", "b=0.5"]) == 0
    assert capsys.readouterr().out == "w*x + b = -1.5\n  d/dw = -1.0\n  d/dx = 2.0\n  d/db = 1.0\n"


def test_an_expression_may_begin_with_a_minus(capsys):
    assert main(["grad", "-x*2", "x=3"]) == 0
    assert "-x*2 = -6.0" in capsys.readouterr().out


def test_a_bad_expression_is_one_pointed_line_and_status_2(capsys):
    assert main(["grad", "tanh(w*x + b)", "w=2", "x=1"]) == 2
    assert capsys.readouterr().err == "error: b has no number\n  tanh(w*x + b)\n             ^ add  b=0.5\n"


@pytest.mark.parametrize("command", ["playground", "exercises"])
def test_a_page_of_a_command_is_one_file(command, capsys, tmp_path):
    page = tmp_path / "page.html"
    assert main([command, str(page)]) == 0
    assert capsys.readouterr().out == f"written: {page}   (open it in a browser)\n"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_explain_speaks_both_languages(capsys):
    assert main(["explain", "a*a + a*b", "a=2", "b=-3"]) == 0
    assert "a, use 3 of 3: a.grad = -1 + 2 = 1, complete" in capsys.readouterr().out
    assert main(["explain", "a*a + a*b", "a=2", "b=-3", "--lang", "zh"]) == 0
    assert "已加完" in capsys.readouterr().out
    assert main(["explain", "a*b", "a=2", "b=-3", "--lang", "en", "--wrt", "a"]) == 0
    assert "L depends on a along 1 path" in capsys.readouterr().out
    assert main(["explain", "a*b", "a=2", "b=-3", "--wrt", "c"]) == 2
    assert "known names: a, b" in capsys.readouterr().err
    assert main(["explain", "a*b", "a=2", "b=-3", "--table"]) == 0
    assert "gradient: sum over uses" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["g.svg", "g.dot", "g.mmd", "g.html", "g.json"])
def test_draw_writes_by_suffix(tmp_path, capsys, name):
    target = tmp_path / name
    assert main(["draw", "tanh(w*x)", "w=2", "x=1", "-o", str(target)]) == 0
    assert target.stat().st_size > 100
    assert str(target) in capsys.readouterr().out


def test_an_unknown_suffix_is_one_error(tmp_path, capsys):
    assert main(["draw", "w*x", "w=2", "x=1", "-o", str(tmp_path / "g.xyz")]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_step_writes_a_page(tmp_path):
    target = tmp_path / "p.html"
    assert main(["step", "a*a + a*b", "a=2", "b=-3", "-o", str(target)]) == 0
    assert "<html" in target.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _english_again():
    yield
    autograd.language("en")


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "--lang", "zh", "a*b", "a=2", "b=-3"],
        ["explain", "a*b", "--lang", "zh", "a=2", "b=-3"],
        ["explain", "a*b", "a=2", "b=-3", "--lang=zh"],
        ["--lang", "zh", "explain", "a*b", "a=2", "b=-3"],
    ],
)
def test_options_stand_before_or_after_the_expression(capsys, words):
    assert main(words) == 0
    assert "前向" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["-a*2", "--a", "-a - -a", "-(a)"])
def test_an_expression_with_a_minus_in_front_may_follow_options(capsys, text):
    assert main(["grad", "--lang", "en", text, "a=3"]) == 0
    assert capsys.readouterr().out.startswith(f"{text} = ")


@pytest.mark.parametrize("command", ["grad", "explain", "draw", "step", "tour", "warm"])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_its_help(capsys, command, flag):
    with pytest.raises(SystemExit) as end:
        main([command, flag])
    assert end.value.code == 0
    assert f"usage: python -m autograd {command}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert (end.value.code, capsys.readouterr().out) == (0, f"scalar-autograd {autograd.__version__}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grad", "a*b", "a=1", "b=2", "--bogus"], "unrecognized arguments: --bogus"),
        (["bogus"], "invalid choice: 'bogus'"),
        (["tour", "--epochs", "-1"], "'-1' is no whole number from 0 up"),
        (["tour", "--epochs", "many"], "'many' is no whole number from 0 up"),
    ],
)
def test_an_unknown_word_is_one_error_with_the_usage(capsys, words, said):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def run(*words, **streams):
    command = [sys.executable, "-m", "autograd", *words]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, **streams)


@pytest.mark.parametrize("flush", ["", "1"])
def test_a_reader_that_has_enough_is_no_error(flush):
    """`python -m autograd explain ... | head`: nothing is said about the closed pipe, nor is it a failure."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONUNBUFFERED": flush}
    with run("explain", "+".join(["x*y"] * 60), "x=1", "y=2", stdout=writer, env=environment) as process:
        os.close(writer)
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_closed_output_is_no_error():
    """As `>&-` closes it, or a program without a terminal."""
    program = "import sys; sys.stdout = None; from autograd.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "explain", "x*y", "x=1", "y=2"]
    assert subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.PIPE).stderr == b""


def programs(folder):
    """Give what may be typed: each file that is a program, the main one with each command and without."""
    files = [path for package in ("autograd", "nn") for path in sorted((ROOT / package).rglob("*.py"))]
    found = [path for path in files if '\nif __name__ == "__main__":' in path.read_text(encoding="utf-8")]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found}
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    scripts = re.findall(r'= "([\w.]+):main"', pyproject)  # called as the module itself calls it
    yield from ([name] for name in sorted({*names, *scripts}))
    for command in EXPRESSION_COMMANDS:
        output = ["-o", f"{folder}/{command}.html"] if command in ("draw", "step", "quiz") else []
        yield ["autograd.__main__", command, "x*y", "x=1", "y=2", *output]
    for command in OTHER_COMMANDS:
        output = {"tour": ["--epochs", "0", "-o", f"{folder}"], "warm": []}.get(
            command, [f"{folder}/{command}"]
        )
        yield ["autograd.__main__", command, *output]
    yield from (["autograd.__main__", *words, "--help"] for words in ([], ["explain"], ["warm"]))
    yield ["autograd.__main__", "--version"]


WALK = """
import json, os, runpy, sys

programs = json.loads(sys.argv[1])
for written_at_once in (False, True):
    sys.stdout.reconfigure(write_through=written_at_once)
    for sys.argv in programs:
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, 1)
        os.close(writer)
        try:
            runpy.run_module(sys.argv[0], run_name="__main__")
        except SystemExit as end:
            assert not end.code, (sys.argv, end.code)
        sys.stdout.flush()  # as Python does in the end
"""


def test_no_program_says_anything_when_its_reader_has_enough(tmp_path):
    typed = list(programs(tmp_path))
    assert len(typed) > len(EXPRESSION_COMMANDS) + len(OTHER_COMMANDS) + 8
    again = "ignore::RuntimeWarning:runpy"  # it is told of modules that others have imported already
    command = [sys.executable, "-W", again, "-c", WALK, json.dumps(typed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "kernels" not in line]  # said where none are kept
    assert (done.returncode, done.stdout, said) == (0, "", [])


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gbk"])
def test_words_are_printed_to_streams_of_any_encoding(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for lang in ("en", "zh"):
        with run(
            "explain", "a*b", "a=1", "b=2", "--lang", lang, stdout=subprocess.PIPE, env=environment
        ) as done:
            out, err = done.communicate()
        assert (done.returncode, err) == (0, b"")
        assert b"a * b = 2" in out


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "explain" in capsys.readouterr().out
