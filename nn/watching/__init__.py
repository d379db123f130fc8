"""Watching a model learn: curves, boundaries, histograms, landscapes, a report of the whole run.

curves(history)              what fit recorded, over the epochs
boundary(model, X, y)        what a model with two inputs says at every point of the plane
histograms(model)            how weights and gradients are spread
gradient_flow, flow_picture  how gradients fare through many layers
landscape(model, X, y)       the loss around the weights
Film, report                 frames of a run, as one page with a slider
sparkline(numbers)           a curve in one line of text
"""

from nn.watching.boundary import boundary
from nn.watching.curves import curves
from nn.watching.film import Film
from nn.watching.flow import RECIPES, Recipe, flow_picture, gradient_flow
from nn.watching.histograms import histograms
from nn.watching.landscape import landscape, surface
from nn.watching.loop import training_loop
from nn.watching.report import report
from nn.watching.sparkline import sparkline

__all__ = [
    "RECIPES",
    "Film",
    "Recipe",
    "boundary",
    "curves",
    "flow_picture",
    "gradient_flow",
    "histograms",
    "landscape",
    "report",
    "sparkline",
    "surface",
    "training_loop",
]
