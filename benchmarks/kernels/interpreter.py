"""A switch in a loop: a register machine that counts Collatz steps.

Its numbers stay far below 2**31 for the sizes used here, so the twin, as a Python programmer would, does not wrap them.
"""

SIZE = 800
SMALL = 30

SET, MOVE, ADD, SUB, ADDI, MUL3, HALF, ODD, JUMP, JZ, JLE, HALT = range(12)

PROGRAM = [
    (SET, 1, 1, 0),  # 0: candidate = 1
    (SET, 2, 0, 0),  # 1: steps = 0
    (JLE, 1, 0, 4),  # 2: outer: while candidate <= n
    (HALT, 2, 0, 0),  # 3
    (MOVE, 3, 1, 0),  # 4: value = candidate
    (SET, 4, 1, 0),  # 5
    (JLE, 3, 4, 14),  # 6: inner: while value > 1
    (ADDI, 2, 1, 0),  # 7: steps += 1
    (ODD, 5, 3, 0),  # 8
    (JZ, 5, 0, 12),  # 9: if value is odd
    (MUL3, 3, 3, 0),  # 10: value = 3 * value + 1
    (JUMP, 0, 0, 6),  # 11
    (HALF, 3, 3, 0),  # 12: else value = value / 2
    (JUMP, 0, 0, 6),  # 13
    (ADDI, 1, 1, 0),  # 14: candidate += 1
    (ADD, 6, 6, 1),  # 15
    (SUB, 7, 7, 6),  # 16
    (JUMP, 0, 0, 2),  # 17
]


def run(n: int) -> int:
    """Interpret the program for ``n`` and return its result."""
    r = [n, 0, 0, 0, 0, 0, 0, 0]
    pc = 0
    while True:
        op, a, b, c = PROGRAM[pc]
        pc += 1
        if op == SET:
            r[a] = b
        elif op == MOVE:
            r[a] = r[b]
        elif op == ADD:
            r[a] = r[b] + r[c]
        elif op == SUB:
            r[a] = r[b] - r[c]
        elif op == ADDI:
            r[a] += b
        elif op == MUL3:
            r[a] = r[b] * 3 + 1
        elif op == HALF:
            r[a] = r[b] >> 1
        elif op == ODD:
            r[a] = r[b] & 1
        elif op == JUMP:
            pc = c
        elif op == JZ:
            if r[a] == 0:
                pc = c
        elif op == JLE:
            if r[a] <= r[b]:
                pc = c
        else:
            return r[a] ^ r[7]
