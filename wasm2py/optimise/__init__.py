"""Optimisations of the IR: one pass a file, in the order that :mod:`wasm2py.optimise.pipeline` lists."""
