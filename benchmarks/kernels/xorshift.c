/* 64-bit shifts and multiplication: n numbers each of xorshift64* and SplitMix64. */
long long run(int n) {
    unsigned long long x = 0x9E3779B97F4A7C15ull, counter = 42, sum = 0;
    for (int i = 0; i < n; i++) {
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        counter += 0x9E3779B97F4A7C15ull;
        unsigned long long z = counter;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ z >> 27) * 0x94D049BB133111EBull;
        sum += x * 0x2545F4914F6CDD1Dull ^ (z ^ z >> 31);
    }
    return (long long)sum;
}
