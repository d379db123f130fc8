"""One sentence per op: what it does to the gradient on the way back.

Most ops are told by their rule; words of their own stand here where these say more. `{y}` is the node's own
name, `{a}` and `{b}` are its operands' names, `{slope}` its first rule. Pairs are (English, Chinese).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.messages.chinese import widened

NEXT_ORDER = ("a derivative hands it on times the derivative one order up", "导数往回传时乘以再高一阶的导数")
SENTENCES: dict[str, tuple[str, str]] = {
    "add": ("a sum hands the gradient on unchanged", "加法把梯度原样往回传"),
    "sub": (
        "a difference hands it on: left as it is, right with the sign turned",
        "减法往回传时,左边原样,右边变号",
    ),
    "mul": ("a product hands it on times the other factor", "乘法往回传时乘以另一个因子"),
    "div": (
        "a quotient hands it on times 1/{b} (top), -{y}/{b} (bottom)",
        "除法往回传时,分子乘 1/{b},分母乘 -{y}/{b}",
    ),
    "pow": ("a power hands it on times {slope}", "幂往回传时乘以 {slope}"),
    "neg": ("a minus turns the sign", "取负使梯度变号"),
    "pow_derivative": NEXT_ORDER,
    "square": ("a square hands it on times twice its operand", "平方往回传时乘以操作数的两倍"),
    "reciprocal": ("1/{a} hands it on times minus its own square", "倒数往回传时乘以自己平方的相反数"),
    "fma": (
        "each factor gets it times the other factor, what is added gets it unchanged",
        "两个因子各得到`梯度 * 另一个因子`,加数原样得到",
    ),
    "exp": ("exp hands it on times its own value", "exp 往回传时乘以自己的值"),
    "exp2": ("exp2 hands it on times its own value and log(2)", "exp2 往回传时乘以自己的值和 log(2)"),
    "expm1": ("expm1 hands it on times exp of its operand", "expm1 往回传时乘以操作数的 exp"),
    "log": ("log hands it on divided by its operand", "log 往回传时除以操作数"),
    "log2": (
        "log2 hands it on divided by its operand and by log(2)",
        "log2 往回传时除以操作数,再除以 log(2)",
    ),
    "log10": (
        "log10 hands it on divided by its operand and by log(10)",
        "log10 往回传时除以操作数,再除以 log(10)",
    ),
    "log1p": ("log1p hands it on divided by 1 + {a}", "log1p 往回传时除以 1 + {a}"),
    "sqrt": ("sqrt hands it on divided by twice its own value", "sqrt 往回传时除以自己值的两倍"),
    "cbrt": ("cbrt hands it on divided by three times its own square", "cbrt 往回传时除以自己平方的三倍"),
    "sin": ("sin hands it on times cos of its operand", "sin 往回传时乘以操作数的 cos"),
    "cos": ("cos hands it on times minus sin of its operand", "cos 往回传时乘以操作数的 -sin"),
    "tan": ("tan hands it on times 1 + {y}**2, never less than 1", "tan 往回传时乘以 1 + {y}**2,至少为 1"),
    "asin": ("asin hands it on divided by sqrt(1 - {a}**2)", "asin 往回传时除以 sqrt(1 - {a}**2)"),
    "acos": ("acos hands it on divided by -sqrt(1 - {a}**2)", "acos 往回传时除以 -sqrt(1 - {a}**2)"),
    "atan": ("atan hands it on divided by 1 + {a}**2", "atan 往回传时除以 1 + {a}**2"),
    "sinh": ("sinh hands it on times cosh of its operand", "sinh 往回传时乘以操作数的 cosh"),
    "cosh": ("cosh hands it on times sinh of its operand", "cosh 往回传时乘以操作数的 sinh"),
    "tanh": ("tanh hands it on times its slope, 1 - {y}**2", "tanh 往回传时乘以自己的斜率 1 - {y}**2"),
    "sech2": (
        "the slope of tanh hands it on times -2 * tanh({a}) * {y}",
        "tanh 的斜率往回传时乘以 -2 * tanh({a}) * {y}",
    ),
    "asinh": ("asinh hands it on divided by sqrt({a}**2 + 1)", "asinh 往回传时除以 sqrt({a}**2 + 1)"),
    "acosh": ("acosh hands it on divided by sqrt({a}**2 - 1)", "acosh 往回传时除以 sqrt({a}**2 - 1)"),
    "atanh": ("atanh hands it on divided by 1 - {a}**2", "atanh 往回传时除以 1 - {a}**2"),
    "degrees": ("degrees hands it on times 180/pi", "degrees 往回传时乘以 180/pi"),
    "radians": ("radians hands it on times pi/180", "radians 往回传时乘以 pi/180"),
    "erf": ("erf hands it on times the bell curve at its operand", "erf 往回传时乘以操作数处的钟形曲线"),
    "erfc": (
        "erfc hands it on times minus the bell curve at its operand",
        "erfc 往回传时乘以操作数处钟形曲线的相反数",
    ),
    "polygamma": (
        "polygamma hands it on times the polygamma one order up",
        "polygamma 往回传时乘以高一阶的 polygamma",
    ),
    "digamma": (
        "digamma hands it on times the trigamma of its operand",
        "digamma 往回传时乘以操作数的 trigamma",
    ),
    "gamma": (
        "gamma hands it on times its own value and digamma of its operand",
        "gamma 往回传时乘以自己的值和操作数的 digamma",
    ),
    "lgamma": ("lgamma hands it on times digamma of its operand", "lgamma 往回传时乘以操作数的 digamma"),
    "relu": (
        "relu hands all of it on where its operand is positive, otherwise nothing",
        "relu:操作数为正就全部往回传,否则不传",
    ),
    "leaky_relu": (
        "leaky_relu hands all of it on where its operand is positive, otherwise a small part",
        "leaky_relu:操作数为正就全部往回传,否则只传一小部分",
    ),
    "elu": (
        "elu hands all of it on where its operand is positive, otherwise times {y} + alpha",
        "elu:操作数为正就全部往回传,否则乘以 {y} + alpha",
    ),
    "sigmoid": (
        "sigmoid hands it on times {y} * (1 - {y}), never more than 1/4",
        "sigmoid 往回传时乘以 {y} * (1 - {y}),最多 1/4",
    ),
    "log_sigmoid": (
        "log_sigmoid hands it on times sigmoid of minus its operand",
        "log_sigmoid 往回传时乘以 sigmoid(-{a})",
    ),
    "softplus": (
        "softplus hands it on times sigmoid of its operand",
        "softplus 往回传时乘以操作数的 sigmoid",
    ),
    "silu": (
        "silu hands it on times its slope: near 0 far to the left, near 1 far to the right",
        "silu 往回传时乘以自己的斜率:左边远处接近 0,右边远处接近 1",
    ),
    "gelu": (
        "gelu hands it on times its slope: near 0 far to the left, near 1 far to the right",
        "gelu 往回传时乘以自己的斜率:左边远处接近 0,右边远处接近 1",
    ),
    "normal_cdf": (
        "the normal distribution hands it on times its density at its operand",
        "正态分布函数往回传时乘以操作数处的正态密度",
    ),
    "gt": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "ge": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "lt": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "le": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "eq": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "where": ("where hands all of it to the branch that was taken", "where 把梯度全部传给被选中的分支"),
    "clamp": (
        "clamp hands all of it on inside its limits; outside, the limit gets it",
        "clamp:在界内全部往回传;出界时传给那个界",
    ),
    "abs": ("abs hands it on with the sign of its operand", "abs 往回传时乘以操作数的符号"),
    "copysign": (
        "copysign hands it on, turned where it turned the sign",
        "copysign 往回传;它变号时梯度也变号",
    ),
    "fmod": (
        "fmod hands it on unchanged; the divisor gets it times minus the whole quotient",
        "fmod 原样往回传;除数得到它乘以整数商的相反数",
    ),
    "mod": (
        "the rest hands it on unchanged; the divisor gets it times minus the whole quotient",
        "余数原样往回传;除数得到它乘以整数商的相反数",
    ),
    "floordiv": ("a whole quotient is flat: nothing is handed on", "整数商处处平坦(导数为 0):不往回传"),
    "ne": ("a comparison is flat: nothing is handed on", "比较处处平坦(导数为 0):不往回传"),
    "remainder": (
        "remainder hands it on unchanged; the divisor gets it times minus the whole quotient",
        "remainder 原样往回传;除数得到它乘以整数商的相反数",
    ),
    "identity": ("identity hands the gradient on unchanged", "identity 把梯度原样往回传"),
    "erf_derivative": NEXT_ORDER,
    "normal_derivative": NEXT_ORDER,
    "gamma_derivative": NEXT_ORDER,
    "hypot_derivative": NEXT_ORDER,
    "atan2_derivative": NEXT_ORDER,
    "exp_difference": (
        "exp of a difference hands it on times its own value, with the sign turned to what is taken away",
        "差的 exp 往回传时乘以自己的值,减数变号",
    ),
    "logsumexp_rest": (
        "a rest of rounding is flat: nothing is handed on",
        "舍入的余数处处平坦(导数为 0):不往回传",
    ),
    "share": (
        "a softmax share, exp({a}) / (exp({a}) + exp({b})), hands on {y} times the other's share, "
        "to the right with the sign turned",
        "softmax 份额 exp({a}) / (exp({a}) + exp({b})),往回传时乘以 {y} 和另一方的份额,右边变号",
    ),
    "sumprod": (
        "each left factor gets it times its right one, and the other way round",
        "每个左因子得到它乘以对应的右因子,反之亦然",
    ),
    "hypot": ("hypot hands it on times each side's share of the length", "hypot 往回传时乘以各边与斜边之比"),
    "atan2": (
        "atan2 hands it on times the other side over the squared length",
        "atan2 往回传时乘以另一边与长度平方之比",
    ),
    "logaddexp": ("each operand is handed its softmax share", "每个操作数分到自己的 softmax 份额"),
    "sum": ("every term gets all of it", "每一项都得到全部梯度"),
    "prod": ("each factor gets it times all the others", "每个因子得到它乘以其余所有因子"),
    "dot": (
        "each weight gets it times its input, each input times its weight",
        "每个权重得到`梯度 * 输入`,每个输入得到`梯度 * 权重`",
    ),
    "softmax": (
        "a softmax share hands it on times {y} * (1 - {y}) to its own operand, times -{y} and the other's share "
        "to every other",
        "softmax 份额往回传:自己的操作数乘以 {y} * (1 - {y}),其余的乘以 -{y} 再乘以对方的份额",
    ),
    "logsumexp": ("each operand is handed its softmax share", "每个操作数分到自己的 softmax 份额"),
    "maximum": (
        "the largest operand gets all of it, ties share it evenly",
        "最大的操作数得到全部;并列则平分",
    ),
    "minimum": (
        "the smallest operand gets all of it, ties share it evenly",
        "最小的操作数得到全部;并列则平分",
    ),
    "norm": ("each operand is handed its share of the length", "每个操作数分到自己在长度中的份额"),
}


FLAT = ("{op} is flat: nothing is handed on", "{op} 处处平坦(导数为 0):不往回传")
ONE = ("{op} hands it on times {rules[0]}", "{op} 往回传时乘以 {rules[0]}")
TWO = (
    "{op} hands it on times {rules[0]} (left), {rules[1]} (right)",
    "{op} 往回传时左边乘以 {rules[0]},右边乘以 {rules[1]}",
)
OWN = ("{op} hands it on times its own local derivative", "{op} 往回传时乘以自己的局部导数")


def sentences(op_name: str, names: dict[str, str], rules: Sequence[str]) -> list[str]:
    """What the op does on the way back, in English and Chinese: in words of its own, else by its rules.

    Args:
        op_name: the op's name in the table, or that of an op of one's own.
        names: what the node `y` and its operands `a` and `b` are called.
        rules: the local derivative to each operand in these names, "" where it is flat or not known.

    >>> sentences("tanh", {"y": "o", "a": "x"}, ["1 - o**2"])[0]
    'tanh hands it on times its slope, 1 - o**2'
    >>> sentences("softsign", {"y": "o", "a": "x"}, ["(1 - abs(o))**2"])[0]
    'softsign hands it on times (1 - abs(o))**2'
    """
    fields: dict[str, Any] = {"y": "y", "a": "x", "b": "s", **names, "op": op_name, "rules": rules}
    fields["slope"] = rules[0] if rules else ""
    return [text.format(**fields) for text in template(op_name, [bool(rule) for rule in rules])]


def template(op_name: str, known: Sequence[bool]) -> tuple[str, str]:
    """The sentence about an op in both languages, names and rules not yet put in.

    Args:
        op_name: the op's name in the table, or that of an op of one's own.
        known: per operand, whether it has a local derivative that can be told.
    """
    if not any(known):
        by_rule = FLAT
    else:
        by_rule = ONE if len(known) == 1 else TWO if len(known) == 2 and all(known) else OWN
    english, chinese = SENTENCES.get(op_name, by_rule)
    base, derivative, _ = op_name.partition("^(")
    if derivative:  # hypot^(1,0), hypot differentiated once to its first operand
        english = english.replace("{op}", f"this derivative of {base}")
        chinese = chinese.replace("{op} ", f"{base} 的这个导数")
    return english, widened(chinese)
