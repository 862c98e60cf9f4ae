// Makes and removes directories, and fails to.
#include "report.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *repeated(char letter, int count) {
    char *text = malloc(count + 1);
    memset(text, letter, count);
    text[count] = 0;
    return text;
}

int main(void) {
    TRY(mkdir("a", 0777));
    TRY(mkdir("a", 0777));
    TRY(mkdir("a/b/c", 0777));
    TRY(mkdir("a/b", 0777));
    TRY(mkdir("a/b/c/", 0777));
    TRY(mkdir("slash/", 0777));
    TRY(mkdir("slashes//", 0777));
    TRY(mkdir("file", 0777));
    TRY(mkdir("file/below", 0777));
    TRY(mkdir("link", 0777));
    TRY(mkdir("dangling", 0777));
    TRY(mkdir("dangling/", 0777));
    TRY(mkdir("", 0777));
    TRY(mkdir(".", 0777));
    TRY(mkdir("a/.", 0777));
    TRY(mkdir("a/..", 0777));
    TRY(mkdir("a/../up", 0777));
    TRY(mkdir("ünïcödé 目录", 0777));
    TRY(mkdir(" spaces\tand\nlines ", 0777));
    TRY(mkdir("back\\slash", 0777));
    TRY(rmdir("a"));
    TRY(rmdir("a/b/c"));
    TRY(rmdir("a/b/c"));
    TRY(rmdir("a/b"));
    TRY(rmdir("file"));
    TRY(rmdir("link"));
    TRY(rmdir("dangling"));
    TRY(rmdir("file/below"));
    TRY(rmdir("missing"));
    TRY(rmdir("missing/below"));
    TRY(rmdir("a/."));
    TRY(rmdir(""));
    TRY(rmdir("slash"));
    TRY(unlink("a"));
    TRY(unlink("a/"));
    TRY(unlink("file/"));
    TRY(unlink("missing"));
    TRY(unlink(""));
    TRY(unlink("file"));
    for (int length = 254; length <= 257; length++) {
        char *name = repeated('n', length);
        printf("name of %d: ", length);
        puts(mkdir(name, 0777) ? strerror(errno) : "made");
        free(name);
    }
    char path[400] = "deep";
    int depth = 0;
    for (; depth < 80 && mkdir(path, 0777) == 0; depth++)
        strcat(path, "/x");
    printf("depth %d\n", depth);
    return 0;
}
