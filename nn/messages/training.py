"""What data, optimisers, schedules, `fit` and what looks at its results say."""

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
    "fit_not_compiled": (
        "the model does not know how to learn yet: call "
        "model.compile(optimizer='adam', loss='mse') before model.{method}(...).",
        "模型还不知道怎样学习:先调用 model.compile(optimizer='adam', loss='mse'),再调用 model.{method}(...)。",
    ),
    "fit_optimizer": (
        "optimizer must be a name such as 'adam', nn.Adam(model.parameters(), lr=0.01), or a function of the "
        "parameters such as lambda p: nn.Adam(p, lr=0.01); got {kind}.",
        "optimizer 应是名称(如 'adam')、nn.Adam(model.parameters(), lr=0.01),"
        "或参数的函数(如 lambda p: nn.Adam(p, lr=0.01));得到 {kind}。",
    ),
    "fit_penalty": (
        "penalty must be a function of the model, such as lambda model: nn.l2(model.parameters(), 1e-4); got {kind}.",
        "penalty 应是模型的函数,如 lambda model: nn.l2(model.parameters(), 1e-4);得到 {kind}。",
    ),
    "fit_optimizer_of_another": (
        "the optimizer trains none of this model's {count} parameters: build it with model.parameters().",
        "该优化器不训练本模型 {count} 个参数中的任何一个:请用 model.parameters() 建立它。",
    ),
    "fit_empty": (
        "there is nothing to learn from: {name} has no samples.",
        "没有可学的数据:{name} 中没有样本。",
    ),
    "fit_lengths": (
        "{X} has {samples} samples and {y} has {targets} targets: give one target for each sample.",
        "{X} 有 {samples} 个样本,{y} 有 {targets} 个目标:每个样本要有一个目标。",
    ),
    "fit_weight_count": (
        "{name} has {got} weights for {samples} samples: give one weight for each sample.",
        "{name} 有 {got} 个权重,样本却有 {samples} 个:每个样本请给一个权重。",
    ),
    "fit_weights": (
        "sample_weight multiplies the loss of each sample before their mean is taken, and {loss} is no such mean. "
        'Take reduction="mean", without weight and ignore_index.',
        "sample_weight 先乘每个样本的损失再取平均,而 {loss} 不是这样的平均。"
        '请用 reduction="mean",不要 weight 和 ignore_index。',
    ),
    "fit_batch_size": (
        "a batch of {size} does not fit {samples} training samples: give batch_size from 1 to {samples}.",
        "批大小 {size} 与 {samples} 个训练样本不符:batch_size 应为 1 到 {samples}。",
    ),
    "fit_split": (
        "validation_split is the share of samples put aside, from 0 to less than 1, and must leave samples on "
        "both sides; got {split} for {samples} samples.",
        "validation_split 是留出样本的比例,从 0 到小于 1,两边都要有样本;得到 {split}(共 {samples} 个样本)。",
    ),
    "fit_not_finite": (
        "the loss became {loss} at step {step} (epoch {epoch}, batch {batch}).{cause}\n"
        "The weights of step {before} are kept, and model.history holds what was recorded. {advice}",
        "损失在第 {step} 步变为 {loss}(第 {epoch} 轮第 {batch} 批)。{cause}\n"
        "保留了第 {before} 步的权重,model.history 中有已记录的内容。{advice}",
    ),
    "fit_gradient_not_finite": (
        "a gradient became {gradient} at step {step} (epoch {epoch}, batch {batch}): {parameter}.{cause}\n"
        "The weights of step {before} are kept, and model.history holds what was recorded. {advice}",
        "梯度在第 {step} 步变为 {gradient}(第 {epoch} 轮第 {batch} 批):{parameter}。{cause}\n"
        "保留了第 {before} 步的权重,model.history 中有已记录的内容。{advice}",
    ),
    "fit_weight_not_finite": (
        "the update of step {step} (epoch {epoch}, batch {batch}) made {parameter} {value}.\n"
        "The weights of step {before} are kept, and model.history holds what was recorded. {advice}",
        "第 {step} 步(第 {epoch} 轮第 {batch} 批)的更新使 {parameter} 变为 {value}。\n"
        "保留了第 {before} 步的权重,model.history 中有已记录的内容。{advice}",
    ),
    "fit_arose": (" It arose here: {where}", " 产生之处:{where}"),
    "fit_data_not_finite": (
        " Sample {sample} of the data holds {value}: clean the data first.",
        " 数据的第 {sample} 个样本含有 {value}:请先清理数据。",
    ),
    "fit_advice_rate": (
        "Try a smaller learning rate (it is {rate:g}), or callbacks=[nn.ClipGradients(max_norm=1.0)].",
        "试试更小的学习率(现在是 {rate:g}),或 callbacks=[nn.ClipGradients(max_norm=1.0)]。",
    ),
    "fit_interrupted": (
        "Stopped by Ctrl-C after step {step} (epoch {epoch}): the weights and the history so far are kept.",
        "被 Ctrl-C 停止,已完成 {step} 步(第 {epoch} 轮):权重和历史都已保留。",
    ),
    "fit_mismatch": (
        "fit stopped in epoch {epoch}, losses and weights since epoch {since} are in doubt: the loss of a sample was "
        "recorded for replay, and {why}. Model or loss read something that changes where no recording sees it: keep "
        "it in an attribute of the model, or write fit(..., replay=False).",
        "fit 在第 {epoch} 轮停止,自第 {since} 轮起的损失和权重都不可信:为重放录制了一个样本的损失,而{why}。"
        "模型或损失读取了录制看不到的、会变化的东西:请把它放在模型的属性里,或写 fit(..., replay=False)。",
    ),
    "fit_not_recorded": (
        "fit goes on eagerly, without replay: {reason}",
        "fit 不用重放,逐步计算:{reason}",
    ),
    "fit_loss_of_its_own": (
        "{loss} is not known to be a mean over samples.",
        "不知道 {loss} 是否是对样本的平均。",
    ),
    "fit_draws": (
        "{modules} draws random numbers while training.",
        "{modules} 在训练时要抽随机数。",
    ),
    "fit_needs_batch": (
        "a module looks at all samples of a batch together (batch normalisation).",
        "有模块同时查看一批中的所有样本(批归一化)。",
    ),
    "fit_watched": (
        "{callbacks} looks at single steps.",
        "{callbacks} 要查看单个步骤。",
    ),
    "parallel_mean": (
        "Workers adds up shares of a batch, so the loss must be the mean over its samples; {loss} is not: "
        "leave reduction, weight and ignore_index as they are.",
        "Workers 把一批样本分开计算再相加,因此损失应是对样本的平均;{loss} 不是:"
        "请保留 reduction、weight 和 ignore_index 的默认值。",
    ),
    "parallel_pickle": (
        "the model or the loss cannot be sent to another process: {reason}.\n"
        "Use functions that stand at the top of a module in the place of lambdas.",
        "模型或损失无法发送到另一个进程:{reason}。\n请用模块顶层的函数代替 lambda。",
    ),
    "metric_regression": (
        "accuracy counts right classes, but target {target!r} of sample {sample} is a measured number.\n"
        "For a regression write metrics=['mae', 'r2'].",
        "accuracy 统计类别对错,而第 {sample} 个样本的目标 {target!r} 是测量值。\n"
        "回归问题请写 metrics=['mae', 'r2']。",
    ),
    "metric_shapes": (
        "{metric} compares number with number: sample {sample} has {got} predicted and {wanted} wanted.",
        "{metric} 逐个比较数:第 {sample} 个样本预测了 {got} 个,目标有 {wanted} 个。",
    ),
    "callback_monitor": (
        "{callback} watches {monitor!r}, and fit recorded {names}.{advice}",
        "{callback} 监视 {monitor!r},而 fit 记录了 {names}。{advice}",
    ),
    "callback_monitor_validation": (
        " Give fit validation_split=0.2, or write monitor='loss'.",
        " 请给 fit 传入 validation_split=0.2,或写 monitor='loss'。",
    ),
    "callback_kind": (
        "callback {index} is a {kind}: give a nn.Callback, or a function of the run.",
        "第 {index} 个回调是 {kind}:请给 nn.Callback 或以 run 为参数的函数。",
    ),
    "estimator_unconverged": (
        "max_iter={count} passes ended the training before the loss had settled: give a larger max_iter, or a larger tol.",
        "训练在 max_iter={count} 轮后结束,而损失尚未稳定:请增大 max_iter,或增大 tol。",
    ),
    "estimator_one_class": (
        "there is one class only, {got}, and so nothing to tell apart: give samples of 2 classes or more.",
        "没有可区分的类别:只有一个类别 {got}。请给出至少两个类别的样本。",
    ),
    "estimator_classes": (
        "partial_fit cannot know which classes are still to come: give the first call classes=[...].",
        "partial_fit 无法知道以后还有哪些类别:第一次调用请传入 classes=[...]。",
    ),
    "estimator_class": (
        "partial_fit began with the classes {known} and got {got}: name all of them in the first call.",
        "partial_fit 开始时的类别是 {known},却得到 {got}:请在第一次调用时给出全部类别。",
    ),
    "mode_unknown": (
        "{owner} cannot know whether {name!r} should rise or fall: write mode='max' if larger is better, "
        "mode='min' if smaller is.",
        "{owner} 无法知道 {name!r} 是越大越好还是越小越好:越大越好请写 mode='max',越小越好请写 mode='min'。",
    ),
    "checkpoint_falls": (
        "Checkpoint cannot know whether {name!r} should rise or fall, and takes it as falling: write mode='max' "
        "if larger is better, mode='min' if smaller is.",
        "Checkpoint 无法知道 {name!r} 是越大越好还是越小越好,按越小越好处理:越大越好请写 mode='max',"
        "越小越好请写 mode='min'。",
    ),
    "history_only_nan": (
        "no epoch has a best {name!r}: every one of its numbers is nan.",
        "没有哪一轮的 {name!r} 最好:它的每个数都是 nan。",
    ),
    "checkpoint_broken": (
        "{path} is not a complete checkpoint (line {line}, column {column}): it was cut short or edited. "
        "Resume from an older one.",
        "{path} 不是完整的检查点(第 {line} 行第 {column} 列):被截断或改动过。请改用更早的检查点。",
    ),
    "resume_others": ("number of other parameters", "其他参数的个数"),
    "resume_loss": ("state of the loss", "损失的状态"),
    "resume_model": ("model", "模型"),
    "resume_setting": ("{name} of {of}", "{of} 的 {name}"),
    "resume_other": (
        "{what} was {then} when it was written, and is {now} now: a resumed run goes on as if it had never "
        "stopped. Give fit the same, or take the weights alone: nn.load_checkpoint({path!r}, model).",
        "写入时 {what} 是 {then},现在是 {now}:继续的训练应与从未中断时一样。"
        "请给 fit 相同的设置,或只取权重:nn.load_checkpoint({path!r}, model)。",
    ),
    "state_inside": (
        "{name} was a {kind} with a state of its own, and is {now} now: make it in on_fit_begin, or give the "
        "callback state_dict and load_state_dict.",
        "{name} 原是带有自身状态的 {kind},现在是 {now}:请在 on_fit_begin 中建立它,"
        "或为回调写 state_dict 和 load_state_dict。",
    ),
    "state_kind": (
        "the state of {name} holds a {kind}, which a checkpoint cannot: state_dict gives numbers, text, None, and "
        "lists, tuples, dicts, sets of them.",
        "{name} 的状态中有 {kind},检查点无法保存:state_dict 应给出数、文本、None 以及由它们组成的列表、元组、字典、集合。",
    ),
    "state_class": (
        "a state needs the class {kind}, which this program has not.",
        "状态需要类 {kind},而本程序中没有它。",
    ),
    "state_generators": (
        "the random generators differ from those that were saved: {names}.",
        "随机数生成器与保存时的不同:{names}。",
    ),
    "checkpoint_other": (
        "{path} is no checkpoint of this library: callbacks=[nn.Checkpoint({path!r})] writes one.",
        "{path} 不是本库的检查点:用 callbacks=[nn.Checkpoint({path!r})] 来写。",
    ),
    "look_two_inputs": (
        "a decision boundary is drawn over two inputs; these samples have another number.",
        "决策边界画在两个输入之上;这些样本的输入个数不是两个。",
    ),
    "look_no_matplotlib": (
        'a surface needs matplotlib: pip install "scalar-autograd[train]". landscape(...) does without.',
        '画曲面需要 matplotlib:pip install "scalar-autograd[train]"。landscape(...) 则不需要。',
    ),
    "hint_no_gradient": (
        "{names} got no gradient in {steps} steps: nothing in the loss was computed from them.\n"
        "Use them in forward, remove them, or look for a .data or detach() between them and the loss.",
        "{names} 在 {steps} 步中没有得到梯度:损失不是由它们算出的。\n"
        "请在 forward 中使用或删除它们,或检查它们与损失之间是否有 .data 或 detach()。",
    ),
    "hint_dead_relu": (
        "{dead} of {units} relus in {layer} are dead: 0 for all {samples} samples, so no gradient passes them.\n"
        "Use a smaller learning rate, or 'leaky_relu' there.",
        "{layer} 的 {units} 个 relu 中有 {dead} 个失活:对 {samples} 个样本都是 0,梯度传不过去。\n"
        "请用更小的学习率,或在那里改用 'leaky_relu'。",
    ),
    "hint_saturated": (
        "{flat} of {units} {op}s in {layer} are saturated: within 0.01 of their limits for 9 of 10 samples, "
        "so hardly any gradient passes.\n"
        "Scale the inputs with nn.data.standardize, or start from smaller weights.",
        "{layer} 的 {units} 个 {op} 中有 {flat} 个饱和:九成样本离极限不到 0.01,梯度几乎传不过去。\n"
        "请用 nn.data.standardize 缩放输入,或用更小的初始权重。",
    ),
    "hint_exploding": (
        "the loss rose from {first:.4g} to {now:.4g} in epoch {epoch}: the steps are too long.\n"
        "Try a learning rate of {rate:g} (it is {old:g}).",
        "损失在第 {epoch} 轮从 {first:.4g} 升到 {now:.4g}:步子太大了。\n"
        "试试学习率 {rate:g}(现在是 {old:g})。",
    ),
    "nn_step_without_gradients": (
        "optimizer.step() changed nothing: none of the {count} parameters has a gradient yet.\n"
        "The order is optimizer.zero_grad(), loss.backward(), optimizer.step().",
        "optimizer.step() 什么也没改:{count} 个参数都还没有梯度。\n"
        "顺序是 optimizer.zero_grad()、loss.backward()、optimizer.step()。",
    ),
    "nn_one_parameter": (
        "{optimizer} takes a list of parameters and got one Value. Write {optimizer}([value]).",
        "{optimizer} 需要参数的列表,却得到一个 Value。请写 {optimizer}([value])。",
    ),
    "nn_foreign_parameter": (
        "parameter {index} is a {kind}: an optimizer takes Values. Pass model.parameters().",
        "第 {index} 个参数是 {kind}:优化器需要 Value。请传入 model.parameters()。",
    ),
    "nn_computed_parameter": (
        "parameter {index}, {value}, was computed by {op!r}: only leaves can be trained. Pass the leaf it was made from.",
        "第 {index} 个参数 {value} 由 {op!r} 算出:只能训练叶节点。请传入它所依赖的叶节点。",
    ),
    "nn_no_parameters": (
        "the optimizer got no parameters: pass model.parameters() of a model that has some. "
        "A Dense layer without input_shape has none before its first use.",
        "优化器没有得到参数:请传入含有参数的模型的 model.parameters()。没有 input_shape 的 Dense 层在首次使用前没有参数。",
    ),
    "nn_shared_parameter": (
        "parameter {index} stands in the list twice: it would be updated twice in one step.",
        "第 {index} 个参数出现了两次:一步之内会被更新两次。",
    ),
    "schedule_lambda": (
        "{schedule} needs a function of the step that gives a factor of the rate, got {got}.",
        "{schedule} 需要一个以步数为参数、返回学习率倍数的函数,得到 {got}。",
    ),
    "schedule_sequence": (
        "SequentialLR got {got} schedules and {milestones} milestones: give schedules of this very optimizer, none of "
        "them ReduceLROnPlateau, and one milestone less than schedules.",
        "SequentialLR 得到 {got} 个调度器和 {milestones} 个节点:调度器须属于这个优化器且不含 ReduceLROnPlateau,"
        "节点数比调度器少一个。",
    ),
    "schedule_state": (
        "the saved state is of {got} and not of {schedule}, or lacks something of it ({names}).",
        "保存的状态属于 {got} 而不是 {schedule},或者缺少内容({names})。",
    ),
    "schedule_kind": (
        "{schedule} got {kind}. Write {schedule}({instead}).",
        "{schedule} 得到的是 {kind}。请写 {schedule}({instead})。",
    ),
    "schedule_no_first_rate": (
        "{schedule}(last_epoch={last_epoch}) goes on from earlier steps, but the optimizer's groups have no "
        "'initial_lr' to say what they began with: load the optimizer's state first.",
        "{schedule}(last_epoch={last_epoch}) 要从之前的步骤继续,但优化器的组中没有 'initial_lr',不知道初始学习率:"
        "请先载入优化器的状态。",
    ),
    "schedule_no_momentum": (
        "{schedule} cycles the momentum too, and {optimizer} has none: write cycle_momentum=False.",
        "{schedule} 也要改变动量,而 {optimizer} 没有动量:请写 cycle_momentum=False。",
    ),
    "nn_optimizer_state_kind": (
        "{optimizer}.load_state_dict takes what state_dict() gave, with 'state' and 'param_groups'; got {kind}.",
        "{optimizer}.load_state_dict 需要 state_dict() 的结果(含 'state' 与 'param_groups'),得到 {kind}。",
    ),
    "nn_optimizer_state_other": (
        "the saved state is of {got}, this optimizer is {optimizer}{missing}: build it as it was when saved.",
        "保存的状态属于 {got},而这个优化器是 {optimizer}{missing}:请按保存时的方式建立它。",
    ),
    "nn_optimizer_state_missing": (
        " and needs {names}, which were not saved",
        ",它需要的 {names} 没有保存",
    ),
    "nn_optimizer_state_entry": (
        "the saved state of {optimizer} remembers {value!r} for parameter {place}: "
        "there is no such parameter, something lacks, or that number cannot be.",
        "保存的 {optimizer} 状态中,第 {place} 个参数记有 {value!r}:没有这个参数、内容不全,或者那里不可能是这个数。",
    ),
    "nn_optimizer_state": (
        "the saved state has groups of {got} parameters, this optimizer has groups of {wanted}: "
        "build it with the same parameters.",
        "保存的状态有 {got} 个参数的组,而这个优化器是 {wanted}:请用相同的参数建立它。",
    ),
}  # fmt: skip
