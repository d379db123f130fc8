"""Automatic differentiation of scalars: small, exact, and made to be looked at."""
