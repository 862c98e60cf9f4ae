"""The fallback for code that is nested too deeply for Python: basic blocks under one decision tree.

The function becomes a chain of blocks nested at their start, one per basic block, which
:mod:`wasm2py.ir.structuring.structure` turns into a loop over the number of the block to run next.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.structuring.trees import choose, switch_tree


def flatten(function: n.Function) -> None:
    """Replace the body by ``while True:`` over a tree of basic blocks."""
    _Flattener(function).run()


class _Flattener:
    """Cuts a tree into segments; a segment goes to another by setting its number and continuing."""

    def __init__(self, function: n.Function) -> None:
        self.function = function
        self.segments: list[list[n.Stmt]] = []
        self.tries: list[tuple[n.Try, int]] = []
        """Statements that catch, each with the one around it as a position in this list, -1 for none."""
        self.around: list[int] = []
        """By segment, the innermost of them around it."""
        self.places: dict[n.Label, int] = {}
        self.number = self.function.temporary()

    def run(self) -> None:
        """Cut the body, then put the tree together.

        A work list holds what is still to cut, since nesting is what this is for: a list, the position in it, the
        segment that it goes on in, and the segment behind it.
        """
        work: list[_Work] = [(self.function.body, 0, self.segment(-1), None)]
        while work:
            self.cut(work, *work.pop())
        body = choose(n.Get(self.number), self.segments)
        if self.tries:
            everything = any(s.everything for s, _ in self.tries)
            body = [n.Try(body, self.handler(), everything)]
        loop = n.While(None, body)
        self.function.body = [n.Assign(self.number, n.Const(32, 0)), loop]

    def handler(self) -> list[n.Stmt]:
        """One handler for all segments: the number tells which one has thrown.

        It is a loop over the statements that catch, from the innermost outwards; number 0 is the caller.
        """
        innermost = n.Pick(tuple(index + 1 for index in self.around), n.Get(self.number), 0)
        current = self.function.temporary()
        arms: list[list[n.Stmt]] = [[n.Reraise()]]
        for s, outer in self.tries:
            arm: list[n.Stmt] = []
            for position, choice in enumerate(s.handler):
                if isinstance(choice, n.If) and isinstance(choice.condition, n.Caught):
                    condition = n.Caught(choice.condition.tag, foreign=True)
                    arm.append(n.If(condition, self.leave(choice.then), []))
                else:  # what is done with all other exceptions
                    again: list[n.Stmt] = [n.Assign(current, n.Const(32, outer + 1))]
                    arm += self.leave(s.handler[position:]) if s.everything else again
                    break
            arms.append(arm)
        return [n.Assign(current, innermost), n.While(None, choose(n.Get(current), arms))]

    def leave(self, body: list[n.Stmt]) -> list[n.Stmt]:
        """What a handler does, which ends with a branch or a return: it leaves the loop over the handlers."""
        last = body[-1]
        return [*body[:-1], self.set(self.places[last.label]), n.Break()] if isinstance(last, n.Br) else body

    def segment(self, around: int) -> int:
        """A new, empty segment."""
        self.segments.append([])
        self.around.append(around)
        return len(self.segments) - 1

    def set(self, place: int) -> n.Stmt:
        """Choose the segment to run next."""
        return n.Assign(self.number, n.Const(32, place))

    def go(self, place: int) -> list[n.Stmt]:
        """A jump to a segment."""
        return [self.set(place), n.Continue()]

    def cut(self, work: list[_Work], body: list[n.Stmt], position: int, place: int, behind: int | None) -> None:
        """Move statements into a segment up to the first that has control inside."""
        out = self.segments[place]
        around = self.around[place]
        for number in range(position, len(body)):
            s = body[number]
            if isinstance(s, n.Br):
                out += self.go(self.places[s.label])
                return
            if isinstance(s, n.Loop):
                head = self.places[s.label] = self.segment(around)
                out += self.go(head)
                work.append((s.body, 0, head, None))
                return
            if isinstance(s, n.Switch):
                arms = [self.segment(around) for _ in s.arms]
                out += switch_tree(
                    n.Switch(s.index, s.cases, s.default, [self.go(arm) for arm in arms]), self.function.temporary
                )
                work += [(statements, 0, arm, None) for statements, arm in zip(s.arms, arms, strict=True)]
                return
            if isinstance(s, n.Block):
                join = self.places[s.label] = self.segment(around)
                work.append((body, number + 1, join, behind))
                work.append((s.body, 0, place, join))
                return
            if isinstance(s, n.If) and not (_plain(s.then) and _plain(s.orelse)):
                join, then, orelse = self.segment(around), self.segment(around), self.segment(around)
                out.append(n.If(s.condition, self.go(then), self.go(orelse)))
                work.append((body, number + 1, join, behind))
                work += [(s.then, 0, then, join), (s.orelse, 0, orelse, join)]
                return
            if isinstance(s, n.Try):
                self.tries.append((s, around))
                join, inside = self.segment(around), self.segment(len(self.tries) - 1)
                out += self.go(inside)
                work.append((body, number + 1, join, behind))
                work.append((s.body, 0, inside, join))
                return
            out.append(s)
            if isinstance(s, _LEAVING):
                return
        if behind is not None:
            out += self.go(behind)


_LEAVING = (n.Return, n.Unreachable, n.TailCall, n.Throw, n.ThrowRef)

_Work = tuple[list[n.Stmt], int, int, int | None]


def _plain(body: list[n.Stmt]) -> bool:
    """Whether a list has no control in it."""
    control = (n.If, n.Block, n.Loop, n.Switch, n.Try, n.Br, *_LEAVING)
    return not any(isinstance(s, control) for s in body)
