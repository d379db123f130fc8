"""The GPT's training step in torch, JAX and NumPy by hand, from tensors by the names that `nn.GPT` gives them.

Each gives a function (texts, epochs) -> the last loss, with Adam from the start, one text a step.
"""

import numpy as np

HEADS, SIZE, DIM, BLOCK = 4, 4, 16, 16
IN, OUT = "blocks.0.attention.in_proj_weight", "blocks.0.attention.out_proj.weight"
UP, DOWN = "blocks.0.feed_forward.up.weight", "blocks.0.feed_forward.down.weight"
NORM, NORM1, NORM2 = "norm.weight", "blocks.0.norm1.weight", "blocks.0.norm2.weight"
TOKEN, PLACE, HEAD = "token_embedding.weight", "position_embedding.weight", "head.weight"


def torch_training(tensors, rate):
    import torch

    torch.set_num_threads(1)

    def rms(x, weight):
        return x * (x.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * weight

    def loss_of(P, tokens, mask):
        n = len(tokens) - 1
        x = rms(P[TOKEN][tokens[:-1]] + P[PLACE][:n], P[NORM])
        q, k, v = (
            part.view(n, HEADS, SIZE).transpose(0, 1) for part in (rms(x, P[NORM1]) @ P[IN].T).split(DIM, 1)
        )
        shares = torch.softmax(q @ k.transpose(1, 2) / SIZE**0.5 + mask[:n, :n], -1)
        x = x + (shares @ v).transpose(0, 1).reshape(n, DIM) @ P[OUT].T
        x = x + torch.relu(rms(x, P[NORM2]) @ P[UP].T) @ P[DOWN].T
        return torch.nn.functional.cross_entropy(x @ P[HEAD].T, tokens[1:])

    def run(texts, epochs):
        P = {name: torch.tensor(a, dtype=torch.float64, requires_grad=True) for name, a in tensors.items()}
        corpus = [torch.tensor(text) for text in texts]
        mask = torch.triu(torch.full((BLOCK, BLOCK), -torch.inf, dtype=torch.float64), 1)
        optimizer = torch.optim.Adam(P.values(), lr=rate)
        for k in range(epochs * len(corpus)):
            optimizer.zero_grad()
            loss = loss_of(P, corpus[k % len(corpus)], mask)
            loss.backward()
            optimizer.step()
        return loss.item()

    return run


def jax_training(tensors, rate):
    """Texts padded to the block, a mask over what counts, and the loop with Adam in one scan."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    sees = jnp.tril(jnp.ones((BLOCK, BLOCK), bool))

    def rms(x, weight):
        return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * weight

    def loss_of(P, tokens, count):
        x = rms(P[TOKEN][tokens[:-1]] + P[PLACE], P[NORM])
        q, k, v = (rms(x, P[NORM1]) @ P[IN].T).reshape(BLOCK, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
        shares = jax.nn.softmax(jnp.where(sees, q @ k.transpose(0, 2, 1) / SIZE**0.5, -jnp.inf))
        x = x + (shares @ v).transpose(1, 0, 2).reshape(BLOCK, DIM) @ P[OUT].T
        x = x + jax.nn.relu(rms(x, P[NORM2]) @ P[UP].T) @ P[DOWN].T
        logits = x @ P[HEAD].T
        losses = jax.nn.logsumexp(logits, axis=1) - logits[jnp.arange(BLOCK), tokens[1:]]
        return jnp.where(jnp.arange(BLOCK) < count, losses, 0).sum() / count

    def step(state, k, corpus, counts):
        P, means, squares = state
        text = k % len(counts)
        loss, grads = jax.value_and_grad(loss_of)(P, corpus[text], counts[text])
        means = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, means, grads)
        squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, grads)
        first, second = 1 - 0.9 ** (k + 1.0), 1 - 0.999 ** (k + 1.0)
        P = jax.tree.map(
            lambda p, m, v: p - rate * (m / first) / (jnp.sqrt(v / second) + 1e-8), P, means, squares
        )
        return (P, means, squares), loss

    def many(P, corpus, counts, steps):
        zeros = jax.tree.map(jnp.zeros_like, P)
        return jax.lax.scan(
            lambda state, k: step(state, k, corpus, counts), (P, zeros, zeros), jnp.arange(steps)
        )[1][-1]

    loop = jax.jit(many, static_argnums=3)

    start = {name: jnp.asarray(a, jnp.float64) for name, a in tensors.items()}

    def run(texts, epochs):
        corpus = jnp.array([[*text, *[0] * (BLOCK + 1 - len(text))] for text in texts])
        counts = jnp.array([len(text) - 1 for text in texts])
        return float(loop(start, corpus, counts, epochs * len(texts)))

    return run


def numpy_training(tensors, rate):
    """Forward, backward and Adam written out, all parameters in one flat array."""

    def rms(x, weight):
        scale = 1 / np.sqrt((x * x).mean(1, keepdims=True) + 1e-5)
        return x * scale * weight, scale

    def rms_back(dy, x, weight, scale):
        d = dy * weight
        dx = d * scale - x * (scale**3 * (d * x).mean(1, keepdims=True))
        return dx, (dy * x * scale).sum(0)

    def step(P, G, text):
        n = len(text) - 1
        at, following, rows = text[:-1], text[1:], np.arange(n)
        x0 = P[TOKEN][at] + P[PLACE][:n]
        x1, s0 = rms(x0, P[NORM])
        a, s1 = rms(x1, P[NORM1])
        q, k, v = (a @ P[IN].T).reshape(n, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1) / SIZE**0.5
        scores[:, ~np.tri(n, dtype=bool)] = -np.inf
        shares = np.exp(scores - scores.max(2, keepdims=True))
        shares /= shares.sum(2, keepdims=True)
        mixed = (shares @ v).transpose(1, 0, 2).reshape(n, DIM)
        x2 = x1 + mixed @ P[OUT].T
        c, s2 = rms(x2, P[NORM2])
        wide = np.maximum(c @ P[UP].T, 0)
        x3 = x2 + wide @ P[DOWN].T
        logits = x3 @ P[HEAD].T
        logits -= logits.max(1, keepdims=True)
        d = np.exp(logits)
        total = d.sum(1, keepdims=True)
        loss = (np.log(total[:, 0]) - logits[rows, following]).mean()
        d /= total
        d[rows, following] -= 1
        d /= n
        G[HEAD][:] = d.T @ x3
        dx = d @ P[HEAD]
        G[DOWN][:] = dx.T @ wide
        dwide = (dx @ P[DOWN]) * (wide > 0)
        G[UP][:] = dwide.T @ c
        back, G[NORM2][:] = rms_back(dwide @ P[UP], x2, P[NORM2], s2)
        dx += back
        G[OUT][:] = dx.T @ mixed
        dmixed = (dx @ P[OUT]).reshape(n, HEADS, SIZE).transpose(1, 0, 2)
        dshares = dmixed @ v.transpose(0, 2, 1)
        dscores = shares * (dshares - (dshares * shares).sum(2, keepdims=True)) / SIZE**0.5
        parts = (dscores @ k, dscores.transpose(0, 2, 1) @ q, shares.transpose(0, 2, 1) @ dmixed)
        dqkv = np.stack(parts).transpose(2, 0, 1, 3).reshape(n, 3 * DIM)
        G[IN][:] = dqkv.T @ a
        back, G[NORM1][:] = rms_back(dqkv @ P[IN], x1, P[NORM1], s1)
        dx0, G[NORM][:] = rms_back(dx + back, x0, P[NORM], s0)
        G[TOKEN][:] = 0
        G[PLACE][:] = 0
        np.add.at(G[TOKEN], at, dx0)
        G[PLACE][:n] = dx0
        return loss

    def run(texts, epochs):
        start = np.concatenate([np.array(a, float).ravel() for a in tensors.values()])
        flat, slopes, mean, square = start, *np.zeros((3, len(start)))
        P, G, begin = {}, {}, 0
        for name, tensor in tensors.items():
            shape = np.shape(tensor)
            end = begin + int(np.prod(shape))
            P[name], G[name], begin = flat[begin:end].reshape(shape), slopes[begin:end].reshape(shape), end
        corpus = [np.array(text) for text in texts]
        for t in range(1, epochs * len(corpus) + 1):
            loss = step(P, G, corpus[(t - 1) % len(corpus)])
            mean += 0.1 * (slopes - mean)
            square += 0.001 * (slopes * slopes - square)
            flat -= rate / (1 - 0.9**t) * mean / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)
        return loss

    return run
