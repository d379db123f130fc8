"""Random expressions as people type them, with numbers for their names."""

import random
import re

ONE = ["tanh", "exp", "sigmoid", "relu", "sin", "cos", "softplus", "gelu", "square", "abs", "sqrt", "log",
       "erf", "silu", "leaky_relu", "atan", "reciprocal", "softsign", "tan", "log10", "sign"]  # fmt: skip
RARE = ["asin", "acos", "atanh", "asinh", "acosh", "sinh", "cosh", "exp2", "expm1", "log2", "log1p", "cbrt",
        "floor", "elu", "erfc", "log_sigmoid", "degrees", "radians", "ceil", "trunc"]  # fmt: skip
TWO = ["maximum", "minimum", "hypot", "atan2", "logaddexp", "logsumexp", "sum", "copysign", "fmod",
       "remainder", "xlogy", "norm", "prod"]  # fmt: skip
MANY = ["sum", "prod", "maximum", "minimum", "logsumexp", "norm"]
NAMES = ["x", "w", "b", "y1", "rate"]


def random_expression(seed):
    """Give a text and the numbers of its names."""
    draw = random.Random(seed)
    numbers = {
        name: draw.choice(
            [0.0, 1.0, -1.0, 2.0, -3.0, 0.5, round(draw.uniform(-3, 3), draw.choice([1, 3, 9]))]
        )
        for name in NAMES
    }

    def atom():
        return draw.choice(
            [*NAMES, *NAMES, draw.choice(["2", "0.5", "3", "1.25", "0.3333333333333333", "10"])]
        )

    def grown(depth):
        if depth == 0:
            return atom()
        kind = draw.random()
        if kind < 0.3:
            return f"{draw.choice(draw.choice([ONE, ONE, RARE]))}({grown(depth - 1)})"
        if kind < 0.42:
            return f"{draw.choice(TWO)}({grown(depth - 1)}, {grown(depth - 2 if depth > 1 else 0)})"
        if kind < 0.5:
            return f"({grown(depth - 1)})**{draw.choice(['2', '3', '-1', '0.5', 'x', '(1 - w)'])}"
        if kind < 0.56:
            return f"-({grown(depth - 1)})"
        if kind < 0.6:
            return f"where({grown(depth - 1)} > {atom()}, {atom()}, {grown(depth - 1)})"
        if kind < 0.66:
            few = ", ".join([grown(depth - 1), *[grown(0) for _ in range(draw.randint(2, 6))]])
            return f"{draw.choice(MANY)}({few})"
        if kind < 0.69:
            return f"softmax([{grown(depth - 1)}, {atom()}, {atom()}])[{draw.randint(0, 2)}]"
        if kind < 0.71:
            return f"fma({atom()}, {grown(depth - 1)}, {atom()})"
        left, right = grown(depth - 1), grown(max(depth - draw.choice([1, 2]), 0))
        return f"({left}) {draw.choice(['+', '-', '*', '*', '/', '/', '%', '//'])} ({right})"

    text = f"({grown(3)}) + w*({grown(2)})"
    used = re.findall(r"\w+", text)
    return text, {name: number for name, number in numbers.items() if name in used}
