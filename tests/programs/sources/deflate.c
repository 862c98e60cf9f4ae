/* DEFLATE (RFC 1951) both ways: "c" compresses stdin to stdout, "d" expands, "t" does both and compares.
 *
 * A second argument chooses the block type of the compressor: 0 stored, 1 fixed codes, 2 dynamic codes (the default).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint8_t *bytes;
    size_t length, room;
} Buffer;

static void push(Buffer *buffer, uint8_t byte) {
    if (buffer->length == buffer->room) buffer->bytes = realloc(buffer->bytes, buffer->room = buffer->room * 2 + 64);
    buffer->bytes[buffer->length++] = byte;
}

static const uint16_t LENGTH_BASE[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t LENGTH_EXTRA[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t DISTANCE_BASE[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                           193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const uint8_t DISTANCE_EXTRA[30] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
static const uint8_t CODE_LENGTH_ORDER[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

/* ---- expanding ---- */

typedef struct {
    const uint8_t *at, *end;
    uint32_t bits;
    int count;
    int short_of_input;
} Reader;

typedef struct {
    uint16_t counts[16];
    uint16_t symbols[288];
} Codes;

static unsigned take(Reader *reader, int count) {
    while (reader->count < count) {
        if (reader->at == reader->end) {
            reader->short_of_input = 1;
            return 0;
        }
        reader->bits |= (uint32_t)*reader->at++ << reader->count;
        reader->count += 8;
    }
    unsigned value = reader->bits & ((1u << count) - 1);
    reader->bits >>= count;
    reader->count -= count;
    return value;
}

static int make_codes(Codes *codes, const uint8_t *lengths, int count) {
    uint16_t offsets[16];
    int left = 1;
    memset(codes->counts, 0, sizeof codes->counts);
    for (int i = 0; i < count; i++) codes->counts[lengths[i]]++;
    codes->counts[0] = 0;
    for (int i = 1; i < 16; i++)
        if ((left = left * 2 - codes->counts[i]) < 0) return 0;
    offsets[1] = 0;
    for (int i = 1; i < 15; i++) offsets[i + 1] = (uint16_t)(offsets[i] + codes->counts[i]);
    for (int i = 0; i < count; i++)
        if (lengths[i]) codes->symbols[offsets[lengths[i]]++] = (uint16_t)i;
    return 1;
}

static int symbol(Reader *reader, const Codes *codes) {
    int code = 0, first = 0, index = 0;
    for (int length = 1; length < 16; length++) {
        code |= (int)take(reader, 1);
        int count = codes->counts[length];
        if (code - count < first) return codes->symbols[index + code - first];
        index += count;
        first = (first + count) << 1;
        code <<= 1;
    }
    return -1;
}

static void fixed_lengths(uint8_t *lengths) {
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
}

static const char *expand_codes(Reader *reader, Buffer *out, const Codes *literals, const Codes *distances) {
    for (;;) {
        int code = symbol(reader, literals);
        if (reader->short_of_input) return "input ends early";
        if (code < 0) return "bad literal code";
        if (code < 256) {
            push(out, (uint8_t)code);
            continue;
        }
        if (code == 256) return NULL;
        if (code > 285) return "bad length code";
        size_t length = LENGTH_BASE[code - 257] + take(reader, LENGTH_EXTRA[code - 257]);
        int far = symbol(reader, distances);
        if (far < 0 || far > 29) return "bad distance code";
        size_t distance = DISTANCE_BASE[far] + take(reader, DISTANCE_EXTRA[far]);
        if (distance > out->length) return "distance too far back";
        for (; length; length--) push(out, out->bytes[out->length - distance]);
    }
}

