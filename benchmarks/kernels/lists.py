"""Linked lists: nodes built, reversed, merge-sorted, and every third one unlinked."""

from __future__ import annotations

SIZE = 20_000
SMALL = 120


class Node:
    """A value and the node after it."""

    __slots__ = ("next", "value")

    def __init__(self, value: int, after: Node | None) -> None:
        self.value = value
        self.next = after


def reverse(node: Node | None) -> Node | None:
    """Reverse a list in place and return its first node."""
    result = None
    while node:
        node.next, result, node = result, node, node.next
    return result


def merge(a: Node | None, b: Node | None) -> Node | None:
    """Merge two sorted lists."""
    head = last = Node(0, None)
    while a and b:
        if b.value < a.value:
            last.next = last = b
            b = b.next
        else:
            last.next = last = a
            a = a.next
    last.next = a or b
    return head.next


def sort(node: Node | None) -> Node | None:
    """Sort a list in place and return its first node."""
    if not node or not node.next:
        return node
    slow = node
    fast = node.next
    while fast and fast.next:
        slow = slow.next
        fast = fast.next.next
    half = slow.next
    slow.next = None
    return merge(sort(node), sort(half))


def run(n: int) -> int:
    """Return a checksum of what remains of ``n`` nodes."""
    seed = 8
    first = None
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        first = Node(seed >> 16, first)
    first = sort(reverse(first))
    head = before = Node(0, first)
    node = first
    count = 0
    while node:
        count += 1
        if count % 3 == 0:
            before.next = node.next
        else:
            before = node
        node = node.next
    total = 0
    node = head.next
    while node:
        total = (total * 31 + node.value) & 0xFFFFFFFF
        node = node.next
    return total - 0x100000000 if total > 0x7FFFFFFF else total
