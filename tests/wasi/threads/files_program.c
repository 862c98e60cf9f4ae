/* Threads that write to the same descriptor, and open, read and close files at the same time. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

#include "threads.h"

enum { THREADS = 4, TURNS = 60 };

static int wrong;

static uint32_t open_file(const char *path, int create) {
    __wasi_fd_t fd;
    __wasi_errno_t error = __wasi_path_open(3, 0, path, create ? __WASI_OFLAGS_CREAT : 0,
                                            __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK, 0, 0, &fd);
    return error ? 0 : fd;
}

static void *work(void *argument) {
    char name[2] = {'a' + (int)(intptr_t)argument, 0}, line[] = "0 writes its line\n", seen[2];
    line[0] = '0' + (int)(intptr_t)argument;
    for (int i = 0; i < TURNS; i++) {
        uint32_t fd = open_file(name, 1);
        __wasi_ciovec_t out = {(uint8_t *)line, 1};
        __wasi_iovec_t in = {(uint8_t *)seen, 1};
        __wasi_size_t size = 0;
        seen[0] = 0;
        int bad = !fd || __wasi_fd_write(fd, &out, 1, &size) || __wasi_fd_pread(fd, &in, 1, 0, &size) || seen[0] != line[0];
        bad |= __wasi_fd_close(fd);
        __wasi_ciovec_t whole = {(uint8_t *)line, sizeof line - 1};
        bad |= __wasi_fd_write(1, &whole, 1, &size) || size != sizeof line - 1;
        if (bad)
            __atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

int main(void) {
    thread *threads[THREADS];
    for (intptr_t i = 0; i < THREADS; i++)
        if (!(threads[i] = thread_create(work, (void *)i)))
            return 1;
    for (int i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    return wrong;
}
