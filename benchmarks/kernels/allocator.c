/* A heap by hand: n random allocations and releases in an array, first fit, neighbours merged.

A block is a size in words, negative while it is taken, then its words; the sizes chain the blocks. */
#define WORDS 8192
#define LIVE 128
static int heap[WORDS];
static int live[LIVE];

static int allocate(int words) {
    for (int at = 0; at < WORDS; at += (heap[at] < 0 ? -heap[at] : heap[at]) + 1) {
        if (heap[at] < 0) continue;
        for (int next = at + heap[at] + 1; next < WORDS && heap[next] >= 0; next = at + heap[at] + 1)
            heap[at] += heap[next] + 1;
        int size = heap[at];
        if (size >= words) {
            if (size > words) heap[at + words + 1] = size - words - 1;
            heap[at] = -words;
            return at;
        }
    }
    return -1;
}

int run(int n) {
    unsigned seed = 23, sum = 0;
    heap[0] = WORDS - 1;
    for (int i = 0; i < LIVE; i++) live[i] = -1;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        int slot = (int)(seed >> 16 & (LIVE - 1));
        if (live[slot] >= 0) {
            sum += (unsigned)heap[live[slot] + 1];
            heap[live[slot]] = -heap[live[slot]];
            live[slot] = -1;
        } else {
            live[slot] = allocate((int)(seed >> 24 & 63) + 1);
            if (live[slot] >= 0) heap[live[slot] + 1] = i;
            sum = sum * 31 + (unsigned)live[slot];
        }
    }
    return (int)sum;
}
