/* f32 that is rounded after every step: two low-pass filters in a row over n samples. */
double run(int n) {
    float first = 0.0f, second = 0.0f;
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        float sample = (float)((i * 37) % 256 - 128);
        first += 0.3f * (sample - first);
        second += 0.1f * (first - second);
        sum += second;
    }
    return sum;
}
