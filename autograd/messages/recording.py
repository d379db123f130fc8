"""What `record`, a batch and a training say of what they are given, and what a recorded program says of itself."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "record_no_function": (
        "record needs a function that returns its loss, got {kind}.",
        "record 需要一个返回损失的函数,得到 {kind}。",
    ),
    "record_async": (
        "record needs a function that returns its loss; {name} is an async function: record the plain function "
        "that it calls for one sample.",
        "record 需要一个返回损失的函数;{name} 是 async 函数:请录制它为一个样本调用的普通函数。",
    ),
    "record_generator": (
        "record needs a function that returns its loss; {name} is a generator function: record the plain function "
        "that it calls for one sample.",
        "record 需要一个返回损失的函数;{name} 是生成器函数:请录制它为一个样本调用的普通函数。",
    ),
    "record_aux": (
        "record(f, has_aux=True) needs a function that returns a pair, the loss (one Value) and what else is wanted; "
        "this one returned {kind}. Write `return loss, more`.",
        "record(f, has_aux=True) 需要返回一对的函数:损失(一个 Value)和另外想要的内容;它返回了 {kind}。"
        "请写 `return loss, more`。",
    ),
    "record_model": (
        "params={kind} is a model: write params=model.parameters().",
        "params={kind} 是模型:请写 params=model.parameters()。",
    ),
    "record_params": (
        "params={given} is no list of Values: write params=[w, b], or params=model.parameters().",
        "params={given} 不是 Value 的列表:请写 params=[w, b],或 params=model.parameters()。",
    ),
    "record_parameter": (
        "params[{index}] is no Value but {kind}: only Values can be trained. Write Value(2.0) for a number, and one "
        "flat list, such as model.parameters(), for several lists.",
        "params[{index}] 不是 Value,而是 {kind}:只有 Value 能训练。数请写 Value(2.0);若有几个列表,"
        "请合成一个平的列表,例如 model.parameters()。",
    ),
    "record_inner_argument": (
        "a Value among its arguments is a result of others, not a leaf",
        "它的参数里有一个 Value 由别的 Value 算出,不是叶节点",
    ),
    "record_narrow": (
        ", which computes in {kind}: convert to float64 first, x.astype(float)",
        ",它以 {kind} 计算:请先转换为 float64,即 x.astype(float)",
    ),
    "record_memory": (
        "what stands for an array while it is recorded does not tell how it lies in memory ({order})",
        "录制时代替数组的对象不告知它在内存中的排列({order})",
    ),
    "record_otherwise": (
        "recorded it gives {have}, run as it is {want}",
        "录制时它给出 {have},按原样运行给出 {want}",
    ),
    "record_other_gradients": (
        "recorded it has the gradients {have}, not {want}",
        "录制时它的梯度是 {have},而不是 {want}",
    ),
    "batch_no_column": (
        "argument {number} is no column but {kind}: give a list with one entry per sample, such as [x] for a single "
        "one, or list(...) of an iterator.",
        "第 {number} 个参数不是一列,而是 {kind}:请给每个样本一项的列表,单个样本写 [x],迭代器写 list(...)。",
    ),
    "batch_lengths": (
        "every argument is a column with one entry per sample, all of the same length; these have {lengths}.",
        "每个参数是一列,每个样本一项,各列等长;这里的长度是 {lengths}。",
    ),
    "batch_no_columns": (
        "a batch needs at least one column with one entry per sample, and there is none.",
        "一个批次至少需要一列,每个样本一项;这里一列也没有。",
    ),
    "batch_no_loss": (
        "a batch needs a function that returns one Value, a loss that depends on parameters, not {kind}.",
        "批次需要返回一个 Value(依赖参数的损失)的函数,而不是 {kind}。",
    ),
    "batch_numbers": (
        "a batch needs a function that returns one Value, a loss that depends on parameters; this one returns numbers "
        "without a parameter, or several Values.",
        "批次需要返回一个 Value(依赖参数的损失)的函数;它返回了不含参数的数,或好几个 Value。",
    ),
    "batch_values": (
        "the columns of a batch hold numbers; Values among them cannot vary by sample.",
        "批次的各列只放数;其中的 Value 不能随样本变化。",
    ),
    "train_no_params": (
        "train changes the parameters given as record(f, params=...), and there are none.",
        "train 改变的是 record(f, params=...) 给出的参数,而这里没有参数。",
    ),
    "train_no_optimizer": (
        "optimizer={given} is no optimiser: give 'sgd', 'momentum', 'adam', or an object such as nn.SGD(params, lr=0.1).",
        "optimizer={given} 不是优化器:请给 'sgd'、'momentum'、'adam',或一个对象,例如 nn.SGD(params, lr=0.1)。",
    ),
    "train_setting": (
        "{names}: {kind} has no such setting; there are {known}.",
        "{names}:{kind} 没有这项设置;已有的设置:{known}。",
    ),
    "train_other_params": (
        "the optimiser holds none of the parameters of record(f, params=...): give both the same ones.",
        "优化器里没有 record(f, params=...) 的任何参数:请给两者同样的参数。",
    ),
    "train_loss_not_finite": (
        "training stopped before update {step}: the loss is not finite at sample {sample} (loss {loss}). The "
        "parameters are those after the last finished update. A smaller learning rate is the usual cure; "
        "autograd.detect_anomaly() around one call of the function names the op.",
        "训练停在第 {step} 次更新之前:样本 {sample} 的损失不是有限的数(损失 {loss})。参数停在最后一次完成的更新之后。"
        "通常的办法是减小学习率;用 autograd.detect_anomaly() 包住该函数的一次调用,可以找出是哪个运算。",
    ),
    "train_gradient_not_finite": (
        "training stopped before update {step}: a gradient is not finite at sample {sample} (loss {loss}). The "
        "parameters are those after the last finished update. A smaller learning rate is the usual cure; "
        "autograd.detect_anomaly() around one call of the function names the op.",
        "训练停在第 {step} 次更新之前:样本 {sample} 的某个梯度不是有限的数(损失 {loss})。参数停在最后一次完成的更新之后。"
        "通常的办法是减小学习率;用 autograd.detect_anomaly() 包住该函数的一次调用,可以找出是哪个运算。",
    ),
    "kernels_missing": (
        'replay is compiled by Numba: pip install "scalar-autograd[fast]"',
        '重放由 Numba 编译:pip install "scalar-autograd[fast]"',
    ),
    "kernels_not_kept": (
        "the replay kernels cannot be kept on disk and are compiled anew in each process ({problem}); "
        "set NUMBA_CACHE_DIR to a directory that can be written to.",
        "重放的内核无法存到磁盘,每个进程都要重新编译({problem});请把 NUMBA_CACHE_DIR 设为可写的目录。",
    ),
    "kernels_compiling": (
        "autograd: compiling the replay kernels, once on this machine",
        "autograd:正在编译重放的内核,这台机器上只需一次",
    ),
    "kernels_compiled": (
        "autograd: {count} kernels compiled in {seconds:.0f} s",
        "autograd:已编译 {count} 个内核,用时 {seconds:.0f} 秒",
    ),
    "program_by_hand": (
        "the node {node!r} was made by hand (_backward or local_derivatives): only entries of the op table can be "
        "recorded; declare it with autograd.op.",
        "节点 {node!r} 是手工建立的(_backward 或 local_derivatives):只有运算表中的运算能录制;请用 autograd.op 声明它。",
    ),
    "program_several": (
        "this program has no single result to draw or explain, but a structure of them.",
        "这个程序没有单个结果可画或可讲解,它的结果是一个结构。",
    ),
    "program_head": (
        "{nodes:,} nodes ({ops}), {leaves} leaves with a gradient, {inputs} inputs, {guards} guards",
        "{nodes:,} 个节点({ops}),{leaves} 个有梯度的叶节点,{inputs} 个输入,{guards} 个守卫条件",
    ),
    "program_in_python": (
        'runs in plain Python; for native speed: pip install "scalar-autograd[fast]"',
        '以纯 Python 运行;要本机速度:pip install "scalar-autograd[fast]"',
    ),
    "program_no_native_form": (
        "runs in plain Python: {op} has no native form",
        "以纯 Python 运行:{op} 没有本机形式",
    ),
    "program_instructions": ("{count} instructions:", "{count} 条指令:"),
    "program_guard": ("guard: {sign} is {outcome} at {place}", "守卫条件:{place} 处的 {sign} 是 {outcome}"),
    "program_entries": ("{name} of {count}", "{count} 项的 {name}"),
    "program_shared": ("  once per batch", "  每个批次一次"),
}
