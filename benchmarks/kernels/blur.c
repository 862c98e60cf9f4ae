/* f32 that stays exact: an n * n picture blurred three times by binomial weights, across and down. */
#define MAX 512
static float picture[MAX][MAX], across[MAX][MAX];

double run(int n) {
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) picture[y][x] = (float)((x * x + 3 * y) & 255);
    for (int size = n; size > n - 6; size -= 2) {
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size - 2; x++)
                across[y][x] = (picture[y][x] + picture[y][x + 1] + picture[y][x + 1] + picture[y][x + 2]) * 0.25f;
        for (int y = 0; y < size - 2; y++)
            for (int x = 0; x < size - 2; x++)
                picture[y][x] = (across[y][x] + across[y + 1][x] + across[y + 1][x] + across[y + 2][x]) * 0.25f;
    }
    double sum = 0.0;
    for (int y = 0; y < n - 6; y++)
        for (int x = 0; x < n - 6; x++) sum += picture[y][x] * (float)(1 + (x & 3));
    return sum;
}
