// Syncs, advises and allocates.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

int main(void) {
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666), reader = OPEN("file", O_RDONLY);
    int folder = OPEN(".", O_RDONLY | O_DIRECTORY);
    TRY(write(fd, "data", 4));
    TRY(fsync(fd));
    TRY(fdatasync(fd));
    TRY(fsync(reader));
    TRY(fsync(99));
    TRY(fdatasync(99));
    for (int advice = 0; advice < 6; advice++) {
        printf("%d: %s, ", advice, strerror(__wasi_fd_advise(fd, 0, 10, advice)));
        printf("%s, ", strerror(__wasi_fd_advise(reader, 5, 0, advice)));
        printf("%s, ", strerror(__wasi_fd_advise(folder, 0, 0, advice)));
        printf("%s\n", strerror(__wasi_fd_advise(99, 0, 0, advice)));
    }
    TRY(posix_fadvise(fd, 0, 100, POSIX_FADV_SEQUENTIAL));
    struct stat found;
    fstat(fd, &found);
    printf("%lld bytes\n", (long long)found.st_size);
    return 0;
}
