"""The words of the readings: `explain`, `paths`, `trace_table`, `nudge`, `why_order` and the pages."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "rounded": ("(rounded for display, computed with all digits)", "(显示时四舍五入,计算用全部位数)"),
    "forward": ("FORWARD", "前向传播"),
    "forward_what": ("values, from the leaves to {root}", "从叶节点到 {root},逐个算出数值"),
    "backward": ("BACKWARD", "反向传播"),
    "backward_what": (
        "gradients, from {root} to the leaves: upstream * local = flow, and flows add up",
        "从 {root} 回到叶节点,按链式法则算出梯度:上游梯度 * 局部导数 = 贡献,贡献累加成梯度",
    ),
    "start": (
        "start: {root}.grad = 1, because {root} changes one to one with itself",
        "起点:{root}.grad = 1,因为 {root} 对它自己的变化率是 1",
    ),
    "step": ("step", "步"),
    "into": ("into", "传给"),
    "local": ("local derivative", "局部导数"),
    "product": ("upstream * local = flow", "上游 * 局部 = 贡献"),
    "after": ("after the step", "这一步之后"),
    "at": ("at {node} ({name}.grad = {grad}{uses_in})", "在 {node}({name}.grad = {grad}{uses_in})"),
    "colon": (": ", "\uff1a"),
    "uses_in": (", all {uses} uses are in", ",{uses} 次使用都已加完"),
    "use": (
        "{name}, use {use} of {uses}: {name}.grad = {sum}, {state}",
        "{name} 的第 {use} 次使用(共 {uses} 次):{name}.grad = {sum},{state}",
    ),
    "complete": ("complete", "已加完"),
    "incomplete": ("not complete yet", "还没加完"),
    "left": ("left", "左"),
    "right": ("right", "右"),
    "nth": ("no. {n}", "第 {n} 个"),
    "side": ("{name} ({side})", "{name}\uff08{side}\uff09"),
    "result": ("RESULT", "结果"),
    "result_gap": ("    ", "  "),
    "gradient": ("gradient", "梯度"),
    "symbols": ("in symbols", "符号式"),
    "meaning": ("what it says", "含义"),
    "up": ("{leaf} up by {step}: {root} up by about {change}", "{leaf} 增加 {step},{root} 约增加 {change}"),
    "down": (
        "{leaf} up by {step}: {root} down by about {change}",
        "{leaf} 增加 {step},{root} 约减少 {change}",
    ),
    "exactly_itself": ("{root} is {leaf} itself", "{root} 就是 {leaf} 本身"),
    "nothing": ("{leaf} moves nothing here, because {reason}", "此处 {leaf} 不起作用,因为 {reason}"),
    "nothing_bare": ("{leaf} moves nothing here", "此处 {leaf} 不起作用"),
    "hardly": (
        "{leaf} moves {root} hardly at all here, because {reason}",
        "此处 {leaf} 几乎不改变 {root},因为 {reason}",
    ),
    "at_kink": (
        "a kink: {leaf} up by {step} moves {root} by {up}, down by {step} by {down}",
        "不可导点(折点):{leaf} 增加 {step},{root} 变化 {up};减少 {step},变化 {down}",
    ),
    "kink_chosen": (" ({told})", "\uff08{told}\uff09"),
    "kink_slope": ("the slope of {op} at {at} is taken as {slope}", "{op} 在 {at} 处的斜率取作 {slope}"),
    "kink_tie": ("operands of {op} that tie share the gradient evenly", "{op} 的操作数并列时平分梯度"),
    "at_jump": (
        "no slope can be seen: {leaf} up by {step} moves {root} by {up}, down by {step} by {down}",
        "看不出斜率:{leaf} 增加 {step},{root} 变化 {up};减少 {step},变化 {down}",
    ),
    "not_finite": ("the gradient is {grad}: {culprit}", "梯度是 {grad}:{culprit}"),
    "culprit_value": ("{node} is {number}", "{node} 是 {number}"),
    "culprit_local": (
        "the local derivative of {node} to {name} is {local}",
        "{node} 对 {name} 的局部导数是 {local}",
    ),
    "culprit_sum": ("the flows into {name} add up to {number}", "传给 {name} 的贡献之和是 {number}"),
    "condition_holds": ("{number}, because the condition holds", "{number},因为条件成立"),
    "condition_fails": ("{number}, because the condition does not hold", "{number},因为条件不成立"),
    "because_negative_power": (
        "{node} is nan, since a negative number ({name} = {number}) has a power only where the exponent is whole",
        "{node} 是 nan:负数({name} = {number})只有整数次幂",
    ),
    "because_log": (
        "the local derivative of {node} to {to} holds log({name}), the log of a negative number ({number})",
        "{node} 对 {to} 的局部导数含 log({name}),即负数({number})的对数",
    ),
    "because_root": (
        "{node} is nan, the {op} of a negative number ({name} = {number})",
        "{node} 是 nan:负数({name} = {number})没有 {op}",
    ),
    "because_zero": ("{symbol} = 0", "{symbol} = 0"),
    "because_relu": ("relu is off: {name} = {number}", "relu 未激活:{name} = {number}"),
    "because_chosen": ("{op} chose another operand", "{op} 选了别的操作数"),
    "because_flat": ("{op} is flat", "{op} 处处平坦(导数为 0)"),
    "because_cancel": ("its flows cancel: {flows} = 0", "各份贡献抵消:{flows} = 0"),
    "and": (" and ", ",且 "),
    "made_up_one": (
        "{names} is a made-up name: store a sub-expression in a variable and its own name appears.",
        "{names} 是临时起的名字:把子表达式存进变量,就会显示变量自己的名字。",
    ),
    "made_up": (
        "{names} are made-up names: store a sub-expression in a variable and its own name appears.",
        "{names} 是临时起的名字:把子表达式存进变量,就会显示变量自己的名字。",
    ),
    "made_up_inside": (
        "{names}: made-up names for the parts of a dot, told as products and sums.",
        "{names}:dot 展开成乘积与和之后各部分的临时名字。",
    ),
    "pair": ("{first} and {last}", "{first} 和 {last}"),
    "range": ("{first} to {last}", "{first} 到 {last}"),
    "note": (
        "Note: {name}.grad is {now} now, not {expected}: {why}. {root}.zero_grad() starts afresh.",
        "注意:现在 {name}.grad 是 {now} 而不是 {expected}:{why}。用 {root}.zero_grad() 清零后重来。",
    ),
    "note_data": (
        "Note: {name}.data is {now} now, and was {then} in the forward pass: it was set by hand. "
        "Compute {root} again for a graph of what is there now.",
        "注意:现在 {name}.data 是 {now},前向传播时是 {then}:它被手工改过。"
        "重新计算 {root},计算图才反映现在的数。",
    ),
    "note_runs": ("backward() has run {runs} times", "backward() 已运行 {runs} 次"),
    "note_begun": ("backward() began with {gradient}, not with 1", "backward() 从 {gradient} 而不是 1 开始"),
    "note_other": ("it was set by hand or by another backward()", "它由手工设置,或来自另一次 backward()"),
    "lecture_key": ("Key to", "答案"),
    "lecture_empty": (
        "a lecture needs at least one scene: lecture(title, [(L, 'question', 'what to say')]).",
        "lecture 至少需要一个场景:lecture(title, [(L, '问题', '要说的话')])。",
    ),
    "step_repr": ("step {number}: into {operand}, {made}", "第 {number} 步:传到 {operand},{made}"),
    "playground_repr": (
        '<playground: .save("playground.html") writes the page>',
        '<试算网页:.save("playground.html") 写出它>',
    ),
    "lecture_repr": (
        '<lecture: {title}, {scenes} scenes, {pictures} pictures; to give it: .save("lecture.html")>',
        '<课堂演示:{title},共 {scenes} 个场景、{pictures} 张图;保存:.save("lecture.html")>',
    ),
    "own_head": (
        "BACKWARD   what your own backward() does, from {root} to the leaves, beside what is right",
        "反向传播  你自己的 backward() 从 {root} 到叶节点做了什么,与正确结果对照",
    ),
    "own_yours": ("yours", "你的"),
    "own_right": ("right", "正确"),
    "own_parts": ("<- here they part", "<- 从这里开始不同"),
    "own_missing": ("no such step", "没有这一步"),
    "own_no_step": ("nothing: done already", "无:已经传过"),
    "own_same": ("every step of yours is right", "你的每一步都对"),
    "own_stops": ("it stops here with {error}", "在此出错停止:{error}"),
    "own_in_set": (
        "The operands of {nodes} are kept in a set: which is left and which is right is lost, "
        "and of a*a one operand is left. Keep a tuple.",
        "{nodes} 的操作数放在集合里:左右已分不清,a*a 也只剩一个操作数。请用元组。",
    ),
    "torch_here": ("here", "本库"),
    "torch_there": ("in PyTorch", "PyTorch"),
    "torch_missing": (
        "PyTorch is not installed here: run the lines where it is.",
        "这里没有安装 PyTorch:请在有它的地方运行这些代码。",
    ),
    "torch_op": (
        "PyTorch has no {op} of this meaning: write it with the ops that both have.",
        "PyTorch 没有这个意义上的 {op}:请用两边都有的运算来写。",
    ),
    "unknown_locals": (
        "? stands for what is not known: the local derivatives of {node}. "
        "The node needs _backward() or _local_grads; order, paths and picture do without.",
        "? 表示未知:{node} 的局部导数。节点需要 _backward() 或 _local_grads;次序、路径和图不受影响。",
    ),
    "not_known": (
        "not known, since the local derivatives of {nodes} are not",
        "未知,因为 {nodes} 的局部导数未知",
    ),
    "together": (
        "Together: gradient = softmax({z}) - one_hot(target) = [{shares}]; they add up to 0.",
        "合起来:梯度 = softmax({z}) - one_hot(target) = [{shares}],{count}者之和为 0。",
    ),
    "many_steps": (
        "{nodes} nodes and {steps} steps: one line per node. "
        "explain({root}, wrt={leaf}) tells the story of one leaf.",
        "共 {nodes} 个节点、{steps} 步:每个节点一行。explain({root}, wrt={leaf}) 讲一个叶节点的来龙去脉。",
    ),
    "left_out": (
        "... {count} nodes in between are left out: explain({root}, all=True) shows them",
        "…… 中间省略 {count} 个节点:explain({root}, all=True) 全部显示",
    ),
    "formulas_left_out": (
        "... {count} formulas in between are left out: .parts and .derivatives hold all",
        "…… 中间省略 {count} 个公式:.parts 和 .derivatives 里都有",
    ),
    "rows_left_out": ("... {count} nodes in between are left out", "…… 中间省略 {count} 个节点"),
    "more_uses": ("... and {count} more uses", "…… 另有 {count} 次使用"),
    "more_leaves": ("... and {count} more leaves", "…… 另有 {count} 个叶节点"),
    "constant_root": (
        "{root} was computed from constants only: no leaf wants a gradient.",
        "{root} 只由常量算出:没有叶节点需要梯度。",
    ),
    # one leaf
    "one_path": (
        "{root} depends on {leaf} along 1 path; the gradient is the product of the local derivatives on it",
        "{root} 沿 1 条路径依赖 {leaf};梯度 = 这条路径上各局部导数的乘积",
    ),
    "paths": (
        "{root} depends on {leaf} along {count} paths; the gradient is the sum of their products",
        "{root} 沿 {count} 条路径依赖 {leaf};梯度 = 各路径乘积之和",
    ),
    "no_path": (
        "{root} does not depend on {leaf}: no path leads from one to the other, so {leaf}.grad = 0",
        "{root} 不依赖 {leaf}:两者之间没有路径,所以 {leaf}.grad = 0",
    ),
    "largest": ("the largest {count}:", "最大的 {count} 条:"),
    "in_symbols": ("in symbols: {symbols}", "符号式:{symbols}"),
    "too_many_paths": (
        "{count} paths are too many to list (up to {most}): .count counts them, .largest gives the largest.",
        "共 {count} 条路径,太多了,无法逐条列出(最多 {most} 条):.count 给出条数,.largest 给出最大的几条。",
    ),
    "not_in_graph": (
        "that node is not part of {root}'s graph. Leaves of {root}: {known}.",
        "这个节点不在 {root} 的计算图里。{root} 的叶节点:{known}。",
    ),
    "constant_in_graph": (
        "that node is a constant of {root}'s graph: no gradient arrives there. Leaves of {root}: {known}.",
        "这个节点是 {root} 计算图里的常数:梯度不会到达那里。{root} 的叶节点:{known}。",
    ),
    "uses_count": (" ({uses} uses)", "({uses} 次使用)"),
    # the table
    "table": (
        "Read values down, gradients up. A gradient is the sum, over the uses, of upstream * local.",
        "数值从上往下读,梯度从下往上读。梯度 = 对各次使用,上游 * 局部 之和。",
    ),
    "node": ("node", "节点"),
    "expression": ("expression", "表达式"),
    "value": ("value", "数值"),
    "locals": ("local derivatives", "局部导数"),
    "sum_over_uses": ("gradient: sum over uses", "梯度:对各次使用求和"),
    "from": ("from", "来自"),
    "leaf": ("leaf", "叶节点"),
    "starts": ("start", "起点"),
    "table_side": ("{side} {name}: {local}", "{side} {name}\uff1a{local}"),
    # the page
    "stepper_repr": (
        '<stepper: {title}, {count} steps; to use it: .save("{file}.html"); in words: explain({root})>',
        '<逐步演示：{title}，{count} 步；使用：.save("{file}.html")；文字版：explain({root})>',
    ),
    "quiz_repr": (
        '<quiz: {title}, {count} steps; to take it: .save("{file}.html")>',
        '<测验：{title}，{count} 步；作答：.save("{file}.html")>',
    ),
    "run_the_cell": ("Run the cell to step through it.", "运行单元格即可逐步查看。"),
    "all_steps": ("All steps as a table", "全部步骤（表格）"),
    "too_large": (
        "more than {count} nodes: nobody steps through that many. Take a node inside, or one sample; "
        "explain(L, wrt=w) tells the story of one parameter, draw(L) shows the whole.",
        "超过 {count} 个节点,没有人会逐步看完。请取其中一个节点或一个样本;"
        "explain(L, wrt=w) 讲一个参数的来龙去脉,draw(L) 显示全图。",
    ),
    "formula_too_large": (
        "more than {count} nodes: nobody reads that formula. Take a node inside, or one sample; "
        "explain(L, wrt=w) tells the story of one parameter.",
        "超过 {count} 个节点,没有人会读这样的公式。请取其中一个节点或一个样本;explain(L, wrt=w) 讲一个参数的来龙去脉。",
    ),
    # nudging
    "nudge": (
        "{leaf} from {start}, {root} = {value}; the gradient {leaf}.grad = {grad} predicts the change",
        "{leaf} 从 {start} 出发,{root} = {value};由梯度 {leaf}.grad = {grad} 预测变化",
    ),
    "h": ("h", "h"),
    "predicted": ("predicted: grad * h", "预测:grad * h"),
    "real": ("real change", "实际变化"),
    "error": ("error", "误差"),
    "slope": ("real change / h", "实际变化 / h"),
    "nudge_error": (
        "h ten times smaller, the error about {times} times smaller: the gradient is the slope.",
        "h 缩小到十分之一,误差约缩小到 {times} 分之一:梯度就是斜率。",
    ),
    "nudge_soon": (
        "With h small enough nothing but rounding is left of the error: the gradient is the slope.",
        "h 足够小时,误差只剩舍入:梯度就是斜率。",
    ),
    "nudge_straight": (
        "No error but rounding: {root} is a straight line in {leaf} here.",
        "除舍入外没有误差:此处 {root} 关于 {leaf} 是直线。",
    ),
    "nudge_kink": (
        "The error does not shrink faster than h {where}: {leaf} = {start} is at a kink.",
        "{where}的误差没有比 h 缩得更快:{leaf} = {start} 处是不可导点(折点)。",
    ),
    "nudge_jump": (
        "The error does not shrink with h {where}: at {leaf} = {start} no slope can be seen.",
        "{where}的误差不随 h 缩小:{leaf} = {start} 处看不出斜率。",
    ),
    "to_the_right": ("to the right", "右侧"),
    "to_the_left": ("to the left", "左侧"),
    "to_both_sides": ("to both sides", "两侧"),
    "nudge_one": (
        "Try a smaller h: the error shrinks faster than h where there is a slope.",
        "试试更小的 h:有斜率的地方,误差比 h 缩得更快。",
    ),
    "cannot_move": (
        "{root} holds a node that cannot be computed again: "
        "declare its op with autograd.op(name, value, partial).",
        "{root} 中有无法重新计算的节点:请用 autograd.op(name, value, partial) 声明该运算。",
    ),
    "tangent": ("x = X, height Y, slope S", "x = X,高度 Y,斜率 S"),
    "tangent_picture": (
        "a curve, its tangent at one point, and a slope triangle",
        "曲线、一点处的切线和斜率三角形",
    ),
    "run": ("run {size}", "横向 {size}"),
    "rise": ("rise {size}", "纵向 {size}"),
    "show_numbers": ("Show the slope", "显示斜率"),
    # the order
    "order_at_once": (
        "AT ONCE   every node hands on whenever something arrives",
        "立即  一有梯度传到,就立刻往回传",
    ),
    "order_once": (
        "ONCE   every node hands on at its first arrival, and never again",
        "一次  第一次收到时往回传,以后不再传",
    ),
    "order_right": (
        "IN ORDER   every node waits until all its uses are in",
        "按次序  每个节点等所有使用都已加完",
    ),
    "edge": ("edge", "边"),
    "flow": ("flow", "贡献"),
    "uses_in_head": ("uses", "使用"),
    "uses_in_so_far": ("{uses_in} of {uses} in", "{uses} 次使用中已有 {uses_in} 次"),
    "order_more": ("... and {count} more", "…… 另有 {count} 次"),
    "order_unfinished": (
        "not followed to its end: {count} hand-ons, one for every path; {name} alone would hand on "
        "{times} times",
        "没有走到底:每条路径传一次,共 {count} 次;单是 {name} 就要往回传 {times} 次",
    ),
    "order_good": ("right: {told}", "对:{told}"),
    "order_bad": ("wrong: {told}{early}", "错:{told}{early}"),
    "order_early": (
        "; {name} handed on with only {uses_in} of its {uses} uses in",
        ";{name} 的 {uses} 次使用只到了 {uses_in} 次就往回传了",
    ),
    "order_same": (
        "Here the order does not matter: no computed node is used twice, so whoever gets something has all.",
        "在这张计算图上次序无关紧要:没有中间节点被使用两次,收到一次就收齐了。",
    ),
    "order_matters": (
        "It matters as soon as one is used twice. Call why_order(c) on:",
        "只要有一个中间节点被使用两次,次序就要紧了。试试 why_order(c):",
    ),
    "order_rule": (
        "The rule: a node hands on when all who use it have handed on. Such an order is called topological.",
        "规则:用到它的节点都传完了,一个节点才往回传。这样的次序叫拓扑序(topological order)。",
    ),
}
