"""Train on several devices of one process: python jax_devices.py STEPS DEVICES."""

import os
import sys
import time

steps, count = int(sys.argv[1]), int(sys.argv[2])
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={count}"  # where there are no others

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from problem import RATE, SAMPLES, X, fast, y

jax.config.update("jax_enable_x64", True)
f, params = fast.to_jax(X[0], y[0])
mesh = Mesh(np.array(jax.devices()[:count]), ["samples"])
points, labels = jax.device_put((np.array(X), np.array(y)), NamedSharding(mesh, PartitionSpec("samples")))
params = jax.device_put(params, NamedSharding(mesh, PartitionSpec()))  # the same on every device


@jax.jit
def step(params, points, labels):
    """One update; the mean over all devices is JAX's work."""
    loss, gradients = jax.value_and_grad(lambda p: f(p, points, labels).mean())(params)
    return {name: p - RATE * gradients[name] for name, p in params.items()}, loss


jax.block_until_ready(step(params, points, labels))  # compiled before it is timed
start = time.perf_counter()
losses = []
for _ in range(steps):
    params, loss = step(params, points, labels)
    losses.append(loss)
jax.block_until_ready(losses)
seconds = time.perf_counter() - start
print(*map(float, losses), sep="\n")
print(f"{SAMPLES * steps / seconds:.0f} samples a second", file=sys.stderr)
