"""Lines of Python with indentation."""

from __future__ import annotations


class Writer:
    """Collects lines.

    :ivar lines: the text so far
    :ivar depth: level of indentation of the next line
    """

    __slots__ = ("depth", "lines")

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.depth = depth

    def line(self, text: str) -> None:
        """Add a line at the current level."""
        self.lines.append(_INDENT[self.depth] + text)


_INDENT = [" " * level for level in range(120)]
