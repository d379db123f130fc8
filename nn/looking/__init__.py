"""Looking at what a model has learned, and how it learned it."""
