/* Structs by value, nested and packed, unions, bit-fields, arrays of function pointers, varargs, statics. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct { double x, y; } Point;
typedef struct { Point min, max; char label[16]; } Box;
typedef struct { unsigned a : 3, b : 5; int c : 7; unsigned long long d : 40; } Bits;
typedef struct __attribute__((packed)) { uint8_t tag; uint32_t length; uint16_t check; int64_t stamp; } Packed;
typedef union { uint64_t whole; uint32_t halves[2]; uint8_t bytes[8]; double real; } Overlay;
typedef struct { int rows, columns; double cells[4][4]; } Matrix;
typedef struct { int (*apply)(int, int); const char *name; } Operation;

__attribute__((noinline)) static Box grow(Box box, double by) {
    box.min.x -= by, box.min.y -= by, box.max.x += by, box.max.y += by;
    strcat(box.label, "+");
    return box;
}

__attribute__((noinline)) static Matrix multiply(Matrix a, Matrix b) {
    Matrix result = {a.rows, b.columns, {{0}}};
    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < b.columns; j++)
            for (int k = 0; k < a.columns; k++) result.cells[i][j] += a.cells[i][k] * b.cells[k][j];
    return result;
}

static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static int multiply_ints(int a, int b) { return a * b; }
static int larger(int a, int b) { return a > b ? a : b; }

static const Operation operations[] = {{add, "add"}, {subtract, "subtract"}, {multiply_ints, "multiply"}, {larger, "larger"}};

__attribute__((noinline)) static double sum(const char *types, ...) {
    double total = 0;
    va_list args, again;
    va_start(args, types);
    va_copy(again, args);
    for (const char *type = types; *type; type++) {
        switch (*type) {
        case 'i': total += va_arg(args, int); break;
        case 'd': total += va_arg(args, double); break;
        case 'l': total += (double)va_arg(args, long long); break;
        case 's': total += (double)strlen(va_arg(args, const char *)); break;
        case 'p': total += va_arg(args, Point).y; break;
        }
    }
    va_end(args);
    if (*types == 'i') total += va_arg(again, int) * 1000;
    va_end(again);
    return total;
}

static int counter(void) {
    static int count = 40;
    return ++count;
}

int main(void) {
    Box box = {{0, 1}, {2, 3}, "box"}, copy = box;
    Box grown = grow(grow(box, 0.5), 1);
    printf("%s %g %g %g %g; %s %d\n", grown.label, grown.min.x, grown.min.y, grown.max.x, grown.max.y, box.label,
           memcmp(&box, &copy, sizeof box) == 0);
    Bits bits = {.a = 2, .b = 31, .c = -3, .d = 0xFFFFFFFFFFull};
    bits.a += 7;
    bits.d += 3;
    bits.c -= 62;
    printf("%u %u %d %llu %zu\n", bits.a, bits.b, bits.c, (unsigned long long)bits.d, sizeof bits);
    Packed packed = {1, 0xDEADBEEF, 0xCAFE, -2}, packs[3] = {packed, packed, packed};
    packs[1].stamp *= 3;
    packs[2].length ^= packs[1].check;
    printf("%zu %x %x %lld %x\n", sizeof packed, packs[0].length, packs[0].check, (long long)packs[1].stamp, packs[2].length);
    printf("%zu %zu\n", offsetof(Packed, check), offsetof(Packed, stamp));
    Overlay overlay = {.real = -1.5};
    printf("%016llx %08x %02x\n", (unsigned long long)overlay.whole, overlay.halves[1], overlay.bytes[7]);
    overlay.bytes[7] = 0x40;
    printf("%g\n", overlay.real);
    Matrix turn = {2, 2, {{0, -1}, {1, 0}}}, vector = {2, 1, {{3}, {4}}};
    for (int i = 0; i < 3; i++) vector = multiply(turn, vector);
    printf("%g %g\n", vector.cells[0][0], vector.cells[1][0]);
    for (unsigned i = 0; i < sizeof operations / sizeof *operations; i++)
        printf("%s %d ", operations[i].name, operations[i].apply(6, -7));
    printf("\n%g %g\n", sum("iddlsp", 1, 2.5, 3.25, 1ll << 40, "four", (Point){5, 6}), sum(""));
    int first = counter(), second = counter();
    printf("%d %d\n", first, second);
    Point points[8], *at = points;
    for (int i = 0; i < 8; i++) *at++ = (Point){i, i * i};
    memmove(points + 2, points, 5 * sizeof *points);
    for (int i = 0; i < 8; i++) printf("(%g %g)", points[i].x, points[i].y);
    printf("\n");
    return (int)sizeof(Box) == 48 ? 0 : 1;
}
