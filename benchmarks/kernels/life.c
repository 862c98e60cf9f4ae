/* Sums of eight neighbouring bytes: eight generations of Conway's Game of Life on n * n cells. */
#define MAX 512
static unsigned char now[MAX + 2][MAX + 2], then[MAX + 2][MAX + 2];

int run(int n) {
    unsigned seed = 17;
    for (int i = 0; i <= n + 1; i++) now[0][i] = now[n + 1][i] = now[i][0] = now[i][n + 1] = 0;
    for (int y = 1; y <= n; y++)
        for (int x = 1; x <= n; x++) {
            seed = seed * 1664525u + 1013904223u;
            now[y][x] = seed >> 31;
        }
    for (int generation = 0; generation < 8; generation++) {
        for (int y = 1; y <= n; y++)
            for (int x = 1; x <= n; x++) {
                int around = now[y - 1][x - 1] + now[y - 1][x] + now[y - 1][x + 1] + now[y][x - 1] + now[y][x + 1] +
                             now[y + 1][x - 1] + now[y + 1][x] + now[y + 1][x + 1];
                then[y][x] = around == 3 || (around == 2 && now[y][x]);
            }
        for (int y = 1; y <= n; y++)
            for (int x = 1; x <= n; x++) now[y][x] = then[y][x];
    }
    unsigned sum = 0;
    for (int y = 1; y <= n; y++)
        for (int x = 1; x <= n; x++) sum = sum * 31 + now[y][x];
    return (int)sum;
}
