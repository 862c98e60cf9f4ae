/* 64-bit multiplication and wrapping: FNV-1a of a buffer of n bytes. */
#define MAX 1000000
static unsigned char data[MAX];

long long run(int n) {
    for (int i = 0; i < n; i++) data[i] = (unsigned char)(i * 7 + (i >> 5));
    unsigned long long hash = 0xCBF29CE484222325ull;
    for (int i = 0; i < n; i++) hash = (hash ^ data[i]) * 0x100000001B3ull;
    return (long long)hash;
}
