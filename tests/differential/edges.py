"""Values of which the compiler may know the range, used where being off by one shows.

A comparison, a loop or a mask limits a variable to a range; then a constant is added that takes just the last value of
the range across zero or a power of two, and the sum is used as signed, unsigned or wide.
"""

from __future__ import annotations

from tests.differential.encoding import constant, instruction
from tests.differential.values import COMPARISONS, Label
from tests.differential.vectors import VectorValues

_TURNING_POINTS = {"i32": (0, 1 << 31, 1 << 32), "i64": (0, 1 << 32, 1 << 63, 1 << 64)}
_SPOTS = {
    "i32": (0, 1, 5, 100, 65535, 2**30, 2**31 - 1, 2**31, 2**31 + 7, 2**32 - 100, 2**32 - 1),
    "i64": (0, 1, 5, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**62, 2**63 - 1, 2**63, 2**63 + 7, 2**64 - 1),
}


class Edges(VectorValues):
    """Statements that use values at the edges of their ranges."""

    def opaque(self, type_: str, value: int) -> None:
        """Code that leaves ``value``, which no analysis of a function can know."""
        self.emit(instruction("global.get", self.environment.zeros[type_]), constant(type_, value))
        self.op(f"{type_}.add")

    def guarded(self, _depth: int) -> None:
        """Compare a variable, and rely on what the comparison says about it."""
        rng = self.rng
        t = self.integer_type()
        local = rng.choice(self.free[t])
        spot = rng.choice(_SPOTS[t])
        self.opaque(t, spot + rng.choice((-1, 0, 1)))
        if self.chance(0.2):
            mask = (1 << rng.choice((3, 8, 16, 31, int(t[1:])))) - 1
            self.emit(constant(t, mask), instruction(f"{t}.and"))
        self.op("local.set", local)
        get, bound = instruction("local.get", local), constant(t, spot)
        self.emit(*((get, bound) if self.chance(0.8) else (bound, get)))
        self.op(f"{t}.{rng.choice(COMPARISONS)}")
        if self.chance(0.3):
            self.op("i32.eqz")
        if self.chance(0.2):  # two conditions in a row
            self.emit(get, constant(t, spot + rng.choice((-5, 5, 100))), instruction(f"{t}.{rng.choice(COMPARISONS)}"))
            self.op(rng.choice(("i32.and", "i32.or")))
        if self.chance(0.5):
            self.emit(b"\x04\x40")
            self.labels.append(Label(()))
            self.uses(t, local, spot)
            self.emit(b"\x05")
            self.uses(t, local, spot)
        else:
            self.op("drop")
            self.emit(b"\x02\x40")
            self.labels.append(Label(()))
            self.emit(get, bound, instruction(f"{t}.{rng.choice(COMPARISONS)}"), instruction("br_if", 0))
            self.uses(t, local, spot)
        self.labels.pop()
        self.emit(b"\x0b")

    def sums(self, _depth: int) -> None:
        """Sums of sums, which need no form until something looks at the last one closely."""
        rng = self.rng
        t = self.integer_type()
        locals_ = [rng.choice(self.free[t]) for _ in range(2)]
        for _ in range(rng.randint(2, 7)):
            self.op("local.get", rng.choice(locals_))
            if self.chance(0.2):
                self.emit(constant(t, rng.choice((1, 5, 13, 20, int(t[1:]) - 1))), instruction(f"{t}.shl"))
            if self.chance(0.5):
                self.opaque(t, rng.choice(_SPOTS[t]))
            else:
                self.op("local.get", rng.choice(locals_))
            self.op(f"{t}.{rng.choice(('add', 'add', 'sub', 'mul'))}")
            self.op("local.set", rng.choice(locals_))
        self.emit(constant("i32", rng.randrange(512, 4096, 8)))
        self.op("local.get", rng.choice(locals_))
        if self.chance(0.5):
            self.emit(constant(t, rng.choice((255, 0x7FFFFF00, -16))), instruction(f"{t}.and"))
        self.op("local.get", rng.choice(locals_))
        self.op(f"{t}.{rng.choice(('add', 'sub', 'mul'))}")
        self.op(f"{self.look(t)}.store", 0, 0)

    def uses(self, type_: str, local: int, near: int) -> None:
        for _ in range(self.rng.randint(1, 3)):
            self.use(type_, local, near)

    def use(self, type_: str, local: int, near: int) -> None:
        """Add to a variable that is about ``near`` what takes it to a turning point, and look at the sum closely."""
        rng = self.rng
        shift = rng.choice(_TURNING_POINTS[type_]) - near + rng.choice((-1, 0, 1))
        stored = self.chance(0.5)
        if stored:
            self.emit(constant("i32", rng.randrange(512, 4096, 8)))
        self.op("local.get", local)
        if self.chance(0.8):
            self.emit(constant(type_, shift), instruction(f"{type_}.add"))
        elif self.chance(0.5):
            self.emit(constant(type_, -shift), instruction(f"{type_}.sub"))
        else:
            self.emit(constant(type_, rng.choice((2, 3, -1, 4))), instruction(f"{type_}.mul"))
        if self.chance(0.3):
            self.op("local.tee", rng.choice(self.free[type_]))
        result = self.look(type_)
        if stored:
            self.op(f"{result}.store", 0, 0)
        else:
            self.op("local.set", rng.choice(self.free[result]))

    def look(self, type_: str) -> str:
        """Turn a value of a type into one that shows whether it was in range; returns the type of that."""
        rng = self.rng
        choice = rng.random()
        if choice < 0.2:
            self.emit(constant(type_, rng.choice((1, 3, 10))))
            self.op(f"{type_}.{rng.choice(('div_u', 'div_s', 'rem_u', 'rem_s'))}")
        elif choice < 0.4:
            self.emit(constant(type_, rng.choice((1, 4, 8, 31))))
            self.op(f"{type_}.{rng.choice(('shr_u', 'shr_s', 'rotl', 'shl'))}")
        elif choice < 0.6:
            self.emit(constant(type_, rng.choice(_SPOTS[type_])))
            self.op(f"{type_}.{rng.choice(COMPARISONS)}")
            return "i32"
        elif choice < 0.8:
            if type_ == "i64":
                self.op("i32.wrap_i64")
                return "i32"
            self.op(rng.choice(("i64.extend_i32_u", "i64.extend_i32_s")))
            return "i64"
        elif choice < 0.9:
            self.op(f"f64.convert_{type_}_{rng.choice('su')}")
            self.op("f64.abs")
            return "f64"
        elif choice < 0.95:
            self.op(f"{type_}.{rng.choice(('clz', 'ctz', 'popcnt'))}")
        else:
            self.op(f"{type_}.eqz")
            return "i32"
        return type_
