"""Importing this module raises ImportError where another distribution named `autograd` is mixed in.

Both own a folder `autograd`. Installed over each other, pip reports success and mixes their files; removing
the other one afterwards deletes our `__init__.py`. This file bears a name that the other one does not have,
so it survives either order, and `autograd/__init__.py`, `autograd/__main__.py` and `nn/__init__.py` all
import it: at least one of them is left.
"""

import sys
from pathlib import Path

_here = Path(__file__).resolve().parent
_init = getattr(sys.modules["autograd"], "__file__", None)  # None: the folder has lost its __init__.py

if (
    _init is None
    or Path(_init).resolve().parent != _here
    or any(_here.parent.glob("autograd-*-info"))  # what pip notes of the other; ours is scalar_autograd-
):
    raise ImportError(
        "a different package named autograd is mixed into this environment. Run these two:\n"
        "    pip uninstall -y autograd scalar-autograd     then     pip install scalar-autograd"
    )
