"""A package for pytest: its browser starts with the first of these tests and ends with the last."""
