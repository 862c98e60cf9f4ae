/* A table of skips and comparison of bytes: Horspool's search for four words in n bytes of text. */
#define MAX 1000000
static const char sample[] =
    "It was a bright cold day in the valley, and the river ran 12 inches higher than in any\n"
    "year the old man could remember.\tNobody - least of all the miller - spoke of it.\n\n";
static const char *const needles[] = {"river", "remember", "mill", "nowhere"};
static const int lengths[] = {5, 8, 4, 7};
static unsigned char text[MAX];

static int count(const unsigned char *needle, int m, int n) {
    int skip[256], found = 0;
    for (int i = 0; i < 256; i++) skip[i] = m;
    for (int i = 0; i < m - 1; i++) skip[needle[i]] = m - 1 - i;
    for (int at = 0; at <= n - m; at += skip[text[at + m - 1]]) {
        int same = 0;
        while (same < m && text[at + same] == needle[same]) same++;
        if (same == m) found++;
    }
    return found;
}

int run(int n) {
    for (int i = 0; i < n; i += (int)sizeof sample - 1)
        __builtin_memcpy(text + i, sample, sizeof sample - 1);
    int result = 0;
    for (int i = 0; i < 4; i++) result = result * 1000 + count((const unsigned char *)needles[i], lengths[i], n);
    return result;
}
