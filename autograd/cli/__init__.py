"""`python -m autograd ...`: gradients, explanations, pictures and the tour from a terminal."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import autograd
from autograd.cli.parsing import ExpressionError, parse
from autograd.files import write_file
from autograd.messages import listed, say

EXAMPLE = '"tanh(w*x + b)" w=2 x=-1 b=0.5'


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, or 2 for an input that cannot be read."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese and signs also where the terminal says otherwise
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = list(sys.argv[1:] if argv is None else argv)
    if not given:
        _parser()[0].print_help()
        return 0
    options = _options(given)
    if getattr(options, "lang", None):
        autograd.language(options.lang)
    try:
        options.run(options)
        sys.stdout.flush()
        return 0
    except ExpressionError as error:
        print(error.pointed(), file=sys.stderr)
    except BrokenPipeError:  # whoever reads has enough, as in `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python still wants to write
        return 0
    except OSError as error:
        problem = f"{error.filename or say('cli_file')}: {error.strerror or error}"
        print(say("cli_error", problem=problem), file=sys.stderr)
    except (ValueError, ImportError) as error:
        print(say("cli_error", problem=error), file=sys.stderr)
    except KeyboardInterrupt:
        print("\n" + say("cli_stopped"), file=sys.stderr)
        return 130
    return 2


def _options(given: list[str]) -> argparse.Namespace:
    """What the words of a command line ask for; options may stand anywhere."""
    parser, commands = _parser()
    place = next((i for i, word in enumerate(given) if word in commands), None)
    if place is None or given[0] in ("-h", "--help", "--version"):
        return parser.parse_args(given)
    command = commands[given[place]]
    flags = set(command._option_string_actions)

    def is_option(word: str) -> bool:  # an expression such as "-x*y" is none
        return word in flags or re.fullmatch(r"--[a-z][a-z-]+(=.*)?", word) is not None

    words = [*given[:place], *given[place + 1 :]]
    shown = [f" {word}" if word.startswith("-") and not is_option(word) else word for word in words]
    return command.parse_intermixed_args(shown)


def _parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of everything, and that of each command."""
    parser = argparse.ArgumentParser(
        prog="python -m autograd",
        description="Gradients of scalar expressions, explained.",
        epilog=f"try: python -m autograd explain {EXAMPLE}",
    )
    parser.add_argument(
        "--version", action="version", version=f"{autograd.__distribution__} {autograd.__version__}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, summary) in EXPRESSION_COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary}. Example: {name} {EXAMPLE}")
        command.add_argument("expression", metavar="EXPR", help="such as 'tanh(w*x + b)'")
        command.add_argument("numbers", metavar="name=value", nargs="*", help="a number for each name")
        command.add_argument("--lang", choices=("en", "zh"), help="language of the words")
        if name in ("draw", "step", "quiz"):
            command.add_argument("-o", "--output", metavar="FILE", help="where to write it")
        if name in ("nudge", "paths"):
            command.add_argument("--wrt", metavar="NAME", help="whose story (by default the first)")
        if name == "explain":
            command.add_argument("--wrt", metavar="NAME", help="the story of one name")
            command.add_argument("--table", action="store_true", help="as a table (Wengert list)")
        command.set_defaults(run=run)
    tour = commands.add_parser(
        "tour", help="see what this is: one neuron explained, then handwritten digits learned"
    )
    tour.add_argument(
        "-o", "--output", metavar="FOLDER", default="tour", help="where the files go (default: tour)"
    )
    passes = "passes through the training images (default: 5)"
    tour.add_argument("--epochs", type=_count, default=5, metavar="N", help=passes)
    tour.add_argument("--lang", choices=("en", "zh"), help="language of the words")
    tour.set_defaults(run=_tour)
    page = commands.add_parser("playground", help="write one page on which anybody types, steps and shares")
    page.add_argument("output", metavar="FILE", nargs="?", default="playground.html", help="where it goes")
    page.add_argument("--lang", choices=("en", "zh"), help="language of the words")
    page.set_defaults(run=_playground)
    lessons = commands.add_parser("notebooks", help="write the chapters to run, with their exercises")
    lessons.add_argument(
        "output", metavar="FOLDER", nargs="?", default="notebooks", help="where they go (default: notebooks)"
    )
    lessons.add_argument("--lang", choices=("en", "zh"), help="language of the words")
    lessons.set_defaults(run=_notebooks)
    warm = commands.add_parser("warm", help="compile the kernels for replay ahead of their first use")
    warm.set_defaults(run=_warm)
    return parser, dict(commands.choices)


