/* Small numeric kernels: sieve, matrix product, Mandelbrot, heap sort, life, edit distance, SHA-256. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sieve(int limit) {
    unsigned char *composite = calloc((size_t)limit + 1, 1);
    int count = 0;
    for (int i = 2; i <= limit; i++) {
        if (composite[i]) continue;
        count++;
        for (int j = i * 2; j <= limit; j += i) composite[j] = 1;
    }
    free(composite);
    return count;
}

static double matrix(int size) {
    double *a = malloc(sizeof *a * size * size), *b = malloc(sizeof *b * size * size), trace = 0;
    for (int i = 0; i < size * size; i++) a[i] = i % 7 - 3, b[i] = i % 5 * 0.5;
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            double sum = 0;
            for (int k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
            if (i == j) trace += sum;
        }
    free(a);
    free(b);
    return trace;
}

static int mandelbrot(int size) {
    int inside = 0;
    for (int row = 0; row < size; row++)
        for (int column = 0; column < size; column++) {
            double x = 0, y = 0, cx = 3.0 * column / size - 2, cy = 2.0 * row / size - 1;
            int i = 0;
            for (; i < 40 && x * x + y * y < 4; i++) {
                double next = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = next;
            }
            inside += i == 40;
        }
    return inside;
}

static void sift(int16_t *heap, int at, int count) {
    for (int child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child] < heap[child + 1]) child++;
        if (heap[at] >= heap[child]) return;
        int16_t held = heap[at];
        heap[at] = heap[child];
        heap[child] = held;
    }
}

static int heap_sort(int count) {
    int16_t *values = malloc(sizeof *values * count);
    uint16_t seed = 1;
    for (int i = 0; i < count; i++) values[i] = (int16_t)(seed = (uint16_t)(seed * 25173u + 13849u));
    for (int i = count / 2 - 1; i >= 0; i--) sift(values, i, count);
    for (int i = count - 1; i > 0; i--) {
        int16_t held = values[0];
        values[0] = values[i];
        values[i] = held;
        sift(values, 0, i);
    }
    int ordered = 1, median = values[count / 2];
    for (int i = 1; i < count; i++) ordered &= values[i - 1] <= values[i];
    free(values);
    return ordered ? median : -99999;
}

static int life(int generations) {
    enum { SIZE = 16 };
    static uint8_t cells[SIZE][SIZE], next[SIZE][SIZE];
    static const char start[] = "010001111";
    memset(cells, 0, sizeof cells);
    for (int i = 0; i < 9; i++) cells[i / 3][i % 3] = start[i] == '1';
    for (; generations; generations--) {
        for (int row = 0; row < SIZE; row++)
            for (int column = 0; column < SIZE; column++) {
                int around = -cells[row][column];
                for (int dy = SIZE - 1; dy <= SIZE + 1; dy++)
                    for (int dx = SIZE - 1; dx <= SIZE + 1; dx++) around += cells[(row + dy) % SIZE][(column + dx) % SIZE];
                next[row][column] = around == 3 || (around == 2 && cells[row][column]);
            }
        memcpy(cells, next, sizeof cells);
    }
    int place = 0, count = 0;
    for (int i = 0; i < SIZE * SIZE; i++)
        if (cells[i / SIZE][i % SIZE]) place = place * 31 + i, count++;
    return place ^ count;
}

static int edit_distance(const char *a, const char *b) {
    int row[64], columns = (int)strlen(b);
    for (int j = 0; j <= columns; j++) row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= columns; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[columns];
}

static uint32_t rotate(uint32_t value, int count) { return value >> count | value << (32 - count); }

/* The round constants are the fractional bits of cube roots of primes, found with integers only. */
static uint32_t root_bits(uint32_t prime, int cube) {
    uint64_t root = 0;
    for (int bit = cube ? 34 : 35; bit >= 0; bit--) {
        unsigned __int128 candidate = root | 1ull << bit;
        unsigned __int128 power = candidate * candidate * (cube ? candidate : 1);
        if (power <= (unsigned __int128)prime << (cube ? 96 : 64)) root = (uint64_t)candidate;
    }
    return (uint32_t)root;
}

static void sha256(const char *text) {
    uint32_t constants[64], hash[8], words[64], v[8];
    int found = 0;
    for (uint32_t n = 2; found < 64; n++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= n; d++) prime &= n % d != 0;
        if (!prime) continue;
        if (found < 8) hash[found] = root_bits(n, 0);
        constants[found++] = root_bits(n, 1);
    }
    uint8_t block[64] = {0};
    size_t length = strlen(text);
    memcpy(block, text, length);
    block[length] = 0x80;
    for (int i = 0; i < 8; i++) block[63 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    for (int i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = words[i - 15], b = words[i - 2];
        words[i] = words[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + words[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(v, hash, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t first = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + constants[i] + words[i];
        uint32_t second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (int i = 0; i < 8; i++) printf("%08x", hash[i] + v[i]);
    printf("\n");
}

int main(int argc, char **argv) {
    int scale = argc > 1 ? atoi(argv[1]) : 1;
    printf("%d\n", sieve(3000 * scale));
    printf("%.3f\n", matrix(16 * scale));
    printf("%d\n", mandelbrot(24 * scale));
    printf("%d\n", heap_sort(500 * scale));
    printf("%d\n", life(8 * scale));
    printf("%d %d\n", edit_distance("kitten on the mat", "sitting on a mat"), edit_distance("", "abc"));
    sha256("abc");
    return 0;
}
