// Looks at what descriptors are and may, and uses those that are not open.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>
#include <wasi/api.h>

static void show(const char *what, int fd) {
    __wasi_fdstat_t found;
    __wasi_errno_t error = __wasi_fd_fdstat_get(fd, &found);
    if (error)
        printf("%s: %s\n", what, strerror(error));
    else
        printf("%s: type %d, flags %d\n", what, found.fs_filetype, found.fs_flags);
}

int main(void) {
    show("a directory", OPEN("folder", O_RDONLY | O_DIRECTORY));
    show("the preopen", 3);
    int fd = OPEN("file", O_RDWR | O_CREAT | O_APPEND, 0666);
    show("a file", fd);
    ERRNO(__wasi_fd_fdstat_set_flags(fd, 0));
    show("without flags", fd);
    ERRNO(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_APPEND));
    show("with append", fd);
    ERRNO(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_SYNC));
    ERRNO(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_DSYNC));
    ERRNO(__wasi_fd_fdstat_set_flags(99, 0));
    show("a closed one", 99);
    show("-1", -1);
    TRY((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
    TRY(close(fd));
    TRY(close(fd));
    TRY(close(99));
    TRY(close(-1));
    char byte = 0;
    TRY(read(fd, &byte, 1));
    TRY(write(fd, &byte, 1));
    TRY(fsync(fd));
    TRY(openat(99, "file", O_RDONLY));
    TRY(unlinkat(99, "file", 0));
    int file = OPEN("file", O_RDONLY);
    TRY(openat(file, "below", O_RDONLY));
    TRY(openat(1, "file", O_RDONLY));
    TRY(write(file, &byte, 1));
    int folder = OPEN("folder", O_RDONLY | O_DIRECTORY);
    TRY(read(folder, &byte, 1));
    TRY(write(folder, &byte, 1));
    int first = OPEN("file", O_RDONLY);
    TRY(close(first));
    int again = OPEN("file", O_RDONLY);
    printf("the number is used again: %d\n", first == again);
    int opened = 0, last = -1, distinct = 1;
    for (int i = 0; i < 300; i++) {
        int more = open("file", O_RDONLY);
        opened += more >= 0;
        distinct &= more != last;
        last = more;
    }
    printf("%d open, distinct: %d\n", opened, distinct);
    __wasi_fd_t accepted;
    __wasi_size_t sent;
    ERRNO(__wasi_sock_shutdown(file, 1));
    ERRNO(__wasi_sock_accept(file, 0, &accepted));
    ERRNO(__wasi_sock_send(file, 0, 0, 0, &sent));
    ERRNO(__wasi_sock_shutdown(99, 1));
    ERRNO(__wasi_sched_yield());
    TRY(close(0));
    TRY(read(0, &byte, 1));
    TRY(close(2));
    TRY(write(2, "lost", 4));
    return 0;
}
