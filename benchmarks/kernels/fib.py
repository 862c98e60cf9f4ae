"""Calls: naive doubly recursive Fibonacci numbers."""

SIZE = 28
SMALL = 18


def fib(n: int) -> int:
    """Return the ``n``-th Fibonacci number."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def run(n: int) -> int:
    """Return the ``n``-th Fibonacci number."""
    return fib(n)
