"""What the command line says: what is wrong with an expression, what was written, the tour."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "cli_error": (
        "error: {problem}",
        "错误:{problem}",
    ),
    "cli_sign": (
        "the operator {sign} is not known",
        "不认识运算符 {sign}",
    ),
    "cli_power": (
        "for a power write **",
        "乘方请写 **",
    ),
    "cli_dot": (
        "write dot([a, b], [c, d])",
        "请写 dot([a, b], [c, d])",
    ),
    "cli_absolute": (
        "for an absolute value write abs(x)",
        "绝对值请写 abs(x)",
    ),
    "cli_signs": (
        "use + - * / **",
        "请用 + - * / **",
    ),
    "cli_minus": (
        "use - or +",
        "请用 - 或 +",
    ),
    "cli_where": (
        "write  where(condition, then, otherwise)",
        "请写  where(condition, then, otherwise)",
    ),
    "cli_use": (
        "use numbers, names, + - * / ** and functions",
        "请用数、名字、+ - * / ** 和函数",
    ),
    "cli_cannot_stand": (
        "{what} cannot stand in an expression",
        "表达式里不能有 {what}",
    ),
    "cli_empty": (
        "the expression is empty",
        "表达式是空的",
    ),
    "cli_empty_advice": (
        'type one in quotes, such as "tanh(w*x + b)"',
        '请在引号里输入一个,例如 "tanh(w*x + b)"',
    ),
    "cli_long": (
        "the expression has {count:,} characters, at most {most:,} are read",
        "表达式有 {count:,} 个字符,最多读取 {most:,} 个",
    ),
    "cli_twice": (
        "{name} has two numbers",
        "{name} 给了两个数",
    ),
    "cli_twice_advice": (
        "leave one  {name}=...  out",
        "请去掉一个  {name}=...",
    ),
    "cli_incomplete": (
        "this is not a complete expression",
        "这不是完整的表达式",
    ),
    "cli_deep": (
        "the expression is nested too deeply to read",
        "表达式嵌套太深,无法读取",
    ),
    "cli_unreadable": (
        "this cannot be read: {error}",
        "无法读取:{error}",
    ),
    "cli_unused": (
        "{name} has a number but does not stand in the expression",
        "给了 {name} 的数,但表达式里没有它",
    ),
    "cli_unused_advice": (
        "leave out  {name}=...",
        "请去掉  {name}=...",
    ),
    "cli_several": (
        "the expression gives several numbers, one is needed",
        "表达式给出多个数,只需要一个",
    ),
    "cli_several_advice": (
        "add them up or pick one:  sum({text})",
        "请把它们相加或选一个:  sum({text})",
    ),
    "cli_no_list": ("only a list has places", "只有列表才有位置"),
    "cli_no_list_advice": (
        "such as that of a softmax:  softmax([a, b])[0]",
        "例如 softmax 的列表:  softmax([a, b])[0]",
    ),
    "cli_place": ("there is no such place", "没有这个位置"),
    "cli_place_advice": ("write a whole number from 0 to {last}", "请写 0 到 {last} 的整数"),
    "cli_form": (
        "{given} is not of the form name=number",
        "{given} 不是 name=number 的形式",
    ),
    "cli_form_advice": (
        "type for example  {name}=0.5",
        "请输入,例如  {name}=0.5",
    ),
    "cli_meaning": (
        "{name} has a meaning already",
        "{name} 已有含义",
    ),
    "cli_meaning_advice": (
        "choose another name",
        "请换一个名字",
    ),
    "cli_no_number": (
        "{number} is not a number (in {given})",
        "{number} 不是数({given} 中)",
    ),
    "cli_not_a_number": (
        "{what} is not a number",
        "{what} 不是数",
    ),
    "cli_not_a_number_advice": (
        "write a number or a name",
        "请写一个数或名字",
    ),
    "cli_is_function": (
        "{name} is a function",
        "{name} 是函数",
    ),
    "cli_is_function_advice": (
        "write  {name}(...)",
        "请写  {name}(...)",
    ),
    "cli_takes_list": ("{name} takes a list", "{name} 需要一个列表"),
    "cli_takes_list_advice": ("write  {name}([a, b, ...])", "请写  {name}([a, b, ...])"),
    "cli_takes_lists": ("{name} takes two lists", "{name} 需要两个列表"),
    "cli_takes_lists_advice": (
        "write  {name}([a, b, ...], [c, d, ...])",
        "请写  {name}([a, b, ...], [c, d, ...])",
    ),
    "cli_brackets": ("write  {name}({operand})", "请写  {name}({operand})"),
    "cli_equals": (
        "leave out the = and what stands before it",
        "请去掉等号和等号前面的部分",
    ),
    "cli_nameless": ("the expression holds no name", "表达式里没有名字"),
    "cli_nameless_advice": ('type one, such as "x**2" x=3', '例如写 "x**2" x=3'),
    "cli_missing": (
        "{name} has no number",
        "{name} 没有数值",
    ),
    "cli_missing_advice": (
        "add  {name}=0.5",
        "请加上  {name}=0.5",
    ),
    "cli_comparison": (
        "one comparison of two numbers is allowed",
        "只能比较两个数一次",
    ),
    "cli_comparison_advice": (
        "write  a > b, a >= b, a < b or a <= b",
        "请写  a > b、a >= b、a < b 或 a <= b",
    ),
    "cli_named": (
        "named arguments are not read",
        "不读取带名字的参数",
    ),
    "cli_named_advice": (
        "give the arguments in order",
        "请按顺序给出参数",
    ),
    "cli_not_called": (
        "this cannot be called",
        "这个不能调用",
    ),
    "cli_not_called_advice": (
        "write  f(x)  with a function's name",
        "请写  f(x),其中 f 是函数名",
    ),
    "cli_no_function": (
        "the function {name} is not known",
        "不认识函数 {name}",
    ),
    "cli_list": (
        "a list cannot be calculated with",
        "列表不能直接参与计算",
    ),
    "cli_list_advice": (
        "give it to sum, dot, logsumexp, ...",
        "请把它传给 sum、dot、logsumexp 等",
    ),
    "cli_product": (
        "for a product write  {left}*{right}",
        "乘积请写  {left}*{right}",
    ),
    "cli_never_closed": (
        "{bracket} was never closed",
        "{bracket} 没有闭合",
    ),
    "cli_unmatched": (
        "unmatched {bracket}",
        "多出了 {bracket}",
    ),
    "cli_syntax": (
        "look at the brackets and the operators",
        "请检查括号和运算符",
    ),
    "cli_did_you_mean": (
        "did you mean  {name}?",
        "是不是  {name}?",
    ),
    "cli_some_functions": (
        "use exp log tanh sigmoid relu sqrt sin cos sum dot maximum ...",
        "可用 exp log tanh sigmoid relu sqrt sin cos sum dot maximum ...",
    ),
    "cli_file": (
        "a file",
        "某个文件",
    ),
    "cli_stopped": (
        "stopped",
        "已停止",
    ),
    "cli_count": (
        "{text} is no whole number from 0 up",
        "{text} 不是从 0 起的整数",
    ),
    "cli_known": (
        "known names: {names}",
        "已有的名字:{names}",
    ),
    "cli_none": (
        "none",
        "无",
    ),
    "cli_written": (
        "written: {path}",
        "已写入:{path}",
    ),
    "cli_open": (
        "   (open it in a browser)",
        "   (请用浏览器打开)",
    ),
    "cli_kept": (
        "kept as it is: {path}   (it was changed; delete it to have the original again)",
        "保留不动:{path}   (已被修改;删除后可重新得到原文件)",
    ),
    "cli_lessons": (
        'to run them: pip install "scalar-autograd[notebook]" && jupyter lab {path}',
        '运行方法:pip install "scalar-autograd[notebook]" && jupyter lab {path}',
    ),
    "cli_warm": (
        "kernels ready after {seconds:.0f} s",
        "内核已就绪,用时 {seconds:.0f} 秒",
    ),
    "cli_tour_weights": (
        "the trained weights, as JSON",
        "训练好的权重(JSON)",
    ),
    "cli_tour_accuracy": (
        "held-out accuracy: {accuracy:.4f}",
        "留出数据的准确率:{accuracy:.4f}",
    ),
    "cli_tour_written": (
        "written:",
        "已写入的文件:",
    ),
    "cli_tour_next": (
        "next: {command}",
        "接下来:{command}",
    ),
    "cli_tour_neuron": (
        "1. One neuron, o = tanh(x1*w1 + x2*w2 + b): the chain rule, step by step",
        "1. 一个神经元,o = tanh(x1*w1 + x2*w2 + b):逐步看链式法则",
    ),
    "cli_tour_picture": (
        "its graph as a picture",
        "它的计算图",
    ),
    "cli_tour_dot": (
        "the same for Graphviz",
        "同一张图,供 Graphviz 使用",
    ),
    "cli_tour_page": (
        "a page that goes through it step by step: open it in a browser",
        "逐步演示的网页:请用浏览器打开",
    ),
    "cli_tour_digits": (
        "2. Handwritten digits: {images:,} images of 8x8, an MLP {shape} with {count:,} parameters",
        "2. 手写数字:{images:,} 张 8x8 图像,多层感知机 {shape},{count:,} 个参数",
    ),
    "cli_tour_epoch": (
        "loss {loss:.4f}, held-out accuracy {accuracy:.4f}",
        "损失 {loss:.4f},留出数据的准确率 {accuracy:.4f}",
    ),
    "cli_tour_line": (
        "epoch {epoch:2}/{epochs} [{bar:<20}] {seconds:5.1f} s  {end}",
        "第 {epoch:2}/{epochs} 轮 [{bar:<20}] {seconds:5.1f} 秒  {end}",
    ),
    # help, and what argparse refuses
    "cli_usage": ("usage: ", "用法:"),
    "cli_positionals": ("positional arguments", "位置参数"),
    "cli_flags": ("options", "选项"),
    "cli_argument": ("argument {name}: {problem}", "参数 {name}:{problem}"),
    "cli_required": ("the following arguments are required: {names}", "缺少参数:{names}"),
    "cli_unrecognized": ("unrecognized arguments: {names}", "不认识的参数:{names}"),
    "cli_choice": ("invalid choice: {got} (choose from {names})", "没有 {got},请选 {names} 之一"),
    "cli_one_argument": ("expected one argument", "需要一个值"),
    "cli_ambiguous": ("ambiguous option: {got} could match {names}", "{got} 有歧义,可能是 {names}"),
    "cli_ignored": ("ignored explicit argument {got}", "这个选项不带值,得到 {got}"),
    "cli_help": ("show this help message and exit", "显示这份帮助并退出"),
    "cli_help_version": ("show the version and exit", "显示版本并退出"),
    "cli_help_lang": ("language of the words", "输出的语言"),
    "cli_help_all": ("Gradients of scalar expressions, explained.", "标量表达式的梯度,逐步讲解。"),
    "cli_help_try": ("try: {command}", "试试:{command}"),
    "cli_help_example": ("{summary}. Example: {example}", "{summary}。例如:{example}"),
    "cli_help_expression": ("such as 'tanh(w*x + b)'", "例如 'tanh(w*x + b)'"),
    "cli_help_numbers": ("a number for each name", "每个名字的数值"),
    "cli_help_output": ("where to write it", "写到哪个文件"),
    "cli_help_first": ("whose story (by default the first)", "讲哪个名字(默认第一个)"),
    "cli_help_wrt": ("the story of one name", "只讲一个名字"),
    "cli_help_table": ("as a table (Wengert list)", "以表格给出(Wengert list)"),
    "cli_help_folder": ("where the files go (default: tour)", "文件写到哪个文件夹(默认 tour)"),
    "cli_help_epochs": ("passes through the training images (default: 5)", "训练图像过几轮(默认 5)"),
    "cli_help_grad": ("value and gradients of an expression", "表达式的值与梯度"),
    "cli_help_explain": ("the chain rule for an expression, step by step", "对表达式逐步讲链式法则"),
    "cli_help_draw": ("the picture of an expression's graph", "画出表达式的计算图"),
    "cli_help_step": ("a page that steps through the chain rule", "逐步演示链式法则的网页"),
    "cli_help_quiz": ("the same page with the gradients to be typed", "同样的网页,梯度由读者填写"),
    "cli_help_nudge": (
        "change one name a little: what its gradient predicts, and what happens",
        "让一个名字变动一点:梯度的预测与实际的变化",
    ),
    "cli_help_paths": (
        "every way from one name to the result, and the product along it",
        "从一个名字到结果的每条路径及沿途的乘积",
    ),
    "cli_help_order": ("why backward needs its order", "反向传播为什么需要那个顺序"),
    "cli_help_tour": (
        "see what this is: one neuron explained, then handwritten digits learned",
        "看看这是什么:先讲解一个神经元,再学习手写数字",
    ),
    "cli_help_playground": (
        "write one page on which anybody types, steps and shares",
        "写出一个网页,人人可以输入、单步演示和分享",
    ),
    "cli_help_exercises": (
        "write one page of exercises that name the mistake",
        "写出一个练习网页,答错时指出错在哪里",
    ),
    "cli_help_notebooks": ("write the chapters to run, with their exercises", "写出可运行的各章及其练习"),
    "cli_help_lessons": ("where they go (default: notebooks)", "写到哪个文件夹(默认 notebooks)"),
    "cli_help_warm": (
        "compile the kernels for replay ahead of their first use",
        "在首次使用之前编译重放的内核",
    ),
}
