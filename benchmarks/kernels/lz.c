/* Hashes of words, matches of bytes and overlapping copies: n bytes of text compressed as LZ77 and restored. */
#define MAX 200000
#define BITS 12
static unsigned char text[MAX + 8], packed[2 * MAX], back[MAX];
static int heads[1 << BITS];

static unsigned hash(const unsigned char *at) {
    return (at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16) * 2654435761u >> (32 - BITS);
}

/* A copy is a byte of 128 + length - 3 and two of distance; a run of others a byte of their count. */
static int compress(int n) {
    unsigned char *out = packed;
    int at = 0, start = 0;
    for (int i = 0; i < 1 << BITS; i++) heads[i] = -1;
    while (at < n) {
        int length = 0, from = -1;
        if (at + 3 <= n) {
            unsigned h = hash(text + at);
            from = heads[h];
            heads[h] = at;
            if (from >= 0 && at - from < 65536)
                while (length < 130 && at + length < n && text[from + length] == text[at + length]) length++;
        }
        if (length < 3) {
            at++;
            if (at - start < 127 && at < n) continue;
        }
        if (at > start) {
            *out++ = (unsigned char)(at - start);
            while (start < at) *out++ = text[start++];
        }
        if (length >= 3) {
            *out++ = (unsigned char)(125 + length);
            *out++ = (unsigned char)(at - from);
            *out++ = (unsigned char)((at - from) >> 8);
            start = at += length;
        }
    }
    return (int)(out - packed);
}

static int decompress(int size) {
    unsigned char *out = back;
    for (const unsigned char *at = packed, *end = packed + size; at < end;) {
        int length = *at++;
        if (length < 128) {
            while (length--) *out++ = *at++;
        } else {
            const unsigned char *from = out - (at[0] | at[1] << 8);
            at += 2;
            for (length -= 125; length; length--) *out++ = *from++;
        }
    }
    return (int)(out - back);
}

int run(int n) {
    static const char words[8][8] = {"tree ", "of ", "green ", "a ", "leaf,\n", "the ", "and ", "winter "};
    unsigned seed = 12, sum = 0;
    for (int at = 0; at < n;) {
        seed = seed * 1664525u + 1013904223u;
        for (const char *word = words[seed >> 29]; *word; word++) text[at++] = (unsigned char)*word;
        if ((seed >> 20 & 7) == 0) text[at++] = (unsigned char)('0' + (seed >> 24 & 7));
    }
    int size = compress(n), restored = decompress(size);
    for (int i = 0; i < size; i++) sum = sum * 31 + packed[i];
    for (int i = 0; i < restored; i++) sum += back[i] == text[i];
    return (int)sum;
}
