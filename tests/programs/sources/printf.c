/* Every conversion of printf, with flags, widths, precisions and length modifiers. */
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

int main(void) {
    static const int ints[] = {0, 1, -1, 42, -12345, INT_MAX, INT_MIN};
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        int n = ints[i];
        printf("[%d][%i][%5d][%-8d][%08d][%+d][% d][%.3d][%10.4d][%-10.4d|]\n", n, n, n, n, n, n, n, n, n, n);
        printf("[%u][%o][%#o][%x][%X][%#x][%#X][%012x][%-12X|]\n", n, n, n, n, n, n, n, n, n);
        printf("[%hhd][%hd][%hhu][%hu][%hhx][%hx]\n", (signed char)n, (short)n, (unsigned char)n, (unsigned short)n,
               (unsigned char)n, (unsigned short)n);
    }
    static const long long longs[] = {0, -1, LLONG_MAX, LLONG_MIN, 1000000007LL * 998244353LL};
    for (size_t i = 0; i < sizeof longs / sizeof *longs; i++) {
        long long n = longs[i];
        printf("[%lld][%llu][%llx][%#llo][%+lld][%25lld][%-25llu|][%025lld]\n", n, n, n, n, n, n, n, n);
        printf("[%jd][%zu][%td][%ld][%lu][%" PRId64 "][%" PRIX64 "]\n", (intmax_t)n, (size_t)n, (ptrdiff_t)n, (long)n,
               (unsigned long)n, (int64_t)n, (uint64_t)n);
    }
    static const double doubles[] = {0.0,  -0.0,    1.0,       -1.5,     0.1,     3.14159265358979, 1e10,     1.5e300,
                                     1e-5, 1e-4, 4.9e-324, 123456.0, 1234567.0, 0.5, 1.5, 2.5, 99999.95, 1.0 / 3.0};
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        double d = doubles[i];
        printf("[%f][%e][%g][%a]\n", d, d, d, d);
        printf("[%F][%E][%G][%A]\n", d, d, d, d);
        printf("[%.0f][%#.0f][%.1f][%.3f][%.10f][%.17g][%#g][%.0e]\n", d, d, d, d, d, d, d, d);
        printf("[%20.6f][%-20.6f][%020.6f][%+.2f][% .2f][%+e]\n", d, d, d, d, d, d);
    }
    double zero = 0.0;
    double specials[] = {1 / zero, -1 / zero, zero / zero};
    for (int i = 0; i < 3; i++) {
        double d = i == 2 ? __builtin_nan("") : specials[i];
        printf("[%f][%F][%e][%G][%10f][%-10f|][%010f][%+f][%a]\n", d, d, d, d, d, d, d, d, d);
    }
    printf("[%Lf][%Lg]\n", (long double)1.25L, (long double)1e-30L);
    printf("[%c][%5c][%-5c|][%s][%10s][%-10s|][%.2s][%8.3s]\n", 'a', 'b', 'c', "text", "right", "left", "cut", "abcdef");
    printf("[%*d][%-*d|][%.*f][%*.*f]\n", 6, 42, 6, 42, 2, 3.14159, 10, 3, 2.71828);
    printf("[%p][%%][%s]\n", (void *)0x1234, "");
    printf("[%3$s %1$s %2$s]\n", "one", "two", "three");
    int so_far = 0;
    printf("count%n", &so_far);
    printf(" was %d\n", so_far);
    printf("[%ls][%lc]\n", L"wide", (wint_t)L'w');
    char small[8];
    int wanted = snprintf(small, sizeof small, "%s", "longer than the buffer");
    printf("%d <%s>\n", wanted, small);
    return 0;
}
