"""What is said to programs that come from PyTorch and Keras: of tensors, of files."""

TEXTS: dict[str, tuple[str, str]] = {
    "nn_axis": (
        "{owner}: there is no axis {dim} among {depth}. Write a number from 0 to the last, or -1 for the last.",
        "{owner}:共 {depth} 个轴,没有轴 {dim}。请写 0 到末轴的序号,或用 -1 表示末轴。",
    ),
    "nn_fit": (
        "{owner}: {given} does not go with the shape {shape}. Write what fits the lengths of its axes.",
        "{owner}:{given} 与形状 {shape} 不相配。请写与各轴长度相符的值。",
    ),
    "nn_reshape": (
        "{count} entries do not fit into the shape {shape}: its lengths multiply to another number.",
        "{count} 个元素放不进形状 {shape}:各长度之积与之不同。",
    ),
    "nn_product": (
        "{left} @ {right} multiplies rows by columns: the last length on the left equals the first on the right.",
        "{left} @ {right} 以行乘列:左边末轴长度须等于右边首轴长度。",
    ),
    "data_split_lengths": (
        "random_split: the lengths {lengths} do not add up to the {count} entries. Write lengths or shares that do.",
        "random_split:长度 {lengths} 之和不等于 {count} 个元素。请改写各长度或比例。",
    ),
    "keras_no_layers": (
        "{path} holds weights without layers: build the layers as they were, then model.load({path!r}).",
        "{path} 只有权重,没有层:请照原样建好各层,再 model.load({path!r})。",
    ),
    "torch_mixed": (
        "tensor takes a number or nested lists of numbers of one shape, got {shapes}. For lists of several "
        "lengths write plain lists: modules take them as they are.",
        "tensor 需要一个数,或形状一致的嵌套数列表,得到 {shapes}。长度不一的请用普通列表:模块可直接接受。",
    ),
    "keras_adapt": (
        "Normalization has measured nothing yet: write layer.adapt(x), or give mean and variance.",
        "Normalization 尚未测量:请写 layer.adapt(x),或给出 mean 和 variance。",
    ),
    "tensor_norm": (
        "norm knows p=1 and p=2, got {p!r}. Write (x.abs() ** p).sum() ** (1 / p).",
        "norm 只有 p=1 和 p=2,得到 {p!r}。请写 (x.abs() ** p).sum() ** (1 / p)。",
    ),
    "nn_conv_groups": (
        "groups={groups} does not divide {inputs} channels in and {outputs} channels out: write a divisor of both.",
        "groups={groups} 不能整除 {inputs} 个输入通道和 {outputs} 个输出通道:请写两者的公约数。",
    ),
    "torch_save_module": (
        "A file holds numbers and no program: write torch.save(model.state_dict(), {path!r}), and "
        "model.load_state_dict(torch.load({path!r})) of a model made as this one was.",
        "文件只存数,不存程序:请写 torch.save(model.state_dict(), {path!r}),"
        "再对同样建立的模型写 model.load_state_dict(torch.load({path!r}))。",
    ),
    "keras_endless": (
        "{method} goes through a dataset once, and this one repeats without an end: leave .repeat() away and say "
        "epochs=, or write .take(n).",
        "{method} 只遍历数据集一次,而这个数据集无限重复:请去掉 .repeat() 并写 epochs=,或写 .take(n)。",
    ),
    "keras_unbatched": (
        "{method} takes batches, and this dataset gives single samples: write dataset.batch(32).",
        "{method} 需要成批的数据,而这个数据集给出单个样本:请写 dataset.batch(32)。",
    ),
    "keras_uneven": (
        "batches of other sizes than {size} stand in the middle of this dataset: write .batch({size}) as its last step.",
        "这个数据集中间有大小不是 {size} 的批:请把 .batch({size}) 写在最后一步。",
    ),
    "keras_no_length": (
        "nobody knows the length of this dataset before it was gone through: len(list(dataset.take(n))) counts.",
        "遍历之前无法知道这个数据集的长度:请用 len(list(dataset.take(n))) 来数。",
    ),
}
