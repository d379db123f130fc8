"""Watching a model learn: curves, boundaries, histograms, landscapes, a report of the whole run.

curves(history)              what fit recorded, over the epochs
boundary(model, X, y)        what a model with two inputs says at every point of the plane
histograms(model)            how weights and gradients are spread
gradient_flow, flow_picture  how gradients fare through many layers
landscape(model, X, y)       the loss around the weights
Film, report                 frames of a run, as one page with a slider
sparkline(numbers)           a curve in one line of text
"""

from nn.charts import curves
from nn.looking.boundary import boundary
from nn.looking.film import Film, report
from nn.looking.flowchart import training_loop
from nn.looking.gradients import RECIPES, Recipe, flow_picture, gradient_flow, histograms
from nn.looking.landscape import landscape, surface
from nn.text import sparkline

__all__ = [
    "RECIPES", "Film", "Recipe", "boundary", "curves", "flow_picture", "gradient_flow", "histograms",
    "landscape", "report", "sparkline", "surface", "training_loop",
]  # fmt: skip