static const char *expand(const uint8_t *data, size_t size, Buffer *out) {
    Reader reader = {data, data + size, 0, 0, 0};
    Codes literals, distances;
    uint8_t lengths[320];
    int final;
    do {
        const char *problem = NULL;
        final = (int)take(&reader, 1);
        switch (take(&reader, 2)) {
        case 0: {
            reader.bits = 0;
            reader.count = 0;
            unsigned count = take(&reader, 16), check = take(&reader, 16);
            if (reader.short_of_input) return "input ends early";
            if ((count ^ check) != 0xFFFF) return "bad stored block";
            if ((size_t)(reader.end - reader.at) < count) return "input ends early";
            for (; count; count--) push(out, *reader.at++);
            break;
        }
        case 1:
            fixed_lengths(lengths);
            make_codes(&literals, lengths, 288);
            memset(lengths, 5, 30);
            make_codes(&distances, lengths, 30);
            problem = expand_codes(&reader, out, &literals, &distances);
            break;
        case 2: {
            int literal_count = (int)take(&reader, 5) + 257, distance_count = (int)take(&reader, 5) + 1;
            int code_count = (int)take(&reader, 4) + 4, at = 0;
            memset(lengths, 0, 19);
            for (int i = 0; i < code_count; i++) lengths[CODE_LENGTH_ORDER[i]] = (uint8_t)take(&reader, 3);
            if (!make_codes(&literals, lengths, 19)) return "bad code lengths";
            while (at < literal_count + distance_count) {
                int code = symbol(&reader, &literals), repeat;
                uint8_t value = 0;
                if (reader.short_of_input) return "input ends early";
                if (code < 0) return "bad code lengths";
                if (code < 16) {
                    lengths[at++] = (uint8_t)code;
                    continue;
                }
                if (code == 16) {
                    if (!at) return "nothing to repeat";
                    value = lengths[at - 1];
                    repeat = 3 + (int)take(&reader, 2);
                } else {
                    repeat = code == 17 ? 3 + (int)take(&reader, 3) : 11 + (int)take(&reader, 7);
                }
                if (at + repeat > literal_count + distance_count) return "too many code lengths";
                while (repeat--) lengths[at++] = value;
            }
            if (!lengths[256]) return "no end-of-block code";
            if (!make_codes(&literals, lengths, literal_count)) return "bad code lengths";
            if (!make_codes(&distances, lengths + literal_count, distance_count)) return "bad code lengths";
            problem = expand_codes(&reader, out, &literals, &distances);
            break;
        }
        default:
            return reader.short_of_input ? "input ends early" : "bad block type";
        }
        if (problem) return problem;
        if (reader.short_of_input) return "input ends early";
    } while (!final);
    return NULL;
}

/* ---- compressing ---- */

typedef struct {
    Buffer *out;
    uint32_t bits;
    int count;
} Writer;

typedef struct {
    uint16_t length;   /* 0: a literal */
    uint16_t distance; /* or the literal */
} Token;

static void put(Writer *writer, unsigned value, int count) {
    writer->bits |= value << writer->count;
    writer->count += count;
    while (writer->count >= 8) {
        push(writer->out, (uint8_t)writer->bits);
        writer->bits >>= 8;
        writer->count -= 8;
    }
}

static void align_to_byte(Writer *writer) {
    if (writer->count) put(writer, 0, 8 - writer->count);
}

static unsigned hash3(const uint8_t *at) { return ((at[0] | at[1] << 8 | (unsigned)at[2] << 16) * 2654435761u) >> 19; }

static size_t find_tokens(const uint8_t *data, size_t size, Token *tokens) {
    enum { HASHES = 1 << 13, CHAIN = 16 };
    int32_t *head = malloc(HASHES * sizeof *head), *previous = malloc((size + 1) * sizeof *previous);
    for (int i = 0; i < HASHES; i++) head[i] = -1;
    size_t count = 0, at = 0;
    while (at < size) {
        size_t best = 0, best_distance = 0;
        size_t limit = size - at < 258 ? size - at : 258;
        if (limit >= 3) {
            int32_t candidate = head[hash3(data + at)];
            for (int tries = 0; candidate >= 0 && at - (size_t)candidate <= 32768 && tries < CHAIN; tries++) {
                size_t length = 0;
                while (length < limit && data[(size_t)candidate + length] == data[at + length]) length++;
                if (length > best) best = length, best_distance = at - (size_t)candidate;
                candidate = previous[candidate];
            }
        }
        size_t step = best >= 3 ? best : 1;
        tokens[count].length = best >= 3 ? (uint16_t)best : 0;
        tokens[count++].distance = best >= 3 ? (uint16_t)(best_distance - 1) : data[at];
        for (size_t end = at + step; at < end; at++) {
            if (size - at < 3) continue;
            unsigned hash = hash3(data + at);
            previous[at] = head[hash];
            head[hash] = (int32_t)at;
        }
    }
    free(head);
    free(previous);
    return count;
}

static int length_code(unsigned length) {
    int code = 28;
    while (LENGTH_BASE[code] > length) code--;
    return code;
}

