"""Pointers: insertions into an unbalanced binary search tree, then look-ups."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 15_000
SMALL = 400


class Node:
    """A key with the subtrees of smaller and of larger keys."""

    __slots__ = ("key", "left", "right")

    def __init__(self, key: int) -> None:
        self.key = key
        self.left: Node | None = None
        self.right: Node | None = None


def keys(n: int) -> Iterator[int]:
    """Generate ``n`` pseudo-random keys."""
    seed = 5
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        yield seed >> 12


def insert(root: Node, key: int) -> bool:
    """Insert ``key``; return whether it was absent."""
    node = root
    while node.key != key:
        if key < node.key:
            if node.left is None:
                node.left = Node(key)
                return True
            node = node.left
        else:
            if node.right is None:
                node.right = Node(key)
                return True
            node = node.right
    return False


def depth(node: Node, key: int) -> int:
    """Return the number of edges between ``node`` and the node of ``key``, which is present."""
    steps = 0
    while node.key != key:
        child = node.left if key < node.key else node.right
        assert child is not None
        node = child
        steps += 1
    return steps


def run(n: int) -> int:
    """Insert and look up ``n`` keys; return the number of nodes plus all depths."""
    root = Node(next(keys(1)))
    used = 1
    for key in keys(n):
        used += insert(root, key)
    return used + sum(depth(root, key) for key in keys(n))
