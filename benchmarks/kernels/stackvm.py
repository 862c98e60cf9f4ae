"""A chain of 42 comparisons: a stack machine that runs loops, calls, an array and divisions.

The operations that the program uses most come first in the chain. Its numbers stay far below 2**31 for the sizes used
here and are never divided while negative, so the twin does not wrap them and rounds as Python does.
"""

from __future__ import annotations

SIZE = 500
SMALL = 6

# fmt: off
(
    PUSH, LOAD, STORE, DUP, DROP, SWAP, OVER, TUCK, NIP, ROT, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR,
    NEG, NOT, ABS, MIN, MAX, EQ, NE, LT, LE, GT, GE, ZERO, JUMP, JZ, JNZ, INC, DEC, FETCH, PUT, CALL, RET, HALT,
) = range(42)

PROGRAM = (
    (PUSH, 1), (STORE, 1), (PUSH, 0), (STORE, 2), (LOAD, 1), (LOAD, 0), (GT, 0), (JNZ, 99), (LOAD, 1),
    (CALL, 101), (STORE, 3), (LOAD, 2), (PUSH, 31), (MUL, 0), (LOAD, 3), (ADD, 0), (PUSH, 1048575), (AND, 0),
    (STORE, 2), (LOAD, 1), (PUSH, 15), (AND, 0), (DUP, 0), (FETCH, 0), (LOAD, 3), (MAX, 0), (SWAP, 0), (PUT, 0),
    (LOAD, 1), (PUSH, 5), (MUL, 0), (PUSH, 15), (AND, 0), (FETCH, 0), (LOAD, 2), (XOR, 0), (STORE, 2),
    (LOAD, 1), (PUSH, 36), (DUP, 0), (ZERO, 0), (JNZ, 45), (TUCK, 0), (MOD, 0), (JUMP, 39), (DROP, 0), (DUP, 0),
    (PUSH, 1), (EQ, 0), (JZ, 61), (DROP, 0), (LOAD, 2), (NOT, 0), (PUSH, 7), (AND, 0), (NEG, 0), (LOAD, 3),
    (SUB, 0), (ABS, 0), (STORE, 4), (JUMP, 72), (LOAD, 3), (OVER, 0), (DIV, 0), (LOAD, 1), (MIN, 0), (NIP, 0),
    (PUSH, 2), (SHL, 0), (PUSH, 1), (OR, 0), (STORE, 4), (LOAD, 2), (LOAD, 4), (ADD, 0), (STORE, 2), (PUSH, 3),
    (STORE, 5), (LOAD, 1), (LOAD, 2), (LOAD, 5), (ROT, 0), (LT, 0), (JZ, 87), (DROP, 0), (INC, 2), (JUMP, 92),
    (LOAD, 1), (NE, 0), (LOAD, 2), (ADD, 0), (STORE, 2), (DEC, 5), (LOAD, 5), (PUSH, 0), (GE, 0), (JNZ, 78),
    (INC, 1), (JUMP, 4), (LOAD, 2), (HALT, 0), (PUSH, 0), (STORE, 6), (DUP, 0), (PUSH, 1), (LE, 0), (JNZ, 120),
    (INC, 6), (DUP, 0), (PUSH, 1), (AND, 0), (JZ, 117), (PUSH, 3), (MUL, 0), (PUSH, 1), (ADD, 0), (JUMP, 103),
    (PUSH, 1), (SHR, 0), (JUMP, 103), (DROP, 0), (LOAD, 6), (RET, 0),
)
# fmt: on


def run(n: int) -> int:
    """Run the program for ``n`` and return its result."""
    stack: list[int] = []
    push, pop = stack.append, stack.pop
    slots = [n, 0, 0, 0, 0, 0, 0, 0]
    array = [0] * 16
    frames = []
    pc = 0
    while True:
        op, argument = PROGRAM[pc]
        pc += 1
        if op == PUSH:
            push(argument)
        elif op == DUP:
            push(stack[-1])
        elif op == LOAD:
            push(slots[argument])
        elif op == JNZ:
            if pop():
                pc = argument
        elif op == JUMP:
            pc = argument
        elif op == JZ:
            if not pop():
                pc = argument
        elif op == INC:
            slots[argument] += 1
        elif op == AND:
            x = pop()
            stack[-1] &= x
        elif op == LE:
            x = pop()
            stack[-1] = stack[-1] <= x
        elif op == SHR:
            x = pop()
            stack[-1] >>= x
        elif op == STORE:
            slots[argument] = pop()
        elif op == ADD:
            x = pop()
            stack[-1] += x
        elif op == MUL:
            x = pop()
            stack[-1] *= x
        elif op == DROP:
            pop()
        elif op == ZERO:
            stack[-1] = not stack[-1]
        elif op == ROT:
            push(stack.pop(-3))
        elif op == LT:
            x = pop()
            stack[-1] = stack[-1] < x
        elif op == GE:
            x = pop()
            stack[-1] = stack[-1] >= x
        elif op == DEC:
            slots[argument] -= 1
        elif op == TUCK:
            stack[-1], stack[-2] = stack[-2], stack[-1]
            push(stack[-2])
        elif op == MOD:
            x = pop()
            stack[-1] %= x
        elif op == FETCH:
            stack[-1] = array[stack[-1]]
        elif op == GT:
            x = pop()
            stack[-1] = stack[-1] > x
        elif op == SWAP:
            stack[-1], stack[-2] = stack[-2], stack[-1]
        elif op == XOR:
            x = pop()
            stack[-1] ^= x
        elif op == MAX:
            x = pop()
            if x > stack[-1]:
                stack[-1] = x
        elif op == EQ:
            x = pop()
            stack[-1] = stack[-1] == x
        elif op == PUT:
            index = pop()
            array[index] = pop()
        elif op == CALL:
            frames.append(pc)
            pc = argument
        elif op == RET:
            pc = frames.pop()
        elif op == OVER:
            push(stack[-2])
        elif op == NIP:
            stack[-2] = stack[-1]
            pop()
        elif op == DIV:
            x = pop()
            stack[-1] //= x
        elif op == OR:
            x = pop()
            stack[-1] |= x
        elif op == SHL:
            x = pop()
            stack[-1] <<= x
        elif op == MIN:
            x = pop()
            if x < stack[-1]:
                stack[-1] = x
        elif op == SUB:
            x = pop()
            stack[-1] -= x
        elif op == NEG:
            stack[-1] = -stack[-1]
        elif op == NOT:
            stack[-1] = ~stack[-1]
        elif op == ABS:
            stack[-1] = abs(stack[-1])
        elif op == NE:
            x = pop()
            stack[-1] = stack[-1] != x
        else:
            return stack[-1]
