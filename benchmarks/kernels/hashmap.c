/* Open addressing over structures: n numbers counted in a table of 2**14 entries, found again and removed in part. */
#define BITS 14
#define COUNT (1u << BITS)
enum { FREE, TAKEN, REMOVED };
struct entry {
    unsigned key;
    int value, state;
};
static struct entry table[COUNT];

static struct entry *find(unsigned key, int to_insert) {
    struct entry *removed = 0;
    for (unsigned i = key * 2654435769u >> (32 - BITS);; i = (i + 1) & (COUNT - 1)) {
        struct entry *entry = &table[i];
        if (entry->state == FREE) return to_insert ? (removed ? removed : entry) : 0;
        if (entry->state == REMOVED) {
            if (!removed) removed = entry;
        } else if (entry->key == key) {
            return entry;
        }
    }
}

static unsigned next(unsigned seed) { return seed * 1664525u + 1013904223u; }

int run(int n) {
    unsigned seed = 4, sum = 0;
    for (unsigned i = 0; i < COUNT; i++) table[i] = (struct entry){0, 0, FREE};
    for (int i = 0; i < n; i++) {
        seed = next(seed);
        struct entry *entry = find(seed >> 19, 1);
        if (entry->state != TAKEN) *entry = (struct entry){seed >> 19, 0, TAKEN};
        entry->value++;
    }
    for (int i = 0; i < n; i++) {
        seed = next(seed);
        struct entry *entry = find(seed >> 18, 0);
        if (!entry) continue;
        sum += (unsigned)entry->value;
        if (entry->value & 1) entry->state = REMOVED;
    }
    return (int)sum;
}
