"""Objects with floats and ints: 100 particles that fall, bounce, age and start again."""

from __future__ import annotations

SIZE = 2_400
SMALL = 6
COUNT = 100


class Chance:
    """Pseudo-random numbers from 0 to 1."""

    def __init__(self) -> None:
        self.seed = 99

    def next(self) -> float:
        """Return the next one."""
        self.seed = (self.seed * 1664525 + 1013904223) & 0xFFFFFFFF
        return (self.seed >> 8) / 16777216.0


class Particle:
    """Position, velocity, steps since the start and how often it touched the ground."""

    __slots__ = ("age", "bounces", "vx", "vy", "x", "y")

    def __init__(self, chance: Chance) -> None:
        self.bounces = 0
        self.start(chance)

    def start(self, chance: Chance) -> None:
        """Go back to a place in the air."""
        self.x = chance.next() * 100.0
        self.y = 50.0 + chance.next() * 50.0
        self.vx = chance.next() * 4.0 - 2.0
        self.vy = 0.0
        self.age = 0


def run(n: int) -> float:
    """Return a checksum of where the particles are after ``n`` steps."""
    chance = Chance()
    particles = [Particle(chance) for _ in range(COUNT)]
    for _ in range(n):
        for p in particles:
            p.vy -= 0.25
            p.x += p.vx
            p.y += p.vy
            if p.x < 0.0 or p.x > 100.0:
                p.vx = -p.vx
            if p.y < 0.0:
                p.y = -p.y
                p.vy = -0.75 * p.vy
                p.bounces += 1
            p.age += 1
            if p.age > 200:
                p.start(chance)
    total = 0.0
    for p in particles:
        total += p.x + p.y * p.bounces
    return total
