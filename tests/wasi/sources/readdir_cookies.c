// Lists a directory by fd_readdir with buffers of all sizes, from every cookie.
#include "report.h"
#include <fcntl.h>
#include <stdlib.h>
#include <wasi/api.h>

enum { MOST = 64 };

typedef struct {
    char name[256];
    int type;
    __wasi_dircookie_t next;
} Entry;

static Entry entries[MOST];

static int by_name(const void *a, const void *b) { return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name); }

// Reads entries from a cookie on until the end; returns how many, or -1 where even one entry does not fit.
static int list(int fd, size_t size, __wasi_dircookie_t cookie, Entry *found) {
    uint8_t *buffer = malloc(size);
    int count = 0;
    for (;;) {
        __wasi_size_t used = 0;
        __wasi_errno_t error = __wasi_fd_readdir(fd, buffer, size, cookie, &used);
        if (error || used > size) {
            printf("error %d, used %zu of %zu\n", error, used, size);
            break;
        }
        size_t at = 0;
        __wasi_dirent_t head;
        while (at + sizeof head <= used) {
            memcpy(&head, buffer + at, sizeof head);
            if (at + sizeof head + head.d_namlen > used)
                break;
            memcpy(found[count].name, buffer + at + sizeof head, head.d_namlen);
            found[count].name[head.d_namlen] = 0;
            found[count].type = head.d_type;
            found[count].next = cookie = head.d_next;
            count++;
            at += sizeof head + head.d_namlen;
        }
        if (used < size)
            break;
        if (at == 0) {
            count = -1;
            break;
        }
    }
    free(buffer);
    return count;
}

static void show(Entry *found, int count) {
    qsort(found, count, sizeof *found, by_name);
    for (int i = 0; i < count; i++)
        printf("  %d %s\n", found[i].type, found[i].name);
}

int main(void) {
    int fd = OPEN("folder", O_RDONLY | O_DIRECTORY);
    for (size_t size = 24; size < 400; size += size < 80 ? 7 : 37)
        printf("buffer of %zu: %d entries\n", size, list(fd, size, 0, entries));
    static Entry all[MOST];
    int total = list(fd, 4096, 0, all);
    printf("first %s, second %s\n", all[0].name, all[1].name);
    for (int i = 0; i < total; i++)
        if (list(fd, 100, all[i].next, entries) != total - 1 - i)
            printf("from entry %d: wrong\n", i);
    show(all, total);
    __wasi_size_t used = 9;
    ERRNO(__wasi_fd_readdir(fd, 0, 0, 0, &used));
    printf("used %zu\n", used);
    ERRNO(__wasi_fd_readdir(1, 0, 0, 0, &used));
    ERRNO(__wasi_fd_readdir(99, 0, 0, 0, &used));
    int file = OPEN("folder/a", O_RDONLY);
    ERRNO(__wasi_fd_readdir(file, (uint8_t *)all, 100, 0, &used));
    return 0;
}
