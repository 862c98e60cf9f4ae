/* Structures of f64 and i32: n steps of 100 particles that fall, bounce, age and start again. */
#define COUNT 100
struct particle {
    double x, y, vx, vy;
    int age, bounces;
};
static struct particle particles[COUNT];
static unsigned seed;

static double chance(void) {
    seed = seed * 1664525u + 1013904223u;
    return (double)(seed >> 8) / 16777216.0;
}

static void start(struct particle *p) {
    p->x = chance() * 100.0;
    p->y = 50.0 + chance() * 50.0;
    p->vx = chance() * 4.0 - 2.0;
    p->vy = 0.0;
    p->age = 0;
}

double run(int n) {
    seed = 99;
    for (int i = 0; i < COUNT; i++) {
        start(&particles[i]);
        particles[i].bounces = 0;
    }
    for (int step = 0; step < n; step++)
        for (int i = 0; i < COUNT; i++) {
            struct particle *p = &particles[i];
            p->vy -= 0.25;
            p->x += p->vx;
            p->y += p->vy;
            if (p->x < 0.0 || p->x > 100.0) p->vx = -p->vx;
            if (p->y < 0.0) {
                p->y = -p->y;
                p->vy = -0.75 * p->vy;
                p->bounces++;
            }
            if (++p->age > 200) start(p);
        }
    double sum = 0.0;
    for (int i = 0; i < COUNT; i++) sum += particles[i].x + particles[i].y * particles[i].bounces;
    return sum;
}
