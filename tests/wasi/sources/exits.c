// Ends in the way that the first argument names, with the status that the second gives.
#include "report.h"
#include <stdlib.h>
#include <unistd.h>

static void first(void) { puts("registered first"); }
static void second(void) { puts("registered second"); }

int main(int argc, char **argv) {
    atexit(first);
    atexit(second);
    const char *way = argc > 1 ? argv[1] : "";
    int status = argc > 2 ? atoi(argv[2]) : 0;
    printf("%s %d, no newline", way, status);
    if (!strcmp(way, "exit"))
        exit(status);
    if (!strcmp(way, "_exit")) {
        fflush(stdout);
        _exit(status);
    }
    return status;
}
