/* Recursion: deep, mutual, with large frames, backtracking. The depth is the first argument. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int depth_of(volatile int *sum, int n) {
    *sum += n & 1;
    if (n == 0) return 0;
    int below = depth_of(sum, n - 1);
    return below + 1 + (*sum & 0);
}

static int is_odd(int n);
__attribute__((noinline)) static int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
__attribute__((noinline)) static int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }

static unsigned ackermann(unsigned m, unsigned n) {
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int solutions, queens[12];

static void place(int row, int size) {
    if (row == size) {
        if (!solutions++)
            for (int i = 0; i < size; i++) printf("%d ", queens[i]);
        return;
    }
    for (int column = 0; column < size; column++) {
        int safe = 1;
        for (int i = 0; i < row && safe; i++)
            safe = queens[i] != column && queens[i] - column != row - i && column - queens[i] != row - i;
        if (!safe) continue;
        queens[row] = column;
        place(row + 1, size);
    }
}

static void hanoi(int count, char from, char to, char by, long *moves) {
    if (!count) return;
    hanoi(count - 1, from, by, to, moves);
    ++*moves;
    if (count > 4) printf("%c%c ", from, to);
    hanoi(count - 1, by, to, from, moves);
}

int main(int argc, char **argv) {
    int depth = argc > 1 ? atoi(argv[1]) : 1000;
    volatile int sum = 0;
    printf("%d\n", depth_of(&sum, depth));
    printf("%d %d %d\n", sum, is_even(depth), is_odd(depth));
    printf("%u\n", ackermann(2, 6));
    place(0, 6);
    printf("%d solutions\n", solutions);
    long moves = 0;
    hanoi(7, 'a', 'c', 'b', &moves);
    printf("%ld moves\n", moves);
    exit(argc > 2 ? atoi(argv[2]) : 0);
}
