"""An import may only point down. The layers stand here, lowest first, and nowhere else.

Imports inside functions and those under `if TYPE_CHECKING:` count like all others; only the types of a
foreign package may be named anywhere.
"""

import ast
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*.py"))

# A part is a module or a folder of `autograd`. Of the core, each may import those that stand before it:
CORE = [
    "mixture", "files", "messages", "elsewhere", "collector",
    "number", "structure", "settings", "modes", "special", "graph", "hinting",
    "entry", "declaration", "ops", "own", "node", "backward",
    "descent", "anomaly", "copying", "habits", "value", "lists",
    "dual", "point", "calculus", "slope", "check", "program",
]  # fmt: skip
MAY_IMPORT = {part: set(CORE[:index]) for index, part in enumerate(CORE)}
MAY_IMPORT["trace"] = set(CORE)
MAY_IMPORT["drawing"] = {*CORE, "trace"}
MAY_IMPORT["explanation"] = {*CORE, "trace", "drawing"}  # the stepper needs the picture
MAY_IMPORT["replay"] = set(CORE)
MAY_IMPORT["exercise"] = {*CORE, "trace", "drawing", "explanation", "replay"}
MAY_IMPORT["interop"] = {*CORE, "replay"}  # it writes a tape for others ...
DOORS = {
    ("autograd/replay/function.py", "autograd.interop.exporting")
}  # ... and what was recorded asks it to
# Likewise of `nn`. `fit` trains what has parameters and modules without knowing `Module`, which inherits it.
NN = [
    "messages", "keywords", "missing", "state", "saving", "weights", "shapes", "outputs", "parameters",
    "text", "charts", "learning", "data", "fit", "module", "layers", "looking", "interop",
    "arranging", "tensors", "functional", "historical", "keras", "optim", "watching", "estimators", "torch",
]  # fmt: skip
NN_MAY_IMPORT = {part: set(NN[: index + 1]) for index, part in enumerate(NN)}
for part in ("estimators", "torch"):
    NN_MAY_IMPORT[part].add("")  # they build on the public names, as their readers would
AT_THE_TOP = {"__init__", "__main__", "cli"}  # these may import everything
# These are imported themselves only where NumPy and Numba are needed: their decorators and array loops stand
# at module level, since Numba's cache never hits for what is compiled inside a function.
NATIVE = {
    *[
        path.relative_to(ROOT)
        for room in ("kernels", "passes", "executors")
        for path in (ROOT / "autograd/replay" / room).glob("*.py")
    ],
    *[
        path.relative_to(ROOT) for path in (ROOT / "autograd/interop").glob("*.py")
    ],  # they read a tape's arrays
    Path("autograd/replay/capture/flattening.py"),
    Path("autograd/replay/capture/probe_arrays.py"),
    Path("autograd/replay/kernel_cache.py"),  # subclasses Numba's cache
    Path("autograd/replay/pointers.py"),
    Path("autograd/replay/runners.py"),
    Path("autograd/replay/native_training.py"),
}
ESTIMATORS = Path("nn/estimators.py")  # scikit-learn's protocol means subclassing its classes
FOREIGN_AT_THE_TOP_OF = {ESTIMATORS, *NATIVE}


class Import(NamedTuple):
    """One imported module or name, dotted, and where it stands."""

    name: str
    line: int
    may_be_foreign: bool  # it stands inside a function, or is of types only


