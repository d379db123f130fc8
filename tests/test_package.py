import importlib


def test_both_packages_import():
    for name in ("autograd", "nn"):
        assert importlib.import_module(name).__doc__
