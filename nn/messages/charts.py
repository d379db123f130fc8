"""The words of charts and tables: titles, axes, the training loop, a model's summary."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "chart_boundary": ("Decision boundary", "决策边界"),
    "chart_boundary_told": (
        "blue where the model says class 0, orange where it says another; {count} samples",
        "蓝色处模型判为类别 0,橙色处判为其他类别;共 {count} 个样本",
    ),
    "chart_flow_layers": ("gradient through {depth} layers", "梯度穿过 {depth} 层"),
    "chart_layer": ("layer (1: next to the inputs)", "层(1:紧邻输入)"),
    "chart_size": ("size of dL/dy", "dL/dy 的大小"),
    "chart_flow": ("Gradient flow through depth", "梯度随深度的变化"),
    "chart_says": ("says", "判为"),
    "chart_class_0": ("class 0", "类别 0"),
    "chart_others": ("others", "其他"),
    "chart_epoch": ("epoch", "轮"),
    "chart_gradient_norm": ("length of the gradient", "梯度的长度"),
    "chart_step": ("step", "步"),
    "chart_history": ("What fit recorded", "fit 的记录"),
    "chart_landscape_told": ("loss {low:.3g} (blue) to {high:.3g}", "损失 {low:.3g}(蓝)到 {high:.3g}"),
    "chart_direction": ("along direction {number}", "沿方向 {number}"),
    "chart_landscape": ("Loss landscape", "损失地形"),
    "chart_name": ("name", "名称"),
    "chart_module": ("module", "模块"),
    "chart_parameters": ("parameters", "参数个数"),
    "chart_total": ("total", "合计"),
    "chart_frozen": ("frozen", "已冻结"),
    "chart_loop_start": ("initialise the weights, once", "初始化权重(仅一次)"),
    "chart_loop_batch": ("next batch", "取下一批数据"),
    "chart_loop_forward": ("forward: outputs from inputs", "前向传播:由输入算输出"),
    "chart_loop_loss": ("loss", "损失"),
    "chart_loop_zero": ("zero the gradients", "梯度清零"),
    "chart_loop_backward": (
        "backward: every gradient, from the loss to the weights",
        "反向传播:从损失到权重,求所有梯度",
    ),
    "chart_loop_update": ("update: weight -= learning rate * gradient", "梯度下降:权重 -= 学习率 * 梯度"),
    "chart_loop_stop": ("stop?", "停止?"),
    "chart_loop_no": ("no", "否"),
    "chart_loop_yes": ("yes", "是"),
    "chart_loop_judge": ("evaluate on held-out data", "在留出的数据上评估"),
}
