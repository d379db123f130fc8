"""Names of PyTorch and Keras that are not here: asking for one says what takes its place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

from autograd.elsewhere import Elsewhere, kind_for
from nn.keywords import keywords_told
from nn.messages import problem, say

KERAS = {
    "LayerNormalization": "nn.LayerNorm(n)",
    "Conv1D": "nn.Conv1d(channels_in, channels_out, size)",
    "Conv2D": "nn.Conv2d(channels_in, channels_out, size)",
    "MaxPooling1D": "nn.MaxPool1d(size)",
    "MaxPooling2D": "nn.MaxPool2d(size)",
    "AveragePooling2D": "nn.AvgPool2d(size)",
    "SimpleRNN": "nn.RNN(inputs, hidden, batch_first=True)",
    "LSTM": "nn.LSTM(inputs, hidden, batch_first=True)",
    "GRU": "nn.GRU(inputs, hidden, batch_first=True)",
    "MultiHeadAttention": "nn.MultiHeadAttention(size, heads)",
    "Concatenate": "a + b, two lists in forward",
    "CosineDecayRestarts": "nn.LearningRate(lambda o: nn.schedules.CosineAnnealingWarmRestarts(o, 10))",
    "History": "what fit returns, and model.history",
    "Lambda": "layers.Activation(f), or f in the `call` of a keras.Model",
    "GlobalAveragePooling2D": "nn.AvgPool2d(size)",
    "Reshape": "x.view(...) in the `call` of a keras.Model",
    "Nadam": "keras.optimizers.Adam()",
    "Adamax": "keras.optimizers.Adam()",
    "deserialize": "layers.Dense.from_config(config)",
    "serialize": "layer.get_config()",
    "get": "the name as a string where it is used",
    "Layer": "a subclass of nn.Module: parameters in __init__, and `def forward(self, x)`",
    "Add": "a + b in `call`, of two results",
    "concatenate": "a + b, two lists in forward",
    "clone_model": "copy.deepcopy(model)",
    "TensorBoard": "history.plot()",
    "datasets": "nn.data.digits(), nn.data.moons(100)",
    "load_data": "nn.data.digits(), nn.data.moons(100)",
    "random": "numpy.random.default_rng(0).normal(size=(3, 2))",
    "Module": "class Mine(nn.Module)",
    "plot_model": "model.summary(), autograd.draw(loss)",
}


TORCH = {
    "compile": "autograd.record(f)",
    "jit": "autograd.record(f)",
    "vmap": "[f(x) for x in xs]",
    "einsum": "a @ b",
    "fft": "fast.to_torch() of a recorded function, and PyTorch itself",
    "Function": "mine = autograd.op('mine', f, lambda x, y: 2 * x), the slope beside f",
    "set_default_dtype": "nothing: all numbers are double here",
}
NN = {
    "MultiheadAttention": "nn.MultiHeadAttention(size, heads)",
    "TransformerEncoderLayer": "nn.TransformerBlock(size, heads)",
    "Transformer": "nn.GPT(...)",
    "PReLU": "nn.LeakyReLU(slope)",
    "LazyLinear": "nn.Dense(outputs)",
    "Dropout2d": "nn.Dropout(p)",
    "AdaptiveAvgPool2d": "nn.AvgPool2d(size)",
    "NLLLoss2d": "nn.NLLLoss()",
    "DataParallel": "nn.parallel.Workers",
    "Tensor": "nn.Parameter([[1.0, 2.0]]), torch.tensor of `from nn import torch`",
    "tensor": "torch.tensor([[1.0, 2.0]]) after `from nn import torch`",
}


# What programs ask modules for, PyTorch's and Keras's.
OF_A_MODULE = {
    instead: names.split()
    for instead, names in (
        ("code in forward, which sees what comes in and goes out; nn.watching.flow(model, X) shows it",
         "register_forward_hook register_forward_pre_hook register_backward_hook "
         "register_full_backward_hook register_full_backward_pre_hook"),
        ("a subclass with its own state_dict or load_state_dict",
         "register_state_dict_post_hook register_state_dict_pre_hook register_load_state_dict_post_hook "
         "register_load_state_dict_pre_hook get_extra_state set_extra_state"),
        ("self.name = nn.Parameter(x) or self.name = module",
         "add_weight add_variable set_submodule"),
        ("dict(model.named_modules())[path]", "get_submodule"),
        ("dict(model.named_parameters())[path]", "get_parameter get_buffer named_buffers"),
        ("model.children(), or model.named_modules()", "named_children"),
        ("nothing: all numbers are double here, on this machine's processor",
         "cuda cpu half float double bfloat16 type xpu ipu mtia share_memory to_empty dtype dtype_policy"),
        ("a new module, or model.load_state_dict(first) of first = model.state_dict()", "reset_parameters"),
        ("def __repr__(self)", "extra_repr"),
        ("model.save('model.json')", "export to_json"),
        ("compile(penalty=lambda model: nn.l2(model))", "add_loss losses activity_regularizer"),
        ("model.history.history, a dict of lists", "metrics_names reset_metrics add_metric"),
        ("model.requires_grad_(False), and (True)", "trainable"),
        ("loss.backward(), optimizer.step(), optimizer.zero_grad()", "train_step test_step predict_step"),
    )
}  # fmt: skip


def refusing(module: str) -> Callable[[str], NoReturn]:
    """A module's `__getattr__`: it says what to write in the place of a name that another library has.

    Called at the end of a module, whose functions and classes then say which keywords they have.

    Raises:
        ImportError, AttributeError: by what is returned, as `import` or an attribute asked for the name.
    """
    known = KERAS if "keras" in module else TORCH if "torch" in module else NN
    names = sys._getframe(1).f_globals
    if names["__name__"] != __name__:
        keywords_told(names)

    def refuse(name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        frame: Any = sys._getframe(1)
        while frame.f_code.co_name == "__getattr__":
            frame = frame.f_back
        if name in known:
            raise problem(kind_for(frame), "nn_missing", module=module, name=name, instead=known[name])
        raise problem(kind_for(frame), "nn_unknown", module=module, name=name)

    return refuse


def refused(name: str, instead: str) -> Elsewhere:
    """A name on a class of modules that only says what to write."""
    return Elsewhere(lambda kind: say("nn_missing", module=kind.__name__, name=name, instead=instead))
