"""The passes from a recorded program to a vector tape: tidied, grouped, its loops rolled up again."""
