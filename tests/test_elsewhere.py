import subprocess
import sys

import pytest

import autograd as ag
from autograd import elsewhere

WAYS = ["import autograd.numpy", "import autograd.numpy as np", "from autograd import numpy as np",
        "import autograd.numpy.random as npr", "from autograd.numpy import exp"]  # fmt: skip


@pytest.mark.parametrize("program", WAYS)
def test_autograd_numpy_says_what_to_write_in_both_languages(program):
    with pytest.raises(ImportError, match=r"write `import autograd as np` for `import autograd.numpy as np`"):
        exec(program)  # noqa: S102 - as a program has it
    ag.language("zh")
    try:
        with pytest.raises(ImportError, match=r"属于另一个名为 autograd 的包"):
            exec(program)  # noqa: S102 - the same
    finally:
        ag.language("en")


@pytest.mark.parametrize("name", sorted(elsewhere.INSTEAD))
def test_a_name_of_another_library_says_what_to_write(name):
    with pytest.raises(ImportError, match=rf"autograd has no {name}\. Write "):
        exec(f"from autograd import {name}")  # noqa: S102 - as a program has it
    with pytest.raises(AttributeError, match=rf"autograd has no {name}\. Write "):
        getattr(ag, name)
    assert not hasattr(ag, name)


def test_all_other_names_have_pythons_own_error():
    with pytest.raises(ImportError, match="cannot import name 'nonsense' from 'autograd'"):
        exec("from autograd import nonsense")  # noqa: S102 - as a program has it
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'nonsense'"):
        ag.nonsense  # noqa: B018 - the attribute is what is asked for
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'autograd\.nonsense'"):
        exec("import autograd.nonsense")  # noqa: S102 - as a program has it


def test_what_it_says_is_right():
    program = (
        "import autograd as np\nfrom autograd import grad\n"
        "tanh = lambda x: (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))\n"
        "print(grad(tanh)(1.0), np.sum([1.0, 2.0]), np.dot([1.0, 2.0], [3.0, 4.0]), np.tanh(0.0))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0.419974341614026", "3.0", "11.0", "0.0"]
