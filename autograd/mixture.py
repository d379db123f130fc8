"""Who else owns a folder `autograd` here: importing this module warns of it, or raises ImportError.

Another distribution has the same name. Installed over each other, pip reports success and mixes their files.
With ours installed last, all of ours are whole, and a warning says what is no longer theirs. With theirs
last, or removed afterwards, our `__init__.py` is gone: an error names the commands that mend it. This file
bears a name that the other one does not have, and `autograd/__init__.py`, `autograd/__main__.py` and
`nn/__init__.py` all import it: at least one of them is left. It imports nothing of ours, which may be theirs:
so its words stand here and not in the catalogue, in both languages, since nobody can have chosen one yet.
"""

import json
import sys
import warnings
from pathlib import Path

_here = Path(__file__).resolve().parent
_package = sys.modules.get("autograd")
_init = getattr(_package, "__file__", None)  # None: the folder has lost its __init__.py


def _where_from() -> str:
    """What follows `pip install` where this copy came from."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution("scalar-autograd").read_text("direct_url.json")
    except PackageNotFoundError:
        return f'-e "{_here.parent}"'  # a copy of the repository on the path
    if text is None:
        return "scalar-autograd"
    origin = json.loads(text)
    url, version = origin["url"], origin.get("vcs_info")
    if version:
        return f'"{version["vcs"]}+{url}@{version["commit_id"]}"'
    if origin.get("dir_info", {}).get("editable"):
        return f'-e "{_folder(url)}"'
    return f'"{_folder(url)}"'


def _folder(url: str) -> str:
    from urllib.request import url2pathname

    return url2pathname(url.removeprefix("file://")) if url.startswith("file:") else url


if _init is None or Path(_init).resolve().parent != _here or not hasattr(_package, "__distribution__"):
    raise ImportError(
        "a different package named autograd is mixed into this environment. Run these two:\n"
        "此环境中混入了另一个名为 autograd 的包\uff0c请先后运行这两条命令\uff1a\n"
        f"    pip uninstall -y autograd scalar-autograd     then     pip install {_where_from()}"
    )
if any(_here.parent.glob("autograd-*-info")):  # what pip notes of the other; ours is scalar_autograd-
    warnings.warn_explicit(
        "a different package named autograd was here before and shares its folder: `import autograd` is "
        "scalar-autograd now, and `import autograd.numpy` no longer works as theirs. To have theirs back: "
        "pip uninstall -y autograd scalar-autograd, then pip install autograd. "
        "此前装过的另一个 autograd 与本包共用一个文件夹\uff0c`import autograd.numpy` 不再可用\uff1b要恢复它"
        "\uff0c请先后运行这两条命令。",
        UserWarning,
        "autograd",
        1,
    )
