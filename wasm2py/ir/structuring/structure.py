"""Wasm's structured control to Python's: blocks and branches become ``if``, ``while``, ``break`` and ``continue``.

Each list of statements is lowered in a context: ``after``, the labels that falling off its end leads to, and the
innermost Python loop around it with the labels that ``break`` and ``continue`` reach.

* A branch to a label in ``after`` is nothing at all.  So a block whose branches all stand where that works dissolves:
  a conditional branch out of it becomes an ``if`` around the rest.
* Other blocks become ``while True:`` loops that run once, where a branch is ``break``: this costs nothing in CPython.
* A branch that leaves several Python loops sets a flag, which is tested behind each of them.
* Blocks nested at their start, as C's ``switch`` with fall-through compiles to, become one loop with a decision tree
  over the number of the segment to run next.
* Whatever is nested too deeply for Python is cut into basic blocks under one such tree
  (:mod:`wasm2py.ir.structuring.flatten`).

Sets of labels are bit sets of label numbers.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from wasm2py.errors import InternalError
from wasm2py.ir import nodes as n
from wasm2py.ir.bitsets import members
from wasm2py.ir.structuring.blocks import merge_blocks
from wasm2py.ir.structuring.flatten import flatten
from wasm2py.ir.structuring.trees import choose, switch_tree
from wasm2py.ir.walk import lists, statements

MAX_LOOPS = 17
"""Python's compiler allows 20 statically nested loops."""

_HANDLER = 1
"""A statement that catches counts as one of them around its body, and as one more around its handler."""

MAX_DEPTH = 70
"""Python's tokenizer allows 100 levels of indentation."""


class _TooDeep(Exception):
    """The function cannot be nested in Python as it is in Wasm."""


def structure(function: n.Function, without: Container[str] = ()) -> None:
    """Replace the body by Python control; variables for flags and segment numbers are added.

    :param without: what is left out, of :data:`wasm2py.options.CHOICES`
    """
    if "merged-blocks" not in without:
        merge_blocks(function)
    try:
        function.body = _Structurer(function).lower(function.body, _Place())
    except _TooDeep:
        _lower_counted(function)
        flatten(function)
        function.body = _Structurer(function).lower(function.body, _Place())


def _lower_counted(function: n.Function) -> None:
    """Lower the bodies of ``for`` first, which no branch leaves: flattening takes them for plain statements."""
    for s in statements(function.body):
        if isinstance(s, n.For):
            s.body = _Structurer(function).lower(s.body, _Place(region=_Place().loop({})))


