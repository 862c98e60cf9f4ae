/* Loops that the compiler turns into vector instructions, and some that use them by name; prints checksums. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasm_simd128.h>

#define N 403 /* no multiple of a vector: loops have a scalar rest */

static uint8_t bytes[N], other_bytes[N];
static int16_t shorts[N], other_shorts[N];
static int32_t ints[N], other_ints[N];
static uint64_t longs[N];
static float floats[N], other_floats[N];
static double doubles[N];

static uint32_t state = 2463534242u;

static uint32_t next(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void fill(void) {
    for (int i = 0; i < N; i++) {
        uint32_t x = next();
        bytes[i] = (uint8_t)x;
        other_bytes[i] = (uint8_t)(x >> 8);
        shorts[i] = (int16_t)(x >> 3);
        other_shorts[i] = (int16_t)(x >> 11);
        ints[i] = (int32_t)x;
        other_ints[i] = (int32_t)next();
        longs[i] = (uint64_t)next() << 32 | x;
        floats[i] = (float)(int32_t)next() / 65536.0f;
        other_floats[i] = (float)(int32_t)next() / 1048576.0f;
        doubles[i] = (double)(int32_t)next() / 4096.0;
    }
}

static void report(const char *name, const void *data, size_t size) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const uint8_t *)data)[i]) * 16777619u;
    printf("%-12s %08x\n", name, (unsigned)hash);
}

static void integers(void) {
    static uint8_t mean[N], above[N], clipped[N];
    static int32_t products[N], shifted[N], extremes[N];
    static int16_t sums[N];
    uint32_t total = 0;
    int32_t dot = 0;
    uint64_t folded = 0;
    for (int i = 0; i < N; i++)
        total += bytes[i];
    for (int i = 0; i < N; i++)
        dot += shorts[i] * other_shorts[i];
    for (int i = 0; i < N; i++)
        folded ^= longs[i] * 0x9E3779B97F4A7C15u + (longs[i] >> 7);
    for (int i = 0; i < N; i++)
        mean[i] = (uint8_t)((bytes[i] + other_bytes[i] + 1) >> 1);
    for (int i = 0; i < N; i++)
        above[i] = bytes[i] > other_bytes[i] ? bytes[i] : 0;
    for (int i = 0; i < N; i++)
        clipped[i] = (uint8_t)(shorts[i] < 0 ? 0 : shorts[i] > 255 ? 255 : shorts[i]);
    for (int i = 0; i < N; i++)
        products[i] = ints[i] * other_ints[i];
    for (int i = 0; i < N; i++)
        shifted[i] = (ints[i] >> 5) ^ (int32_t)((uint32_t)other_ints[i] << 3) ^ (int32_t)((uint32_t)ints[i] >> 9);
    for (int i = 0; i < N; i++)
        extremes[i] = ints[i] < other_ints[i] ? abs(ints[i] / 2) : other_ints[i];
    for (int i = 0; i < N; i++)
        sums[i] = (int16_t)(shorts[i] + other_shorts[i] * 3);
    printf("%u %d %llx\n", (unsigned)total, (int)dot, (unsigned long long)folded);
    report("mean", mean, sizeof mean);
    report("above", above, sizeof above);
    report("clipped", clipped, sizeof clipped);
    report("products", products, sizeof products);
    report("shifted", shifted, sizeof shifted);
    report("extremes", extremes, sizeof extremes);
    report("sums", sums, sizeof sums);
}

static void numbers(void) {
    static float scaled[N], rounded[N], roots[N];
    static double mixed[N];
    static int32_t whole[N];
    for (int i = 0; i < N; i++)
        scaled[i] = 1.5f * floats[i] + other_floats[i];
    for (int i = 0; i < N; i++)
        rounded[i] = floorf(floats[i]) / (ceilf(other_floats[i]) + 0.5f);
    for (int i = 0; i < N; i++)
        roots[i] = sqrtf(fabsf(floats[i]));
    for (int i = 0; i < N; i++)
        mixed[i] = doubles[i] < 0 ? -doubles[i] * floats[i] : doubles[i] - ints[i];
    for (int i = 0; i < N; i++)
        whole[i] = (int32_t)(floats[i] * 0.5f);
    report("scaled", scaled, sizeof scaled);
    report("rounded", rounded, sizeof rounded);
    report("roots", roots, sizeof roots);
    report("mixed", mixed, sizeof mixed);
    report("whole", whole, sizeof whole);
}

/* How many bytes are white space, 16 at a time. */
static int spaces(const char *text, size_t length) {
    int count = 0;
    size_t i = 0;
    for (; i + 16 <= length; i += 16) {
        v128_t x = wasm_v128_load(text + i);
        v128_t space = wasm_i8x16_eq(x, wasm_i8x16_splat(' '));
        v128_t control = wasm_u8x16_lt(wasm_i8x16_sub(x, wasm_i8x16_splat('\t')), wasm_i8x16_splat(5));
        count += __builtin_popcount(wasm_i8x16_bitmask(wasm_v128_or(space, control)));
    }
    for (; i < length; i++)
        count += text[i] == ' ' || (text[i] >= '\t' && text[i] < '\t' + 5);
    return count;
}

/* Hexadecimal digits by a lookup in a vector. */
static void hexadecimal(const uint8_t *data, char *out) {
    v128_t x = wasm_v128_load(data);
    v128_t digits = wasm_i8x16_const('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
    v128_t high = wasm_i8x16_swizzle(digits, wasm_u8x16_shr(x, 4));
    v128_t low = wasm_i8x16_swizzle(digits, wasm_v128_and(x, wasm_i8x16_splat(15)));
    wasm_v128_store(out, wasm_i8x16_shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    wasm_v128_store(out + 16,
                    wasm_i8x16_shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
}

int main(void) {
    static const char text[] = "The quick brown fox\tjumps over\nthe lazy dog; 16 bytes at a time, and a rest. ";
    char digits[33] = {0};
    fill();
    integers();
    numbers();
    printf("%d %d\n", spaces(text, sizeof text - 1), spaces(text + 3, 20));
    for (int i = 0; i < 3; i++) {
        hexadecimal(bytes + 37 * i, digits);
        puts(digits);
    }
    return 0;
}
