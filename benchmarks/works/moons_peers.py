"""The moons step in torch, JAX and micrograd. Each gives a function (steps, rate) -> the last loss."""


def torch_steps(work):
    import torch

    torch.set_num_threads(1)
    linear = torch.nn.functional.linear
    x, y = torch.tensor(work.X), torch.tensor(work.Y)

    def run(count, rate=0.0):
        P = [torch.tensor(a, requires_grad=True) for a in work.arrays]
        for _ in range(count):
            h = linear(torch.relu(linear(torch.relu(linear(x, *P[:2])), *P[2:4])), *P[4:])
            loss = torch.relu(1 - y * h[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in P)
            loss.backward()
            with torch.no_grad():
                for p in P:
                    p -= rate * p.grad
                    p.grad = None
        return loss.item()

    return run


def _jax_step(work):
    """(a function (parameters, rate) -> (loss, parameters after an update), the parameters at the start).

    Of the ways to write it tried (parameters in a list, flat, samples in rows or columns, unrolled scans) the fastest.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X, Y = jnp.vstack([work.X.T, jnp.ones(len(work.X))]), jnp.asarray(work.Y)
    w = jnp.array(work.start)
    start = [w[:48].reshape(16, 3), w[48:320].reshape(16, 17), w[320:]]

    def loss(P):
        first, second, last = P
        h = jnp.maximum(first @ X, 0)
        h = jnp.maximum(second[:, :16] @ h + second[:, 16:], 0)
        scores = last[:16] @ h + last[16]
        return jnp.maximum(1 - Y * scores, 0).mean() + 1e-4 * sum((p * p).sum() for p in P)

    def step(P, rate):
        value, grads = jax.value_and_grad(loss)(P)
        return value, [p - rate * g for p, g in zip(P, grads)]

    return step, start


def jax_steps(work):
    import jax

    step, start = _jax_step(work)
    step = jax.jit(step)

    def run(count, rate=0.0):
        P = start
        for _ in range(count):
            value, P = step(P, rate)
        return float(value)

    return run


def jax_loop(work):
    """The whole loop in one compiled program for each number of steps."""
    import jax

    step, start = _jax_step(work)

    def many(P, rate, count):
        return jax.lax.scan(lambda P, _: step(P, rate)[::-1], P, None, length=count)[1][-1]

    loop = jax.jit(many, static_argnums=2)
    return lambda count, rate=0.0: float(loop(start, rate, count))


def micrograd_steps(work, truth):
    """As micrograd's demo has it, without its update; its first loss must be `truth`."""
    from micrograd.nn import MLP

    from works.timing import agree

    model = MLP(2, [16, 16, 1])
    params = model.parameters()
    for p, x in zip(params, work.start):
        p.data = x

    def run(count):
        for _ in range(count):
            scores = [model(list(x)) for x in work.X.tolist()]
            loss = sum((1 + -y * s).relu() for y, s in zip(work.Y.tolist(), scores)) * 0.01
            total = loss + 1e-4 * sum(p * p for p in params)
            model.zero_grad()
            total.backward()
        return total.data

    agree(run(1), truth, "micrograd")
    return run
