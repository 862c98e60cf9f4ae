// Moves the position everywhere: past the end, before the beginning, over holes.
#include "report.h"
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#include <wasi/api.h>

int main(void) {
    int fd = OPEN("file", O_RDWR | O_CREAT | O_EXCL, 0666);
    TRY(write(fd, "0123456789", 10));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, 3, SEEK_SET));
    char data[32] = {0};
    TRY(read(fd, data, 4));
    puts(data);
    TRY(lseek(fd, -2, SEEK_CUR));
    TRY(lseek(fd, -3, SEEK_END));
    TRY(read(fd, data, 9));
    puts(data);
    TRY(read(fd, data, 9));
    TRY(lseek(fd, -1, SEEK_SET));
    TRY(lseek(fd, -11, SEEK_END));
    TRY(lseek(fd, -20, SEEK_CUR));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, 20, SEEK_SET));
    TRY(read(fd, data, 9));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(lseek(fd, 5000, SEEK_END));
    TRY(write(fd, "end", 3));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(lseek(fd, 8, SEEK_SET));
    TRY(read(fd, data, 10));
    for (int i = 0; i < 10; i++)
        printf("%d ", data[i]);
    puts("");
    __wasi_filesize_t at = 77;
    ERRNO(__wasi_fd_seek(fd, LLONG_MIN, __WASI_WHENCE_END, &at));
    ERRNO(__wasi_fd_tell(fd, &at));
    printf("at %llu\n", (unsigned long long)at);
    TRY(lseek(1, 0, SEEK_CUR));
    TRY(lseek(99, 0, SEEK_CUR));
    int folder = OPEN(".", O_RDONLY | O_DIRECTORY);
    TRY(lseek(folder, 0, SEEK_CUR));
    TRY(close(fd));
    TRY(lseek(fd, 0, SEEK_CUR));
    return 0;
}
