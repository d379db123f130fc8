"""The same trainings as one writes them in Numba: plain loops, a backward pass by hand, all steps in one function.

Sizes are constants, so that LLVM unrolls sums, and samples lie side by side, so that it finds vectors.
"""

import math

import numpy as np
from numba import njit

HIDDEN, SAMPLES, DECAY = 16, 100, 1e-4


@njit(fastmath=True)
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


@njit(fastmath=True)
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
