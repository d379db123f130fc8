"""The pages of the site that come from elsewhere: the start page, playground and exercises, the notebooks.

MkDocs calls `on_files` (a hook of `mkdocs.yml`). Notebooks are run, so that their outputs are those of this
commit; with NOTEBOOKS=asis in the environment they are rendered as they are, for a quick look.
`on_post_build` adds JupyterLite, in which the first lessons run in the reader's browser.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import autograd
from autograd import Value
from autograd.exercise import sheet

ROOT = Path(__file__).parent.parent
LESSONS = ROOT / "notebooks"
IN_BROWSER = ("01", "02", "03")  # these need the standard library alone; the others train by replay
FRAME = '<iframe src="{0}" title="{1}" style="width: 100%; height: 44rem; border: 1px solid #8888"></iframe>'
THEME = {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}}  # the reader's light or dark
DARK = "static/theme-dark.css"
ELSEWHERE = re.compile(r'<script[^>]* src="https?:[^"]*"[^>]*>\s*</script>')


def on_files(files: Files, config: Any) -> Files:
    """Add what is generated."""

    def add(name: str, text: str) -> None:
        files.append(File.generated(config, name, content=text))

    add("index.md", start_page((ROOT / "README.md").read_text(encoding="utf-8")))
    add("first-example.html", page_text(first_example()))
    add("playground-page.html", page_text(autograd.playground()))
    add("playground.md", framed("Playground", "Type an expression, move its numbers, step."))
    add("exercises-page.html", page_text(sheet()))
    add("exercises.md", framed("Exercises", "Answers that are wrong get their mistake named."))
    lessons = [*sorted(LESSONS.glob("*.ipynb")), *sorted((LESSONS / "zh").glob("*.ipynb"))]
    for lesson in lessons:
        add(f"notebooks/{lesson.relative_to(LESSONS).with_suffix('.html').as_posix()}", rendered(lesson))
    add("notebooks.md", list_of(lessons))
    return files


def start_page(readme: str) -> str:
    """The README until its first example, which is live here."""
    head, _, rest = readme.partition("\n## A first example\n")
    example = rest.partition("\n## Training\n")[0]
    picture = re.compile(r"!\[[^\]]*\]\([^)]*first-example\.svg\)", re.DOTALL)
    frame = FRAME.format("first-example.html", "a*a + a*b, step by step")
    example, count = picture.subn(lambda _: f"Step through it here:\n\n{frame}", example)
    if count != 1:
        raise ValueError("the README's first example has no picture of that name")
    head = re.sub(r"^\[!\[.*$|<!-- [\w-]+ -->\n", "", head, flags=re.MULTILINE)
    title, _, start = head.partition("\n## Start\n")
    return f"{title}\n## A first example\n{example}\n## Start\n{start}\n"


def first_example() -> Any:
    """The README's first example as a page that steps."""
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    return autograd.step_through(L, names={"L": L, "a": a, "b": b})


def framed(name: str, told: str) -> str:
    """A page of its own within one of the site."""
    file = f"{name.lower()}-page.html"
    frame = FRAME.format(f"../{file}", name)
    return f"# {name}\n\n{told}\n\n{frame}\n\n[{name} alone]({file})\n"


