/* Loads and stores of i32, unpredictable branches: quicksort in place; returns a checksum of the order. */
#define MAX 100000
static int a[MAX];

static void sort(int *a, int low, int high) {
    while (low < high) {
        int pivot = a[(low + high) / 2], i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot) i++;
            while (a[j] > pivot) j--;
            if (i <= j) {
                int t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        sort(a, low, j);
        low = i;
    }
}

int run(int n) {
    unsigned seed = 42, sum = 0;
    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        a[i] = (int)(seed >> 8) - (1 << 23);
    }
    sort(a, 0, n - 1);
    for (int i = 0; i < n; i++) sum = sum * 31 + (unsigned)a[i];
    return (int)sum;
}
