"""What the README says is so: examples print what stands beneath them, commands and tables are in force."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"<!-- (\S+-command) -->\n```sh\n(.*?)\n```", README, re.DOTALL))
OPTIONAL = PYPROJECT.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
EXTRAS = re.findall(r"^(\w+) = \[", OPTIONAL, re.MULTILINE)
PATHS = sorted(set(re.findall(r"(?:`|\]\()((?:\w|\.ci)[\w./-]*/[\w./-]*)(?:`|\))", README + CONTRIBUTING)))


def test_every_example_prints_what_stands_beneath_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # examples may write files
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {}
    examples = 0
    for (kind, text), (next_kind, expected) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(text, "README.md", "exec"), names)  # noqa: S102 - our own README
            assert printed.getvalue() == (expected if next_kind == "text" else "")
            examples += 1
    assert examples
    drawn = (tmp_path / "first-example.svg").read_bytes()
    assert drawn == (ROOT / "docs" / "first-example.svg").read_bytes(), "draw differs now: put its file there"


def test_the_two_commands_are_there_and_nothing_is_needed_before_them():
    assert set(COMMANDS) == {"main-command", "test-command"}
    for command in COMMANDS.values():
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && . .venv/bin/activate && pip install ")


def test_commands_install_extras_that_exist():
    named = re.findall(r"\[([\w,]+)\]", " ".join(COMMANDS.values()))
    assert named
    assert set(",".join(named).split(",")) <= set(EXTRAS)


def test_the_ci_run_takes_both_commands_out_of_the_readme():
    for name, command in COMMANDS.items():
        assert f"run_from_readme {name}" in RUN
        assert command not in RUN


def test_the_table_of_extras_is_that_of_pyproject():
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == EXTRAS


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_a_text_names_exists(path):
    assert (ROOT / path).exists()


def test_readme_and_settings_name_the_same_oldest_python():
    oldest = re.search(r'requires-python = ">=(3\.\d+)"', PYPROJECT)
    assert oldest is not None
    assert f"Python {oldest[1]} or later" in README
    assert f'python_version = "{oldest[1]}"' in PYPROJECT
    assert f'target-version = "py{oldest[1].replace(".", "")}"' in PYPROJECT


def test_a_name_that_the_recipes_mention_stands_in_the_file_that_they_name():
    said = {
        "sweep": "autograd/backward.py", "minus": "autograd/drawing/palette.py",
        "Optimizer": "nn/learning/optimizer.py", "ranges": "nn/learning/optimizer.py",
        "Module": "nn/module.py", "say": "autograd/messages/__init__.py",
    }  # fmt: skip
    for name, path in said.items():
        assert f"`{name}`" in CONTRIBUTING or f"`{name}(" in CONTRIBUTING
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8"))
