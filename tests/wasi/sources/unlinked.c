// Goes on using files and directories that have lost their names.
#include "report.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666);
    TRY(write(fd, "still here", 10));
    TRY(unlink("file"));
    TRY(unlink("file"));
    OPEN("file", O_RDONLY);
    struct stat found;
    TRY(fstat(fd, &found));
    printf("%lld bytes, %d names\n", (long long)found.st_size, (int)found.st_nlink);
    TRY(lseek(fd, 6, SEEK_SET));
    char data[20] = {0};
    TRY(read(fd, data, 20));
    puts(data);
    TRY(write(fd, "!!", 2));
    TRY(ftruncate(fd, 100));
    TRY(fstat(fd, &found));
    printf("%lld bytes\n", (long long)found.st_size);
    int other = OPEN("file", O_WRONLY | O_CREAT | O_EXCL, 0666);
    TRY(write(other, "another", 7));
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(read(fd, data, 5));
    puts(data);
    TRY(close(fd));
    TRY(fstat(other, &found));
    printf("%lld bytes, %d names\n", (long long)found.st_size, (int)found.st_nlink);

    TRY(mkdir("folder", 0777));
    int folder = OPEN("folder", O_RDONLY | O_DIRECTORY);
    TRY(rmdir("folder"));
    TRY(fstat(folder, &found));
    TRY(openat(folder, "new", O_WRONLY | O_CREAT, 0666));
    TRY(mkdirat(folder, "new", 0777));
    TRY(fstatat(folder, "new", &found, 0));
    DIR *dir = fdopendir(folder);
    int count = 0;
    while (dir && readdir(dir))
        count++;
    printf("entries: %s\n", count <= 2 ? "none" : "some");

    int replaced = OPEN("replaced", O_RDWR | O_CREAT, 0666);
    TRY(write(replaced, "old", 3));
    TRY(rename("file", "replaced"));
    TRY(pread(replaced, data, 5, 0));
    printf("%.3s\n", data);
    TRY(fstat(replaced, &found));
    printf("%d names\n", (int)found.st_nlink);
    return 0;
}
