/* Copies standard input to standard output with a buffer of 64 KiB. */
#include <unistd.h>

static char buffer[1 << 16];

int main(void) {
    ssize_t size;
    while ((size = read(0, buffer, sizeof buffer)) > 0)
        for (ssize_t done = 0; done < size;) {
            ssize_t written = write(1, buffer + done, (size_t)(size - done));
            if (written < 0)
                return 1;
            done += written;
        }
    return size < 0;
}
