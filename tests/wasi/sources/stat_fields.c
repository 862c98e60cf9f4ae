// Shows what stat tells of files, directories, links and descriptors.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, int failed, const struct stat *found) {
    if (failed) {
        printf("%s: %s\n", what, strerror(errno));
        return;
    }
    printf("%s: type %o, inode %s", what, (unsigned)(found->st_mode & S_IFMT), found->st_ino ? "set" : "0");
    if (!S_ISDIR(found->st_mode))
        printf(", %lld bytes, %d names", (long long)found->st_size, (int)found->st_nlink);
    printf(", times %s\n", found->st_mtim.tv_sec > 0 && found->st_ctim.tv_sec > 0 ? "set" : "0");
}

int main(void) {
    static const char *const paths[] = {"file", "empty", "folder", "folder/", "link", "dirlink", "dangling", "missing",
                                        ".",    "/",     "..",     "file/",   "file/.", "file/x", "folder/../file", ""};
    struct stat found, other;
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) {
        show(paths[i], stat(paths[i], &found), &found);
        show("  itself", lstat(paths[i], &found), &found);
    }
    int fd = OPEN("file", O_RDONLY);
    show("descriptor", fstat(fd, &found), &found);
    stat("link", &other);
    printf("the same: %d %d\n", found.st_ino == other.st_ino, found.st_dev == other.st_dev);
    int folder = OPEN("folder", O_RDONLY | O_DIRECTORY);
    show("directory", fstat(folder, &found), &found);
    show("in it", fstatat(folder, "inside", &found, 0), &found);
    show("above it", fstatat(folder, "../file", &found, 0), &found);
    show("closed", fstat(99, &found), &found);
    stat("file", &found);
    stat("empty", &other);
    printf("different: %d, one device: %d\n", found.st_ino != other.st_ino, found.st_dev == other.st_dev);
    TRY(access("file", R_OK));
    TRY(access("file", W_OK));
    TRY(access("missing", F_OK));
    TRY(access("folder", X_OK));
    TRY(isatty(fd));
    TRY(isatty(0));
    TRY(isatty(1));
    return 0;
}
