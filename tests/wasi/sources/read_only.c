// Tries to change what it may only read.
#include "report.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char data[20] = {0};
    int fd = OPEN("/ro/file", O_RDONLY);
    TRY(read(fd, data, 20));
    puts(data);
    OPEN("/ro/file", O_WRONLY);
    OPEN("/ro/file", O_RDWR);
    OPEN("/ro/file", O_WRONLY | O_TRUNC);
    OPEN("/ro/file", O_WRONLY | O_APPEND);
    OPEN("/ro/new", O_WRONLY | O_CREAT, 0666);
    OPEN("/ro/new", O_RDONLY | O_CREAT, 0666);
    OPEN("/ro/file", O_WRONLY | O_CREAT | O_EXCL, 0666);
    OPEN("/ro/link", O_WRONLY);
    OPEN("/ro/missing", O_WRONLY);
    OPEN("/ro/missing", O_RDONLY);
    TRY(write(fd, "x", 1));
    TRY(mkdir("/ro/new", 0777));
    TRY(rmdir("/ro/folder"));
    TRY(unlink("/ro/file"));
    TRY(unlink("/ro/missing"));
    TRY(symlink("file", "/ro/new"));
    TRY(link("/ro/file", "/ro/new"));
    TRY(link("/ro/file", "/rw/new"));
    TRY(link("/rw/file", "/ro/new"));
    TRY(rename("/ro/file", "/ro/new"));
    TRY(rename("/ro/file", "/rw/new"));
    TRY(rename("/rw/file", "/ro/new"));
    const struct timespec times[] = {{1, 1}, {2, 2}};
    TRY(utimensat(AT_FDCWD, "/ro/file", times, 0));
    TRY(futimens(fd, times));
    int folder = OPEN("/ro/folder", O_RDONLY | O_DIRECTORY);
    TRY(openat(folder, "new", O_WRONLY | O_CREAT, 0666));
    TRY(mkdirat(folder, "new", 0777));
    TRY(futimens(folder, times));
    struct stat found;
    TRY(stat("/ro/file", &found));
    TRY(readlink("/ro/link", data, sizeof data));
    DIR *dir = opendir("/ro");
    int count = 0;
    while (readdir(dir))
        count++;
    printf("%d entries\n", count);
    TRY(rename("/rw/file", "/rw/renamed"));
    return 0;
}
