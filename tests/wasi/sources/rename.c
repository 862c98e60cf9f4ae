// Renames everything onto everything.
#include "report.h"
#include <sys/stat.h>
#include <unistd.h>

static const char *const NAMES[] = {"file", "other", "empty", "full", "link", "dirlink", "dangling", "missing"};
enum { COUNT = sizeof NAMES / sizeof *NAMES };

static void make(const char *path) {
    FILE *file = fopen(path, "w");
    fputs(path, file);
    fclose(file);
}

static void plant(const char *folder) {
    mkdir(folder, 0777);
    chdir(folder);
    make("file");
    make("other");
    mkdir("empty", 0777);
    mkdir("full", 0777);
    make("full/inside");
    symlink("file", "link");
    symlink("full", "dirlink");
    symlink("nowhere", "dangling");
    chdir("/");
}

int main(void) {
    char folder[20], from[60], to[60];
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) {
            sprintf(folder, "/%d-%d", i, k);
            plant(folder);
            sprintf(from, "%s/%s", folder, NAMES[i]);
            sprintf(to, "%s/%s", folder, NAMES[k]);
            int failed = rename(from, to);
            printf("%s -> %s: %s\n", NAMES[i], NAMES[k], failed ? strerror(errno) : "done");
        }
    }
    plant("/x");
    chdir("/x");
    TRY(rename("full", "empty/moved"));
    TRY(rename("empty", "empty/moved/below"));
    TRY(rename("empty/moved/inside", "outside"));
    TRY(rename("empty/", "renamed/"));
    TRY(rename("renamed/", "again"));
    TRY(rename("file", "absent/file"));
    TRY(rename("file/below", "new"));
    TRY(rename("file", "other/"));
    TRY(rename("file/", "new"));
    TRY(rename("", "new"));
    TRY(rename("file", ""));
    TRY(rename("../x/file", "../x/./renamed"));
    TRY(rename(".", "new"));
    TRY(rename("again", "dirlink/again"));
    return 0;
}
