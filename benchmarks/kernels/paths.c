/* Loads, compares and stores of i32 in two rows: Floyd and Warshall's all-pairs shortest paths over n nodes. */
#define MAX 256
static int d[MAX][MAX];

int run(int n) {
    unsigned seed = 7;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            seed = seed * 1103515245u + 12345u;
            d[i][j] = i == j ? 0 : (int)(seed >> 16 & 1023) + 1;
        }
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++) {
            int dik = d[i][k];
            for (int j = 0; j < n; j++) {
                int through = dik + d[k][j];
                if (through < d[i][j]) d[i][j] = through;
            }
        }
    int total = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) total += d[i][j];
    return total;
}
