"""The readable baseline: a scalar engine as one writes it in an afternoon, and the GPT of the benchmark on it.

Nothing but floats and lists: one object per number, with its operands and the slopes towards them.
"""

import math
from itertools import pairwise


class Scalar:
    """A number that knows what it was computed from."""

    __slots__ = ("data", "grad", "operands", "slopes")

    def __init__(self, data, operands=(), slopes=()):
        self.data, self.grad, self.operands, self.slopes = data, 0.0, operands, slopes

    def __add__(self, other):
        if not isinstance(other, Scalar):
            other = Scalar(other)
        return Scalar(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        if not isinstance(other, Scalar):
            other = Scalar(other)
        return Scalar(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return Scalar(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self):
        e = math.exp(self.data)
        return Scalar(e, (self,), (e,))

    def log(self):
        return Scalar(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        return Scalar(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * (other**-1)

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        """Every operand after all that use it, without recursion; then the chain rule."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend((operand, False) for operand in node.operands)
        self.grad = 1.0
        for node in reversed(order):
            for operand, slope in zip(node.operands, node.slopes):
                operand.grad += slope * node.grad


def weighed(matrix, x):
    return [sum(w * v for w, v in zip(row, x)) for row in matrix]


def normed(x, weight):
    scale = (sum(v * v for v in x) * (1 / len(x)) + 1e-5) ** -0.5
    return [v * scale * w for v, w in zip(x, weight)]


def softmax(scores):
    most = max(score.data for score in scores)
    exps = [(score - most).exp() for score in scores]
    total = sum(exps)
    return [e / total for e in exps]


def attended(query, keys, values, heads=4):
    """One position's query against the keys so far, head by head."""
    size, out = len(query) // heads, []
    for begin in range(0, len(query), size):
        part = slice(begin, begin + size)
        scores = [sum(q * k for q, k in zip(query[part], key[part])) * size**-0.5 for key in keys]
        shares = softmax(scores)
        out += [sum(s * value[i] for s, value in zip(shares, values)) for i in range(begin, begin + size)]
    return out


def gpt_loss(P, text):
    """The mean cross-entropy of a text's next tokens, given the tensors of `nn.GPT` by name."""
    keys, values, losses = [], [], []
    for place, (token, following) in enumerate(pairwise(text)):
        pair = zip(P["token_embedding.weight"][token], P["position_embedding.weight"][place])
        x = normed([a + b for a, b in pair], P["norm.weight"])
        qkv = weighed(P["blocks.0.attention.in_proj_weight"], normed(x, P["blocks.0.norm1.weight"]))
        n = len(x)
        keys.append(qkv[n : 2 * n])
        values.append(qkv[2 * n :])
        mixed = weighed(P["blocks.0.attention.out_proj.weight"], attended(qkv[:n], keys, values))
        x = [a + b for a, b in zip(x, mixed)]
        wide = weighed(P["blocks.0.feed_forward.up.weight"], normed(x, P["blocks.0.norm2.weight"]))
        narrow = weighed(P["blocks.0.feed_forward.down.weight"], [v.relu() for v in wide])
        shares = softmax(weighed(P["head.weight"], [a + b for a, b in zip(x, narrow)]))
        losses.append(-shares[following].log())
    return sum(losses) * (1 / len(losses))


def scalars(tensor):
    return [scalars(row) for row in tensor] if isinstance(tensor, list) else Scalar(tensor)


def leaves(tensor):
    return [leaf for row in tensor for leaf in leaves(row)] if isinstance(tensor, list) else [tensor]


def gpt_training(tensors, rate, a=0.9, b=0.999, eps=1e-8):
    """A function (text, steps) -> the last loss: Adam from the given start, one text again and again."""

    def run(text, count):
        P = {name: scalars(tensor) for name, tensor in tensors.items()}
        params = [p for tensor in P.values() for p in leaves(tensor)]
        means, squares = [0.0] * len(params), [0.0] * len(params)
        for step in range(1, count + 1):
            loss = gpt_loss(P, text)
            loss.backward()
            for i, p in enumerate(params):
                means[i] = a * means[i] + (1 - a) * p.grad
                squares[i] = b * squares[i] + (1 - b) * p.grad**2
                mean, square = means[i] / (1 - a**step), squares[i] / (1 - b**step)
                p.data -= rate * mean / (square**0.5 + eps)
                p.grad = 0.0
        return loss.data

    return run
