/* Bytes packed and unpacked through tables: 3 * n bytes to base64 and back. */
#define MAX 100000
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static unsigned char data[3 * MAX], text[4 * MAX], back[3 * MAX], values[256];

int run(int n) {
    for (int i = 0; i < 3 * n; i++) data[i] = (unsigned char)(i * 7 + (i >> 5));
    for (int i = 0; i < n; i++) {
        unsigned group = (unsigned)data[3 * i] << 16 | (unsigned)data[3 * i + 1] << 8 | data[3 * i + 2];
        text[4 * i] = (unsigned char)alphabet[group >> 18];
        text[4 * i + 1] = (unsigned char)alphabet[group >> 12 & 63];
        text[4 * i + 2] = (unsigned char)alphabet[group >> 6 & 63];
        text[4 * i + 3] = (unsigned char)alphabet[group & 63];
    }
    for (int i = 0; i < 64; i++) values[(unsigned char)alphabet[i]] = (unsigned char)i;
    for (int i = 0; i < n; i++) {
        unsigned group = (unsigned)values[text[4 * i]] << 18 | (unsigned)values[text[4 * i + 1]] << 12 |
                         (unsigned)values[text[4 * i + 2]] << 6 | values[text[4 * i + 3]];
        back[3 * i] = (unsigned char)(group >> 16);
        back[3 * i + 1] = (unsigned char)(group >> 8);
        back[3 * i + 2] = (unsigned char)group;
    }
    unsigned sum = 0;
    for (int i = 0; i < 3 * n; i++) sum = (sum + back[i] + text[i]) * 31;
    return (int)sum;
}
