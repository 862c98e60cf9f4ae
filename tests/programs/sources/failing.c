/* Error paths without setjmp: errno, failing calls, atexit, stderr, an exit status from the argument. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum { FINE, EMPTY, NOT_A_NUMBER, OUT_OF_RANGE } Problem;

static Problem parse(const char *text, long *out) {
    char *end;
    if (!*text) return EMPTY;
    errno = 0;
    *out = strtol(text, &end, 10);
    if (errno == ERANGE) return OUT_OF_RANGE;
    return *end ? NOT_A_NUMBER : FINE;
}

static void goodbye(void) { puts("goodbye"); }
static void farewell(void) { fputs("farewell, ", stdout); }

int main(int argc, char **argv) {
    atexit(goodbye);
    atexit(farewell);
    static const char *names[] = {"fine", "empty", "not a number", "out of range"};
    long total = 0;
    for (int i = 1; i < argc; i++) {
        long value = 0;
        Problem problem = parse(argv[i], &value);
        printf("%s: %s\n", argv[i], names[problem]);
        total += problem == FINE ? value : 1000 * (long)problem;
    }
    FILE *missing = fopen("/no/such/file", "r");
    printf("%s\n", missing ? "opened" : "could not open");
    printf("%s; %s\n", strerror(EINVAL), strerror(ERANGE));
    errno = 0;
    printf("%d\n", fseek(stdin, -1, SEEK_SET) != 0 && errno != 0);
    printf("%s\n", getenv("NO_SUCH_VARIABLE") ? "set" : "unset");
    struct tm date = {.tm_year = 99, .tm_mon = 11, .tm_mday = 31, .tm_hour = 23, .tm_min = 59, .tm_sec = 60};
    char buffer[64];
    time_t moment = mktime(&date);
    strftime(buffer, sizeof buffer, "%Y-%m-%d %H:%M:%S %j", gmtime(&moment));
    printf("%s %d\n", buffer, time(NULL) > moment);
    fprintf(stderr, "total %ld\n", total);
    fflush(stdout);
    if (total > 200) return 1;
    return (int)total;
}
