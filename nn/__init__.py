"""Neural networks built from scalar Values."""
