"""The GPT's training step in torch, JAX, NumPy and Numba by hand, from tensors by the names that `nn.GPT` gives them.

Each gives a function epochs -> the last loss, with Adam from the start, one text a step.
"""

import numpy as np

HEADS, SIZE, DIM = 4, 4, 16
IN, OUT = "blocks.0.attention.in_proj_weight", "blocks.0.attention.out_proj.weight"
UP, DOWN = "blocks.0.feed_forward.up.weight", "blocks.0.feed_forward.down.weight"
NORM, NORM1, NORM2 = "norm.weight", "blocks.0.norm1.weight", "blocks.0.norm2.weight"
TOKEN, PLACE, HEAD = "token_embedding.weight", "position_embedding.weight", "head.weight"


def torch_training(tensors, rate, texts):
    import torch

    torch.set_num_threads(1)
    F, linear = torch.nn.functional, torch.nn.functional.linear

    def rms(x, weight):
        return F.rms_norm(x, (DIM,), weight, 1e-5)

    def loss_of(P, tokens):
        n = len(tokens) - 1
        x = rms(P[TOKEN][tokens[:-1]] + P[PLACE][:n], P[NORM])
        q, k, v = linear(rms(x, P[NORM1]), P[IN]).view(1, n, 3, HEADS, SIZE).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(n, DIM)
        x = x + linear(mixed, P[OUT])
        x = x + linear(torch.relu(linear(rms(x, P[NORM2]), P[UP])), P[DOWN])
        return F.cross_entropy(linear(x, P[HEAD]), tokens[1:])

    corpus = [torch.tensor(text) for text in texts]

    def run(epochs):
        P = {name: torch.tensor(a, dtype=torch.float64, requires_grad=True) for name, a in tensors.items()}
        optimizer = torch.optim.Adam(P.values(), lr=rate, fused=True)
        for k in range(epochs * len(corpus)):
            optimizer.zero_grad()
            loss = loss_of(P, corpus[k % len(corpus)])
            loss.backward()
            optimizer.step()
        return loss.item()

    return run


def jax_training(tensors, rate, texts):
    """The loop with Adam in one compiled program; texts as long as the longest, shorter ones padded under a mask.

    Of the ways to write it tried the fastest: all parameters in one flat array take four times as long, tokens looked up
    instead of as ones 1.5 times, a program for each length in a `lax.switch` 1.6 times.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def rms(x, weight):
        return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * weight

    def loss_of(P, ones, count):
        n = len(ones) - 1
        x = rms(ones[:-1] @ P[TOKEN] + P[PLACE][:n], P[NORM])
        q, k, v = (rms(x, P[NORM1]) @ P[IN].T).reshape(n, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
        sees = jnp.tril(jnp.ones((n, n), bool))
        shares = jax.nn.softmax(jnp.where(sees, q @ k.transpose(0, 2, 1) / SIZE**0.5, -jnp.inf))
        x = x + (shares @ v).transpose(1, 0, 2).reshape(n, DIM) @ P[OUT].T
        x = x + jax.nn.relu(rms(x, P[NORM2]) @ P[UP].T) @ P[DOWN].T
        logits = x @ P[HEAD].T
        losses = jax.nn.logsumexp(logits, axis=1) - (logits * ones[1:]).sum(1)
        return losses.mean() if count is None else jnp.where(jnp.arange(n) < count, losses, 0).sum() / count

    def step(state, k, corpus, counts):
        P, means, squares = state
        text = k % len(corpus)
        count = None if counts is None else counts[text]
        loss, grads = jax.value_and_grad(loss_of)(P, corpus[text], count)
        means = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, means, grads)
        squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, grads)
        first, second = rate / (1 - 0.9 ** (k + 1.0)), 1 / (1 - 0.999 ** (k + 1.0))
        P = jax.tree.map(lambda p, m, v: p - first * m / (jnp.sqrt(v * second) + 1e-8), P, means, squares)
        return (P, means, squares), loss

    def many(P, corpus, counts, steps):
        zeros = jax.tree.map(jnp.zeros_like, P)
        return jax.lax.scan(
            lambda state, k: step(state, k, corpus, counts), (P, zeros, zeros), jnp.arange(steps)
        )[1][-1]

    loop = jax.jit(many, static_argnums=3)
    start = {name: jnp.asarray(a, jnp.float64) for name, a in tensors.items()}
    lengths = [len(text) for text in texts]
    tokens = jnp.array([[*text, *[0] * (max(lengths) - len(text))] for text in texts])
    corpus = jax.nn.one_hot(tokens, len(tensors[TOKEN]))
    counts = None if len(set(lengths)) == 1 else jnp.array(lengths) - 1
    return lambda epochs: float(loop(start, corpus, counts, epochs * len(texts)))


def numba_training(tensors, rate, texts):
    """Of texts of one length; matrices are laid out anew, as that training has them."""
    from works import numba_by_hand

    names = (TOKEN, PLACE, NORM, NORM1, NORM2, IN, OUT, UP, DOWN, HEAD)
    arrays = [np.array(tensors[name]) for name in names]
    flat = np.concatenate([a.ravel() for a in arrays[:5]] + [a.T.ravel() for a in arrays[5:]])
    corpus = np.array(texts)
    return lambda epochs: numba_by_hand.gpt(flat.copy(), corpus, rate, epochs * len(texts))


def numpy_training(tensors, rate, texts):
    """Forward, backward and Adam written out, all parameters in one flat array, Adam in buffers."""

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

    corpus = [np.array(text) for text in texts]

    def run(epochs):
        start = np.concatenate([np.array(a, float).ravel() for a in tensors.values()])
        flat, slopes, mean, square, change, root = start, *np.zeros((5, len(start)))
        P, G, begin = {}, {}, 0
        for name, tensor in tensors.items():
            shape = np.shape(tensor)
            end = begin + int(np.prod(shape))
            P[name], G[name], begin = flat[begin:end].reshape(shape), slopes[begin:end].reshape(shape), end
        for t in range(1, epochs * len(corpus) + 1):
            loss = step(P, G, corpus[(t - 1) % len(corpus)])
            np.multiply(mean, 0.9, out=mean)
            np.multiply(slopes, 0.1, out=change)
            np.add(mean, change, out=mean)
            np.multiply(square, 0.999, out=square)
            np.multiply(slopes, slopes, out=change)
            np.multiply(change, 0.001, out=change)
            np.add(square, change, out=square)
            np.divide(square, 1 - 0.999**t, out=root)
            np.sqrt(root, out=root)
            np.add(root, 1e-8, out=root)
            np.multiply(mean, rate / (1 - 0.9**t), out=change)
            np.divide(change, root, out=change)
            np.subtract(flat, change, out=flat)
        return loss

    return run
