/* qsort with several comparison functions (indirect calls), bsearch, and a stable merge sort to compare with. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int key;
    int order;
    char name[12];
} Record;

static uint32_t state = 2463534242u;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int by_int(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int by_int_down(const void *a, const void *b) { return by_int(b, a); }

static int by_double(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_key_then_order(const void *a, const void *b) {
    const Record *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->order - y->order;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void merge_sort(int *values, int *scratch, int count) {
    if (count < 2) return;
    int half = count / 2;
    merge_sort(values, scratch, half);
    merge_sort(values + half, scratch, count - half);
    int i = 0, j = half, k = 0;
    while (i < half && j < count) scratch[k++] = values[j] < values[i] ? values[j++] : values[i++];
    while (i < half) scratch[k++] = values[i++];
    while (j < count) scratch[k++] = values[j++];
    memcpy(values, scratch, count * sizeof *values);
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 300;
    int *values = malloc(count * sizeof *values), *copy = malloc(count * sizeof *copy);
    int *scratch = malloc(count * sizeof *scratch);
    for (int i = 0; i < count; i++) values[i] = copy[i] = (int)(next_random() % 2000u) - 1000;
    qsort(values, count, sizeof *values, by_int);
    merge_sort(copy, scratch, count);
    printf("same as merge sort: %d\n", memcmp(values, copy, count * sizeof *values) == 0);
    for (int i = 0; i < count; i += count / 10 + 1) printf("%d ", values[i]);
    qsort(values, count, sizeof *values, by_int_down);
    printf("\nlargest %d smallest %d\n", values[0], values[count - 1]);

    double reals[64];
    for (int i = 0; i < 64; i++) reals[i] = (double)(int32_t)next_random() / 65536.0;
    qsort(reals, 64, sizeof *reals, by_double);
    printf("%.6f %.6f %.6f\n", reals[0], reals[31], reals[63]);

    Record records[50];
    for (int i = 0; i < 50; i++) {
        records[i].key = next_random() % 7;
        records[i].order = i;
        snprintf(records[i].name, sizeof records[i].name, "r%d", i);
    }
    qsort(records, 50, sizeof *records, by_key_then_order);
    for (int i = 0; i < 50; i++) printf("%d:%s ", records[i].key, records[i].name);
    printf("\n");

    const char *words[] = {"pear", "apple", "fig", "banana", "date", "", "apples", "Zebra", "zebra"};
    qsort(words, 9, sizeof *words, by_text);
    for (int i = 0; i < 9; i++) printf("<%s>", words[i]);
    const char *wanted = "fig";
    const char **found = bsearch(&wanted, words, 9, sizeof *words, by_text);
    printf("\nfig at %d\n", found ? (int)(found - words) : -1);
    wanted = "grape";
    printf("grape %s\n", bsearch(&wanted, words, 9, sizeof *words, by_text) ? "found" : "missing");
    free(values);
    free(copy);
    free(scratch);
    return 0;
}
