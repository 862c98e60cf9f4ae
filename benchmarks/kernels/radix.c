/* Counts, prefix sums and scattered stores of i32: radix sort of n numbers by three bytes. */
#define MAX 200000
static unsigned a[MAX], b[MAX];

int run(int n) {
    unsigned seed = 42, sum = 0, *from = a, *to = b;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        a[i] = seed >> 8;
    }
    for (int shift = 0; shift < 24; shift += 8) {
        int starts[256] = {0}, total = 0;
        for (int i = 0; i < n; i++) starts[from[i] >> shift & 255]++;
        for (int i = 0; i < 256; i++) {
            int count = starts[i];
            starts[i] = total;
            total += count;
        }
        for (int i = 0; i < n; i++) to[starts[from[i] >> shift & 255]++] = from[i];
        unsigned *swap = from;
        from = to;
        to = swap;
    }
    for (int i = 0; i < n; i++) sum = sum * 31 + from[i];
    return (int)sum;
}
