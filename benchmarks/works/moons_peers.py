"""The moons step in torch, JAX and micrograd. Each gives a function (steps, rate) -> the last loss."""


def torch_steps(work):
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(work.X), torch.tensor(work.Y)

    def run(count, rate=0.0):
        P = [torch.tensor(a, requires_grad=True) for a in work.arrays]
        for _ in range(count):
            h = torch.relu(torch.relu(x @ P[0].T + P[1]) @ P[2].T + P[3]) @ P[4].T + P[5]
            loss = torch.relu(1 - y * h[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in P)
            loss.backward()
            with torch.no_grad():
                for p in P:
                    p -= rate * p.grad
                    p.grad = None
        return loss.item()

    return run


def _jax_step(work):
    """(parameters, rate) -> (loss, parameters after an update)."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X, Y = jnp.asarray(work.X), jnp.asarray(work.Y)

    def loss(P):
        h = jnp.maximum(jnp.maximum(X @ P[0].T + P[1], 0) @ P[2].T + P[3], 0) @ P[4].T + P[5]
        return jnp.maximum(1 - Y * h[:, 0], 0).mean() + 1e-4 * sum((p * p).sum() for p in P)

    def step(P, rate):
        value, grads = jax.value_and_grad(loss)(P)
        return value, [p - rate * g for p, g in zip(P, grads)]

    return step


def jax_steps(work):
    step = _jax_step(work)
    import jax
    import jax.numpy as jnp

    step = jax.jit(step)

    def run(count, rate=0.0):
        P = [jnp.asarray(a) for a in work.arrays]
        for _ in range(count):
            value, P = step(P, rate)
        return float(value)

    return run


def jax_loop(work, warm):
    """The whole loop in one compiled program, which is made for `warm` steps before anything is timed."""
    step = _jax_step(work)
    import jax
    import jax.numpy as jnp

    def many(P, rate, count):
        def body(P, _):
            value, P = step(P, rate)
            return P, value

        return jax.lax.scan(body, P, None, length=count)[1][-1]

    loop = jax.jit(many, static_argnums=2)

    def run(count, rate=0.0):
        return float(loop([jnp.asarray(a) for a in work.arrays], rate, count))

    run(warm)
    return run


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
