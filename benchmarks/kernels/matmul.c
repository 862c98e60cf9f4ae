/* Loads of f64 with two strides: the product of two n * n matrices; returns the trace of the product, weighted. */
#define MAX 128
static double a[MAX * MAX], b[MAX * MAX], c[MAX * MAX];

double run(int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            a[i * n + j] = i + 0.5 * j;
            b[i * n + j] = i - 0.25 * j;
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
    double total = 0.0;
    for (int i = 0; i < n; i++) total += c[i * n + i] * (i + 1);
    return total;
}
