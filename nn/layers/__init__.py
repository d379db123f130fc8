"""What models are built from."""

# a pickle written before the rooms were made has them here
from nn.layers.linear import Dense, Dropout, Embedding, Flatten, Linear, Residual, Sequential

__all__ = ["Dense", "Dropout", "Embedding", "Flatten", "Linear", "Residual", "Sequential"]
