// Reads and writes several pieces at once, empty ones among them.
#include "report.h"
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wasi/api.h>

static int transferred(int fd, struct iovec *pieces, int count, int writing) {
    int total = 0;
    while (count) {
        ssize_t done = writing ? writev(fd, pieces, count) : readv(fd, pieces, count);
        if (done <= 0)
            return done < 0 ? -1 : total;
        total += done;
        while (count && (size_t)done >= pieces->iov_len) {
            done -= pieces->iov_len;
            pieces++;
            count--;
        }
        if (count) {
            pieces->iov_base = (char *)pieces->iov_base + done;
            pieces->iov_len -= done;
        }
    }
    return total;
}

#define PIECE(text) {text, sizeof text - 1}

int main(void) {
    int fd = OPEN("file", O_RDWR | O_CREAT, 0666);
    struct iovec out[] = {PIECE(""), PIECE("one "), PIECE(""), PIECE("two "), PIECE("three"), PIECE("")};
    TRY(transferred(fd, out, 6, 1));
    struct iovec nothing[] = {PIECE(""), PIECE("")};
    TRY(writev(fd, nothing, 2));
    TRY(writev(fd, nothing, 0));
    TRY(readv(fd, nothing, 2));
    TRY(readv(fd, nothing, 0));
    TRY(lseek(fd, 2, SEEK_SET));
    char a[4] = "", b[4] = "", c[20] = "";
    struct iovec in[] = {{a, 0}, {a, 3}, {b, 3}, {c, 0}, {c, 19}};
    TRY(transferred(fd, in, 5, 0));
    printf("[%s] [%s] [%s]\n", a, b, c);

    static char bytes[1500];
    static struct iovec many[1500];
    for (int i = 0; i < 1500; i++) {
        bytes[i] = 'a' + i % 26;
        many[i] = (struct iovec){bytes + i, 1};
    }
    int large = OPEN("many", O_RDWR | O_CREAT, 0666);
    TRY(transferred(large, many, 1000, 1));
    TRY(lseek(large, 0, SEEK_SET));
    static char back[1500];
    TRY(read(large, back, sizeof back));
    TRY(memcmp(back, bytes, 1000));
    TRY(writev(99, out, 2));
    TRY(readv(1, in, 2));
    struct iovec printed[] = {PIECE("to "), PIECE("standard "), PIECE("output\n")};
    fflush(stdout);
    TRY(transferred(1, printed, 3, 1));
    return 0;
}
