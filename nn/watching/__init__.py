"""Watching a model learn: curves, boundaries, histograms, landscapes, a report of the whole run."""
