import pytest

from autograd.cli import main


def test_grad_prints_value_and_all_gradients(capsys):
    assert main(["grad", "w*x + b", "w=2", "x=-1", "b=0.5"]) == 0
    assert capsys.readouterr().out == "w*x + b = -1.5\n  d/dw = -1.0\n  d/dx = 2.0\n  d/db = 1.0\n"


def test_an_expression_may_begin_with_a_minus(capsys):
    assert main(["grad", "-x*2", "x=3"]) == 0
    assert "-x*2 = -6.0" in capsys.readouterr().out


def test_a_bad_expression_is_one_pointed_line_and_status_2(capsys):
    assert main(["grad", "tanh(w*x + b)", "w=2", "x=1"]) == 2
    assert capsys.readouterr().err == "error: b has no number\n  tanh(w*x + b)\n             ^ add  b=0.5\n"


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
    import autograd

    yield
    autograd.language("en")


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "explain" in capsys.readouterr().out
