/* Byte loads and nested branches: n characters encoded as UTF-8 and decoded again. */
#define MAX 100000
static unsigned char text[4 * MAX];

int run(int n) {
    unsigned seed = 11;
    unsigned char *end = text;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        unsigned kind = seed >> 30, c = seed >> 9;
        if (kind < 2) {
            *end++ = c & 0x7F;
        } else if (kind == 2) {
            c = 0x80 + (c & 0x3FF);
            *end++ = (unsigned char)(0xC0 | c >> 6);
            *end++ = 0x80 | (c & 0x3F);
        } else if (c & 1) {
            c = 0x3000 + (c >> 1 & 0x3FFF);
            *end++ = (unsigned char)(0xE0 | c >> 12);
            *end++ = 0x80 | (c >> 6 & 0x3F);
            *end++ = 0x80 | (c & 0x3F);
        } else {
            c = 0x1F000 + (c >> 1 & 0xFFF);
            *end++ = (unsigned char)(0xF0 | c >> 18);
            *end++ = 0x80 | (c >> 12 & 0x3F);
            *end++ = 0x80 | (c >> 6 & 0x3F);
            *end++ = 0x80 | (c & 0x3F);
        }
    }
    unsigned sum = 0;
    const unsigned char *at = text;
    while (at < end) {
        unsigned c = *at++;
        if (c >= 0x80) {
            int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
            c &= 0x3Fu >> more;
            while (more--) c = c << 6 | (*at++ & 0x3F);
        }
        sum = sum * 31 + c;
    }
    return (int)sum;
}
