/* Protected calls by setjmp and longjmp, as interpreters written in C have them: nested, in loops, out of recursion. */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

struct handler {
    struct handler *outer;
    jmp_buf jump;
};

static struct handler *innermost;
static int depth;

__attribute__((noinline)) static void fail(int code) {
    longjmp(innermost->jump, code);
}

__attribute__((noinline)) static int protect(int (*function)(int), int argument, int *result) {
    struct handler handler;
    int before = depth;
    handler.outer = innermost;
    innermost = &handler;
    volatile int calls = 0;
    int code = setjmp(handler.jump);
    calls++;
    if (!code) *result = function(argument);
    innermost = handler.outer;
    depth = before;
    return code * 10 + calls;
}

static int dive(int levels) {
    depth++;
    if (!levels) fail(depth);
    if (levels < 0) return depth;
    int result = dive(levels - 1) + 1;
    depth--;
    return result;
}

static int collatz(int number) {
    int steps = 0;
    while (number != 1) {
        if (number > 1000) fail(steps);
        number = number % 2 ? 3 * number + 1 : number / 2;
        steps++;
    }
    return steps;
}

static int nested(int number) {
    int result = -1;
    int code = protect(collatz, number, &result);
    printf("  collatz %d: %d %d\n", number, code, result);
    if (code % 3 == 0) fail(code + 1);
    code = protect(dive, code % 7, &result);
    if (number % 2) fail(7);
    return code;
}

static int again(int limit) {
    jmp_buf loop;
    volatile int turns = 0;
    volatile int sum = 0;
    switch (setjmp(loop)) {
    case 0: sum = 1; break;
    case 1: sum *= 3; break;
    case 2: sum += 5; break;
    default: sum -= 2;
    }
    if (turns < limit) {
        turns++;
        longjmp(loop, turns % 4);
    }
    return sum;
}

int main(void) {
    for (int number = 1; number < 40; number += 3) {
        int result = 0;
        int code = protect(nested, number, &result);
        printf("%d: %d %d, depth %d\n", number, code, result, depth);
    }
    for (int limit = 0; limit < 12; limit++) printf("%d ", again(limit));
    puts("");
    int result = 0;
    long sum = 0;
    for (int turn = 0; turn < 2000; turn++) sum += protect(dive, turn % 20, &result);
    printf("%ld\n", sum);
    return innermost != NULL;
}