def imports_of(tree, package, inside=False):
    """Yield the imports of a module of `package` (dotted, for relative imports)."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(f"{module}.{alias.name}", node.lineno, inside) for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from imports_of(ast.Module(node.body, []), package, True)
            yield from imports_of(ast.Module(node.orelse, []), package, inside)
        else:
            entered = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            yield from imports_of(node, package, inside or entered)


def part_of(name):
    """Give the part of `autograd` that a dotted name belongs to; "" for one of its public names."""
    first, *rest = name.split(".")
    return rest[0] if first == "autograd" and rest and rest[0] in MAY_IMPORT else ""


def upward_imports(path, text):
    """Give a message for each import that does not point down; the path is relative to the root."""
    package = ".".join(path.parent.parts)
    for name, line, inside in imports_of(ast.parse(text), package):
        top = name.split(".")[0]
        target = part_of(name)
        if top not in ("autograd", "nn"):
            allowed = inside or top in sys.stdlib_module_names or path in FOREIGN_AT_THE_TOP_OF
            why = "a foreign package is imported inside the function that needs it"
        elif path.parts[0] == "nn":
            part = path.parts[1].removesuffix(".py")
            if top == "autograd":
                doors = ("", "collector", "elsewhere", "number", "replay", "settings", "descent", "drawing")
                allowed = target in doors or part == "__init__"
                why = f"`nn` uses the public names of `autograd` and of its parts {doors[1:]}"
            else:
                below = NN_MAY_IMPORT.get(part, set())
                allowed = part == "__init__" or [*name.split("."), ""][1] in below
                why = f"`nn.{part}` may import {sorted(below)}"
        else:
            part = path.parts[1].removesuffix(".py")
            allowed = part in AT_THE_TOP or (top == "autograd" and target in MAY_IMPORT[part] | {part})
            allowed = allowed or (path.as_posix(), name.rpartition(".")[0]) in DOORS
            why = f"`autograd.{part}` may import {sorted(MAY_IMPORT.get(part, ()))}"
        if not allowed:
            yield f"{path}:{line} imports {name}: {why}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_point_down(path):
    assert list(upward_imports(path.relative_to(ROOT), path.read_text(encoding="utf-8"))) == []


def test_every_part_of_autograd_has_its_layer():
    files = [path.relative_to(ROOT).parts for path in SOURCES]
    parts = {parts[1].removesuffix(".py") for parts in files if parts[0] == "autograd"}
    assert parts <= set(MAY_IMPORT) | AT_THE_TOP


def test_every_part_of_nn_has_its_layer():
    files = [path.relative_to(ROOT).parts for path in SOURCES]
    parts = {parts[1].removesuffix(".py") for parts in files if parts[0] == "nn"}
    assert parts == {*NN, "__init__"}


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("autograd/ops.py", "from autograd.value import Value", "imports autograd.value.Value"),
        ("autograd/ops.py", "def f():\n    from .value import Value", "imports autograd.value.Value"),
        ("autograd/graph.py", "import numpy", "imports numpy"),
        ("autograd/value.py", "from autograd import Value", "imports autograd.Value"),
        ("autograd/replay/run.py", "from autograd.drawing import svg", "imports autograd.drawing.svg"),
        ("autograd/drawing/svg.py", "from ..explanation import steps", "imports autograd.explanation.steps"),
        ("nn/layers/linear.py", "from autograd.value import Value", "imports autograd.value.Value"),
        ("nn/layers/linear.py", "from autograd import ops", "imports autograd.ops"),
        ("nn/fit/loop.py", "from nn.module import Module", "imports nn.module.Module"),
        ("nn/layers/linear.py", "def f():\n    from nn import Linear", "imports nn.Linear"),
        ("nn/learning/optim.py", "from nn.fit import run", "imports nn.fit.run"),
    ],
)
def test_an_upward_import_is_found(path, text, fault):
    (message,) = upward_imports(Path(path), text)
    assert fault in message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("autograd/value.py", "from autograd.ops import TABLE\nimport math"),
        ("autograd/value.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy"),
        ("autograd/drawing/svg.py", "def f():\n    import graphviz\nfrom . import layout"),
        ("nn/layers/linear.py", "from autograd import Value\nimport autograd as ag"),
        ("nn/fit/trainer.py", "def f():\n    from autograd.replay import record"),
    ],
)
def test_a_downward_import_is_not(path, text):
    assert list(upward_imports(Path(path), text)) == []


# -- circles ------------------------------------------------------------------------------------------------


def modules_of(root):
    """Give the trees of all modules under a root, by dotted name; names of packages end in a dot."""
    found = {}
    for package in ("autograd", "nn"):
        for path in sorted((root / package).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            found[name.removesuffix("__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def names_made_in(tree):
    """Give the names that a module defines itself, at its top level."""
    nodes = [node for statement in tree.body for node in ast.walk(statement)]
    named = (ast.FunctionDef, ast.ClassDef)
    made = {node.name for node in tree.body if isinstance(node, named)}
    return made | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def file_of(name, modules, imported, made):
    """Give the module that defines a dotted name, wherever it is handed on; None for a foreign one."""
    seen = set()
    while name not in seen:
        seen.add(name)
        owner, _, last = name.rpartition(".")
        owner = owner if owner in modules else f"{owner}."
        if name in modules or f"{name}." in modules:
            if owner not in modules or last not in made[owner]:
                return name if name in modules else f"{name}."
            return owner
        if owner not in modules:
            return None
        if last in made[owner] or last not in imported[owner]:
            return owner
        name = imported[owner][last]
    return None


def edges_of(root):
    """Give for each module the modules that define what it imports, all imports counted."""
    modules = modules_of(root)
    made = {name: names_made_in(tree) for name, tree in modules.items()}
    imports = {
        name: [found.name for found in imports_of(tree, name.rpartition(".")[0])]
        for name, tree in modules.items()
    }
    handed_on = {name: {one.rpartition(".")[2]: one for one in found} for name, found in imports.items()}
    found = {
        name: {file_of(one, modules, handed_on, made) for one in imports[name]} - {name, None}
        for name in modules
    }
    return {name.rstrip("."): {one.rstrip(".") for one in ends} for name, ends in found.items()}


@cache
def edges_here():
    """Give the same for this repository."""
    return edges_of(ROOT)


def circles_of(edges):
    """Give the groups of modules that reach each other, each sorted."""

    def reached(start):
        seen, pending = set(), [start]
        while pending:
            new = edges[pending.pop()] - seen
            seen |= new
            pending += new
        return seen

    ways = {name: reached(name) for name in edges}
    return sorted(
        {tuple(sorted(x for x in ways[name] if name in ways[x])) for name in edges if name in ways[name]}
    )


def test_no_imports_form_a_circle():
    assert circles_of(edges_here()) == []


@pytest.mark.parametrize(
    "text",
    [
        "from autograd.upper import top",
        "def f():\n    from autograd.upper import top",
        "if TYPE_CHECKING:\n    from autograd.upper import Top",
        "def f():\n    from autograd import top",
        "from . import upper",
    ],
)
def test_a_planted_circle_is_found(tmp_path, text):
    (tmp_path / "nn").mkdir()
    package = tmp_path / "autograd"
    package.mkdir()
    (package / "__init__.py").write_text("from autograd.upper import top\n")
    (package / "upper.py").write_text("from autograd.lower import x\nTop = top = x\n")
    (package / "lower.py").write_text("x = 1\n")
    assert circles_of(edges_of(tmp_path)) == []
    (package / "lower.py").write_text(f"x = 1\n{text}\n")
    assert circles_of(edges_of(tmp_path)) == [("autograd.lower", "autograd.upper")]


def test_running_a_package_on_the_way_is_no_circle(tmp_path):
    (tmp_path / "nn" / "inner").mkdir(parents=True)
    (tmp_path / "nn" / "inner" / "__init__.py").write_text("from nn.inner.deep import x\n")
    (tmp_path / "nn" / "inner" / "deep.py").write_text("from nn.inner.base import x\n")
    (tmp_path / "nn" / "inner" / "base.py").write_text("x = 1\n")
    assert circles_of(edges_of(tmp_path)) == []


# -- rooms inside replay ------------------------------------------------------------------------------------

# Lowest first: the ground that all stand on, then from a run of the function to a tape to what runs it, then
# the door and what stands behind it. A file may import those of its own room and of rooms before it.
ROOMS_OF_REPLAY = [
    {
        "audit", "this_thread", "kernel_cache", "jit", "pointers", "slots", "ops", "formula",
        "formula_source", "reference",
    },
    {"capture"},
    {"optimiser"},
    {"passes"},
    {"kernels"},
    {"executors"},
    {
        "listing", "plain_run", "along", "learned", "groups", "samples", "training_run", "runners",
        "native_training", "training_loop", "function", "warming", "",
    },
]  # fmt: skip


def room_of(name):
    """Give the number of the room in replay that a module stands in."""
    part = name.removeprefix("autograd.replay").lstrip(".").split(".")[0]
    (number,) = [i for i, room in enumerate(ROOMS_OF_REPLAY) if part in room]
    return number


def imports_of_later_rooms(edges):
    """Give the pairs of modules of replay of which one imports another from a later room."""
    inside = {name: ends for name, ends in edges.items() if name.startswith("autograd.replay")}
    pairs = [(name, end) for name, ends in inside.items() for end in ends if end in inside]
    return sorted((name, end) for name, end in pairs if room_of(name) < room_of(end))


def test_rooms_of_replay_import_only_what_stands_before_them():
    assert imports_of_later_rooms(edges_here()) == []


def test_an_import_of_a_later_room_is_found():
    edges = {
        "autograd.replay.passes.tape": {"autograd.replay.kernels.loops"},
        "autograd.replay.kernels.loops": set(),
    }
    assert imports_of_later_rooms(edges) == [("autograd.replay.passes.tape", "autograd.replay.kernels.loops")]
