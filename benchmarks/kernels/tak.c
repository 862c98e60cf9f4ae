/* Calls with three arguments: Takeuchi's function of (3n, 2n, n). */
__attribute__((noinline)) static int tak(int x, int y, int z) {
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

int run(int n) { return tak(3 * n, 2 * n, n); }
