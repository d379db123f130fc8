"""The executors of a tape: Numba, NumPy, tiny programs on eight lanes; and the reference for large ones."""
