"""Neural networks built from scalar Values."""

try:
    import autograd.mixture  # noqa: F401  raises where another distribution named autograd is mixed in
except ModuleNotFoundError:  # it stands in another folder, before ours
    raise ImportError(
        "a different package named autograd hides the one that nn needs. Run these two:\n"
        "    pip uninstall -y autograd scalar-autograd     then     pip install scalar-autograd"
    ) from None
