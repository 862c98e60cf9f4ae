"""Whole modules: how fast they are transpiled, in how much memory, and how fast the result is imported and started."""
