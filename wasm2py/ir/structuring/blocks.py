"""Blocks that end together become one: a branch to either goes to the same place.

::

    block L1                          block L1
      a                                 a
      block L2          becomes         b
        b                               br L1
        br L2
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import lists, statements


def merge_blocks(function: n.Function) -> None:
    """Merge each block at the end of another one with that, from the outside in: each statement moves once."""
    same: dict[n.Label, n.Label] = {}
    pending = [function.body]
    while pending:
        for s in pending.pop():
            if isinstance(s, n.Block):
                while s.body and isinstance(last := s.body[-1], n.Block):
                    s.body.pop()
                    s.body += last.body
                    s.label.uses += last.label.uses
                    same[last.label] = s.label
            pending += lists(s)
    if same:
        for s in statements(function.body):
            if isinstance(s, n.Br):
                s.label = same.get(s.label, s.label)
