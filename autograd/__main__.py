"""`python -m autograd`."""

import sys

import autograd.mixture  # noqa: F401  raises where another distribution named autograd is mixed in
from autograd.cli import main

if __name__ == "__main__":
    sys.exit(main())
