"""Recursive descent: the values of sums of products with parentheses, from their text."""

SIZE = 3_300
SMALL = 20

SOURCE = "12*(3+4*5)-(7-2)*(8+1)+((6))*2-100+3*(2*(1+2*(3+4)))"


class Parser:
    """Reads one expression; a NUL ends it."""

    def __init__(self, source: str) -> None:
        self.source = source + "\0"
        self.at = 0

    def value(self) -> int:
        """Return the value of a number or of a sum in parentheses."""
        source = self.source
        if source[self.at] == "(":
            self.at += 1
            result = self.sum()
            self.at += 1
            return result
        start = at = self.at
        while source[at].isdigit():
            at += 1
        self.at = at
        return int(source[start:at])

    def product(self) -> int:
        """Return the value of a product."""
        result = self.value()
        while self.source[self.at] == "*":
            self.at += 1
            result *= self.value()
        return result

    def sum(self) -> int:
        """Return the value of a sum."""
        result = self.product()
        while True:
            sign = self.source[self.at]
            if sign == "+":
                self.at += 1
                result += self.product()
            elif sign == "-":
                self.at += 1
                result -= self.product()
            else:
                return result


def run(n: int) -> int:
    """Return a checksum of ``n`` evaluations."""
    total = 0
    for _ in range(n):
        total = (total * 31 + Parser(SOURCE).sum()) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
