/* Integer arithmetic of every width: wrapping, shifts, rotations, division, bit counting, hashes, big numbers. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9E3779B97F4A7C15ull;

static uint64_t next_random(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t value, int count) { return value << (count & 63) | value >> (-count & 63); }

static uint64_t fnv1a(const char *text) {
    uint64_t hash = 0xCBF29CE484222325ull;
    while (*text) hash = (hash ^ (unsigned char)*text++) * 0x100000001B3ull;
    return hash;
}

static uint64_t power_modulo(uint64_t base, uint64_t exponent, uint64_t modulus) {
    uint64_t result = 1;
    for (base %= modulus; exponent; exponent >>= 1) {
        if (exponent & 1) result = (uint64_t)((unsigned __int128)result * base % modulus);
        base = (uint64_t)((unsigned __int128)base * base % modulus);
    }
    return result;
}

static uint32_t crc32(const uint8_t *bytes, size_t count) {
    uint32_t crc = ~0u;
    while (count--) {
        crc ^= *bytes++;
        for (int i = 0; i < 8; i++) crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    }
    return ~crc;
}

static void factorial(int n) {
    uint32_t digits[80] = {1};
    int used = 1;
    for (int factor = 2; factor <= n; factor++) {
        uint64_t carry = 0;
        for (int i = 0; i < used; i++) {
            carry += (uint64_t)digits[i] * (uint32_t)factor;
            digits[i] = (uint32_t)(carry % 1000000000u);
            carry /= 1000000000u;
        }
        if (carry) digits[used++] = (uint32_t)carry;
    }
    printf("%d! = %" PRIu32, n, digits[used - 1]);
    for (int i = used - 2; i >= 0; i--) printf("%09" PRIu32, digits[i]);
    printf("\n");
}

int main(void) {
    for (int i = 0; i < 40; i++) {
        uint64_t a = next_random(), b = next_random() >> (i & 63);
        int64_t c = (int64_t)a, d = (int64_t)(b | 1);
        if (d == -1) d = 3;
        uint32_t e = (uint32_t)a, f = (uint32_t)b | 1;
        int32_t g = (int32_t)e, h = (int32_t)(f >> 1 | 1);
        printf("%016" PRIx64 " %016" PRIx64 ":", a, b);
        printf(" %" PRIx64 " %" PRIx64 " %" PRIx64, a + b, a - b, a * b);
        printf(" %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64, a / (b | 1), a % (b | 1), c / d, c % d);
        printf(" %" PRIx64 " %" PRIx64 " %" PRIx64 "\n", a << (b & 63), a >> (b & 63), (uint64_t)(c >> (b & 63)));
        printf("  %x %x %x %u %u %d %d %x %x %x\n", e + f, e - f, e * f, e / f, e % f, g / h, g % h, e << (f & 31),
               e >> (f & 31), (uint32_t)(g >> (f & 31)));
        printf("  %d %d %d %d %d %d\n", __builtin_clzll(a | 1), __builtin_ctzll(a | 1ull << 63), __builtin_popcountll(a),
               __builtin_clz(e | 1), __builtin_ctz(e | 1u << 31), __builtin_popcount(e));
        printf("  %d %d %d %d %" PRIx64 " %d %d\n", a < b, c < (int64_t)b, e < f, g < (int32_t)f, rotate_left(a, i * 7),
               (int8_t)a, (int16_t)a);
    }
    printf("%" PRIx64 " %" PRIx64 "\n", fnv1a(""), fnv1a("hello, world"));
    printf("%" PRIu64 " %" PRIu64 "\n", power_modulo(3, 1000000006, 1000000007), power_modulo(2, 1ull << 61, (1ull << 61) - 1));
    printf("%08x\n", crc32((const uint8_t *)"123456789", 9));
    factorial(20);
    factorial(50);
    factorial(100);
    printf("%lld %llu %ld %ld\n", strtoll("-9223372036854775808", NULL, 10), strtoull("0xffffffffffffffff", NULL, 0),
           strtol("0777", NULL, 0), strtol("zz", NULL, 36));
    int64_t sum = 0;
    for (int64_t i = -1000; i < 1000; i++) sum += i * i * i ^ i << 33;
    printf("%" PRId64 "\n", sum);
    return 0;
}
