// Uses the streams of the C library on files.
#include "report.h"
#include <fcntl.h>
#include <unistd.h>

static void show(const char *path) {
    FILE *file = fopen(path, "r");
    printf("%s: ", path);
    for (int c; (c = getc(file)) != EOF;)
        putchar(c == '\n' ? '|' : c);
    puts("");
    fclose(file);
}

int main(void) {
    char line[64];
    FILE *file = fopen("file", "w+");
    for (int i = 0; i < 300; i++)
        fprintf(file, "line %d\n", i);
    TRY(ftell(file));
    TRY(fseek(file, -10, SEEK_END));
    printf("%s", fgets(line, sizeof line, file));
    TRY(ftell(file));
    TRY(fseek(file, 0, SEEK_SET));
    int number, sum = 0;
    while (fscanf(file, "line %d\n", &number) == 1)
        sum += number;
    TRY(sum);
    TRY(feof(file));
    rewind(file);
    TRY(ungetc('<', file));
    printf("%s", fgets(line, sizeof line, file));
    TRY(fclose(file));

    file = fopen("file", "r+");
    setvbuf(file, 0, _IONBF, 0);
    fputs("LINE", file);
    fseek(file, 3, SEEK_CUR);
    fputs("###", file);
    fclose(file);
    file = fopen("file", "r");
    for (int i = 0; i < 3; i++)
        printf("%s", fgets(line, sizeof line, file));
    TRY(fputc('x', file) == EOF);
    TRY(ferror(file) != 0);
    fclose(file);

    file = fopen("small", "a");
    setvbuf(file, line, _IOFBF, 7);
    fputs("some text that is longer than the buffer\n", file);
    fclose(file);
    show("small");
    printf("%s\n", fopen("small", "wx") ? "made again" : strerror(errno));
    printf("%s\n", fopen("missing", "r") ? "found" : strerror(errno));
    printf("%s\n", fopen("missing/file", "w") ? "made" : strerror(errno));
    printf("%s\n", fopen("small", "?") ? "opened" : strerror(errno));
    TRY(remove("small"));
    TRY(remove("small"));
    unsigned char block[1000];
    file = fopen("blocks", "w+b");
    for (int i = 0; i < 40; i++) {
        memset(block, i, sizeof block);
        if (fwrite(block, sizeof block, 1, file) != 1)
            return 1;
    }
    fseek(file, 12345, SEEK_SET);
    printf("%zu %d\n", fread(block, 1, 1000, file), block[0]);
    fseek(file, 39999, SEEK_SET);
    printf("%zu %d\n", fread(block, 1, 1000, file), block[0]);
    fclose(file);
    setvbuf(stdout, 0, _IOLBF, 0);
    fprintf(stderr, "on standard error\n");
    printf("half a line");
    return 0;
}
