"""Decision trees: ``br_table`` and the choice of a segment as nested comparisons, logarithmic in their number."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.ir import nodes as n

_INTEGERS = ((0, 0, 0), (0, 0, 0))
"""Marks comparisons of integers, which may be inverted."""


def choose(number: n.Expr, arms: list[list[n.Stmt]]) -> list[n.Stmt]:
    """Statements that run ``arms[number]``."""
    return _tree(number, [(i, i + 1, arm) for i, arm in enumerate(arms)])


def switch_tree(s: n.Switch, variable: Callable[[], n.Variable]) -> list[n.Stmt]:
    """A ``br_table`` as a tree over runs of cases with the same arm.

    Where runs would repeat an arm that is more than a jump, the index is first mapped to the number of its arm: by one
    comparison if only the default repeats one, as compilers write it where they know that nothing else comes.
    """
    statements: list[n.Stmt] = []
    index = s.index.x if isinstance(s.index, n.Wrap) and s.index.mode == n.NOTHING else s.index
    if not isinstance(index, n.Get):
        temporary = variable()
        statements.append(n.Assign(temporary, index))
        index = n.Get(temporary)
    runs: list[tuple[int, int, int]] = []
    for case, arm in enumerate((*s.cases, s.default)):
        if runs and runs[-1][2] == arm:
            runs[-1] = (runs[-1][0], case + 1, arm)
        else:
            runs.append((case, case + 1, arm))
    counts = [0] * len(s.arms)
    for run in runs:
        counts[run[2]] += 1
    repeated = [arm for arm, count in enumerate(counts) if count > 1]
    trivial = all(len(s.arms[arm]) == 1 for arm in repeated)
    if repeated and not (trivial and len(runs) <= len(s.arms) + 4):
        temporary = variable()
        if runs[-1][0] == len(s.cases) and len({arm for _, _, arm in runs[:-1]}) == len(runs) - 1:
            inside = n.Compare("<", index, n.Const(32, len(s.cases)), _INTEGERS)
            same = n.Const(32, s.cases.index(s.default))
            statements.append(n.Assign(temporary, n.Select(inside, index, same)))
            return statements + _tree(n.Get(temporary), [(start, end, s.arms[arm]) for start, end, arm in runs[:-1]])
        statements.append(n.Assign(temporary, n.Pick(s.cases, index, s.default)))
        return statements + choose(n.Get(temporary), s.arms)
    return statements + _tree(index, [(start, end, s.arms[arm]) for start, end, arm in runs])


def _tree(number: n.Expr, runs: list[tuple[int, int, list[n.Stmt]]]) -> list[n.Stmt]:
    """A balanced tree over runs; the first one starts at the smallest number, the last one is open."""
    if len(runs) == 1:
        return runs[0][2]
    middle = len(runs) // 2
    bound = runs[middle][0]
    low, high = _tree(number, runs[:middle]), _tree(number, runs[middle:])
    condition: n.Expr
    if bound == 1 and middle == 1:
        return [n.If(n.Not(number), low, high)]
    if middle == 1 and runs[0][1] == runs[0][0] + 1 and len(runs) == 2 and runs[0][0] > 0:
        condition = n.Compare("==", number, n.Const(32, runs[0][0]), _INTEGERS)
    else:
        condition = n.Compare("<", number, n.Const(32, bound), _INTEGERS)
    return [n.If(condition, low, high)]
