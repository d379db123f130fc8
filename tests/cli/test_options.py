import contextlib
import re

import pytest

import autograd
from autograd.cli import main
from autograd.cli.options import SENTENCES
from autograd.drawing.measure import columns_of
from autograd.messages import TEXTS

COMMANDS = [
    "",
    "grad",
    "explain",
    "draw",
    "step",
    "quiz",
    "nudge",
    "paths",
    "order",
    "tour",
    "playground",
    "exercises",
    "notebooks",
    "warm",
]
CODE = {  # names of commands, options, places and languages, and of the table that has one
    "python", "autograd", "COMMAND", "EXPR", "FILE", "FOLDER", "NAME", "help", "lang", "en", "zh", "version",
    "notebooks", "wrt", "table", "epochs", "name", "value", "tanh", "Wengert", "list", "html", "output",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english_again():
    yield
    autograd.language("en")


def said_by(words, capsys):
    with pytest.raises(SystemExit):
        main(words)
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_in_chinese_has_no_english_but_names(command, capsys):
    told = said_by([*([command] if command else []), "--lang", "zh", "--help"], capsys)
    words = set(re.findall(r"[A-Za-z]{2,}", told.partition("autograd")[2]))
    assert words - CODE - set(COMMANDS) - {"autograd", "scalar"} == set()
    assert "\u7528\u6cd5\uff1apython -m autograd" in told
    assert "\u9009\u9879\uff1a\n" in told


@pytest.mark.parametrize(
    "words",
    [
        ["explain"],
        ["bogus"],
        ["explain", "x", "x=1", "--bogus"],
        ["draw", "x", "-o"],
        ["tour", "--epochs", "many"],
        ["explain", "x", "--table=3"],
        ["explain", "x", "--lang", "fr"],
    ],
)
def test_what_is_refused_is_told_in_the_language_asked_for(words, capsys):
    english = said_by(words, capsys)
    assert re.search(r"\nusage: python -m autograd|^usage: python -m autograd", english)
    told = said_by(["--lang", "zh", *words], capsys)
    assert re.search("\u7528\u6cd5\uff1apython -m autograd", told)
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", told.splitlines()[-1])


def test_argparse_still_says_what_is_translated(capsys):
    said = [
        said_by(words, capsys)
        for words in (
            ["explain"],
            ["bogus"],
            ["grad", "x", "--bogus"],
            ["draw", "x", "-o"],
            ["explain", "x", "--table=3"],
        )
    ]
    keys = {key for pattern, key in SENTENCES if any(re.search(pattern, text) for text in said)}
    assert keys >= {"cli_required", "cli_choice", "cli_unrecognized", "cli_one_argument", "cli_ignored"}
    assert {key for _, key in SENTENCES} <= TEXTS.keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [20, 40])
def test_a_narrow_terminal_gets_lines_that_fit_and_every_number_whole(columns, lang, capsys, monkeypatch):
    expression = ["a*b + a*tanh(b)", "a=2.718281828459045", "b=-1234.5678"]
    told = [[word, *expression] for word in ("explain", "nudge", "paths", "order")]
    told += [
        ["explain", "--table", *expression],
        *[[word, "--help"] for word in COMMANDS if word],
        ["--help"],
    ]
    told += [["none"], ["explain", "a*b + *c"], ["explain", "a*b", "c=1"]]
    for words in told:
        said = []
        for wide in (100, columns):
            monkeypatch.setenv("COLUMNS", str(wide))
            with contextlib.suppress(SystemExit):
                main(["--lang", lang, *words])
            said.append("".join(capsys.readouterr()))
        assert max(map(columns_of, said[1].split("\n"))) <= columns, words
        if "--help" not in words:  # a pointer's line shows as much of the expression as there is room for
            assert set(re.findall(r"[\d.]+\d", said[0])) == set(re.findall(r"[\d.]+\d", said[1])), words
