/* f64 division and conversion from i32: the spectral norm of an infinite matrix, cut off at n rows. */
#define MAX 1000
static double u[MAX], v[MAX], t[MAX];

static double element(int i, int j) { return (double)((i + j) * (i + j + 1) / 2 + i + 1); }

static void multiply(int n, const double *from, double *to) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++) sum += from[j] / element(i, j);
        to[i] = sum;
    }
}

static void multiply_transposed(int n, const double *from, double *to) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++) sum += from[j] / element(j, i);
        to[i] = sum;
    }
}

double run(int n) {
    for (int i = 0; i < n; i++) u[i] = 1.0;
    for (int k = 0; k < 3; k++) {
        multiply(n, u, t);
        multiply_transposed(n, t, v);
        multiply(n, v, t);
        multiply_transposed(n, t, u);
    }
    double uv = 0.0, vv = 0.0;
    for (int i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return __builtin_sqrt(uv / vv);
}
