// Numbers the lines of standard input, and reads on after its end.
#include "report.h"
#include <unistd.h>

int main(void) {
    char line[20];
    int number = 1, start = 1;
    while (fgets(line, sizeof line, stdin)) {
        if (start)
            printf("%d: ", number++);
        fputs(line, stdout);
        start = line[strlen(line) - 1] == '\n';
    }
    printf("%send %d, error %d\n", start ? "" : "\n", feof(stdin), ferror(stdin));
    clearerr(stdin);
    TRY(getc(stdin) == EOF);
    TRY(read(0, line, sizeof line));
    TRY(write(0, "x", 1));
    TRY(read(1, line, 1));
    fprintf(stderr, "%d lines\n", number - 1);
    return number - 1;
}
