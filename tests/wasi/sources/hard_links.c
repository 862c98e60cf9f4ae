// Several names of one file.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *path) {
    struct stat found;
    if (stat(path, &found))
        printf("%s: %s\n", path, strerror(errno));
    else
        printf("%s: %lld bytes, %d names\n", path, (long long)found.st_size, (int)found.st_nlink);
}

int main(void) {
    int fd = OPEN("one", O_WRONLY | O_CREAT, 0666);
    TRY(write(fd, "first", 5));
    TRY(link("one", "two"));
    TRY(link("two", "folder/three"));
    show("one");
    struct stat one, three;
    stat("one", &one);
    stat("folder/three", &three);
    printf("same inode: %d, same device: %d\n", one.st_ino == three.st_ino, one.st_dev == three.st_dev);
    TRY(write(fd, "+second", 7));
    show("folder/three");
    TRY(unlink("one"));
    show("one");
    show("two");
    TRY(fstat(fd, &one));
    printf("%d names\n", (int)one.st_nlink);
    TRY(link("two", "folder/three"));
    TRY(link("two", "two"));
    TRY(link("missing", "new"));
    TRY(link("two", "missing/new"));
    TRY(link("folder", "new"));
    TRY(link("two", "folder"));
    TRY(link("two/", "new"));
    TRY(link("two", "new/"));
    TRY(link("two", ""));
    TRY(link("", "new"));
    TRY(symlink("two", "link"));
    TRY(link("link", "hard-link-to-link"));
    TRY(linkat(AT_FDCWD, "link", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
    show("hard-link-to-link");
    TRY(lstat("hard-link-to-link", &one));
    printf("a link: %d\n", S_ISLNK(one.st_mode));
    TRY(rename("two", "folder/three"));
    show("two");
    show("folder/three");
    TRY(rename("folder/three", "three"));
    show("three");
    return 0;
}
