// A library: the host calls it, after `_initialize` has run the constructors.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int calls;
static char *name;

__attribute__((constructor)) static void begin(void) {
    calls = 100;
    name = getenv("NAME");
}

__attribute__((export_name("add"))) int add(int a, int b) { return a + b; }

__attribute__((export_name("count"))) int count(void) { return ++calls; }

__attribute__((export_name("greet"))) void greet(int times) {
    while (times-- > 0)
        printf("hello %s\n", name ? name : "nobody");
    fflush(stdout);
}
