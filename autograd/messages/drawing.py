"""The words of pictures, the captions of their frames, and what is said when one cannot be drawn."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "draw_too_large": (
        "{count} nodes are too many for one picture (up to {most:,} boxes are drawn). "
        'Put parts of the computation into scopes, `with autograd.scope("attention"): ...`, and they are '
        "drawn as boxes; or draw one part: draw(v) for an inner Value v.",
        "{count} 个节点的计算图太大,一张图画不下(最多 {most:,} 个框)。"
        '把计算的各部分放进 scope:`with autograd.scope("attention"): ...`,它们会画成框;'
        "或者只画一部分:对中间的 Value v 请写 draw(v)。",
    ),
    "draw_more_than": ("more than {count:,}", "超过 {count:,}"),
    "draw_repr": (
        '<picture of {roots}: {boxes:,} boxes, {edges:,} edges; to see it: .save("{file}.html"); '
        "in words: explain({root})>",
        '<{roots} 的计算图：{boxes:,} 个框，{edges:,} 条边；查看：.save("{file}.html")；'
        "文字版：explain({root})>",
    ),
    "draw_collapsed": (
        '{count:,} nodes: drawn as {boxes:,} boxes. draw({root}, expand="{scope}") opens one, '
        "explain({root}, wrt=w) tells the story of one parameter.",
        '{count:,} 个节点:画成 {boxes:,} 个框。draw({root}, expand="{scope}") 打开其中一个,'
        "explain({root}, wrt=w) 讲一个参数的来龙去脉。",
    ),
    "draw_no_scope": (
        "there is no scope {name!r} to expand; there are: {known}.",
        "没有名为 {name!r} 的 scope 可展开;现有:{known}。",
    ),
    "draw_choice": (
        "{option} is {given!r}, but can only be {known}.",
        "{option} 是 {given!r},但只能是 {known}。",
    ),
    "draw_suffix": (
        "the suffix {suffix!r} says no kind of file: write one of {known}.",
        "后缀 {suffix!r} 不对应任何文件类型:请用 {known} 之一。",
    ),
    "draw_needs": (
        '{what} needs {library}: pip install "scalar-autograd[draw]"',
        '{what} 需要 {library}:pip install "scalar-autograd[draw]"',
    ),
    "draw_no_dot": (
        "{what} needs Graphviz's program `dot` on the path: https://graphviz.org/download, or save as .svg.",
        "{what} 需要 Graphviz 的程序 `dot`(在 PATH 中):https://graphviz.org/download,或保存为 .svg。",
    ),
    "draw_slow_dot": (
        "Graphviz's program `dot` was not done with the {what} in 10 seconds: draw a part, or save as .svg.",
        "Graphviz 的程序 `dot` 在 10 秒内没有完成 {what}:请画一部分,或保存为 .svg。",
    ),
    "draw_not_shown": (
        "{node} is not in this picture and cannot be highlighted: give nodes that {root} was computed from.",
        "{node} 不在这张图中,无法突出显示:请给出 {root} 由之算出的节点。",
    ),
    "draw_no_graph": (
        "draw needs a Value, or a node with .data and operands (parents, _prev or _children), got {kind}.",
        "draw 需要一个 Value,或带有 .data 和操作数(parents、_prev 或 _children)的节点;得到 {kind}。",
    ),
    "draw_mermaid": (
        "mermaid draws up to {most_edges} edges and {most:,} characters, this graph has {edges:,} and "
        "{count:,}: save it as .svg, or collapse it by scopes first.",
        "mermaid 最多画 {most_edges} 条边、{most:,} 个字符,这张图有 {edges:,} 条边、{count:,} 个字符:"
        "请保存为 .svg,或先按 scope 折叠。",
    ),
    # on a picture
    "draw_data": ("data", "数值"),
    "draw_grad": ("grad", "梯度"),
    "draw_none": ("no gradient yet", "还没有梯度"),
    "draw_nodes": ("{count:,} nodes", "{count:,} 个节点"),
    "draw_local": ("on an edge: local derivative", "边上:局部导数"),
    "draw_plus": ("gradient > 0", "梯度 > 0"),
    "draw_minus": ("gradient < 0", "梯度 < 0"),
    "draw_full": ("full bar: {size}", "满格:{size}"),
    "draw_zero": ("dotted: hands on 0", "虚线:传回 0"),
    "draw_bad": ("red: the first inf or nan", "红框:最先出现 inf 或 nan"),
    "without_no_dot": ("dot is not installed: laid out without it", "未安装 dot:未使用它来布局"),
    "without_slow_dot": (
        "dot was not done in 10 seconds: laid out without it",
        "dot 在 10 秒内没有完成:未使用它来布局",
    ),
    "draw_before": ("before → after", "之前 → 之后"),
    "draw_leaf": ("leaf", "叶节点"),
    "draw_constant": ("constant", "常量"),
    "draw_use": ("used {count} times", "使用 {count} 次"),
    # under a frame
    "frame_ready": (
        "The leaves have values. Forward: compute node by node.",
        "叶节点已有数值。前向传播:逐个节点计算。",
    ),
    "frame_forward": ("Forward: {name} = {expression} = {value}", "前向传播:{name} = {expression} = {value}"),
    "frame_turn": (
        "All values are known. Backward: how much does {root} change?",
        "数值已算完。反向传播:{root} 会变多少?",
    ),
    "frame_start": (
        "{root} changes one to one with itself: {root}.grad = 1",
        "{root} 对自己的变化率是 1:{root}.grad = 1",
    ),
    "frame_edge": (
        "At {node}, into {operand}: {upstream} * {local} = {flow}",
        "在 {node},传给 {operand}:{upstream} * {local} = {flow}",
    ),
    "frame_use": (
        "{name}.grad = {grad}, use {use} of {uses}",
        "{name}.grad = {grad},第 {use} 次使用,共 {uses} 次",
    ),
    "frame_back": ("previous", "上一步"),
    "frame_next": ("next", "下一步"),
    "frame_play": ("play", "播放"),
    "frame_at": ("step", "步骤"),
    "frame_node": ("At {node}: its gradient goes to {operands}", "在 {node}:梯度传给 {operands}"),
    "frame_end": ("Done.", "完成。"),
}
