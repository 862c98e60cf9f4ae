// Works relative to directories that are open.
#include "report.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void list(int fd) {
    char names[20][40];
    int count = 0;
    DIR *dir = fdopendir(fd);
    for (struct dirent *entry; (entry = readdir(dir));)
        sprintf(names[count++], "%s %d", entry->d_name, entry->d_type);
    qsort(names, count, sizeof *names, (int (*)(const void *, const void *))strcmp);
    for (int i = 0; i < count; i++)
        printf("  %s\n", names[i]);
    closedir(dir);
}

int main(void) {
    TRY(mkdir("work", 0777));
    int work = OPEN("work", O_RDONLY | O_DIRECTORY);
    TRY(mkdirat(work, "sub", 0777));
    int sub = TRY(openat(work, "sub", O_RDONLY | O_DIRECTORY) > 0) ? openat(work, "sub", O_RDONLY | O_DIRECTORY) : -1;
    int fd = openat(sub, "file", O_RDWR | O_CREAT, 0666);
    TRY(write(fd, "contents", 8));
    TRY(symlinkat("file", sub, "link"));
    TRY(symlinkat("../outer", sub, "up"));
    TRY(symlinkat("/outer", sub, "absolute"));
    TRY(linkat(sub, "file", work, "outer", 0));
    struct stat found;
    TRY(fstatat(work, "sub/link", &found, 0));
    TRY(fstatat(sub, "up", &found, 0));
    TRY(fstatat(sub, "up", &found, AT_SYMLINK_NOFOLLOW));
    TRY(fstatat(sub, "../outer", &found, 0));
    TRY(fstatat(work, "..", &found, 0));
    char target[20] = {0};
    TRY(readlinkat(work, "sub/up", target, sizeof target));
    puts(target);
    TRY(renameat(sub, "file", work, "moved"));
    TRY(renameat(work, "sub/link", sub, "../renamed"));
    TRY(renameat(work, "sub/link", sub, "renamed"));
    TRY(unlinkat(work, "outer", 0));
    TRY(unlinkat(work, "sub", 0));
    TRY(unlinkat(work, "sub", AT_REMOVEDIR));
    TRY(unlinkat(work, "moved", AT_REMOVEDIR));
    TRY(faccessat(work, "sub", F_OK, 0));
    TRY(faccessat(work, "moved", R_OK, 0));
    const struct timespec times[] = {{1000, 1}, {2000, 2}};
    TRY(utimensat(work, "moved", times, 0));
    TRY(utimensat(sub, "renamed", times, AT_SYMLINK_NOFOLLOW));
    list(sub);
    list(work);
    return 0;
}