static int distance_code(unsigned distance) {
    int code = 29;
    while (DISTANCE_BASE[code] > distance) code--;
    return code;
}

/* Code lengths of at most `limit` bits: a Huffman tree by repeated selection, flattened until it fits. */
static void huffman_lengths(const uint32_t *frequencies, int count, int limit, uint8_t *lengths) {
    uint32_t weights[576];
    int parents[576], used = 0;
    memset(lengths, 0, (size_t)count);
    for (int i = 0; i < count; i++) used += frequencies[i] != 0;
    if (used < 2) {
        for (int i = 0; i < count; i++) lengths[i] = frequencies[i] != 0;
        return;
    }
    for (int shift = 0;; shift++) {
        int nodes = count, alive = used, longest = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = frequencies[i] ? (frequencies[i] >> shift) + 1 : 0;
            parents[i] = -1;
        }
        while (alive > 1) {
            int a = -1, b = -1;
            for (int i = 0; i < nodes; i++) {
                if (!weights[i] || parents[i] >= 0) continue;
                if (a < 0 || weights[i] < weights[a]) b = a, a = i;
                else if (b < 0 || weights[i] < weights[b]) b = i;
            }
            weights[nodes] = weights[a] + weights[b];
            parents[nodes] = -1;
            parents[a] = parents[b] = nodes++;
            alive--;
        }
        for (int i = 0; i < count; i++) {
            int depth = 0;
            if (!frequencies[i]) continue;
            for (int node = i; parents[node] >= 0; node = parents[node]) depth++;
            lengths[i] = (uint8_t)depth;
            if (depth > longest) longest = depth;
        }
        if (longest <= limit) return;
    }
}

static void assign_codes(const uint8_t *lengths, int count, uint16_t *codes) {
    uint16_t next[17] = {0}, totals[16] = {0};
    for (int i = 0; i < count; i++) totals[lengths[i]]++;
    totals[0] = 0;
    for (int i = 1; i < 16; i++) next[i + 1] = (uint16_t)((next[i] + totals[i]) << 1);
    for (int i = 0; i < count; i++) {
        unsigned code = next[lengths[i]]++, reversed = 0;
        for (int bit = 0; bit < lengths[i]; bit++) reversed |= (code >> bit & 1) << (lengths[i] - 1 - bit);
        codes[i] = (uint16_t)reversed;
    }
}

static void write_dynamic_header(Writer *writer, const uint8_t *literals, const uint8_t *distances) {
    uint8_t all[316], code_lengths[19];
    uint16_t codes[19];
    uint32_t frequencies[19] = {0};
    int literal_count = 286, distance_count = 30, code_count = 19;
    while (literal_count > 257 && !literals[literal_count - 1]) literal_count--;
    while (distance_count > 1 && !distances[distance_count - 1]) distance_count--;
    int total = literal_count + distance_count;
    memcpy(all, literals, (size_t)literal_count);
    memcpy(all + literal_count, distances, (size_t)distance_count);
    struct { uint8_t code, extra, bits; } runs[316];
    int run_count = 0;
    for (int i = 0; i < total;) {
        int same = 1;
        while (i + same < total && all[i + same] == all[i]) same++;
        if (all[i] == 0 && same >= 3) {
            int repeat = same > 138 ? 138 : same;
            runs[run_count].code = repeat < 11 ? 17 : 18;
            runs[run_count].extra = (uint8_t)(repeat < 11 ? repeat - 3 : repeat - 11);
            runs[run_count].bits = repeat < 11 ? 3 : 7;
            i += repeat;
        } else if (i && all[i] == all[i - 1] && same >= 3) {
            int repeat = same > 6 ? 6 : same;
            runs[run_count].code = 16;
            runs[run_count].extra = (uint8_t)(repeat - 3);
            runs[run_count].bits = 2;
            i += repeat;
        } else {
            runs[run_count].code = all[i++];
            runs[run_count].extra = runs[run_count].bits = 0;
        }
        frequencies[runs[run_count++].code]++;
    }
    huffman_lengths(frequencies, 19, 7, code_lengths);
    assign_codes(code_lengths, 19, codes);
    while (code_count > 4 && !code_lengths[CODE_LENGTH_ORDER[code_count - 1]]) code_count--;
    put(writer, (unsigned)literal_count - 257, 5);
    put(writer, (unsigned)distance_count - 1, 5);
    put(writer, (unsigned)code_count - 4, 4);
    for (int i = 0; i < code_count; i++) put(writer, code_lengths[CODE_LENGTH_ORDER[i]], 3);
    for (int i = 0; i < run_count; i++) {
        put(writer, codes[runs[i].code], code_lengths[runs[i].code]);
        if (runs[i].bits) put(writer, runs[i].extra, runs[i].bits);
    }
}

