"""`fit`: the training loop, and what can happen in it."""
