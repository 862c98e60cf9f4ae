/* Copies the file "in" to the file "out", both in the directory ".", with a buffer of 64 KiB. */
#include <fcntl.h>
#include <unistd.h>

static char buffer[1 << 16];

int main(void) {
    int in = open("in", O_RDONLY), out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ssize_t size;
    if (in < 0 || out < 0)
        return 2;
    while ((size = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, (size_t)size) != size)
            return 1;
    return size < 0;
}
