/* As much of POSIX threads as the programs here need: the C library that ziglang brings has none. */
#ifndef THREADS_H
#define THREADS_H

typedef struct thread thread;
typedef struct { int state; } mutex;        /* 0 free, 1 held, 2 held and waited for */
typedef struct { int sequence; } condition;

thread *thread_create(void *(*function)(void *), void *argument); /* NULL: there are too many */
void *thread_join(thread *);
int thread_number(void); /* as the host counts them; 0 is the main one */

void mutex_lock(mutex *);
void mutex_unlock(mutex *);
void condition_wait(condition *, mutex *);
void condition_signal(condition *);
void condition_broadcast(condition *);

#endif
