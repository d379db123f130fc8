import pytest

from autograd import language
from autograd.exercise import student


@pytest.fixture(autouse=True)
def pupil(tmp_path):
    student("Ada", folder=tmp_path)


@pytest.fixture(params=["en", "zh"])
def lang(request):
    language(request.param)
    yield request.param
    language("en")
