// Looks at the clocks.
#include "report.h"
#include <sys/time.h>
#include <time.h>
#include <wasi/api.h>

int main(void) {
    static const char *const names[] = {"realtime", "monotonic", "process", "thread"};
    for (int id = 0; id < 4; id++) {
        __wasi_timestamp_t resolution = 0, now = 0;
        __wasi_errno_t error = __wasi_clock_res_get(id, &resolution);
        printf("%s: resolution %s, ", names[id], error ? strerror(error) : resolution - 1 < 1000000000 ? "fine" : "bad");
        error = __wasi_clock_time_get(id, 1, &now);
        printf("time %s\n", error ? strerror(error) : now ? "set" : "0");
    }
    struct timespec spec;
    TRY(clock_getres(CLOCK_REALTIME, &spec));
    printf("less than a second: %d\n", spec.tv_sec == 0 && spec.tv_nsec > 0);
    TRY(clock_gettime(CLOCK_REALTIME, &spec));
    printf("after 2024: %d\n", spec.tv_sec > 1704067200);
    long long last = 0, first = 0;
    int backwards = 0;
    for (int i = 0; i < 3000; i++) {
        clock_gettime(CLOCK_MONOTONIC, &spec);
        long long now = spec.tv_sec * 1000000000LL + spec.tv_nsec;
        backwards += now < last;
        last = now;
        first = first ? first : now;
    }
    printf("backwards: %d, forwards: %d\n", backwards, last > first);
    struct timeval day;
    TRY(gettimeofday(&day, 0));
    long difference = (long)(day.tv_sec - time(0));
    printf("time agrees: %d\n", difference >= -2 && difference <= 2);
    struct tm *broken = gmtime(&(time_t){1234567890});
    char text[50];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a", broken);
    puts(text);
    return 0;
}
