"""`python -m autograd`."""

import autograd.mixture  # noqa: F401  raises where another distribution named autograd is mixed in
