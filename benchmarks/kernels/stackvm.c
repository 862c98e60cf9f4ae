/* A switch of 42 arms: a stack machine that runs loops, calls, an array and divisions for every number up to n. */
enum {
    PUSH, LOAD, STORE, DUP, DROP, SWAP, OVER, TUCK, NIP, ROT, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR,
    NEG, NOT, ABS, MIN, MAX, EQ, NE, LT, LE, GT, GE, ZERO, JUMP, JZ, JNZ, INC, DEC, FETCH, PUT, CALL, RET, HALT
};

static const struct {
    int op, argument;
} program[] = {
    {PUSH, 1}, {STORE, 1}, {PUSH, 0}, {STORE, 2}, {LOAD, 1}, {LOAD, 0}, {GT, 0}, {JNZ, 99}, {LOAD, 1},
    {CALL, 101}, {STORE, 3}, {LOAD, 2}, {PUSH, 31}, {MUL, 0}, {LOAD, 3}, {ADD, 0}, {PUSH, 1048575}, {AND, 0},
    {STORE, 2}, {LOAD, 1}, {PUSH, 15}, {AND, 0}, {DUP, 0}, {FETCH, 0}, {LOAD, 3}, {MAX, 0}, {SWAP, 0}, {PUT, 0},
    {LOAD, 1}, {PUSH, 5}, {MUL, 0}, {PUSH, 15}, {AND, 0}, {FETCH, 0}, {LOAD, 2}, {XOR, 0}, {STORE, 2},
    {LOAD, 1}, {PUSH, 36}, {DUP, 0}, {ZERO, 0}, {JNZ, 45}, {TUCK, 0}, {MOD, 0}, {JUMP, 39}, {DROP, 0}, {DUP, 0},
    {PUSH, 1}, {EQ, 0}, {JZ, 61}, {DROP, 0}, {LOAD, 2}, {NOT, 0}, {PUSH, 7}, {AND, 0}, {NEG, 0}, {LOAD, 3},
    {SUB, 0}, {ABS, 0}, {STORE, 4}, {JUMP, 72}, {LOAD, 3}, {OVER, 0}, {DIV, 0}, {LOAD, 1}, {MIN, 0}, {NIP, 0},
    {PUSH, 2}, {SHL, 0}, {PUSH, 1}, {OR, 0}, {STORE, 4}, {LOAD, 2}, {LOAD, 4}, {ADD, 0}, {STORE, 2}, {PUSH, 3},
    {STORE, 5}, {LOAD, 1}, {LOAD, 2}, {LOAD, 5}, {ROT, 0}, {LT, 0}, {JZ, 87}, {DROP, 0}, {INC, 2}, {JUMP, 92},
    {LOAD, 1}, {NE, 0}, {LOAD, 2}, {ADD, 0}, {STORE, 2}, {DEC, 5}, {LOAD, 5}, {PUSH, 0}, {GE, 0}, {JNZ, 78},
    {INC, 1}, {JUMP, 4}, {LOAD, 2}, {HALT, 0}, {PUSH, 0}, {STORE, 6}, {DUP, 0}, {PUSH, 1}, {LE, 0}, {JNZ, 120},
    {INC, 6}, {DUP, 0}, {PUSH, 1}, {AND, 0}, {JZ, 117}, {PUSH, 3}, {MUL, 0}, {PUSH, 1}, {ADD, 0}, {JUMP, 103},
    {PUSH, 1}, {SHR, 0}, {JUMP, 103}, {DROP, 0}, {LOAD, 6}, {RET, 0},
};
static int stack[64], slots[8], array[16], calls[16];

int run(int n) {
    int *top = stack, *frame = calls, pc = 0;
    for (int i = 0; i < 16; i++) array[i] = 0;
    slots[0] = n;
    for (;;) {
        int argument = program[pc].argument, x;
        switch (program[pc++].op) {
        case PUSH: *++top = argument; break;
        case LOAD: *++top = slots[argument]; break;
        case STORE: slots[argument] = *top--; break;
        case DUP: x = *top; *++top = x; break;
        case DROP: top--; break;
        case SWAP: x = *top; *top = top[-1]; top[-1] = x; break;
        case OVER: x = top[-1]; *++top = x; break;
        case TUCK: x = *top; *top = top[-1]; top[-1] = x; *++top = x; break;
        case NIP: x = *top--; *top = x; break;
        case ROT: x = top[-2]; top[-2] = top[-1]; top[-1] = *top; *top = x; break;
        case ADD: x = *top--; *top += x; break;
        case SUB: x = *top--; *top -= x; break;
        case MUL: x = *top--; *top *= x; break;
        case DIV: x = *top--; *top /= x; break;
        case MOD: x = *top--; *top %= x; break;
        case AND: x = *top--; *top &= x; break;
        case OR: x = *top--; *top |= x; break;
        case XOR: x = *top--; *top ^= x; break;
        case SHL: x = *top--; *top <<= x; break;
        case SHR: x = *top--; *top >>= x; break;
        case NEG: *top = -*top; break;
        case NOT: *top = ~*top; break;
        case ABS: if (*top < 0) *top = -*top; break;
        case MIN: x = *top--; if (x < *top) *top = x; break;
        case MAX: x = *top--; if (x > *top) *top = x; break;
        case EQ: x = *top--; *top = *top == x; break;
        case NE: x = *top--; *top = *top != x; break;
        case LT: x = *top--; *top = *top < x; break;
        case LE: x = *top--; *top = *top <= x; break;
        case GT: x = *top--; *top = *top > x; break;
        case GE: x = *top--; *top = *top >= x; break;
        case ZERO: *top = *top == 0; break;
        case JUMP: pc = argument; break;
        case JZ: if (*top-- == 0) pc = argument; break;
        case JNZ: if (*top-- != 0) pc = argument; break;
        case INC: slots[argument]++; break;
        case DEC: slots[argument]--; break;
        case FETCH: *top = array[*top]; break;
        case PUT: array[*top] = top[-1]; top -= 2; break;
        case CALL: *frame++ = pc; pc = argument; break;
        case RET: pc = *--frame; break;
        default: return *top;
        }
    }
}
