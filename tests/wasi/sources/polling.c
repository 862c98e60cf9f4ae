// Waits for clocks and descriptors.
#include "report.h"
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

static long long now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static __wasi_subscription_t timer(int id, __wasi_clockid_t clock, long long nanoseconds, int absolute) {
    __wasi_subscription_t wanted = {.userdata = id};
    wanted.u.tag = __WASI_EVENTTYPE_CLOCK;
    wanted.u.u.clock.id = clock;
    wanted.u.u.clock.timeout = nanoseconds;
    wanted.u.u.clock.flags = absolute ? __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME : 0;
    return wanted;
}

static __wasi_subscription_t descriptor(int id, int fd, int type) {
    __wasi_subscription_t wanted = {.userdata = id};
    wanted.u.tag = type;
    wanted.u.u.fd_read.file_descriptor = fd;
    return wanted;
}

static void wait_for(const char *what, long long least, const __wasi_subscription_t *wanted, int count) {
    __wasi_event_t events[8];
    __wasi_size_t happened = 0;
    long long before = now(CLOCK_MONOTONIC);
    __wasi_errno_t error = __wasi_poll_oneoff(wanted, events, count, &happened);
    long long after = now(CLOCK_MONOTONIC);
    printf("%s: error %d, %zu events%s\n", what, error, happened, after - before < least ? ", too early" : "");
    for (unsigned id = 0; id < 8; id++)
        for (unsigned i = 0; i < happened && !error; i++)
            if (events[i].userdata == id)
                printf("  %u: type %d, error %d, %s bytes, flags %d\n", id, events[i].type, events[i].error,
                       events[i].fd_readwrite.nbytes ? "some" : "no", events[i].fd_readwrite.flags);
}

// Waits for subscriptions, for `least` nanoseconds or longer.
#define WAIT(what, least, ...) \
    wait_for(what, least, (__wasi_subscription_t[]){__VA_ARGS__}, \
             sizeof((__wasi_subscription_t[]){__VA_ARGS__}) / sizeof(__wasi_subscription_t))

enum { REALTIME = 0, MONOTONIC = 1, MS = 1000000 };

int main(void) {
    wait_for("nothing", 0, 0, 0);
    WAIT("no time", 0, timer(1, MONOTONIC, 0, 0));
    WAIT("5 ms", 5 * MS, timer(1, MONOTONIC, 5 * MS, 0));
    WAIT("5 ms of real time", 4 * MS, timer(2, REALTIME, 5 * MS, 0));
    WAIT("the past", 0, timer(3, MONOTONIC, 1, 1));
    WAIT("the real past", 0, timer(3, REALTIME, 1000000000LL * MS, 1));
    WAIT("in 5 ms", 4 * MS, timer(4, MONOTONIC, now(CLOCK_MONOTONIC) + 5 * MS, 1));
    WAIT("in 5 ms of real time", 4 * MS, timer(4, REALTIME, now(CLOCK_REALTIME) + 5 * MS, 1));
    WAIT("two clocks", 4 * MS, timer(1, MONOTONIC, 3600000LL * MS, 0), timer(2, REALTIME, 5 * MS, 0));
    int fd = OPEN("file", O_RDONLY);
    WAIT("a file", 0, descriptor(1, fd, __WASI_EVENTTYPE_FD_READ));
    WAIT("a file or an hour", 0, descriptor(1, fd, __WASI_EVENTTYPE_FD_READ), timer(2, MONOTONIC, 3600000LL * MS, 0));
    WAIT("stdout", 0, descriptor(1, 1, __WASI_EVENTTYPE_FD_WRITE));

    struct pollfd polled = {.fd = fd, .events = POLLIN};
    printf("poll: %d, %d\n", poll(&polled, 1, 1000), polled.revents & POLLIN);
    long long before = now(CLOCK_MONOTONIC);
    TRY(poll(0, 0, 5));
    TRY(nanosleep(&(struct timespec){0, 5 * MS}, 0));
    TRY(usleep(5000));
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec -= 10;
    ERRNO(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, 0));
    printf("slept: %d\n", now(CLOCK_MONOTONIC) - before >= 14 * MS);
    TRY(nanosleep(&(struct timespec){0, 1000000000}, 0));
    return 0;
}
