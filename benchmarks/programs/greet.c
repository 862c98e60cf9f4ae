#include <stdio.h>

int main(int argc, char **argv) {
    printf("hello, %s: %d arguments, %.3f\n", argc > 1 ? argv[1] : "world", argc - 1, 1.0 / (argc + 2));
    return 0;
}
