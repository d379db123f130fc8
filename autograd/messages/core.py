"""What the core says: its errors and hints; exception types stay English."""

from __future__ import annotations

# key: (English, Chinese); errors say what happened, where, and what to type
TEXTS: dict[str, tuple[str, str]] = {
    "language": (
        "language {code!r} is not known: write autograd.language('en') or autograd.language('zh').",
        "不支持语言 {code!r}:请写 autograd.language('en') 或 autograd.language('zh')。",
    ),
    "word": (
        "{owner}: {name} {value!r} is not known: choose one of {names}{advice}.",
        "{owner}:没有名为 {value!r} 的 {name}:请选 {names} 之一{advice}。",
    ),
    "number_range": (
        "{owner} needs {kind} {range}, got {value!r}.",
        "{owner} 需要{kind} {range},得到 {value!r}。",
    ),
    "number_of_numbers": (
        "{owner} needs {count} numbers {name}, each {kind} {range}, got {value!r}.",
        "{owner} 的 {name} 需要 {count} 个数,每个是{kind} {range},得到 {value!r}。",
    ),
    "no_list": ("a list or an array is needed here, got {got}.", "这里需要列表或数组,得到 {got}。"),
    "one_for_list": (
        "{owner} takes a list for {name}, got {got}{advice}.",
        "{owner} 的 {name} 需要列表,得到 {got}{advice}。",
    ),
    "list_advice": (": put [ ] around it", ":请给它加上 [ ]"),
    "whole_number": ("a whole number", "整数"),
    "finite_number": ("a finite number", "有限的数"),
    "any_number": ("a number", "数"),
    "not_a_node": (
        "a story starts from one node, got {kind}. Make one number of it first, such as a loss.",
        "讲解从一个节点开始,得到的是 {kind}。请先得到一个数,例如损失。",
    ),
    "names_kind": (
        "names are a dict of variables such as locals() or {{'w': w}}, got {kind}.",
        "names 是变量的字典,例如 locals() 或 {{'w': w}},得到的是 {kind}。",
    ),
    "not_a_node_but_recorded": (
        "got {kind}, a function; what it computes is its program. Write explain(f.program) or draw(f.program) "
        "after two calls of f.",
        "得到的是 {kind},即一个函数;它所计算的是它的 program。调用 f 两次之后,请写 explain(f.program) 或 draw(f.program)。",
    ),
    "text_no_number": (
        "Value needs a number, got the text {text}. For a variable leave the quotes out; "
        "if the text holds a number, write Value(float(s)).",
        "Value 需要一个数,得到的是文本 {text}。若指变量,请去掉引号;若文本里是数,请写 Value(float(s))。",
    ),
    "text": (
        "Value needs a number, got the text {text}. Write Value({inner}), or Value(float(s)) if s is text.",
        "Value 需要一个数,得到的是文本 {text}。请写 Value({inner});若 s 是文本,请写 Value(float(s))。",
    ),
    "operand": ("{sign} has an operand that is no number: {problem}", "{sign} 的操作数不是数:{problem}"),
    "operand_many": (
        "{sign} between a Value, which is one number, and a {kind}. Write [v {sign} x for x in xs], "
        "or autograd.dot(ws, xs) for a weighted sum.",
        "{sign} 的一边是 Value(一个数),另一边是 {kind}。请写 [v {sign} x for x in xs],"
        "加权和请写 autograd.dot(ws, xs)。",
    ),
    "list": (
        "a Value holds one number, got a {kind} of {count}. Write [Value(x) for x in data].",
        "一个 Value 只装一个数,得到的是 {count} 个数的列表({kind})。请写 [Value(x) for x in data]。",
    ),
    "none": (
        "Value needs a number, got None. Write Value(0.0), or check the function that returned None.",
        "Value 需要一个数,得到的是 None。请写 Value(0.0),或检查返回 None 的函数。",
    ),
    "complex": (
        "Value needs a real number, got {number}. Write Value(z.real) and Value(z.imag) for two Values.",
        "Value 需要实数,得到的是 {number}。用 Value(z.real) 和 Value(z.imag) 两个 Value。",
    ),
    "value_in_value": (
        "this is a Value already: use it as it is, or write Value(v.data) for a new leaf.",
        "这已经是 Value:请直接使用,或写 Value(v.data) 建一个新的叶节点。",
    ),
    "other": (
        "Value needs a number, got an object of type {kind}. Write Value(float(x)) if it stands for one number.",
        "Value 需要一个数,得到的是 {kind}。若它代表一个数,请写 Value(float(x))。",
    ),
    "assigned": (
        "{name} was assigned something else than one number. {problem}",
        "{name} 被赋了不是一个数的东西。{problem}",
    ),
    "ragged": (
        "{owner} got lists of different lengths side by side, of the shapes {shape}: give lists of one length.",
        "{owner} 得到的并列列表长短不一,形状为 {shape}:请给等长的列表。",
    ),
    "list_comma": (", ", "、"),
    "semicolon": ("; ", "\uff1b"),
    "a_value": ("a Value", "某个 Value"),
    "arity": ("{name} takes {arity} operands, got {got}.", "{name} 需要 {arity} 个操作数,得到 {got} 个。"),
    "op_taken": (
        "the op {name!r} belongs to the library: choose another name, such as 'my_{name}'.",
        "运算 {name!r} 属于本库:请换一个名字,例如 'my_{name}'。",
    ),
    "own_op_number": (
        "the op {op!r} gave {got}, which is no real number: its value and its rules must give one.",
        "运算 {op!r} 给出 {got},不是实数:它的值和规则都必须给出实数。",
    ),
    "own_op_reads": (
        "the rule of the op {op!r} reads a plain number of its operands, so its own derivative would be lost: "
        "write autograd.{function}(x) for math.{function}(x), and x itself for x.data or float(x). "
        "Where no derivative of it is wanted, take this one under no_grad().",
        "运算 {op!r} 的规则读取了操作数的普通数值,它自身的导数会丢失:math.{function}(x) 请写 "
        "autograd.{function}(x),x.data 或 float(x) 请写 x。若不需要它的导数,请在 no_grad() 下求导。",
    ),
    "pickle_op": (
        "a node made by the op {name!r} cannot be saved: declare it as autograd.op({name!r}, ...) first.",
        "由运算 {name!r} 得到的节点无法保存:请先用 autograd.op({name!r}, ...) 声明它。",
    ),
    "pickle_reading": (
        "{kind} cannot be pickled: keep what it says, str(x) or the file of x.save(path), or pickle the graph "
        "itself, L, and read it again.",
        "{kind} 无法 pickle:请保存它的内容 str(x),或用 x.save(path) 写成文件;也可以 pickle 计算图 L 本身,再重新查看。",
    ),
    "pickle_backward": (
        "{node} carries a hand-written _backward and cannot be saved: save the numbers, [p.data for p in parameters].",
        "{node} 带有手写的 _backward,无法保存:请保存数值 [p.data for p in parameters]。",
    ),
    "no_operands": (
        "an op over several operands got none: give at least one number or Value.",
        "多元运算没有得到操作数:至少给一个数或 Value。",
    ),
    "dot_lengths": (
        "{weights} numbers on the left and {inputs} on the right: dot(ws, xs) needs two lists of the same length.",
        "左边 {weights} 个数,右边 {inputs} 个:dot(ws, xs) 需要两个等长的列表。",
    ),
    "backward_constant": (
        "nothing to differentiate: {node} was computed from constants only, so no leaf wants a gradient. "
        "Make the inputs Value(x), outside no_grad() and without detach().",
        "没有可求导的对象:{node} 只由常量算出,没有叶节点需要梯度。"
        "请用 Value(x) 作输入,不要在 no_grad() 里,也不要 detach()。",
    ),
    "backward_gradient": (
        "backward(gradient) takes a number, got {kind}. For gradients that are Values write "
        "grad(output, inputs, create_graph=True).",
        "backward(gradient) 需要一个数,得到 {kind}。想要 Value 形式的梯度,请写 "
        "grad(output, inputs, create_graph=True)。",
    ),
    "elsewhere": ("autograd has no {name}. Write {instead}.", "autograd 没有 {name}。请写 {instead}。"),
    "elsewhere_number": (
        "{kind} has no {name}: a Value is one number. Write {instead}.",
        "{kind} 没有 {name}:Value 是一个数。请写 {instead}。",
    ),
    "elsewhere_package": (
        "autograd.{name} is of another package named autograd. Here functions are computed number by number: write "
        "`import autograd as np` for `import autograd.numpy as np`; np.exp(x), np.tanh(x), np.sum(xs), np.dot(ws, xs) "
        "take numbers and lists of numbers, and `from autograd import grad` is the same.",
        "autograd.{name} 属于另一个名为 autograd 的包。这里的函数逐个数计算:请把 `import autograd.numpy as np` 写成 "
        "`import autograd as np`;np.exp(x)、np.tanh(x)、np.sum(xs)、np.dot(ws, xs) 接受数和数的列表,"
        "`from autograd import grad` 不变。",
    ),
    "no_grad_argument": (
        "no_grad takes a function to decorate, or nothing: write with no_grad(): ..., got {got}.",
        "no_grad 只接受要装饰的函数,或什么都不给:请写 with no_grad(): ...,得到 {got}。",
    ),
    "no_rule": (
        "{node} was made by Value(data, parents, {op!r}) and has no rule for its gradient. "
        "Assign out._backward = f, or declare the op: autograd.op({op!r}, value, partial).",
        "{node} 由 Value(data, parents, {op!r}) 建成,没有求梯度的规则。"
        "请设置 out._backward = f,或声明运算:autograd.op({op!r}, value, partial)。",
    ),
    "by_hand_value": (
        "this node was made by hand, so its value cannot be computed again: declare the op with autograd.op(...).",
        "这个节点是手工建立的,无法重新计算数值:请用 autograd.op(...) 声明该运算。",
    ),
    "not_parents": (
        "the second argument of Value is the tuple of its parents, got {kind}. Write Value(data), or Value(data, (a, b), 'op').",
        "Value 的第二个参数是它的 parents 元组,得到 {kind}。请写 Value(data),或 Value(data, (a, b), 'op')。",
    ),
    "not_a_parent": (
        "parents must be Values, got an object of type {kind}: write Value(x) for a number.",
        "parents 必须是 Value,得到 {kind}:数请写成 Value(x)。",
    ),
    "inner_requires_grad": (
        "requires_grad can be set on leaves only; {node} was computed by {op!r}. Write v.detach() for a constant copy.",
        "只能在叶节点上设置 requires_grad;{node} 由 {op!r} 算出。想要常量副本,请写 v.detach()。",
    ),
    "changed": (
        "{node}.data is {now} now but was {then} when the result was computed, so its graph would mix both. "
        "Compute the result again after changing .data.",
        "{node}.data 现在是 {now},而计算结果时是 {then},图会混用两者。改变 .data 之后请重新计算结果。",
    ),
    "by_hand_twice": (
        "{node} carries a hand-written rule, which gives numbers and no graph: for higher derivatives declare the op "
        "with autograd.op(name, value, partial).",
        "{node} 带有手写规则,只给出数值而没有图:要求高阶导数,请用 autograd.op(name, value, partial) 声明该运算。",
    ),
    "point_of_several": (
        "the function takes several arguments: put them into one tuple, as in jvp(f, (2.0, 3.0), (1.0, 0.0)) and "
        "vjp(f, (2.0, 3.0), 1.0).",
        "该函数有多个参数:请把它们放进一个元组,如 jvp(f, (2.0, 3.0), (1.0, 0.0)) 和 vjp(f, (2.0, 3.0), 1.0)。",
    ),
    "grad_output": (
        "grad needs a Value to start from, got {kind}. Write grad(loss, inputs), or grad(f) with a function.",
        "grad 需要从一个 Value 开始,得到 {kind}。请写 grad(loss, inputs),或对函数写 grad(f)。",
    ),
    "grad_to_what": (
        "with respect to what? Write grad(L, x), grad(L, [w, b]) or grad(L, model).",
        "对什么求导?请写 grad(L, x)、grad(L, [w, b]) 或 grad(L, model)。",
    ),
    "grad_inputs": (
        "grad(output, inputs) takes Values, in lists, tuples, dicts, dataclasses or arrays, or a model; got {kind}. "
        "Write grad(L, [w, b]), grad(L, model), or list(xs) for a set or a generator.",
        "grad(output, inputs) 需要 Value(可放在列表、元组、字典、dataclass 或数组里),或一个模型;得到 {kind}。"
        "请写 grad(L, [w, b])、grad(L, model);集合或生成器请写 list(xs)。",
    ),
    "point_entry": (
        "a derivative is taken to numbers and Values, in lists, tuples, dicts, dataclasses or arrays, and the point "
        "holds something else: {problem} Give what is not differentiated as another argument.",
        "求导的点只能由数和 Value 组成(可放在列表、元组、字典、dataclass 或数组里),这里有别的东西:{problem}"
        "不求导的内容请作为另一个参数传入。",
    ),
    "argument_missing": (
        "the function is to be differentiated to its argument number {number} (counted from 0), and {given} were given "
        "by position: write it without its name, as in grad(f)(x).",
        "要对第 {number} 个参数(从 0 数起)求导,而按位置只给了 {given} 个:请不带名字地给出它,例如 grad(f)(x)。",
    ),
    "argnums_twice": (
        "argnums={got} names an argument twice: name each once.",
        "argnums={got} 把同一个参数写了两次:每个只写一次。",
    ),
    "vector_keys": (
        "the vector has the keys {got}, and what it belongs to has {wanted}: give one number for each.",
        "向量的键是 {got},而对应的键是 {wanted}:请一一对应。",
    ),
    "direction": (
        "{name} needs a direction, one number for each input: {name}(f, xs, v).",
        "{name} 需要一个方向,每个输入一个数:{name}(f, xs, v)。",
    ),
    "aux_pair": (
        "with has_aux=True the function returns a pair, its output and what comes along, got {kind}: "
        "write return loss, aux.",
        "has_aux=True 时函数应返回一对:输出和附带的内容;得到 {kind}:请写 return loss, aux。",
    ),
    "function_output": (
        "the function must return one Value, got {kind}. Return the loss, or use jacobian for a list of outputs.",
        "函数应返回一个 Value,得到 {kind}。请返回损失;多个输出请用 jacobian。",
    ),
    "vector_lengths": (
        "the vector has {got} numbers and needs {wanted}: give one for each of the {what}.",
        "向量有 {got} 个数,而{what}有 {wanted} 个:请一一对应。",
    ),
    "anomaly": (
        "{expression} gave {result}{place}{inherit}.{advice}",
        "{expression}得到 {result}{place}{inherit}。{advice}",
    ),
    "anomaly_gradient": (
        "the gradient of {operand} through {expression} is {result}{place}{inherit}.",
        "经过 {expression},{operand} 的梯度是 {result}{place}{inherit}。",
    ),
    "anomaly_with": (" with {operands}", " 在 {operands} 处"),
    "anomaly_inherit": ("; {count} later values inherit it", ";其后 {count} 个值都由它传来"),
    "anomaly_log_advice": (
        "\nnn.cross_entropy(logits, target) never takes the log of a share: use it here.",
        "\nnn.cross_entropy(logits, target) 不会对概率取对数:请改用它。",
    ),
    "place": (" ({file}, line {line})", "({file} 第 {line} 行)"),
    "cell": (" (cell {cell}, line {line})", "(第 {cell} 个单元格第 {line} 行)"),
    "unchecked": (
        "check_gradients got nothing to check: give at least one input.",
        "check_gradients 没有可检查的输入:至少给一个。",
    ),
    "rule_wrong": (
        "{op} to its operand {operand}, at {point}: your rule gives {rule}, measured is {measured}.{guess}",
        "{op} 对操作数 {operand},在 {point}:你的规则给出 {rule},实测是 {measured}。{guess}",
    ),
    "gradient_wrong": (
        "the gradient of input {operand} at {point} is {rule}, measured is {measured}.{guess}",
        "输入 {operand} 在 {point} 处的梯度是 {rule},实测是 {measured}。{guess}",
    ),
    "not_finite_around": (
        "{where}: the function is not finite around here",
        "{where}:函数在这附近不是有限的",
    ),
    "kink": (
        "{where}: slope {left} to the left, {right} to the right",
        "{where}:左侧斜率 {left},右侧斜率 {right}",
    ),
    "not_settled": (
        "{where}: the measured slope does not settle ({slope} +- {error})",
        "{where}:测得的斜率不稳定({slope} ± {error})",
    ),
    "moves_alone": (
        "{op}: no input moves operand {operand} alone, measured as a whole below",
        "{op}:没有输入能单独改变操作数 {operand},在下面整体测量",
    ),
    "operand_twice": (
        "{op}: the same node is its operand twice, measured as a whole below",
        "{op}:同一个节点两次作它的操作数,在下面整体测量",
    ),
    "forgot_upstream": (
        "{op}: _backward hands on the same number whatever out.grad is. Multiply by it: self.grad += local * out.grad.",
        "{op}:无论 out.grad 是多少,_backward 传回的数都不变。请乘上它:self.grad += local * out.grad。",
    ),
    "forgot_adding": (
        "{op}: _backward replaces the operand's gradient. Every use adds to it: write += instead of =.",
        "{op}:_backward 覆盖了操作数的梯度。每次使用都要累加:用 += 而不是 =。",
    ),
    "guess_output": (
        "\n{rule} is {used}. Did you mean {meant}, with y the result?",
        "\n{rule} 是 {used}。是不是应为 {meant},其中 y 是结果?",
    ),
    "guess_input": (
        "\n{rule} is {used}, with y the result. Did you mean {meant}, with x the operand?",
        "\n{rule} 是 {used},其中 y 是结果。是不是应为 {meant},其中 x 是操作数?",
    ),
    "guess_nothing": (
        "\nNothing arrives: is the line self.grad += ... missing, or was the number taken with .data?",
        "\n没有梯度传到:是不是少了 self.grad += ...,或用 .data 取了数值?",
    ),
    "guess_sign": (
        "\nThe size is right, the sign is not: a minus is missing or too much.",
        "\n大小对了,符号不对:少了或多了一个负号。",
    ),
    "guess_factor": (
        "\nIt is {factor} times the right number: a constant factor is missing or too much, or one use was not added.",
        "\n它是正确值的 {factor} 倍:少了或多了一个常数因子,或有一次使用没有累加。",
    ),
    "float_of_active": (
        "float() of a Value that is being differentiated would lose its gradient{place}. Write autograd.sin(x) for "
        "math.sin(x); x.item() or x.data where only the number is meant (logging, math.isfinite, %.3f).",
        "正在对这个 Value 求导,float() 会丢掉它的梯度{place}。math.sin(x) 请改写为 autograd.sin(x);"
        "若只需要数值(日志、math.isfinite、%.3f),请写 x.item() 或 x.data。",
    ),
    "pickle_of_active": (
        "A pickle of a Value that is being differentiated would lose its gradient{place}. Use the Value itself or "
        "copy.deepcopy of it; pickle x.item() where only the number is meant.",
        "正在对这个 Value 求导,pickle 会丢掉它的梯度{place}。请直接使用该 Value 或对它 copy.deepcopy;"
        "若只需要数值,请 pickle x.item()。",
    ),
    "hint": ("Hint: {text}", "提示:{text}"),
    "hint_why": ("why, and what to write", "原因与写法"),
    "hints_switch": (
        "hints takes True or False, or nothing to ask; got {got}.",
        "hints 只接受 True 或 False,或什么都不给以查询;得到 {got}。",
    ),
    "hint_math": (
        "math.{name}({operand}) returns a plain number, so {operand} gets no gradient through it{place}.\n"
        "Write {write}.",
        "math.{name}({operand}) 返回普通数,梯度传不到 {operand}{place}。\n改写为 {write}。",
    ),
    "hint_float": (
        "float({operand}) gives a plain number, so {operand} gets no gradient through it{place}.\n"
        "Keep the Value itself where the gradient should flow, or write {operand}.data to say that it should not.",
        "float({operand}) 得到普通数,梯度传不到 {operand}{place}。\n"
        "需要梯度的地方请保留 Value;若本来就不需要,请写 {operand}.data。",
    ),
    "hint_twice": (
        "backward() has run {count} times into {names}, so .grad is the sum of these {count} runs.\n"
        "For fresh gradients {zero} first (for a model: model.zero_grad()).",
        "backward() 已对 {names} 运行 {count} 次,.grad 是这 {count} 次之和。\n"
        "想重新开始,请先{zero}(模型用 model.zero_grad())。",
    ),
    "leaves": ("{count} leaves", "{count} 个叶节点"),
    "zero_root": ("call {root}.zero_grad()", "调用 {root}.zero_grad()"),
    "zero_result": ("call zero_grad() on the result", "对结果调用 zero_grad()"),
    "hint_update": (
        "{name} is now the result of {name} - {rate}*{name}.grad, no longer your leaf; the graph grows with each update.\n"
        "Write {name}.data -= {rate} * {name}.grad.",
        "{name} 现在是 {name} - {rate}*{name}.grad 的结果,不再是原来的叶节点,图会越来越长。\n"
        "改写为 {name}.data -= {rate} * {name}.grad。",
    ),
    "hint_equal": (
        "{left} == {right} asks whether both are the same object, so it is always False{place}.\n"
        "To compare numbers write {left}.data == {right}.",
        "{left} == {right} 问的是“是不是同一个对象”,所以永远为 False{place}。\n"
        "比较数值请写 {left}.data == {right}。",
    ),
}
