"""What replay says: why something is not replayed, and what is wrong with a training."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "export_none": (
        "{name} has no recorded program yet: call it once, or pass an example of its arguments",
        "{name} 还没有录制的程序:请先调用一次,或给出一组示例参数",
    ),
    "export_several": (
        "{name} was recorded for {count} kinds of arguments: pass an example of those to export",
        "{name} 已为 {count} 种参数录制了程序:请给出要导出的那一种的示例",
    ),
    "export_as_it_is": (
        "{name} has no program to export, it runs as it is: {why}",
        "{name} 没有可导出的程序,它按原样运行:{why}",
    ),
    "export_result": (
        "{name} returns no single Value: export a function that returns its loss",
        "{name} 返回的不是单个 Value:请导出返回损失的函数",
    ),
    "export_onnx_op": (
        "onnxruntime has {op} for float32 alone: dtype='float32', or to_torch and torch.onnx",
        "onnxruntime 的 {op} 只支持 float32:请用 dtype='float32',或用 to_torch 与 torch.onnx",
    ),
    "export_onnx_ways": (
        "{name} branches: its model has the loss, but no gradients; to_jax, to_torch and to_c have both",
        "{name} 有分支:其模型只含损失,不含梯度;to_jax、to_torch 和 to_c 两者都有",
    ),
    "export_op": (
        "the op {op} has no form in {target}; to_sympy has one for most, and the function itself runs as it is",
        "运算 {op} 在 {target} 中没有对应的形式;to_sympy 支持其中大多数,函数本身可按原样运行",
    ),
    "train_optimizer": (
        ", or give an optimizer object such as nn.Adam(params, lr=0.01)",
        ",或给一个优化器对象,如 nn.Adam(params, lr=0.01)",
    ),
    "train_unread": (
        "{optimizer}: its update cannot be read as a formula ({why}), so train calls it number by number in Python, "
        "which is slower. Operators and ops such as autograd.sqrt and autograd.where can be read.",
        "{optimizer}:它的 update 无法读成公式({why}),因此 train 在 Python 中逐个数地调用它,速度较慢。"
        "运算符以及 autograd.sqrt、autograd.where 等运算可以被读取。",
    ),
    "formula_if": (
        "it asks `if`, min, max or sorted of a number that changes with every update",
        "它对每次更新都会变化的数使用了 if、min、max 或 sorted",
    ),
    "formula_long": ("it computes too much", "它的计算太长"),
    "formula_op": ("it uses the op {op}", "它使用了运算 {op}"),
    "formula_operand": ("it computes with Values of its own", "它用自己的 Value 参与计算"),
    "formula_changes": ("called twice, it says different things", "调用两次,给出的结果不同"),
    "formula_memory": ("it looks up what it does not leave in the memory", "它读取的内容没有留在 memory 中"),
    "formula_result": ("it gives or remembers a {kind}", "它返回或记住了一个 {kind}"),
    "formula_differs": (
        "it computes something else with floats than with what stands for them",
        "它对浮点数的计算与对其替代对象的计算不同",
    ),
    "pickle_recorded": (
        "a recorded function is neither pickled nor copied: its programs belong to these very parameters. Send "
        "{name} itself (recorded.function) and the numbers of its parameters, or the model it belongs to, and "
        "call record(...) there.",
        "录制的函数既不能 pickle 也不能复制:它的程序属于这些参数本身。请发送 {name} 本身(recorded.function)"
        "及其参数的数值,或它所属的模型,然后在那一端调用 record(...)。",
    ),
    "replay_gives": (
        "its recorded program gives {have} where the function itself gives {want}",
        "录制的程序给出 {have},而函数本身给出 {want}",
    ),
    "replay_gradients": (
        "its recorded program has the gradients {have}, the function itself {want}",
        "录制的程序的梯度是 {have},函数本身的梯度是 {want}",
    ),
    "replay_shape": (
        "its recorded program returns something else than the function itself",
        "录制的程序返回的东西与函数本身不同",
    ),
    "replay_leaves": (
        "the function itself hands gradients to other Values than its recorded program",
        "函数本身把梯度传给了与录制的程序不同的 Value",
    ),
    "replay_raises": (
        "its recorded program gives numbers where the function itself raises {problem}",
        "录制的程序给出数值,而函数本身抛出 {problem}",
    ),
    "replay_perhaps": (
        "; if it reads something that changed where no recording sees it, numbers since {since} are in doubt too",
        ";如果它读取的东西在录制看不到的地方变了,自{since}起的数值也不可信",
    ),
    "train_columns_changed": (
        "a callback changed the number of samples from {before} to {now}: end the training (return True) and call "
        "train again with the new data.",
        "回调把样本数从 {before} 改成了 {now}:请结束本次训练(返回 True),再用新数据调用 train。",
    ),
    "replay_ways": (
        "its branches on values take too many ways, at {lines}. {hints}",
        "它依赖数值的分支走法太多,位置:{lines}。{hints}",
    ),
    "replay_ways_lookup": (
        "Where a table is looked up by a number of the arguments, write autograd.pick(table, i) for table[i]. ",
        "用参数中的数字查表时,请把 table[i] 写成 autograd.pick(table, i)。",
    ),
    "replay_ways_order": (
        "Where a maximum over .data stands in a softmax, write autograd.softmax(xs) or log_softmax(xs), which keep "
        "their digits without it; otherwise autograd.maximum, minimum, where or relu choose without branching.",
        "若 .data 的最大值用于 softmax,请写 autograd.softmax(xs) 或 log_softmax(xs),它们无需最大值也不丢精度;"
        "其他情形可用 autograd.maximum、minimum、where 或 relu 来选择而不分支。",
    ),
    "replay_call": ("call {call}", "第 {call} 次调用"),
    "replay_epoch": ("call {call}, epoch {epoch}", "第 {call} 次调用的第 {epoch} 轮"),
    "replay_mismatch": (
        "{name} is replayed wrongly: {why} (defined at {line}). Found in {place}; all numbers since {since} are in "
        "doubt. It reads something that changes where no recording sees it: hand that in as an argument, or call "
        "the function without record(). A training stops with the parameters after its last finished update; "
        "from here on the function runs as it is.",
        "{name} 的重放有误:{why}(定义于 {line})。发现于{place};自{since}起的所有数值都不可信。"
        "它读取了录制看不到的、会变化的东西:请把它作为参数传入,或不用 record() 直接调用该函数。"
        "训练停在最后一次完成的更新之后的参数;此后该函数按原样运行。",
    ),
}
