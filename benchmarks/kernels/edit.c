/* Minima of three neighbours in rows of i32: the edit distance of two texts of n bytes. */
#define MAX 2000
static unsigned char one[MAX], two[MAX];
static int row[MAX + 1];

int run(int n) {
    unsigned seed = 9;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        one[i] = (unsigned char)('a' + (seed >> 16 & 7));
        two[(i + 3) % n] = (seed >> 24 & 3) == 0 ? 'x' : one[i];
    }
    for (int j = 0; j <= n; j++) row[j] = j;
    for (int i = 0; i < n; i++) {
        int diagonal = row[0], left = row[0] = i + 1;
        for (int j = 0; j < n; j++) {
            int above = row[j + 1], best = diagonal;
            if (one[i] != two[j]) {
                if (left < best) best = left;
                if (above < best) best = above;
                best++;
            }
            diagonal = above;
            row[j + 1] = left = best;
        }
    }
    return row[n];
}
