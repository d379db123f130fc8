"""Our distribution and the other one named `autograd`, installed over each other in every order."""

import json
import subprocess
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TELLS = ("ImportError", "a different package named autograd", "pip uninstall -y autograd scalar-autograd")
OTHERS_FILES = {"autograd/__init__.py": "from .tracer import trace\n", "autograd/tracer.py": "trace = None\n"}


def our_files():
    paths = (path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*"))
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Build both as pip sees them; the other one is small and made here, so nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheels")

    def build(name, files):
        path = folder / f"{name}-1.0-py3-none-any.whl"
        about = f"{name}-1.0.dist-info"
        metadata = {
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        with zipfile.ZipFile(path, "w") as wheel:
            for file, content in {**files, **metadata}.items():
                wheel.writestr(file, content)
            record = "".join(f"{file},,\n" for file in [*wheel.namelist(), f"{about}/RECORD"])
            wheel.writestr(f"{about}/RECORD", record)
        return path

    return {"ours": build("scalar_autograd", our_files()), "other": build("autograd", OTHERS_FILES)}


@pytest.fixture
def environment(tmp_path, wheels):
    """Give a function that takes `+ours`, `-other` and so on, or the words of a Python command line."""
    builder = venv.EnvBuilder(symlinks=True)
    builder.create(tmp_path / "venv")
    python = builder.ensure_directories(tmp_path / "venv").env_exe
    # what `pip --python` starts, without the second process that starts it
    pip = [
        python,
        str(Path(find_spec("pip").origin).parent / "__pip-runner__.py"),
        "--disable-pip-version-check",
    ]

    def do(*words, path=""):
        match words:
            case ["+ours"] | ["+other"]:
                wheel = wheels[words[0].removeprefix("+")]
                command = [*pip, "install", "-q", "--no-index", "--no-deps", "--no-compile", wheel]
            case ["-other"]:
                command = [*pip, "uninstall", "-q", "-y", "autograd"]
            case ["-both"]:
                command = [*pip, "uninstall", "-q", "-y", "autograd", "scalar-autograd"]
            case _:
                command = [python, *words]
        clean = {"PYTHONPATH": path, "PATH": ""}
        done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return do


IMPORT_NN, RUN = ("-c", "import nn"), ("-m", "autograd")


BESIDE = "`import autograd` is scalar-autograd now, and `import autograd.numpy` no longer works as theirs"


def test_installed_after_the_other_one_ours_is_whole_and_one_line_says_so(environment):
    for step in ("+other", "+ours"):
        assert environment(step)[0] == 0
    for command in (
        ("-c", "import autograd; autograd.Value(1.0)"),
        IMPORT_NN,
        ("-m", "autograd", "grad", "x*x", "x=3"),
    ):
        code, output = environment(*command)
        assert code == 0
        assert output.count("\n") == 1 + output.count("x*x = 9.0\n  d/dx = 6.0\n") * 2
        assert BESIDE in output
    assert environment("-other")[0] == 0
    assert_detected(environment, IMPORT_NN, RUN)  # it took our __init__.py along
    for step in ("-both", "+ours"):
        assert environment(step)[0] == 0
    assert environment("-c", "import autograd, nn; autograd.Value(1.0)") == (0, "")


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        ({"url": ROOT.as_uri(), "dir_info": {"editable": True}}, f'pip install -e "{ROOT}"'),
        ({"url": ROOT.as_uri(), "dir_info": {}}, f'pip install "{ROOT}"'),
        (
            {"url": "https://host/us.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            'pip install "git+https://host/us.git@abc"',
        ),
        (None, f'pip install -e "{ROOT}"'),
    ],
)
def test_editable_beside_the_other_one_nn_names_what_removes_it_and_what_got_us_here(
    environment, tmp_path, origin, command
):
    assert environment("+other")[0] == 0
    (packages,) = (tmp_path / "venv").glob("[Ll]ib/**/site-packages")
    (packages / "ours.pth").write_text(f"{ROOT}\n")
    if origin is not None:
        about = packages / "scalar_autograd-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: scalar-autograd\nVersion: 1.0\n")
        (about / "direct_url.json").write_text(json.dumps(origin))
    assert_detected(environment, IMPORT_NN)
    assert environment(*IMPORT_NN)[1].rstrip().endswith(command)


def assert_detected(environment, *commands, **options):
    for command in commands:
        code, output = environment(*command, **options)
        assert code == 1
        assert [text for text in TELLS if text not in output] == []


def test_the_other_one_installed_last_is_detected_and_the_two_commands_mend_it(environment):
    for step in ("+ours", "+other"):
        assert environment(step)[0] == 0
    assert_detected(environment, IMPORT_NN, RUN)
    assert environment("-other")[0] == 0
    assert_detected(environment, IMPORT_NN, RUN)  # `autograd` has no __init__.py now
    for step in ("-both", "+ours"):
        assert environment(step)[0] == 0
    assert environment("-c", "import autograd, nn; autograd.Value(1.0)") == (0, "")


def test_another_autograd_that_stands_before_ours_is_detected_by_nn(environment, tmp_path):
    environment("+ours")
    for file, content in OTHERS_FILES.items():
        (tmp_path / "before" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "before" / file).write_text(content, encoding="utf-8")
    assert_detected(environment, IMPORT_NN, path=str(tmp_path / "before"))
