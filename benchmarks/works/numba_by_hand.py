"""The same trainings as one writes them in Numba: plain loops, a backward pass by hand, all steps in one function.

Sizes are constants, so that LLVM unrolls sums, and what lies side by side is long enough for vectors. Sums may be taken in
any order (`fastmath`), and nothing looks for divisions by zero, which would keep loops from becoming vectors.
"""

import math

import numpy as np
from numba import njit

HIDDEN, SAMPLES, DECAY = 16, 100, 1e-4
VOCAB, BLOCK, DIM, HEADS, WIDE = 27, 16, 16, 4, 64  # of the GPT
SIZE = DIM // HEADS

fast = njit(fastmath=True, error_model="numpy")


@fast
def moons(w, X, Y, rate, steps):  # noqa: C901 - one function as its friends write it: calls would hide the arrays' sizes
    """The last loss of so many steps; `w` holds [weights, bias] of each neuron and is trained in place.

    X is (2, samples), Y (samples,).
    """
    H, N = HIDDEN, SAMPLES
    w1, w2, w3 = w[: 3 * H].reshape(H, 3), w[3 * H : -H - 1].reshape(H, H + 1), w[-H - 1 :]
    h1, h2, d1, d2, d3 = np.empty((H, N)), np.empty((H, N)), np.empty((H, N)), np.empty((H, N)), np.empty(N)
    loss, keep = 0.0, 1 - 2 * DECAY * rate
    for _ in range(steps):
        for i in range(H):
            for t in range(N):
                h1[i, t] = max(w1[i, 0] * X[0, t] + w1[i, 1] * X[1, t] + w1[i, 2], 0.0)
        for i in range(H):
            for t in range(N):
                z = w2[i, H]
                for j in range(H):
                    z += w2[i, j] * h1[j, t]
                h2[i, t] = max(z, 0.0)
        loss = 0.0
        for t in range(N):
            z = w3[H]
            for j in range(H):
                z += w3[j] * h2[j, t]
            margin = 1 - Y[t] * z
            loss += max(margin, 0.0) / N
            d3[t] = -Y[t] / N if margin > 0 else 0.0
        for p in w:
            loss += DECAY * p * p

        for i in range(H):
            for t in range(N):
                d2[i, t] = w3[i] * d3[t] if h2[i, t] > 0 else 0.0
        for j in range(H):
            for t in range(N):
                z = 0.0
                for i in range(H):
                    z += w2[i, j] * d2[i, t]
                d1[j, t] = z if h1[j, t] > 0 else 0.0
        for j in range(H):
            g = 0.0
            for t in range(N):
                g += d3[t] * h2[j, t]
            w3[j] = keep * w3[j] - rate * g
        w3[H] = keep * w3[H] - rate * d3.sum()
        for i in range(H):
            for j in range(H):
                g = 0.0
                for t in range(N):
                    g += d2[i, t] * h1[j, t]
                w2[i, j] = keep * w2[i, j] - rate * g
            g = 0.0
            for t in range(N):
                g += d2[i, t]
            w2[i, H] = keep * w2[i, H] - rate * g
        for i in range(H):
            a, b, g = 0.0, 0.0, 0.0
            for t in range(N):
                a += d1[i, t] * X[0, t]
                b += d1[i, t] * X[1, t]
                g += d1[i, t]
            w1[i, 0] = keep * w1[i, 0] - rate * a
            w1[i, 1] = keep * w1[i, 1] - rate * b
            w1[i, 2] = keep * w1[i, 2] - rate * g
    return loss


