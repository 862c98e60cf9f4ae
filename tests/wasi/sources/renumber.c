// Moves descriptors onto others.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>
#include <wasi/api.h>

static void show(int fd) {
    char data[20];
    ssize_t count = pread(fd, data, sizeof data, 0);
    if (count < 0)
        puts(strerror(errno));
    else
        printf("%.*s\n", (int)count, data);
}

int main(void) {
    int one = OPEN("one", O_RDONLY), two = OPEN("two", O_RDONLY);
    show(one);
    show(two);
    ERRNO(__wasi_fd_renumber(one, two));
    show(two);
    show(one);
    ERRNO(__wasi_fd_renumber(one, two));
    ERRNO(__wasi_fd_renumber(two, 99));
    ERRNO(__wasi_fd_renumber(99, two));
    ERRNO(__wasi_fd_renumber(two, two));
    show(two);
    ERRNO(__wasi_fd_renumber(77, 77));
    int again = OPEN("one", O_RDONLY);
    printf("the number is free again: %d\n", again == one);
    char data[20];
    TRY(lseek(two, 2, SEEK_SET));
    ERRNO(__wasi_fd_renumber(two, again));
    TRY(read(again, data, 3));
    printf("%.3s\n", data);
    int out = OPEN("output", O_WRONLY | O_CREAT, 0666);
    fflush(stdout);
    ERRNO(__wasi_fd_renumber(out, 1));
    puts("this goes to the file");
    fflush(stdout);
    TRY(close(out));
    int folder = OPEN("folder", O_RDONLY | O_DIRECTORY);
    fprintf(stderr, "over the preopen: %d\n", __wasi_fd_renumber(folder, 3));
    __wasi_fd_t fd = 99;
    fprintf(stderr, "inside: %d\n", __wasi_path_open(3, 0, "inside", 0, __WASI_RIGHTS_FD_READ, 0, 0, &fd));
    __wasi_prestat_t found;
    fprintf(stderr, "prestat: %s\n", __wasi_fd_prestat_get(3, &found) ? "none" : "some");
    return 0;
}
