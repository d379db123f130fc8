import linecache
import math
import subprocess
import sys
import types

import numpy as np
import pytest

import autograd as ag
from autograd import Value, record
from autograd.messages.chinese import widened


@pytest.fixture(autouse=True)
def _hints_on():
    ag.hints(True)
    yield
    ag.hints(False)


def test_hints_are_off_in_scripts():
    program = "import autograd; print(autograd.hints())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_math_on_a_value_drops_the_gradient_and_says_so(capsys):
    x = Value(0.5)
    math.exp(x)
    said = capsys.readouterr().err
    assert said.startswith(
        "Hint: math.exp(x) returns a plain number, so x gets no gradient through it (test_hinting.py, line "
    )
    assert said.endswith("\n      Write x.exp() or autograd.exp(x).\n")


def test_writing_a_value_into_an_array_says_so(capsys):
    x, array = Value(0.5), np.zeros(2)
    array[0] = x
    assert "gives a plain number, so x gets no gradient" in capsys.readouterr().err


def test_a_second_backward_without_zero_grad_says_so_once(capsys):
    w, x, b = Value(2.0), Value(3.0), Value(1.0)
    L = w * x + b
    for _ in range(4):
        L.backward()
    said = capsys.readouterr().err
    assert said == (
        "Hint: backward() has run 2 times into b, w, x, so .grad is the sum of these 2 runs.\n"
        "      For fresh gradients call L.zero_grad() first (for a model: model.zero_grad()).\n"
    )


def test_leaves_and_results_without_names_are_counted_and_not_called_x(capsys):
    xs = [Value(float(i)) for i in range(9)]
    x = 3.0
    for _ in range(3):
        total = [sum(v * x for v in xs)]
        total[0].backward()
        total[0].backward()
    said = capsys.readouterr().err
    assert "into 9 leaves, so .grad is the sum of these 2 runs." in said
    assert "call zero_grad() on the result first" in said
    assert "x.zero_grad()" not in said


def test_a_recorded_function_that_is_called_again_gets_no_hint_about_backward(capsys):
    w = Value(2.0)
    loss = record(lambda x: (w * x - 1) ** 2, params=[w], backend="python")
    for x in (1.0, 2.0, 3.0, 4.0):
        loss(x)
    assert "backward()" not in capsys.readouterr().err


def test_zeroing_before_backward_is_quiet(capsys):
    w = Value(2.0)
    for _ in range(3):
        L = w * w
        w.grad = 0
        L.backward()
    L.zero_grad()
    L.backward()
    assert capsys.readouterr().err == ""


def test_an_update_that_makes_a_new_node_says_what_to_write(capsys):
    w = Value(2.0)
    (w * w).backward()
    w = w - 0.1 * w.grad
    (w * w).backward()
    said = capsys.readouterr().err
    assert (
        "w is now the result of w - 0.1*w.grad, no longer your leaf; the graph grows with each update."
        in said
    )
    assert "Write w.data -= 0.1 * w.grad." in said


def test_comparing_with_a_number_by_equality_says_so_once(capsys):
    y = Value(1.0)
    for _ in range(3):
        assert not y == 1  # noqa: SIM201 - the operator is what is tested
    said = capsys.readouterr().err
    assert said.startswith(
        "Hint: y == 1 asks whether both are the same object, so it is always False (test_hinting.py"
    )
    assert said.count("Hint") == 1


class Shell:
    """What IPython gives in a notebook: it keeps what is displayed."""

    def __init__(self):
        self.display_pub, self.shown = self, []
        self.execution_count = 4

    def publish(self, data):
        self.shown.append(data)


class TerminalInteractiveShell(Shell):
    """IPython in a terminal."""


def run_cell(monkeypatch, shell, source, name="<ipython-input-4-x>"):
    """Run a cell's source as IPython does."""
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(linecache.cache, name, (len(source), None, source.splitlines(True), name))
    exec(compile(source, name, "exec"), {"__name__": "__main__", "Value": Value, "math": math})  # noqa: S102 - the cell


