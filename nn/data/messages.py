"""Every sentence that the data helpers say to a person, in English and Chinese."""

from __future__ import annotations

from autograd import add_texts

# key: (English, Chinese); errors say what happened, where, and what to type
TEXTS: dict[str, tuple[str, str]] = {
    "data_encoding": (
        "{path} is not UTF-8 text (byte {byte}). Save it as UTF-8.",
        "{path} 不是 UTF-8 文本(第 {byte} 字节)。请另存为 UTF-8。",
    ),
    "data_no_names": ("{path} holds no names. Write one a line.", "{path} 中没有名字。请每行写一个。"),
    "data_csv": ("{path}, line {line}: {problem}.", "{path} 第 {line} 行:{problem}。"),
    "data_no_rows": (
        "{path} holds no data: a line of column names and at least one row are needed.",
        "{path} 中没有数据:需要一行列名和至少一行数据。",
    ),
    "data_cells": (
        "{path}, line {line}: {count} cells, line 1 names {columns} columns.",
        "{path} 第 {line} 行有 {count} 个单元格,第 1 行却有 {columns} 个列名。",
    ),
    "data_column_twice": (
        "{path}, line 1: the column name {name!r} stands twice.",
        "{path} 第 1 行:列名 {name!r} 出现了两次。",
    ),
    "data_no_column": (
        "{path} has no column {target!r}; it has {names}.{advice}",
        "{path} 没有列 {target!r};它有 {names}。{advice}",
    ),
    "data_delimiter": (
        " Its cells look separated by {mark!r}: add delimiter={mark!r}.",
        "单元格看来由 {mark!r} 分隔:请加上 delimiter={mark!r}。",
    ),
    "data_cell_empty": (
        "{path}, line {line}, column {column!r}: the cell is empty.",
        "{path} 第 {line} 行,列 {column!r}:单元格为空。",
    ),
    "data_cell": (
        "{path}, line {line}, column {column!r}: {cell!r} is not a finite number.",
        "{path} 第 {line} 行,列 {column!r}:{cell!r} 不是有限的数。",
    ),
    "data_image": (
        "image {number} has {count} pixels, which is not a number of rows of {width}. "
        "Give augment the length of a row: width=...",
        "图像 {number} 有 {count} 个像素,不能按每行 {width} 个排成整行。请把行长告诉 augment:width=...",
    ),
    "data_one_sample": (
        "one sample cannot be split: give at least 2.",
        "只有一个样本,无法划分:请至少给 2 个。",
    ),
    "data_batch": (
        "a batch of {size} does not fit {count} samples. Give a size from 1 to {count}.",
        "批大小 {size} 不适合 {count} 个样本。请给 1 到 {count} 之间的大小。",
    ),
    "data_mean_alone": (
        "standardize needs mean and scale from one earlier call: give both or neither.",
        "standardize 需要来自同一次调用的 mean 和 scale:请两者都给,或都不给。",
    ),
    "data_mean_length": (
        "samples have {width} numbers, mean has {mean} and scale {scale}. "
        "Give the mean and scale that standardize returned for these columns.",
        "样本有 {width} 个数,mean 有 {mean} 个,scale 有 {scale} 个。请给 standardize 对这些列返回的 mean 和 scale。",
    ),
    "data_no_labels": ("one_hot got no labels.", "one_hot 没有得到标签。"),
    "data_label_list": (
        "label {label!r} of sample {sample} is a list: give one label per sample.",
        "样本 {sample} 的标签 {label!r} 是列表:每个样本请给一个标签。",
    ),
    "data_class_twice": (
        "a class stands twice among the classes: {classes}.",
        "类别中有一个出现了两次:{classes}。",
    ),
    "data_label": (
        "label {label!r} of sample {sample} is none of the classes {classes}.",
        "样本 {sample} 的标签 {label!r} 不在类别 {classes} 之中。",
    ),
    "data_lengths": (
        "{samples} samples and {targets} targets: each sample needs one target.",
        "有 {samples} 个样本和 {targets} 个目标:每个样本需要一个目标。",
    ),
    "data_empty": ("no data: the list of samples is empty.", "没有数据:样本列表为空。"),
    "data_widths": (
        "sample {sample} has {got} numbers, sample 0 has {wanted}.",
        "样本 {sample} 有 {got} 个数,样本 0 有 {wanted} 个。",
    ),
}
add_texts(TEXTS)