class _Region:
    """A Python loop that is being lowered.

    :ivar jumps: statements that go to a label, by its number
    :ivar reached: those labels as a bit set
    :ivar escapes: labels that are reached through the flag, with their numbers
    """

    def __init__(self, outer: _Region | None, jumps: dict[int, list[n.Stmt]]) -> None:
        self.outer = outer
        self.jumps = jumps
        self.reached = sum(1 << index for index in jumps)
        self.escapes: dict[int, tuple[n.Label, int]] = {}
        self.flag: n.Variable | None = None
        self.depth: int = 1 if outer is None else outer.depth + 1


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list is lowered.

    :ivar after: the labels that falling off its end leads to
    :ivar region: the innermost Python loop around it
    :ivar depth: its level of indentation
    :ivar tries: how many statements that catch are around it
    """

    after: int = 0
    region: _Region | None = None
    depth: int = 0
    tries: int = 0

    def inside(self, after: int = 0, region: _Region | None = None, levels: int = 1, tries: int = 0) -> _Place:
        """A list ``levels`` deeper, by default in the same loop, and in ``tries`` more statements that catch."""
        return _Place(after, region or self.region, self.depth + levels, self.tries + tries)

    def loop(self, jumps: dict[int, list[n.Stmt]]) -> _Region:
        """A loop in this place."""
        region = _Region(self.region, jumps)
        if region.depth + self.tries > MAX_LOOPS:
            raise _TooDeep
        return region


class _Structurer:
    """The state of lowering one function."""

    def __init__(self, function: n.Function) -> None:
        self.function = function

    # ------------------------------------------------------------------------------------------------------- the lists

    def lower(self, body: list[n.Stmt], place: _Place, before: list[n.Stmt] | None = None) -> list[n.Stmt]:
        """Lower a list; what comes of it is appended to what is ``before`` it, if that is given."""
        if place.depth > MAX_DEPTH:
            raise _TooDeep
        out = [] if before is None else before
        position = 0
        while position < len(body):
            statement = body[position]
            position += 1
            if isinstance(statement, n.If):
                rest = self.lower_if(statement, body, position, place, out)
            elif isinstance(statement, n.Block):
                rest = self.lower_block(statement, body, position, place, out)
            elif isinstance(statement, n.Br):
                out += self.jump(statement.label, place)
                return out
            elif isinstance(statement, n.Loop):
                rest = self.lower_loop(statement, place, out)
            elif isinstance(statement, n.For):
                region = place.loop({})
                out.append(
                    n.For(statement.vars, statement.iterables, self.lower(statement.body, place.inside(0, region)))
                )
                continue
            elif isinstance(statement, n.Switch):
                rest = switch_tree(statement, self.function.temporary)
            elif isinstance(statement, n.Try):
                self.lower_try(statement, place, place.after if position == len(body) else 0, out)
                continue
            else:
                out.append(statement)
                continue
            if rest is not None:  # go on with another list
                body, position = rest, 0
        return out

    def jump(self, label: n.Label, place: _Place) -> list[n.Stmt]:
        """The statements of a branch."""
        region = place.region
        if place.after >> label.index & 1:
            return []
        if region is None:
            raise InternalError(f"branch to label {label.index} leads nowhere")
        known = region.jumps.get(label.index)
        if known is not None:
            return list(known)
        if region.flag is None:
            region.flag = self.function.temporary()
        _, number = region.escapes.setdefault(label.index, (label, len(region.escapes) + 1))
        return [n.Assign(region.flag, _small(number)), n.Break()]

    def direct(self, body: list[n.Stmt], place: _Place) -> bool:
        """Whether no branch in the list needs ``after``."""
        needed = _targets_of(body) & place.after
        return not needed if place.region is None else not needed & ~place.region.reached

    # --------------------------------------------------------------------------------------------------------- choices

    def lower_if(
        self, s: n.If, body: list[n.Stmt], position: int, place: _Place, out: list[n.Stmt]
    ) -> list[n.Stmt] | None:
        """Lower a choice and perhaps the rest of the list with it; returns the list to go on with, if another."""
        condition, then, orelse = s.condition, s.then, s.orelse
        last = position == len(body)
        then_falls, else_falls = _falls(then), _falls(orelse)
        if last and not then_falls and not else_falls:
            # one arm may follow the choice instead of nesting in it, if the other leaves by itself
            smaller = _size(orelse) <= _size(then)
            if self.direct(orelse, place) and (smaller or not self.direct(then, place)):
                out.append(_choice(negate(condition), self.lower(orelse, place.inside()), []))
                return then
            if self.direct(then, place):
                out.append(_choice(condition, self.lower(then, place.inside()), []))
                return orelse
        if last or (not then_falls and not else_falls):
            first = self.lower(then, place.inside(place.after))
            out.append(_choice(condition, first, self.lower(orelse, place.inside(place.after))))
            return []
        if then_falls and else_falls:
            first = self.lower(then, place.inside())
            out.append(_choice(condition, first, self.lower(orelse, place.inside())))
            return None
        if else_falls:
            leaving, staying = then, orelse
        else:
            leaving, staying, condition = orelse, then, negate(condition)
        rest = staying + body[position:] if staying else body[position:]
        nothing = isinstance(leaving[0], n.Br) and bool(place.after >> leaving[0].label.index & 1)
        if not _falls(rest) and (nothing or _size(rest) < _size(leaving)) and self.direct(rest, place):
            out.append(_choice(negate(condition), self.lower(rest, place.inside()), []))
            return leaving
        if self.direct(leaving, place):
            out.append(_choice(condition, self.lower(leaving, place.inside()), []))
            return rest
        first = self.lower(leaving, place.inside(place.after))
        out.append(_choice(condition, first, self.lower(rest, place.inside(place.after))))
        return []

    # ---------------------------------------------------------------------------------------------------------- blocks

    def lower_block(
        self, s: n.Block, body: list[n.Stmt], position: int, place: _Place, out: list[n.Stmt]
    ) -> list[n.Stmt] | None:
        """Dissolve a block, or make it a loop that runs once; returns the list to go on with, if another."""
        rest = body[position:]
        bit = 1 << s.label.index
        behind = bit | place.after if not rest else bit
        if rest and isinstance(rest[0], n.Br):
            behind |= 1 << rest[0].label.index
        if _nestable(s.body, bit):
            self.lower(s.body, place.inside(behind, levels=0), out)
            return None
        chain = [s]
        while chain[-1].body and isinstance(inner := chain[-1].body[0], n.Block):
            chain.append(inner)
        stuck = sum(not _nestable(block.body, 1 << block.label.index) for block in chain)
        if stuck > 1:
            return self.lower_chain(chain, behind, place, out) + rest
        region = place.loop({index: [n.Break()] for index in members(behind)})
        lowered = self.lower(s.body, place.inside(region=region))
        if _falls(s.body):
            lowered.append(n.Break())
        return self.close(region, n.While(None, lowered), out) + rest

    def lower_chain(self, chain: list[n.Block], behind: int, place: _Place, out: list[n.Stmt]) -> list[n.Stmt]:
        """Blocks nested at their start: segments that control enters at any point and falls through, in one loop."""
        segments = [chain[-1].body] + [block.body[1:] for block in reversed(chain[:-1])]
        labels = [block.label for block in reversed(chain)]  # labels[i] is behind segments[i]
        number = self.function.temporary()
        jumps: dict[int, list[n.Stmt]] = {index: [n.Break()] for index in members(behind)}
        for position, label in enumerate(labels[:-1]):
            jumps[label.index] = [n.Assign(number, _small(position + 1)), n.Continue()]
        inner = place.loop(jumps)
        levels = 1 + len(segments).bit_length()
        lowered: list[list[n.Stmt]] = []
        for position, segment in enumerate(segments):
            statements = self.lower(segment, place.inside(region=inner, levels=levels))
            if _falls(segment):
                last = position == len(segments) - 1
                statements.append(n.Break() if last else n.Assign(number, _small(position + 1)))
            lowered.append(statements)
        get = n.Get(number)
        out.append(n.Assign(number, _small(0)))
        return self.close(inner, n.While(None, choose(get, lowered)), out)

    def lower_loop(self, s: n.Loop, place: _Place, out: list[n.Stmt]) -> list[n.Stmt]:
        """A loop; returns what comes behind it."""
        if s.counting is not None:
            return self.lower_counting(s.counting, place, out)
        bit = 1 << s.label.index
        exits = _targets_of(s.body) & ~bit & ~_bound(s.body)
        jumps: dict[int, list[n.Stmt]] = {index: [n.Break()] for index in members(exits & place.after)}
        behind: list[n.Stmt] = []
        if exits and not exits & place.after:
            primary = _first_exit(s.body, exits)
            assert primary is not None
            jumps[primary.index] = [n.Break()]
            behind.append(n.Br(primary))
        jumps[s.label.index] = [n.Continue()]
        inner = place.loop(jumps)
        lowered = self.lower(s.body, place.inside(bit, inner))
        return self.close(inner, _while(lowered), out) + behind

    def lower_counting(self, counting: n.Counting, place: _Place, out: list[n.Stmt]) -> list[n.Stmt]:
        """A loop that is ``for``; what is behind its test becomes its ``else`` where it is left in other ways, too."""
        out[-n.NEAR :] = [each for each in out[-n.NEAR :] if each not in counting.starts]
        turns, rest = counting.turns, counting.rest
        exits = _targets_of(turns) & ~_bound(turns)
        after = exits & place.after and place.after  # where a break leads to
        behind: list[n.Stmt] = []
        if exits and not after and not _targets_of(rest) & place.after:
            primary = _first_exit(rest, exits) or _first_exit(turns, exits)
            assert primary is not None
            after = 1 << primary.index
            behind.append(n.Br(primary))
        inner = place.loop({index: [n.Break()] for index in members(exits & after)})
        lowered = self.lower(turns, place.inside(region=inner))
        loop = n.For([] if counting.var is None else [counting.var], [counting.steps], lowered)
        if not after:
            return self.close(inner, loop, out) + rest
        loop.orelse = self.lower(rest, place.inside(after))
        return self.close(inner, loop, out) + behind

    def lower_try(self, s: n.Try, place: _Place, after: int, out: list[n.Stmt]) -> None:
        """A ``try``: Python's, since its ``break`` and ``continue`` go where they would without it."""
        inner = place.inside(after, tries=1)
        if (place.region.depth if place.region else 0) + inner.tries + _HANDLER > MAX_LOOPS:
            raise _TooDeep
        out.append(n.Try(self.lower(s.body, inner), self.lower(s.handler, inner), s.everything))

    def close(self, region: _Region, loop: n.While | n.For, out: list[n.Stmt]) -> list[n.Stmt]:
        """Append a Python loop; returns the tests of its flag, which come behind it."""
        if region.flag is not None:
            out.append(n.Assign(region.flag, _small(0)))
        out.append(loop)
        tests: list[n.Stmt] = []
        for label, number in region.escapes.values():
            assert region.flag is not None
            flag: n.Expr = n.Get(region.flag)
            if len(region.escapes) > 1:
                flag = n.Compare("==", flag, n.Const(32, number), ((0, 0, 0), (0, 0, 0)))
            tests.append(n.If(flag, [n.Br(label)], []))
        return tests


