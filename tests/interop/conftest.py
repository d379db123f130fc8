"""The cases, each recorded once."""

import pytest

from tests.interop.programs import CASES

MADE = {}


@pytest.fixture(params=CASES)
def case(request):
    """Give every case in turn."""
    if request.param not in MADE:
        MADE[request.param] = CASES[request.param]()
    return MADE[request.param]


@pytest.fixture
def chosen(request):
    """Give the case that the test names."""
    name = request.param
    if name not in MADE:
        MADE[name] = CASES[name]()
    return MADE[name]
