"""The graphs that pictures are judged by. Each gives its result and its variables, after a backward pass."""

import random

import autograd as ag
from autograd import Value


def neuron():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    return o, locals()


def fan_out():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    return L, locals()


def diamond():
    a = Value(1.5)
    b = a * 2
    c = a + 3
    d = b * c
    return d, locals()


def cross_entropy():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    L = ag.logsumexp([z1, z2, z3]) - z1
    return L, locals()


def softmax_by_hand():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    e1, e2, e3 = z1.exp(), z2.exp(), z3.exp()
    s = e1 + e2 + e3
    p1 = e1 / s
    L = -p1.log()
    return L, locals()


def network():
    """As `MLP(2, [4, 1])` with its loss, written out."""
    numbers = random.Random(3)
    x = [Value(1.0, label="x1"), Value(-2.0, label="x2")]
    total = Value(0.2, label="c")
    for j in range(1, 5):
        w = [Value(round(numbers.uniform(-1, 1), 2), label=f"w{j}{i}") for i in (1, 2)]
        h = (w[0] * x[0] + w[1] * x[1] + Value(0.1, label=f"b{j}")).tanh()
        h.label = f"h{j}"
        total = total + h * Value(round(numbers.uniform(-1, 1), 2), label=f"u{j}")
    return (total - 1) ** 2, {}


def chain():
    y = x = Value(0.5)
    for i in range(12):
        y = y.tanh() if i % 2 else y * 1.5
    return y, {"x": x, "y": y}


def odd_labels():
    a, b = Value(2.0, label='x<y & "q"'), Value(-1.0, label="学习率")
    c = Value(3.0, label="<b>bold</b>\n{|}")
    loss = (a * b + c).exp()
    loss.label = "损失函数"
    return loss, {}


def forty_leaves():
    row = [Value(round(i * 0.37 - 3, 2)) for i in range(40)]
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2])
        odd = row[-1:] if len(row) % 2 else []
        row = [a + b if i % 2 else a * b for i, (a, b) in enumerate(pairs)] + odd
    return row[0], {}


def constants():
    x = Value(3.0)
    y = 2 * x**2 - 3 * x + 4 / x + 1
    return y, locals()


def many_operands():
    ws = [Value(0.5), Value(-1.0), Value(2.0), Value(0.1), Value(-0.7)]
    xs = [Value(float(i)) for i in range(5)]
    y = ag.dot(ws, xs, Value(0.25)).relu()
    z = ag.maximum(y, ag.sum(xs))
    return z, {"ws": ws, "xs": xs, "y": y, "z": z}


def not_finite():
    p = Value(0.0)
    q = p.log()
    r = q * 0.0
    s = r + 1
    return s, locals()


ALL = {
    made.__name__: made
    for made in (
        neuron, fan_out, diamond, cross_entropy, softmax_by_hand, network, chain, odd_labels, forty_leaves,
        constants, many_operands, not_finite,
    )
}  # fmt: skip


def drawn(name, backward=True, **options):
    """The picture of one of them."""
    root, names = ALL[name]()
    if backward:
        root.backward()
    return ag.draw(root, names=names, **options)
