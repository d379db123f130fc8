"""An import may only point down. The layers stand here, lowest first, and nowhere else."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*.py"))

# What each part may import, besides parts of its own name. A part is a module or folder of `autograd`.
NUMERICS = {"special"}
TABLE = NUMERICS | {"ops", "graph"}
VALUE = TABLE | {"value"}
CORE = VALUE | {"calculus", "check", "program"}
MAY_IMPORT = {
    "special": set(),
    "graph": set(),
    "ops": NUMERICS,
    "value": TABLE,
    "calculus": VALUE,
    "check": VALUE | {"calculus"},
    "program": VALUE,
    "drawing": CORE,
    "explanation": CORE | {"drawing"},  # the stepper needs the picture
    "replay": CORE,
    "interop": CORE,
}
