// Writes megabytes, and reads them back in pieces of odd sizes.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>

enum { SIZE = 3000000 };

static unsigned char data[SIZE], back[SIZE];

int main(void) {
    unsigned state = 1;
    for (int i = 0; i < SIZE; i += 5) {
        state = state * 1664525 + 1013904223;
        data[i] = state >> 24;
    }
    int fd = OPEN("large", O_RDWR | O_CREAT, 0666);
    for (int at = 0; at < SIZE; at += 65536) {
        int size = SIZE - at < 65536 ? SIZE - at : 65536;
        for (int done = 0; done < size;)
            done += write(fd, data + at + done, size - done);
    }
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, 0, SEEK_SET));
    int at = 0, reads = 0;
    for (ssize_t count; (count = read(fd, back + at, 4096 + 17 * (reads % 100))) > 0; reads++)
        at += count;
    printf("%d bytes in %d reads, %s\n", at, reads, memcmp(data, back, SIZE) ? "different" : "the same");
    memset(back, 0, SIZE);
    for (int done = 0; done < SIZE;)
        done += pread(fd, back + done, SIZE - done, done);
    TRY(memcmp(data, back, SIZE));
    TRY(pread(fd, back, SIZE, SIZE - 100));
    TRY(pwrite(fd, "end", 3, 5000000));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(ftruncate(fd, 4000000));
    TRY(lseek(fd, 0, SEEK_END));
    fwrite(data, 1, 200000, stdout);
    return 0;
}
