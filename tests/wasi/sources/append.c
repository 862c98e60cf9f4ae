// Writes at the end, wherever the position is; the flag comes and goes.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>

static void show(const char *path) {
    char data[100];
    int fd = open(path, O_RDONLY);
    printf("%s: %.*s\n", path, (int)read(fd, data, sizeof data), data);
    close(fd);
}

int main(void) {
    int log = OPEN("log", O_WRONLY | O_APPEND | O_CREAT, 0666);
    TRY(write(log, "one ", 4));
    TRY(lseek(log, 0, SEEK_SET));
    TRY(write(log, "two ", 4));
    TRY(lseek(log, 0, SEEK_CUR));
    int other = OPEN("log", O_WRONLY);
    TRY(write(other, "ONE+TWO+THREE ", 14));
    TRY(write(log, "four ", 5));
    TRY(write(other, "five ", 5));
    show("log");
    TRY(fcntl(log, F_GETFL) & O_APPEND);
    TRY(fcntl(log, F_SETFL, 0));
    TRY(fcntl(log, F_GETFL) & O_APPEND);
    TRY(lseek(log, 0, SEEK_SET));
    TRY(write(log, "1", 1));
    show("log");
    TRY(fcntl(other, F_SETFL, O_APPEND));
    TRY(lseek(other, 2, SEEK_SET));
    TRY(write(other, "six", 3));
    show("log");
    TRY(ftruncate(other, 3));
    TRY(write(other, "!", 1));
    show("log");
    int reader = OPEN("log", O_RDWR | O_APPEND);
    char byte = 0;
    TRY(read(reader, &byte, 1));
    printf("%c\n", byte);
    TRY(write(reader, "?", 1));
    TRY(read(reader, &byte, 1));
    FILE *stream = fopen("log", "a+");
    fputs("stream", stream);
    rewind(stream);
    printf("first %c\n", getc(stream));
    fseek(stream, 0, SEEK_CUR);
    fputs("!", stream);
    fclose(stream);
    show("log");
    return 0;
}
