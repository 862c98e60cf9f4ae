"""The kernels: each ``NAME.c``, compiled to Wasm, beside ``NAME.py``, the same algorithm written for Python.

A twin has ``run(n)``, which returns the same checksum as the C function ``run``, ``SIZE``, the ``n`` for which it takes
some 25 ms on CPython 3.11, and ``SMALL``, the ``n`` for interpreters of Wasm that are a thousand times slower.
"""
