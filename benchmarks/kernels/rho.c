/* 64-bit multiplication and remainder: Pollard's rho on n products of two primes below 2**16. */
static unsigned long long gcd(unsigned long long a, unsigned long long b) {
    while (b) {
        unsigned long long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int is_prime(unsigned x) {
    for (unsigned d = 3; d * d <= x; d += 2)
        if (x % d == 0) return 0;
    return 1;
}

static unsigned next_prime(unsigned x) {
    x |= 1;
    while (!is_prime(x)) x += 2;
    return x;
}

static unsigned long long factor(unsigned long long m) {
    unsigned long long slow = 2, fast = 2, product = 1;
    for (;;) {
        unsigned long long slow_start = slow, fast_start = fast;
        for (int i = 0; i < 16; i++) {
            slow = (slow * slow + 1) % m;
            fast = (fast * fast + 1) % m;
            fast = (fast * fast + 1) % m;
            product = product * (slow > fast ? slow - fast : fast - slow) % m;
        }
        unsigned long long divisor = gcd(product, m);
        if (divisor == 1) continue;
        if (divisor < m) return divisor;
        slow = slow_start, fast = fast_start; /* overshot: the same steps one by one */
        do {
            slow = (slow * slow + 1) % m;
            fast = (fast * fast + 1) % m;
            fast = (fast * fast + 1) % m;
            divisor = gcd(slow > fast ? slow - fast : fast - slow, m);
        } while (divisor == 1);
        return divisor;
    }
}

long long run(int n) {
    unsigned long long sum = 0;
    for (int i = 0; i < n; i++) {
        unsigned long long p = next_prime(40000u + 97u * (unsigned)i), q = next_prime(65000u - 89u * (unsigned)i);
        sum = sum * 31 + factor(p * q);
    }
    return (long long)sum;
}
