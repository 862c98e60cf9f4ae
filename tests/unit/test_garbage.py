"""Who collects garbage while functions are transpiled."""

from __future__ import annotations

import gc
import weakref

from wasm2py.garbage import collected_by_hand


class Cycle:
    """Something that only the collector frees."""

    def __init__(self) -> None:
        self.own = self


def test_collects_when_told() -> None:
    """What has become garbage is freed when asked for, and Python's collector is on again at the end."""
    with collected_by_hand() as collect:
        assert not gc.isenabled()
        garbage = weakref.ref(Cycle())
        assert garbage() is not None
        collect()
        assert garbage() is None
    assert gc.isenabled()


def test_leaves_a_collector_off() -> None:
    """Where the collector is switched off, nothing is collected, and it stays off."""
    gc.disable()
    try:
        with collected_by_hand() as collect:
            garbage = weakref.ref(Cycle())
            collect()
        assert garbage() is not None
        assert not gc.isenabled()
    finally:
        gc.enable()
