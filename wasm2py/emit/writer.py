"""Lines of Python with indentation, and which of them came from where."""

from __future__ import annotations


class Writer:
    """Collects lines.

    :ivar lines: the text so far
    :ivar depth: level of indentation of the next line
    :ivar marks: (number of lines before it, byte offset in the binary) of each function
    """

    __slots__ = ("depth", "lines", "marks")

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.depth = depth
        self.marks: list[tuple[int, int]] = []

    def line(self, text: str) -> None:
        """Add a line at the current level."""
        self.lines.append(_INDENT[self.depth] + text)

    def mark(self, offset: int) -> None:
        """The next lines come from ``offset`` in the binary."""
        self.marks.append((len(self.lines), offset))


_INDENT = [" " * level for level in range(120)]
