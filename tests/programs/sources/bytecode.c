/* An interpreter of a small stack machine: one large switch inside a loop, as compiled interpreters have it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum {
    PUSH, POP, DUP, SWAP, OVER, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, NEG, NOT, EQ, NE, LT, GT,
    LOAD, STORE, JUMP, JUMP_IF, JUMP_UNLESS, CALL, RET, PRINT, EMIT, HALT, NOP
} Op;

typedef struct {
    uint8_t op;
    int32_t operand;
} Code;

typedef enum { OK, UNDERFLOW_, OVERFLOW_, DIVISION, BAD_OP, TOO_LONG } Status;

static int32_t memory[256];

static Status run(const Code *program, long limit, long *steps) {
    int32_t stack[128], calls[64];
    int top = 0, depth = 0, at = 0;
    for (*steps = 0; *steps < limit; ++*steps) {
        Code code = program[at++];
        switch (code.op) {
        case PUSH:
            if (top == 128) return OVERFLOW_;
            stack[top++] = code.operand;
            break;
        case POP:
            if (!top) return UNDERFLOW_;
            top--;
            break;
        case DUP:
            if (!top) return UNDERFLOW_;
            if (top == 128) return OVERFLOW_;
            stack[top] = stack[top - 1];
            top++;
            break;
        case SWAP: {
            if (top < 2) return UNDERFLOW_;
            int32_t held = stack[top - 1];
            stack[top - 1] = stack[top - 2];
            stack[top - 2] = held;
            break;
        }
        case OVER:
            if (top < 2) return UNDERFLOW_;
            if (top == 128) return OVERFLOW_;
            stack[top] = stack[top - 2];
            top++;
            break;
        case ADD: case SUB: case MUL: case DIV: case MOD: case AND: case OR: case XOR: case SHL: case SHR:
        case EQ: case NE: case LT: case GT: {
            if (top < 2) return UNDERFLOW_;
            uint32_t b = (uint32_t)stack[--top], a = (uint32_t)stack[top - 1], result = 0;
            switch (code.op) {
            case ADD: result = a + b; break;
            case SUB: result = a - b; break;
            case MUL: result = a * b; break;
            case MOD:
            case DIV:
                if (!b || (a == 0x80000000u && b == ~0u)) return DIVISION;
                result = (uint32_t)(code.op == DIV ? (int32_t)a / (int32_t)b : (int32_t)a % (int32_t)b);
                break;
            case AND: result = a & b; break;
            case OR: result = a | b; break;
            case XOR: result = a ^ b; break;
            case SHL: result = a << (b & 31); break;
            case SHR: result = (uint32_t)((int32_t)a >> (b & 31)); break;
            case EQ: result = a == b; break;
            case NE: result = a != b; break;
            case LT: result = (int32_t)a < (int32_t)b; break;
            case GT: result = (int32_t)a > (int32_t)b; break;
            }
            stack[top - 1] = (int32_t)result;
            break;
        }
        case NEG:
            if (!top) return UNDERFLOW_;
            stack[top - 1] = (int32_t)(0u - (uint32_t)stack[top - 1]);
            break;
        case NOT:
            if (!top) return UNDERFLOW_;
            stack[top - 1] = !stack[top - 1];
            break;
        case LOAD:
            if (top == 128) return OVERFLOW_;
            stack[top++] = memory[code.operand & 255];
            break;
        case STORE:
            if (!top) return UNDERFLOW_;
            memory[code.operand & 255] = stack[--top];
            break;
        case JUMP_IF:
            if (!top) return UNDERFLOW_;
            if (!stack[--top]) break;
            /* fall through */
        case JUMP:
            at = code.operand;
            break;
        case JUMP_UNLESS:
            if (!top) return UNDERFLOW_;
            if (!stack[--top]) at = code.operand;
            break;
        case CALL:
            if (depth == 64) return OVERFLOW_;
            calls[depth++] = at;
            at = code.operand;
            break;
        case RET:
            if (!depth) return UNDERFLOW_;
            at = calls[--depth];
            break;
        case PRINT:
            if (!top) return UNDERFLOW_;
            printf("%d", stack[--top]);
            break;
        case EMIT:
            putchar(code.operand);
            break;
        case HALT:
            return OK;
        case NOP:
            break;
        default:
            return BAD_OP;
        }
    }
    return TOO_LONG;
}

static const Code primes[] = {
    {PUSH, 2}, {STORE, 0},                                              /* n = 2 */
    {PUSH, 2}, {STORE, 1},                                              /* 2: d = 2 */
    {LOAD, 1}, {DUP, 0}, {MUL, 0}, {LOAD, 0}, {GT, 0}, {JUMP_IF, 19},   /* 4: d * d > n */
    {LOAD, 0}, {LOAD, 1}, {MOD, 0}, {JUMP_UNLESS, 21},                  /* 10: n % d == 0 */
    {LOAD, 1}, {PUSH, 1}, {ADD, 0}, {STORE, 1}, {JUMP, 4},              /* 14: d += 1 */
    {LOAD, 0}, {CALL, 31},                                              /* 19: a prime */
    {LOAD, 0}, {PUSH, 1}, {ADD, 0}, {DUP, 0}, {STORE, 0},               /* 21: n += 1 */
    {PUSH, 200}, {LT, 0}, {JUMP_IF, 2},                                 /* 26 */
    {EMIT, '\n'}, {HALT, 0},
    {PRINT, 0}, {EMIT, ' '}, {RET, 0},                                  /* 31 */
};

static const Code overflow[] = {{PUSH, 1}, {JUMP, 0}};
static const Code underflow[] = {{PUSH, 1}, {ADD, 0}};
static const Code division[] = {{PUSH, 1}, {PUSH, 0}, {DIV, 0}};
static const Code unknown[] = {{NOP, 0}, {99, 0}};
static const Code collatz[] = {
    {PUSH, 27}, {STORE, 0}, {PUSH, 0}, {STORE, 1},
    {LOAD, 0}, {PUSH, 1}, {EQ, 0}, {JUMP_IF, 24},                        /* 4 */
    {LOAD, 1}, {PUSH, 1}, {ADD, 0}, {STORE, 1},
    {LOAD, 0}, {PUSH, 1}, {AND, 0}, {JUMP_IF, 19},                       /* 12: odd? */
    {LOAD, 0}, {PUSH, 1}, {JUMP, 26},                                    /* 16 */
    {LOAD, 0}, {PUSH, 3}, {MUL, 0}, {PUSH, 1}, {JUMP, 29},               /* 19 */
    {LOAD, 1}, {JUMP, 32},                                               /* 24 */
    {SHR, 0}, {STORE, 0}, {JUMP, 4},                                     /* 26 */
    {ADD, 0}, {STORE, 0}, {JUMP, 4},                                     /* 29 */
    {PRINT, 0}, {EMIT, '\n'}, {HALT, 0},                                 /* 32 */
};

int main(int argc, char **argv) {
    long limit = argc > 1 ? atol(argv[1]) : 100000, steps;
    Status status = run(primes, limit, &steps);
    printf("primes: status %d after %ld steps\n", status, steps);
    status = run(collatz, limit, &steps);
    printf("collatz: status %d after %ld steps\n", status, steps);
    printf("overflow: %d\n", run(overflow, limit, &steps));
    printf("underflow: %d\n", run(underflow, limit, &steps));
    printf("division: %d\n", run(division, limit, &steps));
    printf("unknown: %d\n", run(unknown, limit, &steps));
    return steps == 1 ? 0 : 1;
}
