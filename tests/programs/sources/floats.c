/* Floats: reading and printing, rounding, comparison with NaNs, f32 arithmetic, libm, bits. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bits64(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint32_t bits32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

__attribute__((noinline)) static float sum32(const float *values, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) sum += values[i] * 1.1f;
    return sum;
}

int main(void) {
    static const char *texts[] = {"0", "-0", "1.5", "1e308", "1e309", "-1e309", "5e-324", "2e-324", "0x1.8p3", "inf", "-infinity",
                                  "nan", "123abc", ".5", "5.", "1e", "0.1", "9007199254740993", "1.7976931348623157e308",
                                  "2.2250738585072011e-308", "179769313486231580793728971405301e277", "  42", "+7", "e5", ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        double d = strtod(texts[i], &end);
        float f = strtof(texts[i], NULL);
        printf("%s: %.17g %016llx %08x rest <%s>\n", texts[i], d, d != d ? 0 : (unsigned long long)bits64(d),
               f != f ? 0 : bits32(f), end);
    }
    static const double values[] = {0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370497.5,
                                    1e300, -1e-300, 3.7, -3.7, 1234567.891, 2147483647.5, -2147483648.9};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        volatile double d = values[i];
        printf("%g: %g %g %g %g %g %.17g %.9g\n", d, floor(d), ceil(d), trunc(d), rint(d), round(d), fabs(d), (double)(float)d);
        printf("  %d %d %d | %d %lld\n", d < 1, d == 0, signbit(d) != 0, fabs(d) < 2e9 ? (int)d : 0,
               fabs(d) < 9e18 ? (long long)d : 0);
    }
    volatile double nan = NAN, inf = INFINITY;
    printf("%d %d %d %d %d %d\n", nan == nan, nan != nan, nan < 1, nan > 1, nan <= nan, inf > DBL_MAX);
    printf("%g %g %g %g\n", fmin(nan, 1), fmax(1, nan), fmin(-0.0, 0.0), copysign(3, -0.0));
    float values32[100];
    for (int i = 0; i < 100; i++) values32[i] = (float)i / 7.0f;
    float sum = sum32(values32, 100);
    printf("%.9g %08x\n", (double)sum, bits32(sum));
    volatile float third = 1.0f / 3.0f, tiny = FLT_MIN, huge = FLT_MAX;
    printf("%08x %08x %08x %08x %08x\n", bits32(third * 3), bits32(tiny / 3), bits32(huge * 2), bits32(sqrtf(third)),
           bits32(third + 1e-8f));
    for (double x = -3; x < 4; x += 0.77) {
        printf("%.15g %.15g %.15g %.15g %.15g\n", sin(x), cos(x), tan(x), exp(x), atan(x));
        printf("%.15g %.15g %.15g %.15g\n", pow(fabs(x), 1.7), log(fabs(x) + 1), sinh(x), cbrt(x));
        printf("%.15g %.15g %.15g %.15g\n", fmod(x, 0.3), hypot(x, 2), atan2(x, -1), tgamma(x + 5));
    }
    int exponent;
    double mantissa = frexp(6.02e23, &exponent), whole, part = modf(-3.75, &whole);
    printf("%.17g %d %g %g %g\n", mantissa, exponent, part, whole, ldexp(0.75, 10));
    volatile int32_t small = INT32_MIN;
    volatile uint32_t large = UINT32_MAX;
    volatile int64_t wide = INT64_MAX;
    volatile uint64_t widest = UINT64_MAX;
    printf("%.9g %.17g %.9g %.17g\n", (double)(float)small, (double)small, (double)(float)large, (double)large);
    printf("%.9g %.17g %.9g %.17g\n", (double)(float)wide, (double)wide, (double)(float)widest, (double)widest);
    return 0;
}
