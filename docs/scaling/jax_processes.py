"""Train on several processes: python jax_processes.py STEPS PROCESSES PORT RANK, once for each rank."""

import os
import sys
import time

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from problem import RATE, SAMPLES, X, fast, y

steps, count, port, rank = map(int, sys.argv[1:])


def train():
    """Take the steps; every process holds its share of the samples and all parameters."""
    f, params = fast.to_jax(X[0], y[0])
    mesh = Mesh(np.array(jax.devices()), ["samples"])
    spread, everywhere = NamedSharding(mesh, PartitionSpec("samples")), NamedSharding(mesh, PartitionSpec())
    share = slice(rank * SAMPLES // count, (rank + 1) * SAMPLES // count)
    points = jax.make_array_from_process_local_data(spread, np.array(X)[share])
    labels = jax.make_array_from_process_local_data(spread, np.array(y)[share])
    params = {name: jax.make_array_from_process_local_data(everywhere, p) for name, p in params.items()}

    @jax.jit
    def step(params, points, labels):
        loss, gradients = jax.value_and_grad(lambda p: f(p, points, labels).mean())(params)
        return {name: p - RATE * gradients[name] for name, p in params.items()}, loss

    jax.block_until_ready(step(params, points, labels))  # compiled before it is timed
    start = time.perf_counter()
    for _ in range(steps):
        params, loss = step(params, points, labels)
        if rank == 0:
            print(float(loss), flush=True)
    seconds = time.perf_counter() - start
    print(f"{SAMPLES * steps / seconds:.0f} samples a second", file=sys.stderr)


jax.config.update("jax_enable_x64", True)
jax.distributed.initialize(f"localhost:{port}", count, rank, heartbeat_timeout_seconds=10)
try:
    train()
except Exception as error:
    print(f"rank {rank}: {error}", file=sys.stderr, flush=True)
    os._exit(1)  # the ordinary way out waits for the process that is gone
