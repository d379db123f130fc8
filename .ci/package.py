"""Build the wheel and the source distribution of this commit; compare what is in them with what is in git.

The wheel holds every tracked file of the packages, the notebooks and nothing else; the source distribution
every tracked file. `twine check --strict` reads the README as an index would.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd/", "nn/")


def tracked() -> set[str]:
    """The files of the commit, as git writes them."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], check=True, capture_output=True)
    return set(listed.stdout.decode().rstrip("\0").split("\0"))


def in_wheel(files: set[str]) -> set[str]:
    """What the wheel should hold beside its metadata."""
    lessons = {
        f"autograd/{name}" for name in files if name.startswith("notebooks/") and name.endswith(".ipynb")
    }
    return {name for name in files if name.startswith(PACKAGES)} | lessons


def main() -> int:
    """Build and compare; how many differences there are."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--outdir", folder, *sys.argv[1:], str(ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (wheel,), (source,) = Path(folder).glob("*.whl"), Path(folder).glob("*.tar.gz")
        subprocess.run(
            [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(source)], check=True
        )
        with zipfile.ZipFile(wheel) as archive:
            held = {name for name in archive.namelist() if ".dist-info/" not in name}
        with tarfile.open(source) as archive:
            sent = {name.partition("/")[2] for name in archive.getnames()} - {"PKG-INFO"}
        print(f"{wheel.name}: {len(held)} files, {wheel.stat().st_size / 1e6:.1f} MB; ", end="")
        print(f"{source.name}: {len(sent)} files, {source.stat().st_size / 1e6:.1f} MB")
    wrong = 0
    for kind, is_there, wanted in (("wheel", held, in_wheel(tracked())), ("sdist", sent, tracked())):
        for name in sorted(is_there ^ wanted):
            print(f"{kind}: {name} is {'a surprise' if name in is_there else 'missing'}")
            wrong += 1
    return wrong


if __name__ == "__main__":
    if wrong := main():
        sys.exit(f"{wrong} files differ")
