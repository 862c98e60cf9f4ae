/* Primes by four threads, each on its own part of the numbers; the main thread counts. */
#include <stdint.h>
#include <stdio.h>

#include "threads.h"

enum { LIMIT = 40000, THREADS = 4, PART = LIMIT / THREADS };

static uint8_t composite[LIMIT];

static void *strike(void *argument) {
    int from = (int)(intptr_t)argument * PART, to = from + PART, struck = 0;
    for (int p = 2; p * p < LIMIT; p++)
        for (int n = from > p * p ? (from + p - 1) / p * p : p * p; n < to; n += p)
            struck += !composite[n], composite[n] = 1;
    return (void *)(intptr_t)struck;
}

int main(void) {
    thread *threads[THREADS];
    int primes = 0;
    for (intptr_t i = 0; i < THREADS; i++)
        if (!(threads[i] = thread_create(strike, (void *)i)))
            return 1;
    for (int i = 0; i < THREADS; i++)
        printf("part %d: %d struck\n", i, (int)(intptr_t)thread_join(threads[i]));
    for (int n = 2; n < LIMIT; n++)
        primes += !composite[n];
    printf("%d primes\n", primes);
    return 0;
}
