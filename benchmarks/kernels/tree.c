/* Pointers: n insertions into an unbalanced binary search tree, then as many look-ups; returns the depths found. */
#define MAX 100000
struct node {
    int key;
    struct node *left, *right;
};
static struct node nodes[MAX];

static unsigned next(unsigned seed) { return seed * 1664525u + 1013904223u; }

int run(int n) {
    struct node *root = 0;
    int used = 0;
    unsigned seed = 5;
    for (int i = 0; i < n; i++) {
        seed = next(seed);
        int key = (int)(seed >> 12);
        struct node **link = &root;
        while (*link && (*link)->key != key) link = key < (*link)->key ? &(*link)->left : &(*link)->right;
        if (!*link) {
            struct node *new = &nodes[used++];
            new->key = key;
            new->left = new->right = 0;
            *link = new;
        }
    }
    int total = used;
    seed = 5;
    for (int i = 0; i < n; i++) {
        seed = next(seed);
        int key = (int)(seed >> 12);
        for (const struct node *at = root; at->key != key; at = key < at->key ? at->left : at->right) total++;
    }
    return total;
}
