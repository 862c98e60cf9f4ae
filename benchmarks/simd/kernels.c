// Loops over bytes and words, compiled twice: with and without vectors. Plain loops are left to the compiler; where
// it does not vectorise, because a loop ends early or bits are counted lane by lane, the vectors are written out.

#include <stdint.h>

#define SIZE 4096
#define KERNEL(name) __attribute__((export_name(name), noinline))

static uint8_t a[SIZE], b[SIZE], c[SIZE];
static int32_t x[SIZE / 4], y[SIZE / 4], z[SIZE / 4];
static uint16_t h[SIZE / 2], k[SIZE / 2], l[SIZE / 2];

// The same bytes in both builds; those of a and b are ASCII and equal but for the last few.
__attribute__((export_name("prepare"))) void prepare(void) {
  uint32_t state = 12345;
  for (int i = 0; i < SIZE; i++) {
    state = state * 1103515245u + 12345u;
    a[i] = b[i] = c[i] = (state >> 16) & 0x7F;
  }
  b[SIZE - 3] ^= 1;
  a[SIZE - 5] = b[SIZE - 5] = 0xFF;
  for (int i = 0; i < SIZE / 4; i++) {
    state = state * 1103515245u + 12345u;
    x[i] = (int32_t)state;
    y[i] = (int32_t)(state * 7u);
  }
  for (int i = 0; i < SIZE / 2; i++) {
    state = state * 1103515245u + 12345u;
    h[i] = (uint16_t)(state >> 8);
    k[i] = (uint16_t)(state >> 16);
  }
}

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

// ---------------------------------------------------------------------------------------------------------------- bytes

KERNEL("bytes: count equal") uint32_t count_equal(void) {
  uint32_t count = 0;
  for (int i = 0; i < SIZE; i++) count += a[i] == 'e';
  return count;
}

KERNEL("bytes: sum") uint32_t sum_bytes(void) {
  uint32_t sum = 0;
  for (int i = 0; i < SIZE; i++) sum += a[i];
  return sum;
}

KERNEL("bytes: find") uint32_t find(void) {
  int i = 0;
#ifdef __wasm_simd128__
  for (; i < SIZE; i += 16) {
    uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(a + i), wasm_i8x16_splat(-1)));
    if (found) return i + __builtin_ctz(found);
  }
#else
  for (; i < SIZE; i++) {
    if (a[i] == 0xFF) return i;
  }
#endif
  return SIZE;
}

KERNEL("bytes: compare") uint32_t compare(void) {
  int i = 0;
#ifdef __wasm_simd128__
  for (; i < SIZE; i += 16) {
    v128_t equal = wasm_i8x16_eq(wasm_v128_load(a + i), wasm_v128_load(b + i));
    if (!wasm_i8x16_all_true(equal)) return i + __builtin_ctz(~wasm_i8x16_bitmask(equal));
  }
#else
  for (; i < SIZE; i++) {
    if (a[i] != b[i]) return i;
  }
#endif
  return SIZE;
}

KERNEL("bytes: is ASCII") uint32_t is_ascii(void) {
  uint32_t ascii = 0;
#ifdef __wasm_simd128__
  for (int i = 0; i < SIZE; i += 16) {
    uint32_t others = wasm_i8x16_bitmask(wasm_v128_load(a + i));
    if (others) return ascii + __builtin_ctz(others);
    ascii += 16;
  }
#else
  for (int i = 0; i < SIZE; i++) {
    if (a[i] & 0x80) return ascii;
    ascii++;
  }
#endif
  return ascii;
}

KERNEL("bytes: xor") uint32_t xor_bytes(void) {
  for (int i = 0; i < SIZE; i++) c[i] = a[i] ^ b[i];
  return c[SIZE - 3];
}

KERNEL("bytes: add") uint32_t add_bytes(void) {
  for (int i = 0; i < SIZE; i++) c[i] = a[i] + b[i];
  return c[SIZE - 9];
}

KERNEL("bytes: average") uint32_t average(void) {
  for (int i = 0; i < SIZE; i++) c[i] = (a[i] + b[i] + 1) >> 1;
  return c[SIZE - 9];
}

KERNEL("bytes: maximum") uint32_t max_bytes(void) {
  uint8_t max = 0;
  for (int i = 0; i < SIZE; i++) max = a[i] > max ? a[i] : max;
  return max;
}

KERNEL("bytes: larger of two") uint32_t larger_bytes(void) {
  for (int i = 0; i < SIZE; i++) c[i] = a[i] > b[i] ? a[i] : b[i];
  return c[SIZE - 3];
}

