/* Divisions by constants and byte stores: n numbers written in decimal with separators, and in hexadecimal. */
static char line[64];

static char *decimal(char *at, int value) {
    char digits[16];
    int count = 0;
    unsigned rest = value < 0 ? -(unsigned)value : (unsigned)value;
    if (value < 0) *at++ = '-';
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    while (count) {
        *at++ = digits[--count];
        if (count && count % 3 == 0) *at++ = ',';
    }
    return at;
}

static char *hexadecimal(char *at, unsigned value) {
    for (int shift = 28; shift >= 0; shift -= 4) *at++ = "0123456789abcdef"[value >> shift & 15];
    return at;
}

int run(int n) {
    unsigned seed = 6, sum = 0;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        int value = (int)seed >> (i & 15);
        char *end = decimal(line, value);
        *end++ = ' ';
        end = hexadecimal(end, (unsigned)value);
        for (const char *at = line; at < end; at++) sum = sum * 31 + (unsigned char)*at;
    }
    return (int)sum;
}
