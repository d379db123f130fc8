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
    "export_branch": (
        "{name} returns no single Value when the conditions at {lines} come out as they did once: return the loss "
        "in every branch, or export a function of one branch",
        "{name} 在 {lines} 处的条件取某次录制的结果时,返回的不是单个 Value:请让每个分支都返回损失,"
        "或导出只含一个分支的函数",
    ),
    "export_op": (
        "the op {op} has no form in {target}: its value is Python that no other ops make up; declare it with "
        "composed=, an expression of other ops, or call the function itself, which runs as it is",
        "运算 {op} 在 {target} 中没有对应的形式:它的值是 Python 代码,无法由其他运算组成;"
        "请在声明时给出 composed=(由其他运算组成的表达式),或直接调用函数本身,它按原样运行",
    ),
    "export_order": (
        "{op} has a form in {target} where its order is a number from 0 to {highest}; "
        "to_sympy has it for any order, and the function itself runs as it is",
        "{op} 在 {target} 中仅当阶数是 0 到 {highest} 之间的常数时才有对应的形式;"
        "to_sympy 支持任意阶,函数本身可按原样运行",
    ),
    "export_same": (
        "{name} was recorded with the same Value in two places of its arguments: pass an example of plain numbers",
        "录制 {name} 时,同一个 Value 出现在实参的两处:请给出由普通数组成的示例",
    ),
    "export_key": (
        "an argument is a dict whose keys no text can say: use texts or numbers as keys",
        "有一个实参是字典,它的键无法写成文本:请用字符串或数作键",
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
    # why a function runs as it is
    "runs_as_it_is": ("{name} is not replayed but runs as it is: {why}", "{name} 不重放,按原样运行:{why}"),
    "runs_new_objects": (
        "its arguments are always new objects ({kinds}): give it their numbers",
        "它的参数总是新对象({kinds}):请传入它们的数值",
    ),
    "runs_raised": ("recording it raised {problem} ({line})", "录制它时抛出 {problem}({line} 处)"),
    "runs_asks": ("{why}; it asks for {hint}", "{why};它询问了{hint}"),
    "runs_type": (
        "type(x): isinstance(x, ...) can be recorded",
        " type(x):改用 isinstance(x, ...) 就可以录制",
    ),
    "runs_identity": ("what an argument is, by `is` or id(x)", "参数是哪个对象(用 `is` 或 id(x))"),
    "runs_changes": ("it changes {what}", "它改变了 {what}"),
    "runs_defined": ("{why} (defined at {line})", "{why}(定义于 {line})"),
    "runs_stores": (
        "it stores a number that it was given or read from .data, in {places}",
        "它把得到的数或从 .data 读到的数存进了 {places}",
    ),
    "runs_keeps": (
        "it keeps what stands for a number while it is recorded, in {places}",
        "它在 {places} 中留下了录制时代替数的东西",
    ),
    "runs_argument": ("it changes an argument in place", "它就地改变了参数"),
    "runs_random": ("it draws random numbers", "它抽取随机数"),
    "runs_reads": ("it reads .{name}", "它读取 .{name}"),
    "runs_assigns": ("it assigns to .{name}", "它给 .{name} 赋值"),
    "runs_calls": ("it calls {name}()", "它调用 {name}()"),
    "runs_text": ("it makes a text of a Value", "它把 Value 变成文本"),
    "runs_copies": ("it copies a graph", "它复制计算图"),
    "runs_weighted": ("it takes the numbers of a weighted gradient", "它取用加权梯度的数值"),
    "runs_foreign": (
        "it returns a {kind}, which a replay cannot make anew",
        "它返回 {kind},重放无法重新造出",
    ),
    "runs_otherwise": ("it computes something else on the same path", "它在同一条路径上算的不一样"),
    "runs_other_leaves": ("it makes other leaves on the same path", "它在同一条路径上造出了别的叶节点"),
    "runs_number_changed": (
        "a number in it changed from {before} to {now}, and no argument did it",
        "其中有个数从 {before} 变成 {now},却不是由参数引起的",
    ),
    "runs_too_much": (
        "more than {most:,} objects hang on what it reads",
        "它读取的东西牵连超过 {most:,} 个对象",
    ),
    "runs_computed_before": (
        "it can reach a Value that was computed before the call, which a program would compute anew: compute it in the function, or detach() it",
        "它能读到调用之前算好的 Value,而程序会重新计算它:请在函数里计算,或对它调用 detach()",
    ),
    "runs_weak": (
        "it reads a weak reference to a Value, which a recorded program would keep alive",
        "它读取对 Value 的弱引用,而录制的程序会让该 Value 一直存活",
    ),
    "runs_os_random": (
        "it can reach a random generator of the operating system",
        "它能用到操作系统的随机数生成器",
    ),
    "runs_file": (
        "it can reach an open file ({name}), which nobody follows",
        "它能用到打开的文件({name}),其变化无从得知",
    ),
    "runs_iterator": (
        "it can reach an iterator ({kind}), whose state nobody sees",
        "它能用到迭代器({kind}),其状态无从得知",
    ),
    "runs_imports": (
        "it imports modules by names that nobody sees: write `import` in it",
        "它按看不见的名字导入模块:请在函数里写 `import`",
    ),
    "runs_by": ("it {does} by {function}() ({line})", "它用 {function}() {does}({line} 处)"),
    "runs_thread": (
        "it hands work to another thread by {function}() ({line})",
        "它用 {function}() 把工作交给别的线程({line} 处)",
    ),
    "does_clock": ("reads a clock", "读取时钟"),
    "does_open": ("opens a file", "打开文件"),
    "does_ask": ("asks for input", "请求输入"),
    "does_system": ("asks the operating system", "询问操作系统"),
    "does_start_thread": ("starts a thread", "启动线程"),
    "does_start_process": ("starts a process", "启动进程"),
    "does_look_up": ("looks up names by text", "按文本查找名字"),
    "does_run_text": ("runs text", "运行文本"),
    "changed_variable": ("a captured variable", "被捕获的变量"),
    "changed_generator": ("a random generator", "随机数生成器"),
    "changed_thread": ("what a thread has of its own", "线程自己的数据"),
    "changed_finalizer": ("a finalizer", "终结器"),
    "changed_array": ("an array", "数组"),
    "changed_weak": ("a weak reference", "弱引用"),
    "changed_decimals": ("the context of decimals", "decimal 的上下文"),
    "changed_numpy": ("numpy's random numbers", "numpy 的随机数"),
    "changed_context": ("the context variable {name}", "上下文变量 {name}"),
    "changed_names": ("the names in {what}", "{what} 中的名字"),
    "changed_new": ("{name} (new)", "{name}(新出现)"),
    "changed_slot": ("a {kind} that it reads (its {name})", "它读取的 {kind}(的 {name})"),
    "changed_container": ("a {kind} that it reads", "它读取的 {kind}"),
    "changed_function": ("the function {name}", "函数 {name}"),
    "changed_behind": ("what a weak reference leads to that it reads", "它读取的弱引用所指的对象"),
    "changed_attribute": ("the attribute {name} of a Value", "Value 的属性 {name}"),
    "kept_somewhere": ("a thing", "某个对象"),
    "result_twice": (
        "this graph holds the result of a recorded function, whose gradients the call itself has already added to `.grad`. Either leave out backward(); or write result.detach() where only its number is wanted; or record the whole expression; or call the function itself (`recorded.function(...)`) to build a graph",
        "这张计算图含有录制函数的结果,它的梯度在调用时已经加进 `.grad`。请去掉 backward();若只要数值,请写 result.detach();或录制整个表达式;或调用函数本身(`recorded.function(...)`)来建图",
    ),
}
