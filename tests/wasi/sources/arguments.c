// Shows the command line and the environment.
#include "report.h"
#include <stdlib.h>
#include <wasi/api.h>

extern char **environ;

static void show(const char *text) {
    size_t length = strlen(text);
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++)
        sum = sum * 31 + (unsigned char)text[i];
    if (length > 60)
        printf("  %.60s… %zu bytes, %08x\n", text, length, sum);
    else
        printf("  [%s]\n", text);
}

int main(int argc, char **argv) {
    printf("%d arguments\n", argc);
    for (int i = 0; i < argc; i++)
        show(argv[i]);
    puts(argv[argc] ? "no end" : "end");
    puts("environment");
    for (char **variable = environ; *variable; variable++)
        show(*variable);
    const char *value = getenv("NAME");
    puts(value ? value : "no NAME");
    TRY(setenv("NAME", "changed", 1));
    puts(getenv("NAME"));
    __wasi_size_t count, size;
    ERRNO(__wasi_args_sizes_get(&count, &size));
    printf("%zu %zu\n", count, size);
    ERRNO(__wasi_environ_sizes_get(&count, &size));
    printf("%zu %zu\n", count, size);
    return 0;
}
