"""Calls of methods: 64 objects of four classes."""

SIZE = 3_000
SMALL = 20


class Shape:
    """Two lengths."""

    __slots__ = ("a", "b")

    def __init__(self, a: int, b: int) -> None:
        self.a = a
        self.b = b

    def area(self) -> int:
        """Return the area."""
        raise NotImplementedError

    def grow(self, by: int) -> None:
        """Change the lengths."""
        raise NotImplementedError


class Square(Shape):
    """Its side is ``a``."""

    __slots__ = ()

    def area(self) -> int:
        """Return the area."""
        return self.a * self.a

    def grow(self, by: int) -> None:
        """Lengthen the side."""
        self.a = (self.a + by) & 255


class Oblong(Shape):
    """Its sides are ``a`` and ``b``."""

    __slots__ = ()

    def area(self) -> int:
        """Return the area."""
        return self.a * self.b

    def grow(self, by: int) -> None:
        """Lengthen both sides."""
        self.a = (self.a + by) & 127
        self.b = (self.b + 1) & 127


class Triangle(Shape):
    """Its base is ``a``, its height ``b``."""

    __slots__ = ()

    def area(self) -> int:
        """Return the area."""
        return self.a * self.b // 2

    def grow(self, by: int) -> None:
        """Raise it."""
        self.b = (self.b + by) & 255


class Frame(Shape):
    """A square of ``a`` with a hole of ``b``."""

    __slots__ = ()

    def area(self) -> int:
        """Return the area."""
        return self.a * self.a - self.b * self.b

    def grow(self, by: int) -> None:
        """Widen the hole."""
        self.b = (self.b + by) & 63
        self.a = self.b + 10


KINDS = (Square, Oblong, Triangle, Frame)


def run(n: int) -> int:
    """Return the sum of all areas in ``n`` rounds."""
    shapes = [KINDS[(i * 7 + (i >> 2)) & 3](i + 10, i & 7) for i in range(64)]
    total = 0
    for number in range(n):
        by = number & 7
        for shape in shapes:
            shape.grow(by)
            total += shape.area()
    total &= 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