@fast
def xor(w, X, Y, rate, epochs):
    """The last loss of so many epochs over the four samples; `w` is trained in place."""
    loss = 0.0
    g = np.empty(9)
    for _ in range(epochs):
        loss = 0.0
        g[:] = 0.0
        for t in range(4):
            x, y = X[t, 0], X[t, 1]
            h = 1 / (1 + math.exp(-(w[0] * x + w[1] * y + w[2])))
            k = 1 / (1 + math.exp(-(w[3] * x + w[4] * y + w[5])))
            o = 1 / (1 + math.exp(-(w[6] * h + w[7] * k + w[8])))
            e = o - Y[t]
            loss += 0.25 * e * e
            d = 0.5 * e * o * (1 - o)
            dh, dk = d * w[6] * h * (1 - h), d * w[7] * k * (1 - k)
            g[0] += dh * x
            g[1] += dh * y
            g[2] += dh
            g[3] += dk * x
            g[4] += dk * y
            g[5] += dk
            g[6] += d * h
            g[7] += d * k
            g[8] += d
        for i in range(9):
            w[i] -= rate * g[i]
    return loss


@fast
def digits(first, last, X, labels, rate, epochs):  # noqa: C901 - as above
    """The last loss of so many epochs; [weights, bias] of each neuron are rows, and trained in place.

    X is (65, samples), its last row ones. Products are BLAS's, what stands between them is a loop over samples: six times
    as fast as loops alone.
    """
    n, units, classes = X.shape[1], len(first), len(last)
    h, s, dh, turned = np.ones((units + 1, n)), np.empty((classes, n)), np.empty((units, n)), last.T.copy()
    g_first, g_last = np.empty_like(first), np.empty_like(last)
    most, total = np.empty(n), np.empty(n)
    loss = 0.0
    for _ in range(epochs):
        np.dot(first, X, h[:units])
        for j in range(units):
            for t in range(n):
                h[j, t] = max(h[j, t], 0.0)
        np.dot(last, h, s)
        most[:] = s[0]
        for k in range(1, classes):
            for t in range(n):
                most[t] = max(most[t], s[k, t])
        loss, total[:] = 0.0, 0.0
        for t in range(n):
            loss += most[t] - s[labels[t], t]
        for k in range(classes):
            for t in range(n):
                s[k, t] = math.exp(s[k, t] - most[t])
                total[t] += s[k, t]
        for t in range(n):
            loss += math.log(total[t])
            total[t] = 1 / total[t]
        for k in range(classes):
            for t in range(n):
                s[k, t] *= total[t]
        for t in range(n):
            s[labels[t], t] -= 1

        np.dot(s, h.T, g_last)
        turned[:] = last.T
        np.dot(turned[:units], s, dh)
        for j in range(units):
            for t in range(n):
                dh[j, t] = dh[j, t] if h[j, t] > 0 else 0.0
        np.dot(dh, X.T, g_first)
        for j in range(units):
            for i in range(first.shape[1]):
                first[j, i] -= rate / n * g_first[j, i]
        for k in range(classes):
            for j in range(units + 1):
                last[k, j] -= rate / n * g_last[k, j]
    return loss / n


# -- a GPT: rows are positions, weights lie as (inputs, outputs) ------------------------------------------------


def product(ins, outs):
    """Of these sizes y = x w."""

    @fast
    def forward(n, x, w, y):
        for t in range(n):
            for o in range(outs):
                y[t, o] = 0.0
            for i in range(ins):
                for o in range(outs):
                    y[t, o] += x[t, i] * w[i, o]

    return forward


def product_back(ins, outs):
    """The same back: from dy the gradient of w and that of x."""

    @fast
    def back(n, x, w, dy, dw, dx):
        for i in range(ins):
            for o in range(outs):
                dw[i, o] = 0.0
            for t in range(n):
                for o in range(outs):
                    dw[i, o] += x[t, i] * dy[t, o]
        for t in range(n):
            for i in range(ins):
                z = 0.0
                for o in range(outs):
                    z += w[i, o] * dy[t, o]
                dx[t, i] = z

    return back


LAYERS = (DIM, 3 * DIM), (DIM, DIM), (DIM, WIDE), (WIDE, DIM), (DIM, VOCAB)
project, mix, widen, narrow, tell = (product(*sizes) for sizes in LAYERS)
project_back, mix_back, widen_back, narrow_back, tell_back = (product_back(*sizes) for sizes in LAYERS)


