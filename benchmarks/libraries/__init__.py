"""Whole libraries in C, transpiled, beside what one would pick from PyPI instead: packages in pure Python."""
