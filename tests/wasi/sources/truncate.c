// Makes files shorter and longer, by every call that does so.
#include "report.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static long size_of(const char *path) {
    struct stat found;
    return stat(path, &found) ? -1 : (long)found.st_size;
}

static int sum_of(const char *path) {
    FILE *file = fopen(path, "r");
    int sum = 0;
    for (int c; (c = getc(file)) != EOF;)
        sum += c;
    fclose(file);
    return sum;
}

int main(void) {
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666);
    TRY(write(fd, "0123456789", 10));
    TRY(ftruncate(fd, 4));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(size_of("file"));
    TRY(write(fd, "ab", 2));
    TRY(size_of("file"));
    TRY(sum_of("file"));
    TRY(ftruncate(fd, 3000));
    TRY(size_of("file"));
    TRY(sum_of("file"));
    TRY(ftruncate(fd, -1));
    TRY(ftruncate(fd, 5));
    TRY(truncate("file", 7));
    TRY(size_of("file"));
    TRY(truncate("missing", 7));
    TRY(truncate(".", 7));
    int reader = OPEN("file", O_RDONLY);
    TRY(ftruncate(reader, 1));
    int folder = OPEN(".", O_RDONLY | O_DIRECTORY);
    TRY(ftruncate(folder, 1));
    TRY(ftruncate(0, 1));
    TRY(ftruncate(99, 1));
    int writer = OPEN("file", O_WRONLY | O_TRUNC);
    TRY(size_of("file"));
    char byte;
    TRY(read(reader, &byte, 1));
    TRY(write(writer, "xyz", 3));
    TRY(read(reader, &byte, 1));
    printf("%c\n", byte);
    TRY(fclose(fopen("file", "a")));
    TRY(size_of("file"));
    TRY(fclose(fopen("file", "w")));
    TRY(size_of("file"));
    return 0;
}