def page_text(page: Any) -> str:
    """A page as the text of its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        page.save(str(path))
        return path.read_text(encoding="utf-8")


def rendered(lesson: Path) -> str:
    """A notebook as a page of its own, run first."""
    notebook = nbformat.read(lesson, as_version=4)
    if os.environ.get("NOTEBOOKS") != "asis":
        with tempfile.TemporaryDirectory() as answers:
            os.environ["AUTOGRAD_ANSWERS"] = answers  # of nobody: each notebook has a new student
            quiet = ["--log-level=ERROR"]  # a kernel warns of connections that never leave this machine
            place = {"metadata": {"path": str(lesson.parent)}}
            NotebookClient(notebook, timeout=300, extra_arguments=quiet, resources=place).execute()
    exporter = HTMLExporter()
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title_of(lesson)}})
    for script in ELSEWHERE.findall(body):  # for formulas and widgets, which no lesson has
        body = body.replace(script, "")
    dark = next(place for path in exporter.template_paths if (place := Path(path) / DARK).is_file())
    style = f"@media (prefers-color-scheme: dark) {{ {dark.read_text(encoding='utf-8')} }}"  # as the frames
    return body.replace("</head>", f"<style>{style}</style></head>", 1)


def title_of(lesson: Path) -> str:
    """The first heading of a notebook."""
    cells = nbformat.read(lesson, as_version=4).cells
    heading = re.search(r"^# (.+)$", "\n".join(cell.source for cell in cells), re.MULTILINE)
    return heading[1] if heading else lesson.stem


def list_of(lessons: list[Path]) -> str:
    """The page that leads to all notebooks."""
    lines = ["# Notebooks", "", "`python -m autograd notebooks lessons` writes them to be run.", ""]
    for lesson in lessons:
        place = lesson.relative_to(LESSONS)
        if lesson.parent != LESSONS and "## 中文" not in lines:
            lines += ["", "## 中文", ""]
        alone = f"../lite/notebooks/index.html?path={place.as_posix()}"  # without panels: on a phone, too
        run = f" (<a href='{alone}'>run this in your browser</a>)"
        runs = run if lesson.name.startswith(IN_BROWSER) else ""
        lines.append(f"* [{title_of(lesson)}](notebooks/{place.with_suffix('.html').as_posix()}){runs}")
    return "\n".join(lines) + "\n"


def on_post_build(config: Any) -> None:
    """Add JupyterLite with this commit's wheel and the first lessons; its Pyodide comes from its usual place.

    Raises:
        subprocess.CalledProcessError: it could not be built, or warned of something.
        FileNotFoundError: the wheel, a lesson or Python's kernel is not in what was built.
    """
    site = Path(config["site_dir"]) / "lite"
    with tempfile.TemporaryDirectory() as folder:
        wheels, contents = Path(folder) / "wheels", Path(folder) / "contents"
        called([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(wheels), str(ROOT)])
        (wheel,) = wheels.glob("*.whl")
        lessons = [path for path in LESSONS.rglob("*.ipynb") if path.name.startswith(IN_BROWSER)]
        for lesson in lessons:
            place = contents / lesson.relative_to(LESSONS)
            place.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(with_installation(lesson), place)
        place = ["--contents", str(contents), "--output-dir", str(site.resolve())]
        wheel_in = [f"--PipliteAddon.piplite_urls={wheel}"]
        (Path(folder) / "overrides.json").write_text(json.dumps(THEME), encoding="utf-8")
        called([sys.executable, "-m", "jupyterlite_core", "build", *place, *wheel_in], folder)
    known = json.loads((site / "pypi" / "all.json").read_text(encoding="utf-8"))
    wanted = [site / "files" / lesson.relative_to(LESSONS) for lesson in lessons]
    wanted.append(site / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "package.json")
    missing = [path for path in wanted if not path.is_file()]
    if "scalar-autograd" not in known or missing:
        raise FileNotFoundError(f"not in JupyterLite: {missing or 'the wheel'}")


def called(command: list[str], folder: str | None = None) -> None:
    """Run a command that has to say nothing but what it does; what it said is shown where it fails."""
    # it would unpack archives faster with a library that is not needed
    quiet = {"PYTHONWARNINGS": "error::UserWarning,ignore:install libarchive-c:UserWarning"}
    env = {**os.environ, **quiet}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Warning" in done.stderr:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)


def with_installation(lesson: Path) -> Any:
    """A lesson whose first cell gets this library, since a browser's Python has none."""
    notebook = nbformat.read(lesson, as_version=4)
    cell = nbformat.v4.new_code_cell("%pip install -q scalar-autograd", id="installation")
    notebook.cells.insert(0, cell)
    return notebook
