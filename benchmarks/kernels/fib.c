/* Calls: naive doubly recursive Fibonacci numbers. */
__attribute__((noinline)) static unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int run(int n) { return (int)fib((unsigned)n); }
