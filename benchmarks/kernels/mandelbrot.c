/* Float arithmetic: iterations of the Mandelbrot map, summed over n * n points. */
#define LIMIT 60

int run(int n) {
    int total = 0;
    for (int row = 0; row < n; row++) {
        double ci = 2.0 * row / n - 1.0;
        for (int column = 0; column < n; column++) {
            double cr = 2.0 * column / n - 1.5, zr = 0.0, zi = 0.0;
            int i = 0;
            while (i < LIMIT) {
                double rr = zr * zr, ii = zi * zi;
                if (rr + ii > 4.0) break;
                zi = 2.0 * zr * zi + ci;
                zr = rr - ii + cr;
                i++;
            }
            total += i;
        }
    }
    return total;
}
