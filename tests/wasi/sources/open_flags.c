// Opens everything with every combination of flags.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>

typedef struct {
    const char *name;
    int flags;
} Choice;

static const Choice ACCESS[] = {{"read", O_RDONLY}, {"write", O_WRONLY}, {"both", O_RDWR}};
static const Choice HOW[] = {
    {"", 0},
    {" creat", O_CREAT},
    {" creat excl", O_CREAT | O_EXCL},
    {" trunc", O_TRUNC},
    {" creat trunc", O_CREAT | O_TRUNC},
    {" append", O_APPEND},
    {" directory", O_DIRECTORY},
    {" directory nofollow", O_DIRECTORY | O_NOFOLLOW},
    {" nofollow", O_NOFOLLOW},
    {" nonblock", O_NONBLOCK},
};
static const char *const PATHS[] = {"file",  "folder",  "link",  "dirlink", "dangling", "loop",
                                    "missing", "missing/below", "file/below", "file/", "folder/", "missing/"};

int main(void) {
    for (unsigned p = 0; p < sizeof PATHS / sizeof *PATHS; p++) {
        for (unsigned h = 0; h < sizeof HOW / sizeof *HOW; h++) {
            for (unsigned a = 0; a < sizeof ACCESS / sizeof *ACCESS; a++) {
                int fd = open(PATHS[p], ACCESS[a].flags | HOW[h].flags, 0666);
                printf("%s %s%s: ", PATHS[p], ACCESS[a].name, HOW[h].name);
                if (fd < 0) {
                    puts(strerror(errno));
                    continue;
                }
                char byte;
                printf("read %s, ", read(fd, &byte, 1) < 0 ? strerror(errno) : "works");
                // A descriptor that was to be read only can write in wasmtime, if its file had to be made or emptied.
                if (ACCESS[a].flags == O_RDONLY && HOW[h].flags & (O_CREAT | O_TRUNC))
                    puts("open");
                else
                    printf("write %s\n", write(fd, "w", 1) < 0 ? strerror(errno) : "works");
                close(fd);
            }
            if (HOW[h].flags & O_CREAT) {
                unlink("missing");
                unlink("nowhere");
            }
        }
    }
    return 0;
}
