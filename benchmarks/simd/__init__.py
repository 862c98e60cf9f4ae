"""Pairs of the same loops: with vectors, and without."""
