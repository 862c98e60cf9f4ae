/* Recursion over sets of bits: the ways to place n queens on n * n squares. */
static int place(unsigned all, unsigned columns, unsigned left, unsigned right) {
    if (columns == all) return 1;
    int ways = 0;
    for (unsigned free = all & ~(columns | left | right); free; free &= free - 1) {
        unsigned queen = free & -free;
        ways += place(all, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return ways;
}

int run(int n) { return place((1u << n) - 1, 0, 0, 0); }
