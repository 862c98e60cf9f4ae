// Finds its files in several directories, of which the longest name counts.
#include "report.h"
#include <fcntl.h>
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

int main(void) {
    for (int fd = 3; fd < 9; fd++) {
        __wasi_prestat_t found;
        __wasi_errno_t error = __wasi_fd_prestat_get(fd, &found);
        if (error) {
            printf("%d: %s\n", fd, strerror(error));
            continue;
        }
        uint8_t name[100] = "################";
        size_t length = found.u.dir.pr_name_len;
        error = __wasi_fd_prestat_dir_name(fd, name, length);
        printf("%d: type %d, %zu bytes, error %d: %.16s\n", fd, found.tag, length, error, (char *)name);
        if (length)
            printf("  short buffer: %s\n", strerror(__wasi_fd_prestat_dir_name(fd, name, length - 1)));
    }
    contents("/file");
    contents("/data/file");
    contents("/data/inner/file");
    contents("/data/innermost/file");
    contents("/database/file");
    contents("relative/file");
    contents("./relative/file");
    contents("/relative/file");
    contents("file");
    contents("/data/../file");
    contents("/data/inner/../file");
    contents("/./data/file");
    contents("//data//file");
    contents("/missing/file");
    TRY(chdir("/data"));
    contents("file");
    contents("inner/file");
    TRY(chdir("missing"));
    char where[50];
    puts(getcwd(where, sizeof where));
    return 0;
}