def _while(body: list[n.Stmt]) -> n.While:
    """``while True:`` with a test first is ``while`` with that condition."""
    first = body[0] if body else None
    if isinstance(first, n.If) and len(first.then) == 1 and isinstance(first.then[0], n.Break):
        return n.While(negate(first.condition), first.orelse + body[1:])
    return n.While(None, body)


def _choice(condition: n.Expr, then: list[n.Stmt], orelse: list[n.Stmt]) -> n.Stmt:
    """An ``if`` whose first arm is not empty."""
    if not then and orelse:
        return n.If(negate(condition), orelse, [])
    if not then:
        return n.Eval(condition)
    return n.If(condition, then, orelse)


def negate(condition: n.Expr) -> n.Expr:
    """The opposite condition, by the opposite comparison where the operands are integers (floats may be NaN)."""
    if isinstance(condition, n.Not):
        return condition.x
    if isinstance(condition, n.Compare) and condition.ranges[0] is not None:
        return n.Compare(_OPPOSITE[condition.op], condition.a, condition.b, condition.ranges)
    if isinstance(condition, n.Logic):
        return n.Logic("and" if condition.op == "or" else "or", negate(condition.a), negate(condition.b))
    return n.Not(condition)


_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _small(value: int) -> n.Const:
    return n.Const(32, value)