@fast
def norm(n, x, w, scale, y):
    """Y = x / sqrt(mean of x**2 + 1e-5) * w; `scale` keeps the factor before w."""
    for t in range(n):
        z = 0.0
        for i in range(DIM):
            z += x[t, i] * x[t, i]
        scale[t] = 1 / math.sqrt(z / DIM + 1e-5)
        for i in range(DIM):
            y[t, i] = x[t, i] * scale[t] * w[i]


@fast
def norm_back(n, x, w, scale, dy, dw, dx):
    """Adds to dx."""
    dw[:] = 0.0
    for t in range(n):
        z = 0.0
        for i in range(DIM):
            dw[i] += dy[t, i] * x[t, i] * scale[t]
            z += dy[t, i] * x[t, i] * w[i]
        z *= scale[t] ** 3 / DIM
        for i in range(DIM):
            dx[t, i] += dy[t, i] * w[i] * scale[t] - x[t, i] * z


@fast
def attend(n, qkv, shares, mixed):
    """What each position mixes of the values before it, head by head."""
    mixed[:n] = 0.0
    for t in range(n):
        for h in range(HEADS):
            most, total = -math.inf, 0.0
            for s in range(t + 1):
                z = 0.0
                for d in range(h * SIZE, (h + 1) * SIZE):
                    z += qkv[t, d] * qkv[s, DIM + d]
                shares[h, t, s] = z / math.sqrt(SIZE)
                most = max(most, shares[h, t, s])
            for s in range(t + 1):
                shares[h, t, s] = math.exp(shares[h, t, s] - most)
                total += shares[h, t, s]
            for s in range(t + 1):
                shares[h, t, s] /= total
                for d in range(h * SIZE, (h + 1) * SIZE):
                    mixed[t, d] += shares[h, t, s] * qkv[s, 2 * DIM + d]


@fast
def attend_back(n, qkv, shares, dmixed, dshares, dqkv):
    """The gradient of queries, keys and values."""
    dqkv[:n] = 0.0
    for t in range(n):
        for h in range(HEADS):
            z = 0.0
            for s in range(t + 1):
                dshares[s] = 0.0
                for d in range(h * SIZE, (h + 1) * SIZE):
                    dshares[s] += dmixed[t, d] * qkv[s, 2 * DIM + d]
                    dqkv[s, 2 * DIM + d] += shares[h, t, s] * dmixed[t, d]
                z += dshares[s] * shares[h, t, s]
            for s in range(t + 1):
                e = shares[h, t, s] * (dshares[s] - z) / math.sqrt(SIZE)
                for d in range(h * SIZE, (h + 1) * SIZE):
                    dqkv[t, d] += e * qkv[s, DIM + d]
                    dqkv[s, DIM + d] += e * qkv[t, d]


@fast
def cross_entropy(n, text, logits):
    """The mean loss; its gradient takes the place of the logits."""
    loss = 0.0
    for t in range(n):
        most, total = -math.inf, 0.0
        for v in range(VOCAB):
            most = max(most, logits[t, v])
        loss += most - logits[t, text[t + 1]]
        for v in range(VOCAB):
            logits[t, v] = math.exp(logits[t, v] - most)
            total += logits[t, v]
        loss += math.log(total)
        for v in range(VOCAB):
            logits[t, v] /= total * n
        logits[t, text[t + 1]] -= 1 / n
    return loss / n


@fast
def adam(k, p, g, mean, square, rate):
    """Update k, counted from 1."""
    first, second = rate / (1 - 0.9**k), 1 / (1 - 0.999**k)
    for i in range(len(p)):
        mean[i] = 0.9 * mean[i] + 0.1 * g[i]
        square[i] = 0.999 * square[i] + 0.001 * g[i] * g[i]
        p[i] -= first * mean[i] / (math.sqrt(square[i] * second) + 1e-8)


