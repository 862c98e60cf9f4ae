/* Remainders of i32: how many pairs of numbers up to n have no common divisor. */
static int gcd(int a, int b) {
    while (b) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int run(int n) {
    int coprime = 0;
    for (int a = 1; a <= n; a++)
        for (int b = 1; b < a; b++)
            if (gcd(a, b) == 1) coprime++;
    return coprime;
}