EXP = "x = Value(0.5)\nmath.exp(x)\n"


def test_in_a_notebook_a_hint_is_a_box_whose_advice_unfolds(capsys, monkeypatch):
    run_cell(monkeypatch, shell := Shell(), EXP)
    assert capsys.readouterr().err == ""
    (shown,) = shell.shown
    visible, _, folded = shown["text/html"].partition("<details>")
    assert "math.exp(x) returns a plain number, so x gets no gradient through it (cell 4, line 2)." in visible
    assert "autograd.exp" not in visible
    assert "Write x.exp() or autograd.exp(x)." in folded
    assert shown["text/plain"].startswith("Hint: math.exp(x)")


def test_a_hint_names_the_cell_in_which_the_line_stands(monkeypatch):
    shell = Shell()
    shell.user_ns = {"In": ["", "1 + 1", EXP, "f()"]}
    run_cell(monkeypatch, shell, EXP, "folder/ipykernel_7/123.py")
    assert "(cell 2, line 2)" in shell.shown[0]["text/plain"]


def test_in_a_terminal_a_hint_is_text(capsys, monkeypatch):
    run_cell(monkeypatch, shell := TerminalInteractiveShell(), EXP)
    assert capsys.readouterr().err.startswith("Hint: math.exp(x)")
    assert shell.shown == []


@pytest.mark.parametrize("comment", ["# Exercise 4.3", "# 练习 4.3", "#exercise"])
def test_a_hint_gives_no_exercise_away(comment, capsys, monkeypatch):
    run_cell(monkeypatch, shell := Shell(), f"{comment}\n{EXP}")
    assert (shell.shown, capsys.readouterr().err) == ([], "")


def test_a_chinese_box_says_that_it_is_chinese(monkeypatch):
    ag.language("zh")
    try:
        run_cell(monkeypatch, shell := Shell(), EXP)
    finally:
        ag.language("en")
    assert 'lang="zh-CN"' in shell.shown[0]["text/html"]
    assert "<summary>原因与写法</summary>" in shell.shown[0]["text/html"]


def test_hints_speak_chinese(capsys):
    ag.language("zh")
    try:
        x = Value(0.5)
        math.tanh(x)
    finally:
        ag.language("en")
    said = capsys.readouterr().err
    assert said.startswith(widened("提示:math.tanh(x) 返回普通数,梯度传不到 x") + "\uff08test_hinting.py 第")


def test_silenced_hints_say_nothing(capsys):
    ag.hints(False)
    x = Value(0.5)
    math.exp(x)
    (x * x).backward()
    (x * x).backward()
    assert capsys.readouterr().err == ""


def test_scripts_hear_of_math_alone_once_per_place(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import math, json\n"
        "from math import tanh as squash\n"
        "from autograd import Value\n"
        "v = Value(0.5)\n"
        "for _ in range(3):\n"
        "    math.exp(v)\n"
        "    squash(v)\n"
        "    float(v)\n"
        "    float(v) + math.exp(v.data)\n"
        "    math.isfinite(v), math.floor(v), round(v), f'{v:.2f}', '%.2f' % v, json.dumps(float(v))\n"
        "    v == 1, math.atan2(v, 2.0)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert [line for line in done.stderr.splitlines() if "Hint" in line] == [
        "Hint: math.exp(v) returns a plain number, so v gets no gradient through it (script.py, line 6).",
        "Hint: math.tanh(v) returns a plain number, so v gets no gradient through it (script.py, line 7).",
        "Hint: math.atan2(v) returns a plain number, so v gets no gradient through it (script.py, line 11).",
    ]
    assert "Write autograd.atan2(v)." in done.stderr
    script.write_text("import autograd\nautograd.hints(False)\n" + script.read_text())
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize("word", ["off", 0, 1.0])
def test_a_switch_that_is_neither_on_nor_off_is_refused(word):
    with pytest.raises(TypeError, match=r"hints takes True or False, or nothing to ask; got"):
        ag.hints(word)