@fast
def tensors_in(flat):
    """The weights in one array: of tokens and places, norms, (q, k, v), what is mixed, up, down, head."""
    a, b = VOCAB * DIM, BLOCK * DIM
    c, d, e, f = 3 * DIM, 3 * DIM * DIM, DIM * DIM, DIM * WIDE
    norms, inside = flat[a + b :], flat[a + b + c :]
    return (
        flat[:a].reshape(VOCAB, DIM),
        flat[a : a + b].reshape(BLOCK, DIM),
        norms[:c].reshape(3, DIM),
        inside[:d].reshape(DIM, 3 * DIM),
        inside[d : d + e].reshape(DIM, DIM),
        inside[d + e : d + e + f].reshape(DIM, WIDE),
        inside[d + e + f : d + e + 2 * f].reshape(WIDE, DIM),
        inside[d + e + 2 * f :].reshape(DIM, VOCAB),
    )


@fast
def gpt(flat, texts, rate, steps):
    """The last loss of so many steps of Adam, a text (a row of tokens, all of one length) each; trains in place."""
    token, place, norms, w_qkv, w_mix, w_up, w_down, w_head = tensors_in(flat)
    slopes, mean, square = np.zeros_like(flat), np.zeros_like(flat), np.zeros_like(flat)
    g_token, g_place, g_norms, g_qkv, g_mix, g_up, g_down, g_head = tensors_in(slopes)
    n = texts.shape[1] - 1
    x0, x1, x2, x3, a, c, mixed, d0, d1, d2 = [np.empty((n, DIM)) for _ in range(10)]
    qkv, dqkv, logits = np.empty((n, 3 * DIM)), np.empty((n, 3 * DIM)), np.empty((n, VOCAB))
    wide, dwide, scales = np.empty((n, WIDE)), np.empty((n, WIDE)), np.empty((3, n))
    shares, dshares = np.empty((HEADS, n, n)), np.empty(n)
    loss = 0.0
    for k in range(1, steps + 1):
        text = texts[(k - 1) % len(texts)]
        for t in range(n):
            for i in range(DIM):
                x0[t, i] = token[text[t], i] + place[t, i]
        norm(n, x0, norms[0], scales[0], x1)
        norm(n, x1, norms[1], scales[1], a)
        project(n, a, w_qkv, qkv)
        attend(n, qkv, shares, mixed)
        mix(n, mixed, w_mix, x2)
        x2 += x1
        norm(n, x2, norms[2], scales[2], c)
        widen(n, c, w_up, wide)
        np.maximum(wide, 0.0, wide)
        narrow(n, wide, w_down, x3)
        x3 += x2
        tell(n, x3, w_head, logits)
        loss = cross_entropy(n, text, logits)

        tell_back(n, x3, w_head, logits, g_head, d0)
        narrow_back(n, wide, w_down, d0, g_down, dwide)
        for t in range(n):
            for i in range(WIDE):
                dwide[t, i] = dwide[t, i] if wide[t, i] > 0 else 0.0
        widen_back(n, c, w_up, dwide, g_up, d1)
        norm_back(n, x2, norms[2], scales[2], d1, g_norms[2], d0)
        mix_back(n, mixed, w_mix, d0, g_mix, d1)
        attend_back(n, qkv, shares, d1, dshares, dqkv)
        project_back(n, a, w_qkv, dqkv, g_qkv, d1)
        norm_back(n, x1, norms[1], scales[1], d1, g_norms[1], d0)
        d2[:], g_token[:] = 0.0, 0.0
        norm_back(n, x0, norms[0], scales[0], d0, g_norms[0], d2)
        g_place[:n] = d2
        for t in range(n):
            for i in range(DIM):
                g_token[text[t], i] += d2[t, i]
        adam(k, flat, slopes, mean, square, rate)
    return loss
