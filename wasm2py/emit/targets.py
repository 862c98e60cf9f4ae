"""How memory is accessed: the choice of the target interpreter.

CPython indexes the bytearray and cast views; PyPy's compiler understands :mod:`struct` but not views.  ``auto`` means
CPython's way, which is right everywhere.  Measured in ``benchmarks/micro``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """An interpreter.

    :ivar views: access memory through cast views, otherwise through struct
    :ivar round_by_view: round to f32 by a store to a view, otherwise by the helper
    """

    name: str
    views: bool
    round_by_view: bool


TARGETS = {
    "auto": Target("auto", views=True, round_by_view=True),
    "cpython": Target("cpython", views=True, round_by_view=True),
    "pypy": Target("pypy", views=False, round_by_view=False),
}
