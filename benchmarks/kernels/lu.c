/* Rows of f64 combined: the determinant of an n * n matrix by Gaussian elimination with pivots. */
#define MAX 200
static double a[MAX][MAX];

double run(int n) {
    unsigned seed = 3;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            seed = seed * 1664525u + 1013904223u;
            a[i][j] = (double)(seed >> 8) / 16777216.0 - 0.5;
        }
    double determinant = 1.0;
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (__builtin_fabs(a[i][k]) > __builtin_fabs(a[pivot][k])) pivot = i;
        if (pivot != k) {
            for (int j = k; j < n; j++) {
                double swap = a[k][j];
                a[k][j] = a[pivot][j];
                a[pivot][j] = swap;
            }
            determinant = -determinant;
        }
        determinant *= a[k][k];
        for (int i = k + 1; i < n; i++) {
            double factor = a[i][k] / a[k][k];
            for (int j = k + 1; j < n; j++) a[i][j] -= factor * a[k][j];
        }
    }
    return determinant;
}
