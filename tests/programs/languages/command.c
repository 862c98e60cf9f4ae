// Shows what it is given, reads and writes files, and ends with the number of its arguments.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

static void list(const char *path) {
    char lines[20][80], name[80];
    int count = 0;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        struct stat found;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        stat(name, &found);
        snprintf(lines[count++], sizeof *lines, "%s: %lld bytes", entry->d_name, (long long)found.st_size);
    }
    qsort(lines, count, sizeof *lines, by_text);
    for (int i = 0; i < count; i++)
        puts(lines[i]);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        printf("argument: %s\n", argv[i]);
    const char *greeting = getenv("GREETING");
    printf("greeting: %s\n", greeting ? greeting : "none");
    int size = 0;
    while (getchar() != EOF)
        size++;
    printf("input: %d bytes\n", size);
    char line[80];
    FILE *file = fopen("input.txt", "r");
    printf("file: %s\n", file && fgets(line, sizeof line, file) ? line : "none");
    list("folder");
    file = fopen("output.txt", "w");
    if (file) {
        fputs("written by the program", file);
        fclose(file);
    }
    fputs("done\n", stderr);
    return argc - 1;
}
