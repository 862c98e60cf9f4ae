/* Shifts and masks: n numbers reversed, interleaved, counted, and stepped to the next with as many bits set. */
static unsigned reverse(unsigned x) {
    x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
    x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
    x = (x >> 4 & 0x0F0F0F0F) | (x & 0x0F0F0F0F) << 4;
    x = (x >> 8 & 0x00FF00FF) | (x & 0x00FF00FF) << 8;
    return x >> 16 | x << 16;
}

static unsigned spread(unsigned x) {
    x &= 0xFFFF;
    x = (x | x << 8) & 0x00FF00FF;
    x = (x | x << 4) & 0x0F0F0F0F;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

int run(int n) {
    unsigned sum = 0, subset = 0x1F;
    for (int i = 1; i <= n; i++) {
        unsigned x = (unsigned)i * 2654435761u;
        sum += (unsigned)__builtin_popcount(x) + (unsigned)__builtin_ctz((unsigned)i) + (unsigned)__builtin_clz((unsigned)i);
        sum += reverse(x) ^ (spread(x) | spread(x >> 16) << 1) ^ (x ^ x >> 1);
        unsigned lowest = subset & -subset, ripple = subset + lowest;
        subset = ripple | ((subset ^ ripple) >> 2) / lowest;
        sum ^= subset;
    }
    return (int)sum;
}
