// Ends badly, in the way that the first argument names.
#include "report.h"
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <wasi/api.h>

static int deeper(volatile int *numbers, int count) {
    volatile int more[200];
    for (int i = 0; i < 200; i++)
        more[i] = numbers[i % 3] + count;
    return count < 0 ? 0 : deeper(more, count + 1) + more[count % 200];
}

int main(int argc, char **argv) {
    const char *way = argv[1];
    volatile int zero = 0;
    printf("%s\n", way);
    fflush(stdout);
    printf("lost");
    fprintf(stderr, "about to end\n");
    if (!strcmp(way, "abort"))
        abort();
    if (!strcmp(way, "assert"))
        assert(argc == 9);
    if (!strcmp(way, "trap"))
        __builtin_trap();
    if (!strcmp(way, "divide"))
        return argc * 1000 / zero;
    if (!strcmp(way, "overflow"))
        return (-2147483647 - 1) / (zero - 1);
    if (!strcmp(way, "memory"))
        return *(volatile int *)0xfffffff0;
    if (!strcmp(way, "stack"))
        return deeper((int[]){1, 2, 3}, 0);
    if (!strcmp(way, "call"))
        return ((int (*)(double))(void *)main)(1.0);
    uint64_t wide;
    if (!strcmp(way, "whence"))
        return __wasi_fd_seek(1, 0, 7, &wide);
    if (!strcmp(way, "clock"))
        return __wasi_clock_time_get(9, 1, &wide);
    if (!strcmp(way, "pointer"))
        return __wasi_clock_time_get(0, 1, (uint64_t *)0xfffffff8);
    if (!strcmp(way, "alignment"))
        return __wasi_clock_time_get(0, 1, (uint64_t *)((char *)&wide + 1));
    return 0;
}