def _count(text: str) -> int:
    if not text.strip().isdecimal():
        raise argparse.ArgumentTypeError(say("cli_count", text=repr(text.strip())))
    return int(text)


def _grad(options: Any) -> None:
    root, leaves = parse(options.expression, options.numbers)
    print(f"{options.expression.strip()} = {root.data!r}")
    gradients = autograd.grad(root, list(leaves.values()))
    width = max((len(name) for name in leaves), default=0)
    for name, slope in zip(leaves, gradients):
        print(f"  d/d{name:<{width}} = {slope!r}")


def _read(options: Any) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """The graph, its leaves by name, and the names to tell it by."""
    root, leaves = parse(options.expression, options.numbers)
    wrt = getattr(options, "wrt", None)
    if wrt is not None and wrt not in leaves:
        known = listed(leaves) or say("cli_none")
        raise ExpressionError(say("cli_missing", name=wrt), advice=say("cli_known", names=known))
    return root, leaves, {"L" if "L" not in leaves else "result": root, **leaves}


def _explain(options: Any) -> None:
    root, leaves, names = _read(options)
    if options.table:
        print(autograd.trace_table(root, names=names))
    else:
        wrt = None if options.wrt is None else leaves[options.wrt]
        print(autograd.explain(root, wrt, names=names))


def _leaf(options: Any, leaves: dict[str, Any]) -> Any:
    if not leaves:
        raise ExpressionError(say("cli_nameless"), advice=say("cli_nameless_advice"))
    return leaves[options.wrt or next(iter(leaves))]


def _nudge(options: Any) -> None:
    root, leaves, names = _read(options)
    print(autograd.nudge(root, _leaf(options, leaves), names=names))


def _paths(options: Any) -> None:
    root, leaves, names = _read(options)
    print(autograd.paths(root, _leaf(options, leaves), names=names))


def _order(options: Any) -> None:
    root, _, names = _read(options)
    print(autograd.why_order(root, names=names))


def _draw(options: Any) -> None:
    root, leaves, names = _read(options)
    if any(leaf.requires_grad for leaf in leaves.values()) and root.requires_grad:
        root.backward()
    target = Path(options.output or "graph.svg")
    autograd.draw(root, names=names).save(str(target))
    print(say("cli_written", path=target))


def _step(options: Any) -> None:
    _write_page(autograd.step_through, options, "steps.html")


def _quiz(options: Any) -> None:
    _write_page(autograd.quiz, options, "quiz.html")


def _write_page(page: Any, options: Any, name: str) -> None:
    root, _, names = _read(options)
    target = Path(options.output or name)
    page(root, names=names).save(str(target))
    print(say("cli_written", path=target) + say("cli_open"))


def _tour(options: Any) -> None:
    from autograd.cli.tour import tour

    tour(Path(options.output), options.epochs)


def _playground(options: Any) -> None:
    autograd.playground().save(options.output)
    print(f"written: {options.output}   (open it in a browser)")


def _notebooks(options: Any) -> None:
    package = Path(autograd.__file__).parent
    source = next(
        folder for folder in (package / "notebooks", package.parent / "notebooks") if folder.is_dir()
    )
    target = Path(options.output)
    for lesson in sorted(source.rglob("*.ipynb")):
        place = target / lesson.relative_to(source)
        text = lesson.read_bytes()
        if place.exists() and place.read_bytes() != text:  # somebody has worked in it
            print(say("cli_kept", path=place))
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, text)
        print(say("cli_written", path=place))
    print(say("cli_lessons", path=target))


def _warm(_options: Any) -> None:
    from autograd.replay import warm

    print(say("cli_warm", seconds=warm()))


EXPRESSION_COMMANDS = {
    "grad": (_grad, "value and gradients of an expression"),
    "explain": (_explain, "the chain rule for an expression, step by step"),
    "draw": (_draw, "the picture of an expression's graph"),
    "step": (_step, "a page that steps through the chain rule"),
    "quiz": (_quiz, "the same page with the gradients to be typed"),
    "nudge": (_nudge, "change one name a little: what its gradient predicts, and what happens"),
    "paths": (_paths, "every way from one name to the result, and the product along it"),
    "order": (_order, "why backward needs its order"),
}
