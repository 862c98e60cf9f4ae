// What all programs print: a call with its result, or with the text of its error.
#ifndef REPORT_H
#define REPORT_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static inline long report(const char *call, long result) {
    if (result < 0)
        printf("%s: %s\n", call, strerror(errno));
    else
        printf("%s = %ld\n", call, result);
    return result;
}

// The result of a call whose errors are negative, with errno.
#define TRY(call) report(#call, (long)(call))

// The same for one whose result is the error, as those of preview 1 and of pthreads.
#define ERRNO(call) ((void)((errno = (call)) ? printf("%s: %s\n", #call, strerror(errno)) : printf("%s = 0\n", #call)))

// The same for calls that return a descriptor, which hosts may number as they like.
static inline int report_descriptor(const char *call, int descriptor) {
    if (descriptor < 0)
        printf("%s: %s\n", call, strerror(errno));
    else
        printf("%s: open\n", call);
    return descriptor;
}
#define OPEN(...) report_descriptor("open(" #__VA_ARGS__ ")", open(__VA_ARGS__))

#endif
