"""What layers, losses and files of weights say, and those who hand networks on."""

TEXTS: dict[str, tuple[str, str]] = {
    "nn_and_more": (", ... ({count} in all)", "等(共 {count} 个)"),
    "nn_inputs": (
        "{layer} and got {got} numbers: {inputs}.\nGive {wanted} numbers per sample, or build it as {build}.",
        "{layer},却得到 {got} 个数:{inputs}。\n每个样本给 {wanted} 个数,或改成 {build}。",
    ),
    "nn_layer_is": ("{name} is {layer}", "{name} 是 {layer}"),
    "nn_no_torch": (
        'tensors need PyTorch: pip install "scalar-autograd[parity]"',
        '张量需要 PyTorch:pip install "scalar-autograd[parity]"',
    ),
    "nn_the_model": ("the model", "模型"),
    "nn_one_number": (
        "{layer} takes a list of numbers, got {inputs}. Write [{inputs}].",
        "{layer} 需要数的列表,得到 {inputs}。请写 [{inputs}]。",
    ),
    "nn_row": (
        "softmax and its kind take a list of numbers, got {got}. Write [{got}].",
        "softmax 一类的函数需要数的列表,得到 {got}。请写 [{got}]。",
    ),
    "nn_share_sum": (
        "the target's shares {shares} add up to {total}: shares are numbers from 0 up whose sum is 1.{advice}",
        "目标的概率 {shares} 之和为 {total}:概率应从 0 起,且和为 1。{advice}",
    ),
    "nn_share_sum_advice": (
        "\nDivide them by their sum, or train several yes-or-no answers with bce_with_logits.",
        "\n请除以它们的和;若是多个“是或否”的答案,请用 bce_with_logits。",
    ),
    "nn_weightless": (
        "{loss}: the classes of all targets have the weight 0, so there is nothing to take a mean of.",
        "{loss}:所有目标的类别权重都是 0,无法求平均。",
    ),
    "nn_token": (
        "token {token!r} is none of this tokenizer: tokens are whole numbers from 0 to {last}.",
        "token {token!r} 不属于这个分词器:token 是 0 到 {last} 的整数。",
    ),
    "nn_state_pair": (
        "{layer} takes the pair (h, c) as its state, got {got}. Write cell(x, (h, c)), or leave the state away.",
        "{layer} 的状态是一对 (h, c),得到 {got}。请写 cell(x, (h, c)),或省略状态。",
    ),
    "nn_no_such_input": (
        "{layer} and got an input number {index}: inputs count from 0 to {last}.",
        "{layer},却得到编号为 {index} 的输入:编号从 0 到 {last}。",
    ),
    "nn_backward_of_list": (
        "backward() starts from one number; the model returned a list of {count}.\n"
        "Make a loss first: nn.cross_entropy(logits, target).backward()",
        "backward() 要从一个数开始,而模型返回了 {count} 个数的列表。\n"
        "先算损失:nn.cross_entropy(logits, target).backward()",
    ),
    "nn_or_function": (", or give a function", ",或给一个函数"),
    "nn_dim": (
        "{owner} works on the innermost lists: write dim=-1 (or dim={last}), got {dim}.",
        "{owner} 作用于最内层的列表:请写 dim=-1(或 dim={last}),得到 {dim}。",
    ),
    "nn_elementwise": (
        "shapes {left} and {right} do not go together: entry by entry needs one shape, or a number, or one sample "
        "for each of a batch. Targets of a batch with one output are [[t1], [t2], ...].",
        "形状 {left} 与 {right} 不能逐项运算:两边形状须相同,或一边是一个数,或一个样本对应批中每个样本。"
        "单输出的一批目标写作 [[t1], [t2], ...]。",
    ),
    "nn_no_shape": (
        "lists of different lengths stand side by side, so there is no one shape: {shapes}",
        "并列的列表长度不同,没有统一的形状:{shapes}",
    ),
    "nn_parameter_shape": (
        "the parameters have the shape {wanted}, got numbers of the shape {got}: give the same shape.",
        "参数的形状是 {wanted},得到的数的形状是 {got}:请给相同的形状。",
    ),
    "nn_no_forward": (
        "{kind} has no forward: define `def forward(self, x): ...` in the class.",
        "{kind} 没有 forward:请在类中定义 `def forward(self, x): ...`。",
    ),
    "nn_shapes": (
        "predictions have the shape {got} and targets {wanted}: give one target for each prediction.",
        "预测的形状是 {got},目标的形状是 {wanted}:每个预测要有一个目标。",
    ),
    "nn_no_predictions": (
        "{loss} got no predictions: give at least one number.",
        "{loss} 没有得到预测:至少给一个数。",
    ),
    "nn_target": (
        "target {target} does not fit {count} logits: targets count from 0 to {last}{sample}.{advice}",
        "目标 {target} 超出范围:{count} 个 logit 的目标是 0 到 {last}{sample}。{advice}",
    ),
    "nn_target_sample": (" (sample {sample})", "(第 {sample} 个样本)"),
    "nn_target_from_one": (
        "\nIf your labels start at 1, pass target - 1.",
        "\n若标签从 1 开始,请传入 target - 1。",
    ),
    "nn_target_kind": (
        "target {target!r}{sample} is not a class: give a whole number from 0 to {last}, "
        "or {count} shares that sum to 1.",
        "目标 {target!r}{sample}不是类别:请给 0 到 {last} 的整数,或和为 1 的 {count} 个概率。",
    ),
    "nn_bce_share": (
        "bce takes shares in 0..1, got {share}. Put a sigmoid before it, or give the raw scores to bce_with_logits.",
        "bce 需要 0 到 1 之间的概率,得到 {share}。请先用 sigmoid,或把原始得分交给 bce_with_logits。",
    ),
    "nn_class_weights": (
        "weight has {got} numbers and there are {count} classes: give one number per class.",
        "weight 有 {got} 个数,而类别有 {count} 个:每个类别给一个数。",
    ),
    "nn_pos_weight": (
        "pos_weight has {got} numbers and a sample has {count} scores: give one number per score, or a single one.",
        "pos_weight 有 {got} 个数,而每个样本有 {count} 个得分:每个得分给一个数,或只给一个数。",
    ),
    "nn_all_ignored": (
        "{loss} got only targets equal to ignore_index={index}: a mean needs at least one sample that counts.",
        "{loss} 的目标全都等于 ignore_index={index}:求平均至少需要一个计入的样本。",
    ),
    "nn_hinge_target": (
        "hinge takes targets -1 and 1, got {target}. For labels 0 and 1 pass 2*target - 1.",
        "hinge 的目标应为 -1 或 1,得到 {target}。若标签是 0 和 1,请传入 2*target - 1。",
    ),
    "nn_softmax_twice": (
        "cross_entropy got {count} numbers that are shares already: {shares} (sum 1).\n"
        "It applies softmax itself: give it the raw scores and drop your softmax.",
        "cross_entropy 得到的 {count} 个数已经是概率:{shares}(和为 1)。\n"
        "它自己会做 softmax:请传入原始得分,去掉你的 softmax。",
    ),
    "nn_widths": (
        "MLP takes the neurons of each layer as a list, got {got!r}. Write nn.MLP({nin}, [16, {example}]).",
        "MLP 需要各层神经元数的列表,得到 {got!r}。请写 nn.MLP({nin}, [16, {example}])。",
    ),
    "nn_state_names": (
        "the saved weights do not fit {model}: {lists}. Build the model as it was when saved.",
        "保存的权重与 {model} 不符:{lists}。请按保存时的结构建立模型。",
    ),
    "nn_state_missing": ("missing {names}", "缺少 {names}"),
    "nn_state_unexpected": ("not in the model: {names}", "模型中没有 {names}"),
    "nn_state_shape": (
        "the saved weights do not fit {model}: {name} has the shape {wanted} here and {got} there.",
        "保存的权重与 {model} 不符:{name} 在模型中的形状是 {wanted},在文件中是 {got}。",
    ),
    "nn_state_number": (
        "the saved weights of {name} are not all numbers: {problem}",
        "保存的 {name} 不全是数:{problem}",
    ),
    "nn_state_kind": (
        "load_state_dict takes a dict of names and nested lists, got {kind}. Write model.load_state_dict(other.state_dict()).",
        "load_state_dict 需要“名称: 嵌套列表”的字典,得到 {kind}。请写 model.load_state_dict(other.state_dict())。",
    ),
    "nn_file_broken": (
        "{path} is not a complete file of weights (line {line}, column {column}): it was cut short or edited. "
        "Save it again with model.save({path!r}).",
        "{path} 不是完整的权重文件(第 {line} 行第 {column} 列):被截断或改动过。请用 model.save({path!r}) 重新保存。",
    ),
    "nn_file_other": (
        "{path} holds no weights of this library: a file made by model.save has {wanted!r} in its first line.",
        "{path} 不是本库的权重文件:由 model.save 生成的文件第一行含有 {wanted!r}。",
    ),
    "nn_file_theirs": (
        "{path} was written by {library} itself, and files here are JSON. With {library} installed write {way}.",
        "{path} 是由 {library} 本身写的,而这里的文件是 JSON。请在装有 {library} 时写 {way}。",
    ),
    "schedule_over": (
        "Tried to step {step} times. The specified number of total steps is {total}: write total_steps={step}.",
        "已经走了 {step} 步,而 total_steps 是 {total}:请写 total_steps={step}。",
    ),
    "nn_file_twice": (
        "{path} holds {name!r} twice: it was edited, and nothing says which of them is meant. Nothing was loaded.",
        "{path} 中 {name!r} 出现了两次:文件被改动过,无法知道哪一个才对。没有载入任何内容。",
    ),
    "nn_file_damaged": (
        "{path}: something that belongs there is missing or of another kind, so it was edited or damaged "
        "({why}). Go on from another file.",
        "{path}:其中的内容缺失或类型不对,文件被改动过或已损坏({why})。请换一个文件。",
    ),
    "nn_file_deep": (
        "{path} holds lists nested more than {most} deep{entry}: no weights look like that. Nothing was loaded.",
        "{path} 中的列表嵌套超过 {most} 层{entry}:权重不会是这样。没有载入任何内容。",
    ),
    "nn_file_long": (
        "{path} holds a whole number of thousands of digits: no weights look like that. Nothing was loaded.",
        "{path} 中有一个几千位的整数:权重不会是这样。没有载入任何内容。",
    ),
    "nn_file_entry": (
        "{path}: {entry} is {value}, and no number. Nothing was loaded.",
        "{path}:{entry} 是 {value},不是数。没有载入任何内容。",
    ),
    "nn_file_not_finite": (
        "{path}: {entry} is {value}: such weights give nothing but inf and nan. Nothing was loaded.",
        "{path}:{entry} 是 {value}:这样的权重只会给出 inf 和 nan。没有载入任何内容。",
    ),
    "nn_file_unreadable": (
        "{path} cannot be read as {kind}: {reason}. Nothing was loaded.",
        "无法把 {path} 读作 {kind}:{reason}。没有载入任何内容。",
    ),
    "nn_file_ragged": (
        "{path}: {entry} has the shapes {shape}, and {kind} holds rectangles only. Save to a .json file.",
        "{path}:{entry} 的形状是 {shape},而 {kind} 只能存矩形数组。请保存为 .json 文件。",
    ),
    "nn_needs_safetensors": (
        '.safetensors files need the library of that name: pip install "scalar-autograd[safetensors]"',
        '.safetensors 文件需要同名的库:pip install "scalar-autograd[safetensors]"',
    ),
    "nn_suffix": (
        "{path} has the suffix of another kind of file, {kind}: write {known}.",
        "{path} 的后缀属于另一种文件({kind}):请写 {known}。",
    ),
    "fit_validation_pair": (
        "validation_data is a pair of samples and targets. Write validation_data=(X_val, y_val).",
        "validation_data 是样本与目标的一对。请写 validation_data=(X_val, y_val)。",
    ),
    "nn_class_of_layers": (
        "Sequential takes layers, got the class {name}. Write {name}(...), which makes one.",
        "Sequential 需要层,得到的是类 {name}。请写 {name}(...) 来建一个层。",
    ),
    "nn_not_a_layer": (
        "Sequential takes layers, got a {kind}. Write nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1)).",
        "Sequential 需要层,得到 {kind}。请写 nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))。",
    ),
    "nn_index": (
        "{layer} and got the index {index}: indices are whole numbers from 0 to {last}.",
        "{layer},却得到编号 {index}:编号是 0 到 {last} 的整数。",
    ),
    "nn_depth": (
        "{layer} and takes one sample as {wanted}, got lists nested {got} deep.",
        "{layer},一个样本应为 {wanted},得到的列表嵌套 {got} 层。",
    ),
    "nn_channels": (
        "{layer} and got {got} channels. Give {wanted} channels per sample, or build it as {build}.",
        "{layer},却得到 {got} 个通道。每个样本给 {wanted} 个通道,或改成 {build}。",
    ),
    "nn_window": (
        "{layer} and its window of {window} does not fit into {size} with padding {padding}.",
        "{layer},而窗口 {window} 放不进大小为 {size}、填充为 {padding} 的输入。",
    ),
    "nn_batch_of_one": (
        "{layer} and measures a batch while it trains: one sample has no spread. "
        "Give a list of 2 samples or more, or call model.eval() first.",
        "{layer},训练时要统计一批样本:单个样本没有方差。请给 2 个以上样本的列表,或先调用 model.eval()。",
    ),
    "nn_residual": (
        "{layer} and adds its input to its result, but they have the shapes {got} and {made}: "
        "they must be the same, or give shortcut=nn.Linear(...).",
        "{layer},要把输入与结果相加,但形状分别为 {got} 和 {made}:两者须相同,或给 shortcut=nn.Linear(...)。",
    ),
    "nn_groups": (
        "{channels} channels cannot be shared evenly by {groups} groups: make num_channels a multiple of num_groups.",
        "{channels} 个通道不能平均分成 {groups} 组:num_channels 应为 num_groups 的倍数。",
    ),
    "nn_not_a_module": (
        "a ModuleList or ModuleDict holds modules, got a {kind}. Parameters stand in a plain list: [nn.Parameter(...), ...].",
        "ModuleList 与 ModuleDict 只放模块,得到 {kind}。参数请放在普通列表中:[nn.Parameter(...), ...]。",
    ),
    "nn_layer_states": (
        "{layer} and takes its states as [layer][number], {layers} lists of {size} numbers each; "
        "of a batch [layer][sample][number].",
        "{layer},它的状态应为 [层][数]:{layers} 个列表,各 {size} 个数;对一批样本是 [层][样本][数]。",
    ),
    "data_dataset": (
        "TensorDataset takes lists or arrays of one length, got the lengths {lengths}.",
        "TensorDataset 需要长度相同的列表或数组,得到的长度是 {lengths}。",
    ),
    "data_no_dataset": (
        "a DataLoader needs data with a length and entries, data[i]: got a {kind}. Write DataLoader(TensorDataset(X, y)).",
        "DataLoader 的数据须有长度且能用 data[i] 取出,得到 {kind}。请写 DataLoader(TensorDataset(X, y))。",
    ),
    "nn_heads": (
        "{dim} numbers cannot be shared evenly by {heads} heads: make dim a multiple of heads.",
        "{dim} 个数不能平均分给 {heads} 个头:dim 应为 heads 的倍数。",
    ),
    "nn_too_long": (
        "{got} tokens are longer than block_size = {most}: shorten the text, or build GPT with a larger block_size.",
        "{got} 个 token 超过了 block_size = {most}:请缩短文本,或增大 GPT 的 block_size。",
    ),
    "nn_too_short": (
        "a loss needs at least 2 tokens, one to see and one to predict; got {got}.",
        "计算损失至少需要 2 个 token(一个作输入,一个作目标),得到 {got} 个。",
    ),
    "nn_unknown_letter": (
        "the tokenizer does not know {letter!r} in {text!r}: it was made from {known!r}.",
        "分词器不认识 {text!r} 中的 {letter!r}:它由 {known!r} 建成。",
    ),
    "nn_norm_type": (
        "total norm is {norm}: some gradient is inf or nan. Find its source with autograd.detect_anomaly().",
        "梯度总范数为 {norm}:有梯度是 inf 或 nan。请用 autograd.detect_anomaly() 找出来源。",
    ),
    "nn_truth_value": (
        "a McCulloch-Pitts neuron takes 0 or 1, got {value}.",
        "McCulloch-Pitts 神经元的输入应为 0 或 1,得到 {value}。",
    ),
    "nn_to_torch": (
        "to_torch knows PyTorch's kinds of layers, and {kind} is none of them: build the network from nn's layers, or "
        "record a function of it and write autograd.record(f, params=model.parameters()).to_torch().",
        "to_torch 只认识 PyTorch 也有的层,{kind} 不在其中:请用 nn 的层搭建网络,或录制一个函数后写 "
        "autograd.record(f, params=model.parameters()).to_torch()。",
    ),
    "nn_to_torch_unbuilt": (
        "{layer} does not know its number of inputs yet: use the model once, or give input_shape=(inputs,).",
        "{layer} 还不知道输入的个数:请先使用模型一次,或给出 input_shape=(输入数,)。",
    ),
    "nn_device": (
        "numbers here are Python's floats on the CPU, not {where}. nn.interop.to_torch(model) is the same network in "
        "PyTorch, which goes there.",
        "这里的数是 CPU 上的 Python 浮点数,不是 {where}。nn.interop.to_torch(model) 给出 PyTorch 中的同一网络,它可以去那里。",
    ),
    "nn_item": (
        "item() is for one number, and there are {count}: take one of them, or .tolist().",
        "item() 只用于一个数,而这里有 {count} 个:请取其中之一,或用 .tolist()。",
    ),
    "nn_in_place": (
        "parameters that want gradients are moved under no_grad: with no_grad(): w -= 0.1 * w.grad.",
        "需要梯度的参数要在 no_grad 下移动:请写 `with no_grad(): w -= 0.1 * w.grad`。",
    ),
    "nn_missing": (
        "{module} has no {name} here. Write {instead}.",
        "这里的 {module} 没有 {name}。请写 {instead}。",
    ),
    "nn_unknown": (
        "{module} has no {name}: dir({module}) lists what there is. What other libraries have beside it runs there: "
        "autograd.record(f) has to_torch(), to_jax() and more, and nn.interop.to_torch(model) takes a model along.",
        "{module} 没有 {name}:dir({module}) 列出所有名称。其他库另有的功能可在那里运行:"
        "autograd.record(f) 有 to_torch()、to_jax() 等,nn.interop.to_torch(model) 可带走模型。",
    ),
    "nn_list_unknown": (
        "{kind} has no {name}: nested lists compute with + - * / ** @ and have sum(), mean(), view(), tolist() and "
        "what dir() lists; other functions go number by number: [f(v) for v in x].",
        "{kind} 没有 {name}:嵌套列表可用 + - * / ** @ 计算,有 sum()、mean()、view()、tolist() 以及 dir() "
        "列出的方法;其他函数逐个数计算:[f(v) for v in x]。",
    ),
    "nn_no_argument": (
        "{owner} has no setting {name} here: {instead}. It has {names}.",
        "这里的 {owner} 没有设置 {name}:{instead}。可用的有 {names}。",
    ),
    "nn_leave_away": ("leave it away", "请去掉它"),
    "nn_write": ("write {instead}", "请写 {instead}"),
    "nn_no_settings": ("none", "(无)"),
    "keras_functional": (
        "models out of inputs and outputs are not here: put the layers into a Sequential, or write a subclass of "
        "keras.Model with its layers in __init__ and `def call(self, x)`.",
        "这里不能用 inputs 和 outputs 搭模型:请把层放进 Sequential,"
        "或写一个 keras.Model 的子类,在 __init__ 中建层,并写 `def call(self, x)`。",
    ),
    "keras_no_call": (
        "{kind} has no call: write `def call(self, x)` that gives the outputs.",
        "{kind} 没有 call:请写 `def call(self, x)`,返回输出。",
    ),
    "keras_both_weights": (
        "sample_weight and class_weight came together: give one, or multiply them yourself.",
        "同时给了 sample_weight 和 class_weight:请只给一个,或自己把它们相乘。",
    ),
    "keras_model": ('Model: "{name}"', '模型:"{name}"'),
    "keras_layer": ("Layer (type)", "层(类型)"),
    "keras_shape": ("Output Shape", "输出形状"),
    "keras_params": ("Param #", "参数个数"),
    "keras_counts": (
        "Total params: {total:,}\nTrainable params: {trained:,}\nNon-trainable params: {frozen:,}",
        "参数总数:{total:,}\n可训练:{trained:,}\n不可训练:{frozen:,}",
    ),
    "keras_watch": (
        "a tape cannot watch plain numbers: write x = tf.Variable(x), and the gradient arrives there.",
        "GradientTape 无法跟踪普通的数:请写 x = tf.Variable(x),梯度便会传到那里。",
    ),
    "nn_transfer": (
        "weights do not fit: {here} has the shape {wanted}, but {there} in its place has {got}.",
        "权重不符:{here} 的形状是 {wanted},而对应的 {there} 是 {got}。",
    ),
    "nn_transfer_epsilon": (
        "epsilon does not fit: {model} has {wanted} normalisations, there are {got} in the other model. "
        "Hand over its weights alone, and set eps yourself.",
        "epsilon 不符:{model} 有 {wanted} 个归一化层,另一个模型有 {got} 个。请只传入其权重,并自行设置 eps。",
    ),
    "nn_transfer_count": (
        "weights do not fit: {model} has {wanted} arrays ({names}), got {got}.",
        "权重不符:{model} 有 {wanted} 个数组({names}),得到 {got} 个。",
    ),
    "nn_baseline": (
        "the baseline has the shape {got} and x {wanted}: they must be the same.",
        "基线的形状是 {got},x 的形状是 {wanted}:两者须相同。",
    ),
    "nn_audit_right": ("right", "正确"),
    "nn_audit_unknown": ("the model has no gradient of this name", "模型中没有这个名称的梯度"),
    "nn_audit_and": (", and ", ";"),
    "nn_audit_turned": ("it is transposed", "矩阵转置了"),
    "nn_audit_sign": ("the sign is opposite", "符号相反"),
    "nn_audit_factor": ("the factor {factor} is missing", "缺少因子 {factor}"),
    "nn_audit_constant": ("it is {ratio} times the right one", "是正确值的 {ratio} 倍"),
    "nn_audit_shape": (
        "it has the shape {got}, the gradient {wanted}",
        "形状是 {got},而梯度的形状是 {wanted}",
    ),
    "nn_audit_differs": (
        "it differs, most at {place}: {got} where the chain rule gives {wanted}",
        "与正确值不同,相差最大处 {place}:写的是 {got},链式法则给出 {wanted}",
    ),
    "nn_fan": (
        "weights of the shape {shape} have no inputs and outputs: give nested lists, one row per output. "
        "For a bias use zeros_ or uniform_.",
        "形状为 {shape} 的权重没有输入数和输出数:请给嵌套列表,每个输出一行。偏置请用 zeros_ 或 uniform_。",
    ),
}  # fmt: skip
