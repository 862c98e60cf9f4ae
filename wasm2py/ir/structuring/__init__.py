"""Wasm's structured control to Python's."""
