"""The GPT's training step in torch, JAX, NumPy and Numba by hand, from tensors by the names that `nn.GPT` gives them.

Each gives a function epochs -> the last loss, with Adam from the start, one text a step.
"""

import numpy as np

HEADS, SIZE, DIM, WIDE, VOCAB = 4, 4, 16, 64, 27
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
    """Of texts of one length: all parameters in one flat array, every result in a buffer, sums as products with ones."""
    add, multiply, matmul, empty = np.add, np.multiply, np.matmul, np.empty
    n = len(texts[0]) - 1
    x0, x1, x2, x3, a, c, mixed, d0, d1, d2, spare = empty((11, n, DIM))
    qkv, dqkv, (wide, dwide) = empty((n, 3 * DIM)), empty((n, 3 * DIM)), empty((2, n, WIDE))
    logits, shares, dshares = empty((n, VOCAB)), empty((HEADS, n, n)), empty((HEADS, n, n))
    scales, shrink, heads, total = empty((3, n, 1)), empty((n, 1)), empty((HEADS, n, 1)), empty((n, 1))
    mean_of, rows, positive = np.full((DIM, 1), 1 / DIM), np.arange(n), empty((n, WIDE), bool)
    hidden = np.where(np.tri(n, dtype=bool), 0.0, -np.inf)
    q, k, v = qkv.reshape(n, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
    dq, dk, dv = dqkv.reshape(n, 3, HEADS, SIZE).transpose(1, 2, 0, 3)
    by_head, dby_head = (x.reshape(n, HEADS, SIZE).transpose(1, 0, 2) for x in (mixed, d1))

    def rms(x, weight, scale, y):
        multiply(x, x, out=y)
        matmul(y, mean_of, out=scale)
        add(scale, 1e-5, out=scale)
        np.sqrt(scale, out=scale)
        np.reciprocal(scale, out=scale)
        multiply(x, scale, out=y)
        multiply(y, weight, out=y)

    def rms_back(dy, x, weight, scale, dweight, dx):
        multiply(dy, x, out=spare)
        matmul(scale.T, spare, out=dweight[None])
        multiply(spare, weight, out=spare)
        matmul(spare, mean_of, out=shrink)
        for _ in range(3):
            multiply(shrink, scale, out=shrink)
        multiply(x, shrink, out=spare)
        np.subtract(dx, spare, out=dx)
        multiply(dy, weight, out=spare)
        multiply(spare, scale, out=spare)
        add(dx, spare, out=dx)

    def step(P, G, at, following, ones):
        np.take(P[TOKEN], at, axis=0, out=x0)
        add(x0, P[PLACE][:n], out=x0)
        rms(x0, P[NORM], scales[0], x1)
        rms(x1, P[NORM1], scales[1], a)
        matmul(a, P[IN].T, out=qkv)
        matmul(q, k.transpose(0, 2, 1), out=shares)
        multiply(shares, SIZE**-0.5, out=shares)
        add(shares, hidden, out=shares)
        np.maximum.reduce(shares, 2, keepdims=True, out=heads)
        np.subtract(shares, heads, out=shares)
        np.exp(shares, out=shares)
        add.reduce(shares, 2, keepdims=True, out=heads)
        np.divide(shares, heads, out=shares)
        matmul(shares, v, out=by_head)
        matmul(mixed, P[OUT].T, out=x2)
        add(x2, x1, out=x2)
        rms(x2, P[NORM2], scales[2], c)
        matmul(c, P[UP].T, out=wide)
        np.maximum(wide, 0, out=wide)
        matmul(wide, P[DOWN].T, out=x3)
        add(x3, x2, out=x3)
        matmul(x3, P[HEAD].T, out=logits)
        np.maximum.reduce(logits, 1, keepdims=True, out=total)
        np.subtract(logits, total, out=logits)
        right = logits[rows, following]
        np.exp(logits, out=logits)
        add.reduce(logits, 1, keepdims=True, out=total)
        loss = (add.reduce(np.log(total), None) - add.reduce(right)) / n
        multiply(total, n, out=total)
        np.divide(logits, total, out=logits)
        np.subtract(logits, ones[1], out=logits)

        matmul(logits.T, x3, out=G[HEAD])
        matmul(logits, P[HEAD], out=d0)
        matmul(d0.T, wide, out=G[DOWN])
        matmul(d0, P[DOWN], out=dwide)
        np.greater(wide, 0, out=positive)
        multiply(dwide, positive, out=dwide)
        matmul(dwide.T, c, out=G[UP])
        matmul(dwide, P[UP], out=d1)
        rms_back(d1, x2, P[NORM2], scales[2], G[NORM2], d0)
        matmul(d0.T, mixed, out=G[OUT])
        matmul(d0, P[OUT], out=d1)
        matmul(dby_head, v.transpose(0, 2, 1), out=dshares)
        matmul(shares.transpose(0, 2, 1), dby_head, out=dv)
        multiply(dshares, shares, out=dshares)
        add.reduce(dshares, 2, keepdims=True, out=heads)
        multiply(shares, heads, out=shares)
        np.subtract(dshares, shares, out=dshares)
        multiply(dshares, SIZE**-0.5, out=dshares)
        matmul(dshares, k, out=dq)
        matmul(dshares.transpose(0, 2, 1), q, out=dk)
        matmul(dqkv.T, a, out=G[IN])
        matmul(dqkv, P[IN], out=d1)
        rms_back(d1, x1, P[NORM1], scales[1], G[NORM1], d0)
        d2[:] = 0
        rms_back(d0, x0, P[NORM], scales[0], G[NORM], d2)
        matmul(ones[0].T, d2, out=G[TOKEN])
        G[PLACE][:n] = d2
        return loss

    corpus = []
    for text in np.array(texts):
        ones = np.eye(VOCAB)[text]
        corpus.append((text[:-1], text[1:], (ones[:-1], ones[1:] / n)))

    def run(epochs):
        start = np.concatenate([np.array(a, float).ravel() for a in tensors.values()])
        flat, slopes, mean, square, change, root = start, *np.zeros((5, len(start)))
        P, G, begin = {}, {}, 0
        for name, tensor in tensors.items():
            shape = np.shape(tensor)
            end = begin + int(np.prod(shape))
            P[name], G[name], begin = flat[begin:end].reshape(shape), slopes[begin:end].reshape(shape), end
        for t in range(1, epochs * len(corpus) + 1):
            loss = step(P, G, *corpus[(t - 1) % len(corpus)])
            multiply(mean, 0.9, out=mean)
            multiply(slopes, 0.1, out=change)
            add(mean, change, out=mean)
            multiply(square, 0.999, out=square)
            multiply(slopes, slopes, out=change)
            multiply(change, 0.001, out=change)
            add(square, change, out=square)
            multiply(square, 1 / (1 - 0.999**t), out=root)
            np.sqrt(root, out=root)
            add(root, 1e-8, out=root)
            multiply(mean, rate / (1 - 0.9**t), out=change)
            np.divide(change, root, out=change)
            np.subtract(flat, change, out=flat)
        return loss

    return run
