"""One module per work that `benchmarks/replay.py` measures; each has `measure(repeats, folder)`, which gives goals."""
