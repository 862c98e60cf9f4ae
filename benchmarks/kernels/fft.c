/* f64 in pairs, strides by powers of two: the fast Fourier transform of 2**n points, there and back. */
#define MAX (1 << 14)
struct complex {
    double re, im;
};
static struct complex points[MAX];

static struct complex times(struct complex a, struct complex b) {
    return (struct complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static void transform(int size, double sign) {
    for (int i = 1, j = 0; i < size; i++) {
        int bit = size >> 1;
        while (j & bit) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if (i < j) {
            struct complex swap = points[i];
            points[i] = points[j];
            points[j] = swap;
        }
    }
    struct complex root = {-1.0, 0.0};
    for (int half = 1; half < size; half *= 2) {
        for (int start = 0; start < size; start += 2 * half) {
            struct complex w = {1.0, 0.0};
            for (int i = start; i < start + half; i++) {
                struct complex a = points[i], b = times(points[i + half], w);
                points[i] = (struct complex){a.re + b.re, a.im + b.im};
                points[i + half] = (struct complex){a.re - b.re, a.im - b.im};
                w = times(w, root);
            }
        }
        double cosine = __builtin_sqrt(0.5 * (1.0 + root.re)), sine = __builtin_sqrt(0.5 * (1.0 - root.re));
        root = (struct complex){cosine, sign * sine};
    }
}

double run(int n) {
    int size = 1 << n;
    for (int i = 0; i < size; i++) points[i] = (struct complex){(double)(i * 37 % 101), 0.25 * i};
    transform(size, 1.0);
    double sum = 0.0;
    for (int i = 0; i < size; i++) sum += points[i].re * points[i].re + points[i].im * points[i].im;
    transform(size, -1.0);
    for (int i = 0; i < size; i++) sum += points[i].re / size - points[i].im;
    return sum;
}
