/* Table look-ups by byte: CRC-32 of a buffer of n pseudo-random bytes. */
#define MAX 1000000
static unsigned table[256];
static unsigned char data[MAX];

int run(int n) {
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    for (int i = 0; i < n; i++) data[i] = (unsigned char)(i * 7 + (i >> 5));
    unsigned crc = 0xFFFFFFFFu;
    for (int i = 0; i < n; i++) crc = table[(crc ^ data[i]) & 0xFF] ^ (crc >> 8);
    return (int)~crc;
}
