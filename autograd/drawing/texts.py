"""What drawing says when something cannot be drawn, in English and Chinese."""

from __future__ import annotations

from autograd.messages import add_texts

add_texts({
    "draw_too_large": (
        "{count} nodes are too many for one picture (up to {most:,} boxes are drawn). "
        'Put parts of the computation into scopes, `with autograd.scope("attention"): ...`, and they are '
        "drawn as boxes; or draw one part: draw(v) for an inner Value v.",
        "{count} 个节点太多,一张图画不下(最多 {most:,} 个框)。"
        '把计算的各部分放进 scope:`with autograd.scope("attention"): ...`,它们会画成框;'
        "或者只画一部分:对中间的 Value v 写 draw(v)。",
    ),
    "draw_more_than": ("more than {count:,}", "超过 {count:,}"),
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
    "draw_needs_dot": (
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
})  # fmt: skip
