// Makes symbolic links of all kinds and goes through them.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int kind(const char *path, int follow) {
    struct stat found;
    if (fstatat(AT_FDCWD, path, &found, follow ? 0 : AT_SYMLINK_NOFOLLOW))
        return -1;
    return S_ISLNK(found.st_mode) ? 1 : S_ISDIR(found.st_mode) ? 2 : S_ISREG(found.st_mode) ? 3 : 0;
}

static void contents(const char *path) {
    char data[100];
    int fd = open(path, O_RDONLY);
    int count = fd < 0 ? -1 : (int)read(fd, data, sizeof data);
    if (count < 0)
        printf("%s: %s\n", path, strerror(errno));
    else
        printf("%s: %.*s\n", path, count, data);
    close(fd);
}

int main(void) {
    TRY(symlink("file", "relative"));
    TRY(symlink("folder/inside", "down"));
    TRY(symlink("../file", "folder/up"));
    TRY(symlink("folder", "directory"));
    TRY(symlink("folder/", "slash"));
    TRY(symlink("nowhere", "dangling"));
    TRY(symlink("loop", "loop"));
    TRY(symlink("pong", "ping"));
    TRY(symlink("ping", "pong"));
    TRY(symlink("../../../etc/passwd", "escape"));
    TRY(symlink(".", "self"));
    TRY(symlink("/file", "absolute"));
    TRY(symlink("", "empty"));
    TRY(symlink("file", "relative"));
    TRY(symlink("file", "folder"));
    TRY(symlink("file", "missing/link"));
    TRY(symlink("file", "new/"));
    TRY(symlink("file", ""));

    static const char *const paths[] = {
        "relative",      "down",      "folder/up", "directory", "slash",  "dangling", "loop", "ping",
        "escape",        "self",      "self/self/self/file",    "directory/inside",   "directory/up",
        "directory/../file", "slash/inside", "relative/", "directory/", "dangling/", "loop/", "planted-absolute",
        "planted-up/file", "directory/../directory/../folder/up", "self/../file",
    };
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) {
        printf("%s: %d %d\n", paths[i], kind(paths[i], 0), kind(paths[i], 1));
        contents(paths[i]);
    }

    char target[40];
    for (unsigned size = 0; size < 8; size++) {
        memset(target, '#', sizeof target);
        printf("readlink of %u: %ld %.8s\n", size, (long)readlink("relative", target, size), target);
    }
    TRY(readlink("file", target, sizeof target));
    TRY(readlink("folder", target, sizeof target));
    TRY(readlink("missing", target, sizeof target));
    TRY(readlink("dangling/x", target, sizeof target));
    TRY(readlink("planted-absolute", target, sizeof target));
    struct stat found;
    TRY(lstat("down", &found));
    printf("size of the link: %lld\n", (long long)found.st_size);

    OPEN("relative", O_RDONLY | O_NOFOLLOW);
    OPEN("directory", O_RDONLY | O_NOFOLLOW | O_DIRECTORY);
    OPEN("dangling", O_WRONLY | O_CREAT | O_EXCL, 0666);
    OPEN("loop", O_WRONLY | O_CREAT, 0666);
    int fd = OPEN("dangling", O_WRONLY | O_CREAT, 0666);
    TRY(write(fd, "made through a link", 19));
    contents("nowhere");

    char name[20] = "file", next[20];
    for (int i = 1; i <= 45; i++) {
        sprintf(next, "chain-%d", i);
        symlink(name, next);
        strcpy(name, next);
        if (i % 5 == 0)
            printf("chain of %d: %s\n", i, kind(name, 1) == 3 ? "found" : strerror(errno));
    }
    TRY(unlink("relative"));
    TRY(unlink("directory"));
    TRY(rmdir("slash"));
    TRY(rename("dangling", "folder/moved"));
    TRY(kind("folder/moved", 1));
    return 0;
}
