/* A comparator called through a pointer: n records merge-sorted in three orders. */
#define MAX 20000
struct record {
    int key, group, serial;
};
typedef int (*order)(const struct record *, const struct record *);
static struct record records[MAX];
static const struct record *sorted[MAX], *spare[MAX];

static int by_key(const struct record *a, const struct record *b) { return a->key - b->key; }
static int by_key_down(const struct record *a, const struct record *b) { return b->key - a->key; }
static int by_group(const struct record *a, const struct record *b) {
    return a->group != b->group ? a->group - b->group : a->serial - b->serial;
}
static const order orders[] = {by_key, by_group, by_key_down};

static void sort(const struct record **a, const struct record **b, int n, order compare) {
    if (n < 2) return;
    int half = n / 2;
    sort(a, b, half, compare);
    sort(a + half, b + half, n - half, compare);
    for (int i = 0; i < n; i++) b[i] = a[i];
    int left = 0, right = half, at = 0;
    while (left < half && right < n) a[at++] = compare(b[right], b[left]) < 0 ? b[right++] : b[left++];
    while (left < half) a[at++] = b[left++];
    while (right < n) a[at++] = b[right++];
}

int run(int n) {
    unsigned seed = 77, sum = 0;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        records[i] = (struct record){(int)(seed >> 16), (int)(seed >> 8 & 15), i};
        sorted[i] = &records[i];
    }
    for (int i = 0; i < 3; i++) {
        sort(sorted, spare, n, orders[(i + n) % 3]);
        for (int j = 0; j < n; j++) sum = sum * 31 + (unsigned)sorted[j]->serial;
    }
    return (int)sum;
}
