"""Operations on all bits of a vector, and on its bytes wherever they are."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runtime_support.simd.shapes import Helpers

_from_bytes = int.from_bytes
POPULATION = bytes([bin(byte).count("1") for byte in range(256)])
"""The number of ones in each byte."""


def v128_bitselect(a: int, b: int, mask: int) -> int:
    """``v128.bitselect``: the bits of ``a`` where the mask is 1, those of ``b`` where it is 0."""
    return b ^ (a ^ b) & mask


def i8x16_popcnt(a: int) -> int:
    """``i8x16.popcnt``: the number of ones in every byte."""
    return _from_bytes(a.to_bytes(16, "little").translate(POPULATION), "little")


def i8x16_swizzle(a: int, selectors: int) -> int:
    """``i8x16.swizzle``: the bytes of ``a`` that the bytes of ``selectors`` name; 0 for numbers from 16."""
    return _from_bytes(selectors.to_bytes(16, "little").translate(a.to_bytes(256, "little")), "little")


def i8x16_shuffle(a: int, b: int, lanes: bytes) -> int:
    """``i8x16.shuffle``: those of the 32 bytes of ``a`` and ``b`` that the 16 bytes of ``lanes`` name."""
    return _from_bytes(lanes.translate((a | b << 128).to_bytes(256, "little")), "little")


def helpers() -> Helpers:
    """The helpers of this module, by name."""
    lane_select = {f"{shape}_relaxed_laneselect": v128_bitselect for shape in ("i8x16", "i16x8", "i32x4", "i64x2")}
    return {
        "v128_bitselect": v128_bitselect,
        "i8x16_popcnt": i8x16_popcnt,
        "i8x16_swizzle": i8x16_swizzle,
        "i8x16_relaxed_swizzle": i8x16_swizzle,
        "i8x16_shuffle": i8x16_shuffle,
        **lane_select,
    }
