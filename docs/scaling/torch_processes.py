"""Train on several processes: python torch_processes.py STEPS PROCESSES PORT RANK, once for each rank."""

import datetime
import sys
import time

import torch
import torch.distributed as distributed
from problem import RATE, SAMPLES, X, fast, y
from torch.nn.parallel import DistributedDataParallel

steps, count, port, rank = map(int, sys.argv[1:])
distributed.init_process_group(
    "gloo",
    init_method=f"tcp://localhost:{port}",
    rank=rank,
    world_size=count,
    timeout=datetime.timedelta(seconds=30),
)
module = DistributedDataParallel(fast.to_torch(X[0], y[0]))
optimizer = torch.optim.SGD(module.parameters(), lr=RATE)
share = slice(rank * SAMPLES // count, (rank + 1) * SAMPLES // count)
points, labels = (torch.tensor(column, dtype=torch.float64)[share] for column in (X, y))

start = 0.0
for _ in range(steps):
    optimizer.zero_grad()
    loss = module(points, labels).mean()  # of this share; DistributedDataParallel averages the gradients
    loss.backward()
    optimizer.step()
    total = loss.detach()
    distributed.all_reduce(total)
    if rank == 0:
        print(total.item() / count, flush=True)
    start = start or time.perf_counter()  # the first step is not timed
seconds = time.perf_counter() - start
print(f"{SAMPLES * (steps - 1) / seconds:.0f} samples a second", file=sys.stderr)
distributed.destroy_process_group()
