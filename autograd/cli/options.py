"""The words of a command line and what they ask for; help and refusals speak as `--lang` says."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import autograd
from autograd.drawing.measure import wrapped
from autograd.messages import LANGUAGES, listed, say
from autograd.messages.chinese import widened

EXAMPLE = '"tanh(w*x + b)" w=2 x=-1 b=0.5'
Command = tuple[Callable[[Any], None], str]  # what runs, and the key of its summary
# argparse speaks English alone: how its sentences begin, and ours for them, filled in by what is in brackets
SENTENCES = (
    (r"argument (?P<name>[^:]+): (?P<problem>.*)", "cli_argument"),
    (r"the following arguments are required: (?P<names>.*)", "cli_required"),
    (r"unrecognized arguments: (?P<names>.*)", "cli_unrecognized"),
    (r"invalid choice: (?P<got>.*?) \(choose from (?P<names>.*)\)", "cli_choice"),
    (r"expected one argument", "cli_one_argument"),
    (r"ambiguous option: (?P<got>.*) could match (?P<names>.*)", "cli_ambiguous"),
    (r"ignored explicit argument (?P<got>.*)", "cli_ignored"),
)


def read_options(given: Sequence[str], commands: Mapping[str, Command], others: Mapping[str, Any]) -> Any:
    """What the words of a command line ask for; options may stand anywhere.

    Args:
        given: the words.
        commands: the commands that take an expression.
        others: what runs for the commands "tour", "playground", "exercises", "notebooks" and "warm".
    """
    speak_as_asked(given)
    parser, known = parser_of(commands, others)
    place = next((i for i, word in enumerate(given) if word in known), None)
    if place is None or given[0] in ("-h", "--help", "--version"):
        return parser.parse_args(given)
    command = known[given[place]]
    flags = set(command._option_string_actions)

    def is_option(word: str) -> bool:  # an expression such as "-x*y" is none
        return word in flags or re.fullmatch(r"--[a-z][a-z-]+(=.*)?", word) is not None

    words = [*given[:place], *given[place + 1 :]]
    shown = [f" {word}" if word.startswith("-") and not is_option(word) else word for word in words]
    # argparse cuts the English prefix off
    command.usage = command.format_usage().removeprefix(say("cli_usage"))
    return command.parse_intermixed_args(shown)


def speak_as_asked(given: Sequence[str]) -> None:
    """Set the language that `--lang` names, before anything is said of the other words."""
    for word, after in zip(given, [*given[1:], ""]):
        code = after if word == "--lang" else word.removeprefix("--lang=")
        if code in LANGUAGES and word.startswith("--lang"):
            autograd.language(code)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, say("cli_usage") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        ours = {"positional arguments": "cli_positionals", "options": "cli_flags"}.get(heading or "")
        super().start_section(heading if ours is None else say(ours))

    def format_help(self) -> str:
        return wrapped(widened(super().format_help()), "")  # the colons that argparse puts behind headings


class _Parser(argparse.ArgumentParser):
    """A parser whose help and refusals come from the catalogue."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **settings)
        self.add_argument("-h", "--help", action="help", help=say("cli_help"))
        self.add_argument("--lang", choices=LANGUAGES, help=say("cli_help_lang"))

    def error(self, message: str) -> Any:
        """Leave with the usage and one sentence."""
        problem = wrapped(f"{self.prog}: {say('cli_error', problem=_told(message))}")
        self.exit(2, f"{self.format_usage()}{problem}\n")


def _told(message: str) -> str:
    for pattern, key in SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            fields = found.groupdict()
            if "problem" in fields:
                fields["problem"] = _told(fields["problem"])
            if "names" in fields:
                fields["names"] = listed(fields["names"].split(", "))
            return say(key, **fields)
    return message


def parser_of(
    commands: Mapping[str, Command], others: Mapping[str, Any]
) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of everything, and that of each command."""
    parser = _Parser(
        prog="python -m autograd",
        description=say("cli_help_all"),
        epilog=say("cli_help_try", command=f"python -m autograd explain {EXAMPLE}"),
    )
    version = f"{autograd.__distribution__} {autograd.__version__}"
    parser.add_argument("--version", action="version", version=version, help=say("cli_help_version"))
    places = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, key) in commands.items():
        summary = say(key)
        told = say("cli_help_example", summary=summary, example=f"{name} {EXAMPLE}")
        command = places.add_parser(name, help=summary, description=told)
        command.add_argument("expression", metavar="EXPR", help=say("cli_help_expression"))
        command.add_argument("numbers", metavar="name=value", nargs="*", help=say("cli_help_numbers"))
        if name in ("draw", "step", "quiz"):
            command.add_argument("-o", "--output", metavar="FILE", help=say("cli_help_output"))
        if name in ("nudge", "paths"):
            command.add_argument("--wrt", metavar="NAME", help=say("cli_help_first"))
        if name == "explain":
            command.add_argument("--wrt", metavar="NAME", help=say("cli_help_wrt"))
            command.add_argument("--table", action="store_true", help=say("cli_help_table"))
        command.set_defaults(run=run)
    for name in others:
        places.add_parser(name, help=say(f"cli_help_{name}")).set_defaults(run=others[name])
    known: dict[str, argparse.ArgumentParser] = dict(places.choices)
    folder, count = say("cli_help_folder"), say("cli_help_epochs")
    known["tour"].add_argument("-o", "--output", metavar="FOLDER", default="tour", help=folder)
    known["tour"].add_argument("--epochs", type=_count, default=5, metavar="N", help=count)
    for name in ("playground", "exercises"):
        where = say("cli_help_output")
        known[name].add_argument("output", metavar="FILE", nargs="?", default=f"{name}.html", help=where)
    known["notebooks"].add_argument(
        "output", metavar="FOLDER", nargs="?", default="notebooks", help=say("cli_help_lessons")
    )
    return parser, known


def _count(text: str) -> int:
    if not text.strip().isdecimal():
        raise argparse.ArgumentTypeError(say("cli_count", text=repr(text.strip())))
    return int(text)
