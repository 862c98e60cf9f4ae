/* Byte loads and branches on classes of characters: counts lines, words and the longest word of a text. */
#define MAX 1000000
static const char sample[] =
    "It was a bright cold day in the valley, and the river ran 12 inches higher than in any\n"
    "year the old man could remember.\tNobody - least of all the miller - spoke of it.\n\n";
static char text[MAX];

static int is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int run(int n) {
    for (int i = 0; i < n; i += (int)sizeof sample - 1)  /* one memory.copy each, as Python repeats bytes in C */
        __builtin_memcpy(text + i, sample, sizeof sample - 1);
    int lines = 0, words = 0, longest = 0, length = 0;
    for (int i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (is_letter(c)) {
            if (length == 0) words++;
            length++;
            if (length > longest) longest = length;
        } else {
            length = 0;
            if (c == '\n') lines++;
        }
    }
    return (lines * 1000 + words) * 100 + longest;
}
