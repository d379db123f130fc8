"""What `answer` and `check_engine` say around the sentences of the exercises."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "answer_key": (
        'the name of an exercise stands in quotes: "{key}" (3.1 and 3.10 are two exercises).',
        '练习的编号要加引号:"{key}"(3.1 和 3.10 是两个练习)。',
    ),
    "answer_unknown": (
        "there is no exercise {key!r}: choose one of {known}.",
        "没有练习 {key!r}:请选 {known} 之一。",
    ),
    "answer_blank": (
        "Nothing is filled in yet: put your answer in the place of None, the three dots or the empty field.",
        "还没有填写:请在 None、三个点或空栏处填上你的答案。",
    ),
    "answer_not_a_number": (
        "Type a number or a product of numbers, such as 2 or '0.5*4'.",
        "请输入数字或算式,例如 2 或 '0.5*4'。",
    ),
    "answer_endless": (
        "It does not end: after {count} lines it still runs. Does what a loop waits for ever come?",
        "它停不下来:运行了 {count} 行还没有结束。循环等待的条件会到来吗?",
    ),
    "answer_count": ("{count} answers are asked for, got {got}.", "需要 {count} 个答案,得到 {got} 个。"),
    "answer_raised": ("Your function stops with {error}.", "你的函数出错停止:{error}。"),
    "answer_at": ("At {x} your function gives {y}.", "在 {x} 处你的函数给出 {y}。"),
    "answer_not_yet": ("Not yet. {second}", "还不对。{second}"),
    "answer_looks_like": ("It looks like one of two things: {told}", "看起来有两种可能:{told}"),
    "answer_or": (" Or: ", " 或者:"),
    "answer_yes": ("Yes: {solution}.", "对:{solution}。"),
    "answer_yes_task": ("Yes: every case comes out.", "对:所有情形都通过了。"),
    "answer_shown": ("{fault}\nHere it is: {solution}.", "{fault}\n答案是:{solution}。"),
    "answer_variant": ("Now with other numbers: {question}", "换一组数字再来:{question}"),
    "answer_shown_task": (
        "{fault}\nHere is one way to write it:{solution}\nClose it, and write it once more yourself.",
        "{fault}\n一种写法:{solution}\n请合上它,自己再写一遍。",
    ),
    "engine_line": ("stage {n}  {title}: {state}", "第 {n} 阶段  {title}:{state}"),
    "engine_passed": ("passed", "通过"),
    "engine_failed": ("not yet", "还没有"),
    "engine_waits": ("waits", "待查"),
    "engine_stage": (
        "there is no stage {stage!r}: check_engine(MyValue, stage=n) takes 1 to {most}.",
        "没有第 {stage!r} 阶段:check_engine(MyValue, stage=n) 的 n 为 1 到 {most}。",
    ),
    "engine_no_class": (
        "check_engine takes the class itself, got {got}: write check_engine(MyValue).",
        "check_engine 需要类本身,得到 {got}:请写 check_engine(MyValue)。",
    ),
    "engine_missing": ("There is no {name} yet.", "还没有 {name}。"),
    "engine_stops": ("Your class stops with {error}", "你的类出错停止:{error}"),
    "answer_not_kept": ("(Your attempts are not kept: {error})", "(答题记录没有保存:{error})"),
    "sheet_title": ("Exercises", "练习"),
    "sheet_language": ("中文", "English"),
    "sheet_count": ("{right} of {all} right", "{all} 题中已答对 {right} 题"),
    "sheet_answer": ("Answer", "回答"),
    "sheet_field": ("your answer", "你的答案"),
    "sheet_another": ("Other numbers", "换一组数字"),
    "sheet_notebook": (
        'This one wants code that Python runs: answer it in the notebook, answer("{key}", ...).',
        '这一题要由 Python 运行代码:请在笔记本里用 answer("{key}", ...) 回答。',
    ),
    "sheet_repr": (
        '<sheet of {count} exercises: .save("exercises.html") writes the page>',
        '<练习页,共 {count} 题:.save("exercises.html") 写出它>',
    ),
    "answer_file": (
        "{path} is not a file of answers: move it away, or choose another folder with student(name, folder=...).",
        "{path} 不是答题记录文件:请移走它,或用 student(name, folder=...) 换一个文件夹。",
    ),
}
