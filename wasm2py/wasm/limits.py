"""Implementation limits (spec, section 7.3): sizes above which a module is refused, so that hostile input stays cheap.

The numbers are those that all web engines agreed on (WebAssembly JavaScript Interface, "Implementation-defined
Limits"): no toolchain makes modules beyond them, since they would not run in any browser.  Only sizes that a few bytes
of input can blow up, or whose cost here grows faster than the input, are limited; a list whose entries take a byte each
is limited by the file itself.
"""

from __future__ import annotations

MAX_LOCALS = 50_000
"""Locals of a function, not counting its parameters; seven bytes of input can declare 2**32 - 1 of them."""

MAX_PARAMS = 1_000
"""Parameters of a function type."""

MAX_RESULTS = 1_000
"""Results of a function type."""

MAX_FIELDS = 10_000
"""Fields of a struct type; ``struct.new_default`` of a one-byte type index makes them all."""

MAX_SUBTYPING_DEPTH = 63
"""Longest chain of declared supertypes: the time of a subtype check is linear in it."""

MAX_OPERANDS = 1_000_000
"""Operands on the stack of a body; a call, two bytes of input, pushes as many as its function type has results.  This
limit is ours: engines limit the size of a function instead."""

MAX_NESTING = 20_000
"""Structured instructions inside each other.  This limit is ours, too: passes over the IR recurse, and
:mod:`wasm2py.recursion` gives them room for this much; the deepest module known nests 3,289 levels."""

MAX_VERSIONS = 50_000_000
"""Locals of a function times the depth of its nesting.  This limit is ours: for each open block, the versions of all
locals at its end are kept, and 20,000 levels with 50,000 locals would take 8 GB."""
