/* Linked lists: n nodes built, reversed, merge-sorted, and every third one unlinked. */
#define MAX 50000
struct node {
    struct node *next;
    int value;
};
static struct node nodes[MAX];

static struct node *reverse(struct node *list) {
    struct node *result = 0;
    while (list) {
        struct node *next = list->next;
        list->next = result;
        result = list;
        list = next;
    }
    return result;
}

static struct node *merge(struct node *a, struct node *b) {
    struct node head, *last = &head;
    while (a && b) {
        if (b->value < a->value) {
            last = last->next = b;
            b = b->next;
        } else {
            last = last->next = a;
            a = a->next;
        }
    }
    last->next = a ? a : b;
    return head.next;
}

static struct node *sort(struct node *list) {
    if (!list || !list->next) return list;
    struct node *slow = list;
    for (struct node *fast = list->next; fast && fast->next; fast = fast->next->next) slow = slow->next;
    struct node *half = slow->next;
    slow->next = 0;
    return merge(sort(list), sort(half));
}

int run(int n) {
    struct node *list = 0;
    unsigned seed = 8, sum = 0;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        nodes[i] = (struct node){list, (int)(seed >> 16)};
        list = &nodes[i];
    }
    list = sort(reverse(list));
    int count = 0;
    for (struct node **link = &list; *link;) {
        if (++count % 3 == 0) *link = (*link)->next;
        else link = &(*link)->next;
    }
    for (; list; list = list->next) sum = sum * 31 + (unsigned)list->value;
    return (int)sum;
}
