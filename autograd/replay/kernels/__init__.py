"""The kernels: loops over tapes, compiled by Numba once per machine."""
