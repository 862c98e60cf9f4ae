"""How fast WASI programs move data."""
