"""The numerics the table needs and `math` lacks: floats to float, never raising, as in IEEE 754 and C99.

    elementary       exponentials, logarithms, angles: `math`'s, with inf and nan where `math` raises
    powers           quotients, roots, powers and their derivatives
    exact            sums and products rounded once
    choices          signs, whole numbers, remainders, largest and smallest
    distances        lengths and angles
    activations      sigmoid and its kind, logaddexp, logsumexp
    normal           the error function and the normal distribution
    gamma_functions  the gamma function and its logarithm's derivatives

Every function is right to 16 units in the last place (tests/test_precision.py); what it gives at 0, inf, nan
and at the ends of its domain stands in VALUES.md beside this file.
"""

# ruff: noqa: F403 - every function of these modules is meant
from autograd.special.activations import *
from autograd.special.choices import *
from autograd.special.distances import *
from autograd.special.elementary import *
from autograd.special.exact import *
from autograd.special.gamma_functions import *
from autograd.special.normal import *
from autograd.special.powers import *
