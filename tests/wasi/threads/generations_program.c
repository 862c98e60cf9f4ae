/* Many short threads, a few at a time: atomic counters, growing memory, numbers that stay distinct. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "threads.h"

enum { GENERATIONS = 25, EACH = 4 };

static int counter, grown;

static void *work(void *argument) {
    int number = thread_number(), *before = argument;
    for (int i = 0; i < 50; i++)
        __atomic_fetch_add(&counter, number > 0, __ATOMIC_SEQ_CST);
    if (number != *before) {
        size_t page = __builtin_wasm_memory_grow(0, 1);
        if (page != (size_t)-1) {
            memset((char *)(page << 16), number, 1 << 16);
            __atomic_fetch_add(&grown, ((char *)(page << 16))[65535] == (char)number, __ATOMIC_SEQ_CST);
        }
    }
    return (void *)(intptr_t)number;
}

int main(void) {
    int none = 0, distinct = 1;
    for (int generation = 0; generation < GENERATIONS; generation++) {
        thread *threads[EACH];
        intptr_t numbers[EACH];
        for (int i = 0; i < EACH; i++)
            if (!(threads[i] = thread_create(work, &none)))
                return 1;
        for (int i = 0; i < EACH; i++) {
            numbers[i] = (intptr_t)thread_join(threads[i]);
            for (int j = 0; j < i; j++)
                distinct &= numbers[j] != numbers[i];
        }
    }
    printf("%d counted, %d pages, distinct: %d\n", counter, grown, distinct);
    return distinct ? 7 : 8;
}
