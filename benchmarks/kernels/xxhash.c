/* Rotations and 32-bit multiplication: xxHash32 of a buffer of 16 * n bytes. */
#define MAX 65536
#define P1 2654435761u
#define P2 2246822519u
#define P3 3266489917u
static unsigned char data[16 * MAX];

static unsigned rotate(unsigned x, int by) { return x << by | x >> (32 - by); }

static unsigned lane(const unsigned char *at) {
    unsigned word;
    __builtin_memcpy(&word, at, 4);
    return word;
}

int run(int n) {
    for (int i = 0; i < 16 * n; i++) data[i] = (unsigned char)(i * 7 + (i >> 5));
    unsigned a = P1 + P2, b = P2, c = 0, d = -P1;
    for (const unsigned char *at = data; at < data + 16 * n; at += 16) {
        a = rotate(a + lane(at) * P2, 13) * P1;
        b = rotate(b + lane(at + 4) * P2, 13) * P1;
        c = rotate(c + lane(at + 8) * P2, 13) * P1;
        d = rotate(d + lane(at + 12) * P2, 13) * P1;
    }
    unsigned hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) + 16 * (unsigned)n;
    hash = (hash ^ hash >> 15) * P2;
    hash = (hash ^ hash >> 13) * P3;
    return (int)(hash ^ hash >> 16);
}
