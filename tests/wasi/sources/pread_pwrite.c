// Reads and writes at offsets, which leaves the position alone.
#include "report.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

int main(void) {
    char data[20] = {0};
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666);
    TRY(write(fd, "0123456789", 10));
    TRY(lseek(fd, 4, SEEK_SET));
    TRY(pread(fd, data, 3, 7));
    puts(data);
    TRY(pread(fd, data, 9, 8));
    TRY(pread(fd, data, 9, 10));
    TRY(pread(fd, data, 9, 1000));
    TRY(pwrite(fd, "AB", 2, 0));
    TRY(pwrite(fd, "YZ", 2, 12));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(read(fd, data, 20));
    for (int i = 0; i < 10; i++)
        printf("%d ", data[i]);
    puts("");
    TRY(pread(fd, data, 1, -1));
    TRY(pwrite(fd, data, 1, -1));
    TRY(pread(fd, data, 1, LLONG_MAX));
    TRY(pread(fd, data, 0, 3));
    TRY(pwrite(fd, data, 0, 500));
    __wasi_iovec_t in[] = {{(uint8_t *)data, 0}, {(uint8_t *)data, 2}};
    __wasi_ciovec_t out[] = {{(uint8_t *)"", 0}, {(uint8_t *)"mn", 2}};
    __wasi_size_t done = 0;
    ERRNO(__wasi_fd_pread(fd, in, 2, 1, &done));
    printf("%zu %.2s\n", done, data);
    ERRNO(__wasi_fd_pwrite(fd, out, 2, 2, &done));
    printf("%zu\n", done);
    int reader = OPEN("file", O_RDONLY), writer = OPEN("file", O_WRONLY);
    TRY(pwrite(reader, "x", 1, 0));
    TRY(pread(writer, data, 1, 0));
    TRY(pwrite(writer, "x", 1, 5));
    int folder = OPEN(".", O_RDONLY | O_DIRECTORY);
    TRY(pread(folder, data, 1, 0));
    TRY(pread(0, data, 1, 0));
    TRY(pwrite(1, data, 1, 0));
    TRY(pread(99, data, 1, 0));
    int log = OPEN("log", O_RDWR | O_CREAT | O_APPEND, 0666);
    TRY(write(log, "abc", 3));
    TRY(pwrite(log, "d", 1, 0));
    TRY(pread(log, data, 10, 0));
    struct stat found;
    TRY(fstat(log, &found));
    printf("%lld bytes\n", (long long)found.st_size);
    return 0;
}
