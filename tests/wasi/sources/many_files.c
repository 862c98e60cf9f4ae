// Makes, lists, seeks among and removes hundreds of files.
#include "report.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNT = 400 };

static unsigned char seen[COUNT];

static void list(const char *what) {
    DIR *dir = opendir("many");
    int others = 0, found = 0, twice = 0;
    memset(seen, 0, sizeof seen);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (strncmp(entry->d_name, "file-", 5)) {
            others++;
            continue;
        }
        twice += seen[atoi(entry->d_name + 5)]++;
        found++;
    }
    printf("%s: %d files, %d twice, %d others\n", what, found, twice, others);
    closedir(dir);
}

int main(void) {
    char name[100];
    TRY(mkdir("many", 0777));
    for (int i = 0; i < COUNT; i++) {
        sprintf(name, "many/file-%03d%.*s", i, i % 40, "----------------------------------------");
        FILE *file = fopen(name, "w");
        fprintf(file, "%d\n", i);
        fclose(file);
    }
    list("all");
    DIR *dir = opendir("many");
    long middle = 0;
    for (int i = 0; i < 200; i++) {
        middle = telldir(dir);
        readdir(dir);
    }
    char there[256];
    strcpy(there, readdir(dir)->d_name);
    seekdir(dir, middle);
    readdir(dir);
    printf("after seekdir: %s\n", strcmp(readdir(dir)->d_name, there) ? "another" : "the same");
    rewinddir(dir);
    int count = 0;
    while (readdir(dir))
        count++;
    printf("after rewinddir: %d\n", count);
    closedir(dir);
    int removed = 0;
    for (int i = 0; i < COUNT; i += 3) {
        sprintf(name, "many/file-%03d%.*s", i, i % 40, "----------------------------------------");
        removed += unlink(name) == 0;
    }
    printf("removed %d\n", removed);
    list("rest");
    TRY(rmdir("many"));
    return 0;
}
