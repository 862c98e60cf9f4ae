/* The string functions of the C library, scanf, ctype, and a line-by-line word count of stdin. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void library(void) {
    char buffer[64] = "hello";
    printf("%zu %s %s\n", strlen(buffer), strcat(buffer, ", world"), strchr(buffer, 'w'));
    printf("%d %d %d %d\n", strcmp("a", "b") < 0, strcmp("b", "a") > 0, strncmp("abc", "abd", 2), strcmp("", ""));
    printf("%s %s\n", strstr(buffer, "lo, w"), strrchr(buffer, 'o'));
    printf("%zu %zu %s\n", strspn("aabbc", "ab"), strcspn("hello", "l"), strpbrk("hello", "xyzl"));
    memmove(buffer + 2, buffer, 12);
    buffer[14] = 0;
    printf("%s\n", buffer);
    memmove(buffer, buffer + 3, 10);
    printf("%.10s\n", buffer);
    strncpy(buffer, "cut short by count", 9);
    printf("%.9s|\n", buffer);
    char list[] = "one, two;three  four", *rest;
    for (char *word = strtok_r(list, " ,;", &rest); word; word = strtok_r(NULL, " ,;", &rest)) printf("<%s>", word);
    char *copy = strdup("duplicate");
    printf("\n%s %d %d\n", copy, memcmp(copy, "dupe", 3), memcmp("\x80", "\x7f", 1) > 0);
    printf("%ld\n", (long)((char *)memchr(copy, 'c', 9) - copy));
    free(copy);
    for (int c = 0; c < 128; c += 9)
        printf("%d%d%d%d%d%d ", isalpha(c) != 0, isdigit(c) != 0, isspace(c) != 0, isupper(c) != 0, ispunct(c) != 0,
               isxdigit(c) != 0);
    printf("%c%c\n", toupper('q'), tolower('Q'));
}

static void scanning(void) {
    int number, count, hex;
    double real;
    char word[16], set[16];
    count = sscanf("17 0x1f word 2.5e3 abcdef123", "%d %i %15s %lf %15[a-f]", &number, &hex, word, &real, set);
    printf("%d: %d %d %s %g %s\n", count, number, hex, word, real, set);
    count = sscanf("x", "%d", &number);
    printf("%d\n", count);
}

int main(void) {
    library();
    scanning();
    char line[256];
    int lines = 0, words = 0, longest = 0, histogram[26] = {0};
    while (fgets(line, sizeof line, stdin)) {
        int length = (int)strcspn(line, "\n"), inside = 0;
        lines++;
        if (length > longest) longest = length;
        for (int i = 0; i < length; i++) {
            unsigned char c = (unsigned char)line[i];
            if (isalpha(c)) histogram[tolower(c) - 'a']++;
            if (!isspace(c) && !inside) words++;
            inside = !isspace(c);
        }
    }
    printf("%d lines, %d words, longest %d\n", lines, words, longest);
    for (int i = 0; i < 26; i++)
        if (histogram[i]) printf("%c%d ", 'a' + i, histogram[i]);
    printf("\n");
    return lines == 0 ? 3 : 0;
}
