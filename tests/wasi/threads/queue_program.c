/* Producers and consumers with a small queue, a mutex and conditions; thread-local sums. */
#include <stdint.h>
#include <stdio.h>

#include "threads.h"

enum { ROOM = 4, PRODUCERS = 3, CONSUMERS = 2, EACH = 400 };

static mutex lock;
static condition changed;
static int queue[ROOM], first, count, finished;
static _Thread_local long sum = 1000;

static void *produce(void *argument) {
    for (int i = 1; i <= EACH; i++) {
        mutex_lock(&lock);
        while (count == ROOM)
            condition_wait(&changed, &lock);
        queue[(first + count++) % ROOM] = i * (int)(intptr_t)argument;
        condition_broadcast(&changed);
        mutex_unlock(&lock);
    }
    mutex_lock(&lock);
    finished++;
    condition_broadcast(&changed);
    mutex_unlock(&lock);
    return NULL;
}

static void *consume(void *argument) {
    for (;;) {
        mutex_lock(&lock);
        while (!count && finished < PRODUCERS)
            condition_wait(&changed, &lock);
        if (!count) {
            mutex_unlock(&lock);
            return (void *)(sum - 1000);
        }
        sum += queue[first];
        first = (first + 1) % ROOM;
        count--;
        condition_broadcast(&changed);
        mutex_unlock(&lock);
    }
}

int main(void) {
    thread *threads[PRODUCERS + CONSUMERS];
    long total = 0;
    for (intptr_t i = 0; i < PRODUCERS + CONSUMERS; i++)
        if (!(threads[i] = i < PRODUCERS ? thread_create(produce, (void *)(i + 1)) : thread_create(consume, NULL)))
            return 1;
    for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
        total += (long)(intptr_t)thread_join(threads[i]);
    printf("%ld, and mine is %ld\n", total, sum);
    return 0;
}
