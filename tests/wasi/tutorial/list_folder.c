// Lists the files of a folder with their sizes.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : ".";
    DIR *dir = opendir(folder);
    if (!dir) {
        perror(folder);
        return 1;
    }
    char lines[50][300];
    int count = 0;
    for (struct dirent *entry; count < 50 && (entry = readdir(dir));) {
        char path[600];
        struct stat found;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!stat(path, &found) && S_ISREG(found.st_mode))
            snprintf(lines[count++], sizeof *lines, "%s: %lld bytes", entry->d_name, (long long)found.st_size);
    }
    closedir(dir);
    qsort(lines, count, sizeof *lines, by_text);
    for (int i = 0; i < count; i++)
        puts(lines[i]);
    return 0;
}
