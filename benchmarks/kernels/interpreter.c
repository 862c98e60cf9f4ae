/* A switch in a loop: a register machine that counts Collatz steps for every number up to n. */
enum { SET, MOVE, ADD, SUB, ADDI, MUL3, HALF, ODD, JUMP, JZ, JLE, HALT };

static const struct {
    int op, a, b, c;
} program[] = {
    {SET, 1, 1, 0},     /*  0: candidate = 1 */
    {SET, 2, 0, 0},     /*  1: steps = 0 */
    {JLE, 1, 0, 4},     /*  2: outer: while candidate <= n */
    {HALT, 2, 0, 0},    /*  3: */
    {MOVE, 3, 1, 0},    /*  4: value = candidate */
    {SET, 4, 1, 0},     /*  5: */
    {JLE, 3, 4, 14},    /*  6: inner: while value > 1 */
    {ADDI, 2, 1, 0},    /*  7: steps += 1 */
    {ODD, 5, 3, 0},     /*  8: */
    {JZ, 5, 0, 12},     /*  9: if value is odd */
    {MUL3, 3, 3, 0},    /* 10:     value = 3 * value + 1 */
    {JUMP, 0, 0, 6},    /* 11: */
    {HALF, 3, 3, 0},    /* 12: else value = value / 2 */
    {JUMP, 0, 0, 6},    /* 13: */
    {ADDI, 1, 1, 0},    /* 14: candidate += 1 */
    {ADD, 6, 6, 1},     /* 15: */
    {SUB, 7, 7, 6},     /* 16: */
    {JUMP, 0, 0, 2},    /* 17: */
};

int run(int n) {
    int r[8] = {n};
    int pc = 0;
    for (;;) {
        int a = program[pc].a, b = program[pc].b, c = program[pc].c;
        switch (program[pc++].op) {
        case SET: r[a] = b; break;
        case MOVE: r[a] = r[b]; break;
        case ADD: r[a] = (int)((unsigned)r[b] + (unsigned)r[c]); break;
        case SUB: r[a] = (int)((unsigned)r[b] - (unsigned)r[c]); break;
        case ADDI: r[a] = (int)((unsigned)r[a] + (unsigned)b); break;
        case MUL3: r[a] = (int)((unsigned)r[b] * 3 + 1); break;
        case HALF: r[a] = r[b] >> 1; break;
        case ODD: r[a] = r[b] & 1; break;
        case JUMP: pc = c; break;
        case JZ: if (r[a] == 0) pc = c; break;
        case JLE: if (r[a] <= r[b]) pc = c; break;
        case HALT: return (int)((unsigned)r[a] ^ (unsigned)r[7]);
        }
    }
}
