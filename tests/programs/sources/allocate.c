/* malloc, calloc, realloc and free in random order, contents checked: memory grows many times. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 128 };

static unsigned char *blocks[SLOTS];
static size_t sizes[SLOTS];
static unsigned char marks[SLOTS];
static uint64_t state = 88172645463325252ull;

static uint32_t next_random(void) {
    state ^= state << 7;
    state ^= state >> 9;
    return (uint32_t)state;
}

static int check(int slot) {
    for (size_t i = 0; i < sizes[slot]; i += 37)
        if (blocks[slot][i] != marks[slot]) return 0;
    return sizes[slot] == 0 || blocks[slot][sizes[slot] - 1] == marks[slot];
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 1500;
    size_t live = 0, peak = 0;
    for (int round = 0; round < rounds; round++) {
        int slot = next_random() % SLOTS;
        size_t size = next_random() % 3000;
        if (round % 97 == 0) size += 100000;
        if (blocks[slot] && !check(slot)) {
            printf("slot %d was overwritten in round %d\n", slot, round);
            return 1;
        }
        live -= sizes[slot];
        switch (next_random() % 4) {
        case 0:
            free(blocks[slot]);
            blocks[slot] = NULL;
            sizes[slot] = 0;
            continue;
        case 1:
            free(blocks[slot]);
            blocks[slot] = calloc(size + 1, 1);
            for (size_t i = 0; i <= size; i += 53)
                if (blocks[slot][i]) return 2;
            break;
        default:
            blocks[slot] = realloc(blocks[slot], size + 1);
        }
        if (!blocks[slot]) return 3;
        sizes[slot] = size;
        marks[slot] = (unsigned char)next_random();
        memset(blocks[slot], marks[slot], size);
        live += size;
        if (live > peak) peak = live;
    }
    size_t total = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
        if (blocks[slot] && !check(slot)) return 4;
        total += sizes[slot];
        free(blocks[slot]);
    }
    printf("%d rounds, %zu bytes at the end, %zu at the peak\n", rounds, total, peak);
    volatile size_t all = 0xFFFF0000u;
    void *too_much = malloc(all);
    printf("%zu bytes: %s\n", all, too_much ? "granted" : "refused");
    return 0;
}
