/* A row of i32 walked backwards: the 0/1 knapsack of n things. */
#define CAPACITY 4000
static int best[CAPACITY + 1];

int run(int n) {
    unsigned seed = 1;
    for (int room = 0; room <= CAPACITY; room++) best[room] = 0;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        int weight = (int)(seed >> 24) + 1, value = (int)(seed >> 16 & 255) + 1;
        for (int room = CAPACITY; room >= weight; room--)
            if (best[room - weight] + value > best[room]) best[room] = best[room - weight] + value;
    }
    return best[CAPACITY];
}