# -------------------------------------------------------------------------------------------------- facts about lists

LEAVING = (n.Br, n.Return, n.Unreachable, n.TailCall, n.Loop, n.Switch, n.Throw, n.ThrowRef, n.Reraise)
"""Statements at whose end control never is."""


def _falls(body: list[n.Stmt]) -> bool:
    """Whether control can reach the end of a list."""
    if not body:
        return True
    last = body[-1]
    if isinstance(last, n.If):
        return _falls(last.then) or _falls(last.orelse)
    if isinstance(last, n.Try):
        return _falls(last.body) or _falls(last.handler)
    return not isinstance(last, LEAVING)


def _targets(s: n.Stmt) -> int:
    """The labels that a statement branches to."""
    if s.targets < 0:
        s.targets = 1 << s.label.index if isinstance(s, n.Br) else _targets_of_lists(lists(s))
    return s.targets


def _targets_of(body: list[n.Stmt]) -> int:
    mask = 0
    for s in body:
        mask |= _targets(s)
    return mask


def _targets_of_lists(bodies: tuple[list[n.Stmt], ...]) -> int:
    mask = 0
    for body in bodies:
        mask |= _targets_of(body)
    return mask


def _bound(body: list[n.Stmt]) -> int:
    """The labels of blocks and loops inside a list."""
    mask = 0
    for s in statements(body):
        if isinstance(s, (n.Block, n.Loop)):
            mask |= 1 << s.label.index
    return mask


def _first_exit(body: list[n.Stmt], exits: int) -> n.Label | None:
    """The label of the first branch to one of ``exits``."""
    for s in body:
        if _targets(s) & exits:
            if isinstance(s, n.Br):
                return s.label
            for inner in lists(s):
                label = _first_exit(inner, exits)
                if label is not None:
                    return label
    return None


_MAX_SIZE = 50


def _size(body: list[n.Stmt]) -> int:
    """About how many lines a list takes, counted up to a limit."""
    size = 0
    pending = [body]
    while pending and size < _MAX_SIZE:
        for s in pending.pop()[:_MAX_SIZE]:
            size += 1
            pending += lists(s)
    return size


def _nestable(body: list[n.Stmt], bit: int) -> bool:
    """Whether every branch to the label ``bit``, which is behind ``body``, stands where falling off leads there."""
    last = len(body) - 1
    for position, s in enumerate(body):
        if not _targets(s) & bit:
            continue
        if isinstance(s, n.If):
            for arm in (s.then, s.orelse):
                if _targets_of(arm) & bit and ((position != last and _falls(arm)) or not _nestable(arm, bit)):
                    return False
        elif isinstance(s, (n.Block, n.Try)):
            if position != last or not all(_nestable(inner, bit) for inner in lists(s)):
                return False
        elif isinstance(s, n.Switch) and not all(_nestable(arm, bit) for arm in s.arms):
            return False
    return True
