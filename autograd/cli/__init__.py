"""`python -m autograd ...`: gradients, explanations, pictures and the tour from a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import autograd
from autograd.cli.options import Command, parser_of, read_options
from autograd.cli.parsing import ExpressionError, parse
from autograd.drawing.measure import wrapped
from autograd.files import reader_may_leave, write_file
from autograd.messages import listed, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, or 2 for an input that cannot be read."""
    status = 0
    with reader_may_leave():
        status = _run(sys.argv[1:] if argv is None else argv)
    return status  # noqa: RET504 - a reader that left ends the block before its assignment


def _run(given: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese and signs also where the terminal says otherwise
            stream.reconfigure(encoding="utf-8", errors="replace")
    if not given:
        parser_of(EXPRESSION_COMMANDS, OTHER_COMMANDS)[0].print_help()
        return 0
    options = read_options(given, EXPRESSION_COMMANDS, OTHER_COMMANDS)
    try:
        options.run(options)
        return 0
    except ExpressionError as error:
        print(wrapped(error.pointed()), file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        problem = f"{error.filename or say('cli_file')}: {error.strerror or error}"
        print(wrapped(say("cli_error", problem=problem)), file=sys.stderr)
    except (ValueError, ImportError) as error:
        print(wrapped(say("cli_error", problem=error)), file=sys.stderr)
    except KeyboardInterrupt:
        print("\n" + say("cli_stopped"), file=sys.stderr)
        return 130
    return 2


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


def _tell_leaf(teller: str, options: Any) -> None:
    root, leaves, names = _read(options)
    print(getattr(autograd, teller)(root, _leaf(options, leaves), names=names))


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


def _write_page(maker: str, name: str, options: Any) -> None:
    root, _, names = _read(options)
    _save(getattr(autograd, maker)(root, names=names), options.output or name)


def _save(page: Any, path: str) -> None:
    page.save(path)
    print(say("cli_written", path=Path(path)) + say("cli_open"))


def _tour(options: Any) -> None:
    from autograd.cli.tour import tour

    tour(Path(options.output), options.epochs)


def _playground(options: Any) -> None:
    _save(autograd.playground(), options.output)


def _exercises(options: Any) -> None:
    from autograd.exercise import sheet

    _save(sheet(), options.output)


def _notebooks(options: Any) -> None:
    package = Path(autograd.__file__).parent
    places = (package / "notebooks", package.parent / "notebooks")
    source = next(folder for folder in places if folder.is_dir())
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


EXPRESSION_COMMANDS: dict[str, Command] = {
    "grad": (_grad, "cli_help_grad"),
    "explain": (_explain, "cli_help_explain"),
    "draw": (_draw, "cli_help_draw"),
    "step": (partial(_write_page, "step_through", "steps.html"), "cli_help_step"),
    "quiz": (partial(_write_page, "quiz", "quiz.html"), "cli_help_quiz"),
    "nudge": (partial(_tell_leaf, "nudge"), "cli_help_nudge"),
    "paths": (partial(_tell_leaf, "paths"), "cli_help_paths"),
    "order": (_order, "cli_help_order"),
}
OTHER_COMMANDS = {
    "tour": _tour, "playground": _playground, "exercises": _exercises, "notebooks": _notebooks, "warm": _warm,
}  # fmt: skip
