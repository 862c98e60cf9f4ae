// Blocks of LZ4; both return the number of bytes written.
#include "lz4.h"

__attribute__((export_name("pack"))) int pack(const char *from, int size, char *to, int room) {
    return LZ4_compress_default(from, to, size, room);
}

__attribute__((export_name("unpack"))) int unpack(const char *from, int size, char *to, int room) {
    return LZ4_decompress_safe(from, to, size, room);
}
