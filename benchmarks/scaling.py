"""Samples per second of data parallel training, by the programs of docs/scaling/: devices and processes.

    python benchmarks/scaling.py [--samples 65536] [--steps 30]

Wall time of each program's steps, without imports and compilation; every program must end with the loss of the
first one. A row's programs run one after another: on a machine with other work, repeat it and take the best.
"""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMS = ROOT / "docs" / "scaling"
NEAR = 1e-9


def run(program, samples, *words, count=1):
    """Run a program once a rank; its last loss, and the samples per second of its first rank."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SAMPLES": str(samples)}
    command = [sys.executable, str(PROGRAMS / program), *map(str, words)]
    pipe = subprocess.PIPE
    ranks = [[]] if count == 0 else [[str(rank)] for rank in range(count)]
    started = [
        subprocess.Popen(
            [*command, *rank], stdout=pipe, stderr=pipe, text=True, env=environment, cwd=PROGRAMS
        )
        for rank in ranks
    ]
    told = [process.communicate() for process in started]
    for process, (_, errors) in zip(started, told, strict=True):
        if process.returncode:
            sys.exit(f"{program}: {errors}")
    losses, errors = told[0]
    (speed,) = [line for line in errors.splitlines() if line.endswith("samples a second")]
    return float(losses.split()[-1]), int(speed.split()[0])


def free_port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description="data parallel training: samples per second")
    parser.add_argument("--samples", type=int, default=65536, help="in each step")
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()
    samples, steps = options.samples, options.steps
    rows = {"fast.train, one process": run("one_process.py", samples, steps, count=0)}
    for count in (1, 2, 4, 8):
        rows[f"JAX, {count} devices"] = run("jax_devices.py", samples, steps, count, count=0)
    for name, program in (("JAX", "jax_processes.py"), ("torch", "torch_processes.py")):
        for count in (1, 2):
            found = run(program, samples, steps, count, free_port(), count=count)
            rows[f"{name}, {count} processes"] = found
    (expected, _), *_ = rows.values()
    print(f"{samples} samples a step, {steps} steps, {os.cpu_count()} cores")
    for name, (loss, speed) in rows.items():
        assert abs(loss - expected) < NEAR, (name, loss, expected)
        print(f"{name:26} {speed / 1e6:8.2f} million samples a second")


if __name__ == "__main__":
    main()
