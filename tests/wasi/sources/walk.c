// Builds a tree, measures it, copies it to another directory, and removes it.
#include "report.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int files, directories, links;
    long bytes;
} Sums;

static void build(const char *path, int depth) {
    char name[300];
    mkdir(path, 0777);
    for (int i = 0; i < 3; i++) {
        sprintf(name, "%s/file-%d", path, i);
        FILE *file = fopen(name, "w");
        for (int k = 0; k < depth * 100 + i; k++)
            fprintf(file, "%d\n", k);
        fclose(file);
        struct timespec times[] = {{depth, 0}, {100000 * depth + i, 123456789}};
        utimensat(AT_FDCWD, name, times, 0);
        sprintf(name, "%s/directory-%d", path, i);
        if (depth)
            build(name, depth - 1);
    }
    sprintf(name, "%s/link", path);
    symlink(depth ? "directory-1/file-2" : "file-0", name);
}

static void copy_file(const char *from, const char *to, const struct stat *found) {
    static char data[333];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0666);
    for (ssize_t count; (count = read(in, data, sizeof data)) > 0;)
        write(out, data, count);
    const struct timespec times[] = {found->st_atim, found->st_mtim};
    futimens(out, times);
    close(in);
    close(out);
}

// Visits what is below `path`; copies it to `copy`, if that is given, and removes it, if `removing`.
static void walk(const char *path, const char *copy, int removing, Sums *sums) {
    char name[300], other[300], target[100];
    DIR *dir = opendir(path);
    sums->directories++;
    if (copy)
        mkdir(copy, 0777);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        sprintf(name, "%s/%s", path, entry->d_name);
        if (copy)
            sprintf(other, "%s/%s", copy, entry->d_name);
        struct stat found;
        lstat(name, &found);
        if (S_ISDIR(found.st_mode)) {
            walk(name, copy ? other : 0, removing, sums);
            continue;
        }
        sums->bytes += found.st_size;
        if (S_ISLNK(found.st_mode)) {
            sums->links++;
            target[readlink(name, target, sizeof target)] = 0;
            if (copy)
                symlink(target, other);
        } else {
            sums->files++;
            if (copy)
                copy_file(name, other, &found);
        }
        if (removing)
            unlink(name);
    }
    closedir(dir);
    if (removing && rmdir(path))
        printf("%s: %s\n", path, strerror(errno));
}

static void show(const char *what, const char *path, const char *copy, int removing) {
    Sums sums = {0};
    walk(path, copy, removing, &sums);
    printf("%s: %d files, %d directories, %d links, %ld bytes\n", what, sums.files, sums.directories, sums.links, sums.bytes);
}

int main(void) {
    build("/tree", 3);
    show("built", "/tree", 0, 0);
    show("copied", "/tree", "/other/copy", 0);
    show("the copy", "/other/copy", 0, 0);
    show("removed", "/tree", 0, 1);
    struct stat found;
    TRY(stat("/tree", &found));
    show("below", "/other/copy/directory-0", 0, 1);
    return 0;
}