static void compress_stored(Writer *writer, const uint8_t *data, size_t size) {
    do {
        size_t part = size < 65535 ? size : 65535;
        put(writer, part == size, 1);
        put(writer, 0, 2);
        align_to_byte(writer);
        put(writer, (unsigned)part, 16);
        put(writer, (unsigned)part ^ 0xFFFF, 16);
        for (size_t i = 0; i < part; i++) push(writer->out, data[i]);
        data += part;
        size -= part;
    } while (size);
}

static void compress(const uint8_t *data, size_t size, int type, Buffer *out) {
    Writer writer = {out, 0, 0};
    if (type == 0) {
        compress_stored(&writer, data, size);
        return;
    }
    Token *tokens = malloc((size + 1) * sizeof *tokens);
    size_t count = find_tokens(data, size, tokens);
    uint8_t literals[288], distances[30];
    uint16_t literal_codes[288], distance_codes[30];
    put(&writer, 1, 1);
    put(&writer, (unsigned)type, 2);
    if (type == 1) {
        fixed_lengths(literals);
        memset(distances, 5, sizeof distances);
    } else {
        uint32_t literal_counts[286] = {0}, distance_counts[30] = {0};
        literal_counts[256] = 1;
        for (size_t i = 0; i < count; i++) {
            if (tokens[i].length) {
                literal_counts[257 + length_code(tokens[i].length)]++;
                distance_counts[distance_code(tokens[i].distance + 1u)]++;
            } else {
                literal_counts[tokens[i].distance]++;
            }
        }
        memset(literals, 0, sizeof literals);
        huffman_lengths(literal_counts, 286, 15, literals);
        huffman_lengths(distance_counts, 30, 15, distances);
        write_dynamic_header(&writer, literals, distances);
    }
    assign_codes(literals, type == 1 ? 288 : 286, literal_codes);
    assign_codes(distances, 30, distance_codes);
    for (size_t i = 0; i < count; i++) {
        if (!tokens[i].length) {
            put(&writer, literal_codes[tokens[i].distance], literals[tokens[i].distance]);
            continue;
        }
        unsigned distance = tokens[i].distance + 1u;
        int near = length_code(tokens[i].length), far = distance_code(distance);
        put(&writer, literal_codes[257 + near], literals[257 + near]);
        put(&writer, tokens[i].length - LENGTH_BASE[near], LENGTH_EXTRA[near]);
        put(&writer, distance_codes[far], distances[far]);
        put(&writer, distance - DISTANCE_BASE[far], DISTANCE_EXTRA[far]);
    }
    put(&writer, literal_codes[256], literals[256]);
    align_to_byte(&writer);
    free(tokens);
}

int main(int argc, char **argv) {
    char mode = argc > 1 ? argv[1][0] : 't';
    int type = argc > 2 ? atoi(argv[2]) : 2;
    Buffer in = {0}, out = {0}, back = {0};
    uint8_t part[4096];
    size_t got;
    while ((got = fread(part, 1, sizeof part, stdin)) > 0)
        for (size_t i = 0; i < got; i++) push(&in, part[i]);
    const char *problem = NULL;
    if (mode == 'd') {
        problem = expand(in.bytes, in.length, &out);
    } else {
        compress(in.bytes, in.length, type, &out);
    }
    if (mode == 't') {
        problem = expand(out.bytes, out.length, &back);
        if (!problem && (back.length != in.length || (in.length && memcmp(back.bytes, in.bytes, in.length))))
            problem = "the round trip changed the data";
        if (!problem) printf("%zu -> %zu -> %zu\n", in.length, out.length, back.length);
    } else if (!problem) {
        fwrite(out.bytes, 1, out.length, stdout);
    }
    if (problem) fprintf(stderr, "deflate: %s\n", problem);
    free(in.bytes);
    free(out.bytes);
    free(back.bytes);
    return problem != NULL;
}
