/* Calls through tables of functions: n rounds of two methods of 64 objects of four kinds. */
struct shape;
struct methods {
    int (*area)(const struct shape *);
    void (*grow)(struct shape *, int);
};
struct shape {
    const struct methods *methods;
    int a, b;
};

static int square_area(const struct shape *s) { return s->a * s->a; }
static void square_grow(struct shape *s, int by) { s->a = (s->a + by) & 255; }
static int oblong_area(const struct shape *s) { return s->a * s->b; }
static void oblong_grow(struct shape *s, int by) { s->a = (s->a + by) & 127, s->b = (s->b + 1) & 127; }
static int triangle_area(const struct shape *s) { return s->a * s->b / 2; }
static void triangle_grow(struct shape *s, int by) { s->b = (s->b + by) & 255; }
static int frame_area(const struct shape *s) { return s->a * s->a - s->b * s->b; }
static void frame_grow(struct shape *s, int by) { s->b = (s->b + by) & 63, s->a = s->b + 10; }

static const struct methods kinds[] = {
    {square_area, square_grow}, {oblong_area, oblong_grow}, {triangle_area, triangle_grow}, {frame_area, frame_grow}};
static struct shape shapes[64];

int run(int n) {
    for (int i = 0; i < 64; i++) shapes[i] = (struct shape){&kinds[(i * 7 + (i >> 2)) & 3], i + 10, i & 7};
    unsigned total = 0;
    for (int round = 0; round < n; round++)
        for (int i = 0; i < 64; i++) {
            struct shape *s = &shapes[i];
            s->methods->grow(s, round & 7);
            total += (unsigned)s->methods->area(s);
        }
    return (int)total;
}
