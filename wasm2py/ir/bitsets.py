"""Sets of small numbers as integers: locals in the analysis of liveness, labels in structuring."""

from __future__ import annotations


def members(mask: int) -> list[int]:
    """The members of a bit set, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
