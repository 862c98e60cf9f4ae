// Walks odd paths, to what is inside and to what is not.
#include "report.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

static void contents(const char *path) {
    char data[50];
    int fd = open(path, O_RDONLY);
    ssize_t count = fd < 0 ? -1 : read(fd, data, sizeof data);
    if (count < 0)
        printf("%s: %s\n", path, strerror(errno));
    else
        printf("%s: %.*s\n", path, (int)count, data);
    close(fd);
}

// The same without the C library, which looks for preopens and for the working directory.
static void raw(const char *shown, const char *path, size_t length) {
    __wasi_fd_t fd;
    __wasi_filestat_t found;
    char text[4096 + 1];
    memcpy(text, path, length);
    text[length] = 0;
    printf("%s: open %s", shown,
           strerror(__wasi_path_open(3, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, text, 0, __WASI_RIGHTS_FD_READ, 0, 0, &fd)));
    printf(", stat %s", strerror(__wasi_path_filestat_get(3, 0, text, &found)));
    printf(", mkdir %s\n", strerror(__wasi_path_create_directory(3, text)));
}

#define RAW(path) raw(path, path, sizeof path - 1)

int main(void) {
    static const char *const paths[] = {
        "a/file",    "a//file",        "./a/file",     "a/./file",    "a/b/../file", "a/b/../../a/file", "/a/file",
        "//a///file", "a/b/.././b/../file", "../a/file", "a/../../file", "a/file/..",   "a/file/../file",   "a/missing/../file",
        "a/file/",   "a/file/.",       "a/b",          "",            " ",           "a/ünïcödé",        "a/\xe4",
        "/..",       "/../a/file",
    };
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        contents(paths[i]);
    RAW("");
    RAW(".");
    RAW("/a/file");
    RAW("../a/file");
    RAW("a/b/../../../file");
    RAW("..");
    RAW("a/..");
    RAW("new\xff");
    RAW("\xc3\x28");
    RAW("a/\xed\xa0\x80");
    RAW("a/file");
    RAW("a/file/");
    RAW("a/new/");
    RAW("con");
    RAW("a:b");
    RAW("a\\file");
    RAW("a\nb");
    char *path = malloc(5000);
    for (int length = 3000; length <= 4095; length += 219) {
        strcpy(path, "a/file");
        memset(path, '/', length);
        memcpy(path, "a", 1);
        memcpy(path + length - 4, "file", 5);
        printf("%d bytes: %s\n", length, open(path, O_RDONLY) < 0 ? strerror(errno) : "open");
    }
    return 0;
}
