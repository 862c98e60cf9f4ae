#include "threads.h"

#include <stdint.h>
#include <stdlib.h>

enum { STACK = 1 << 16 };

struct thread {
    char *stack; /* start.S reads the first two */
    void *locals;
    void *(*function)(void *);
    void *argument, *result;
    char *room;
    int done;
};

int32_t __wasi_thread_spawn(void *);

static _Thread_local int number;

static void wait(int *address, int expected) { __builtin_wasm_memory_atomic_wait32(address, expected, -1); }
static void wake(int *address, unsigned count) { __builtin_wasm_memory_atomic_notify(address, count); }

void thread_main(int id, thread *self) {
    number = id;
    self->result = self->function(self->argument);
    __atomic_store_n(&self->done, 1, __ATOMIC_SEQ_CST);
    wake(&self->done, 1);
}

int thread_number(void) { return number; }

thread *thread_create(void *(*function)(void *), void *argument) {
    thread *made = calloc(1, sizeof *made);
    made->room = malloc(STACK + __builtin_wasm_tls_size() + 64);
    made->stack = (char *)(((uintptr_t)made->room + STACK) & ~(uintptr_t)15);
    uintptr_t align = __builtin_wasm_tls_align();
    made->locals = (void *)(((uintptr_t)made->stack + align) / (align ? align : 1) * (align ? align : 1));
    made->function = function;
    made->argument = argument;
    if (__wasi_thread_spawn(made) < 0) {
        free(made->room);
        free(made);
        return NULL;
    }
    return made;
}

void *thread_join(thread *other) {
    while (!__atomic_load_n(&other->done, __ATOMIC_SEQ_CST))
        wait(&other->done, 0);
    void *result = other->result;
    free(other->room);
    free(other);
    return result;
}

void mutex_lock(mutex *m) {
    int old = 0;
    if (__atomic_compare_exchange_n(&m->state, &old, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return;
    while (__atomic_exchange_n(&m->state, 2, __ATOMIC_SEQ_CST))
        wait(&m->state, 2);
}

void mutex_unlock(mutex *m) {
    if (__atomic_exchange_n(&m->state, 0, __ATOMIC_SEQ_CST) == 2)
        wake(&m->state, 1);
}

void condition_wait(condition *c, mutex *m) {
    int seen = __atomic_load_n(&c->sequence, __ATOMIC_SEQ_CST);
    mutex_unlock(m);
    wait(&c->sequence, seen);
    mutex_lock(m);
}

void condition_signal(condition *c) {
    __atomic_fetch_add(&c->sequence, 1, __ATOMIC_SEQ_CST);
    wake(&c->sequence, 1);
}

void condition_broadcast(condition *c) {
    __atomic_fetch_add(&c->sequence, 1, __ATOMIC_SEQ_CST);
    wake(&c->sequence, -1);
}