KERNEL("bytes: saturating add") uint32_t add_saturated(void) {
  for (int i = 0; i < SIZE; i++) {
    int sum = a[i] + b[i];
    c[i] = sum > 255 ? 255 : sum;
  }
  return c[SIZE - 5];
}

KERNEL("bytes: population count") uint32_t popcount(void) {
#ifdef __wasm_simd128__
  v128_t counts = wasm_i32x4_splat(0);
  for (int i = 0; i < SIZE; i += 16) {
    v128_t pairs = wasm_u16x8_extadd_pairwise_u8x16(wasm_i8x16_popcnt(wasm_v128_load(a + i)));
    counts = wasm_i32x4_add(counts, wasm_u32x4_extadd_pairwise_u16x8(pairs));
  }
  return wasm_i32x4_extract_lane(counts, 0) + wasm_i32x4_extract_lane(counts, 1) +
         wasm_i32x4_extract_lane(counts, 2) + wasm_i32x4_extract_lane(counts, 3);
#else
  uint32_t count = 0;
  for (int i = 0; i < SIZE; i++) count += __builtin_popcount(a[i]);
  return count;
#endif
}

KERNEL("bytes: upper case") uint32_t upper(void) {
  for (int i = 0; i < SIZE; i++) c[i] = a[i] >= 'a' && a[i] <= 'z' ? a[i] - 32 : a[i];
  return c[SIZE - 3];
}

KERNEL("bytes: invert") uint32_t invert(void) {
  for (int i = 0; i < SIZE; i++) c[i] = 255 - a[i];
  return c[SIZE - 9];
}

// ------------------------------------------------------------------------------------------------------ words of 16 bits

KERNEL("halves: add") uint32_t add_halves(void) {
  for (int i = 0; i < SIZE / 2; i++) l[i] = h[i] + k[i];
  return l[7];
}

KERNEL("halves: sum") uint32_t sum_halves(void) {
  uint32_t sum = 0;
  for (int i = 0; i < SIZE / 2; i++) sum += h[i];
  return sum;
}

KERNEL("halves: product") uint32_t multiply_halves(void) {
  for (int i = 0; i < SIZE / 2; i++) l[i] = h[i] * k[i];
  return l[9];
}

KERNEL("halves: dot product") uint32_t dot_halves(void) {
  int32_t sum = 0;
  for (int i = 0; i < SIZE / 2; i++) sum += (int16_t)h[i] * (int16_t)k[i];
  return (uint32_t)sum;
}

// ------------------------------------------------------------------------------------------------------ words of 32 bits

KERNEL("words: add") uint32_t add_words(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = (int32_t)((uint32_t)x[i] + (uint32_t)y[i]);
  return (uint32_t)z[11];
}

KERNEL("words: xor") uint32_t xor_words(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = x[i] ^ y[i];
  return (uint32_t)z[11];
}

KERNEL("words: shift") uint32_t shift_words(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = x[i] >> 5;
  return (uint32_t)z[11];
}

KERNEL("words: sum") uint32_t sum_words(void) {
  uint32_t sum = 0;
  for (int i = 0; i < SIZE / 4; i++) sum += (uint32_t)x[i];
  return sum;
}

KERNEL("words: count equal") uint32_t count_words(void) {
  uint32_t count = 0;
  for (int i = 0; i < SIZE / 4; i++) count += x[i] == 7;
  return count;
}

KERNEL("words: minimum") uint32_t min_words(void) {
  int32_t min = 0x7FFFFFFF;
  for (int i = 0; i < SIZE / 4; i++) min = x[i] < min ? x[i] : min;
  return (uint32_t)min;
}

KERNEL("words: smaller of two") uint32_t smaller_words(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = x[i] < y[i] ? x[i] : y[i];
  return (uint32_t)z[11];
}

KERNEL("words: absolute") uint32_t absolute(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = x[i] < 0 ? (int32_t)(0u - (uint32_t)x[i]) : x[i];
  return (uint32_t)z[11];
}

KERNEL("words: product") uint32_t multiply_words(void) {
  for (int i = 0; i < SIZE / 4; i++) z[i] = (int32_t)((uint32_t)x[i] * (uint32_t)y[i]);
  return (uint32_t)z[11];
}

KERNEL("words: dot product") uint32_t dot_words(void) {
  uint32_t sum = 0;
  for (int i = 0; i < SIZE / 4; i++) sum += (uint32_t)x[i] * (uint32_t)y[i];
  return sum;
}
