"""The IR: a structured tree of statements over expressions.

Integers are mathematical: ``Binary("+", …)`` is the exact sum, and every reduction to 32 or 64 bits is an explicit
:class:`Wrap`, whose ``mode`` :mod:`wasm2py.ir.ranges` sets (often to "nothing to do").  Control stays structured as in
Wasm: :class:`Block`, :class:`Loop`, :class:`If` and branches to :class:`Label` objects;
:mod:`wasm2py.ir.structuring` then turns it into what Python has (the classes under "Python control").

Nodes are mutable, slotted and compared by identity: passes annotate them in place, because rebuilding a tree costs more
than analysing it.
"""

from wasm2py.ir.nodes.expressions import *
from wasm2py.ir.nodes.function import *
from wasm2py.ir.nodes.statements import *
from wasm2py.ir.nodes.variables import *
