// Sets times and reads them back.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

static void show(const char *path) {
    struct stat found;
    if (lstat(path, &found)) {
        printf("%s: %s\n", path, strerror(errno));
        return;
    }
    printf("%s:", path);
    const struct timespec times[] = {found.st_atim, found.st_mtim};
    for (int i = 0; i < 2; i++)
        if (times[i].tv_sec > 1600000000)
            printf(" now");
        else
            printf(" %lld.%09ld", (long long)times[i].tv_sec, times[i].tv_nsec);
    puts("");
}

#define TIMES(a, b, c, d) ((struct timespec[]){{a, b}, {c, d}})

int main(void) {
    show("planted");
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666);
    show("file");
    TRY(futimens(fd, TIMES(1, 2, 3, 4)));
    show("file");
    TRY(futimens(fd, TIMES(0, UTIME_OMIT, 5, 999999999)));
    show("file");
    TRY(futimens(fd, TIMES(1234567890, 123456789, 0, UTIME_OMIT)));
    show("file");
    TRY(futimens(fd, TIMES(0, UTIME_OMIT, 0, UTIME_OMIT)));
    show("file");
    TRY(futimens(fd, TIMES(0, UTIME_NOW, 7, 8)));
    show("file");
    TRY(futimens(fd, 0));
    show("file");
    TRY(futimens(fd, TIMES(0, 0, 0, 0)));
    show("file");
    TRY(write(fd, "changed", 7));
    show("file");
    TRY(utimensat(AT_FDCWD, "file", TIMES(9, 10, 11, 12), 0));
    show("file");
    TRY(symlink("file", "link"));
    TRY(utimensat(AT_FDCWD, "link", TIMES(13, 14, 15, 16), 0));
    show("file");
    TRY(utimensat(AT_FDCWD, "link", TIMES(17, 18, 19, 20), AT_SYMLINK_NOFOLLOW));
    show("file");
    show("link");
    TRY(mkdir("folder", 0777));
    TRY(utimensat(AT_FDCWD, "folder", TIMES(21, 22, 23, 24), 0));
    show("folder");
    TRY(utimensat(AT_FDCWD, "missing", TIMES(1, 1, 1, 1), 0));
    TRY(utimensat(AT_FDCWD, "", TIMES(1, 1, 1, 1), 0));
    TRY(utimensat(AT_FDCWD, "file/", TIMES(1, 1, 1, 1), 0));
    TRY(futimens(99, TIMES(1, 1, 1, 1)));
    int reader = OPEN("planted", O_RDONLY);
    TRY(futimens(reader, TIMES(25, 26, 27, 28)));
    show("planted");
    const __wasi_fstflags_t both = __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW;
    ERRNO(__wasi_fd_filestat_set_times(fd, 1, 1, both));
    ERRNO(__wasi_path_filestat_set_times(3, 0, "file", 1, 1, both >> 2));
    ERRNO(__wasi_fd_filestat_set_times(fd, 29, 1000000000000000030, __WASI_FSTFLAGS_MTIM));
    show("file");
    return 0;
}
