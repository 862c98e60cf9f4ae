/* Float fields of structures: n steps of five bodies under gravity; returns the energy of the system. */
#define BODIES 5
static struct body {
    double x, y, z, vx, vy, vz, mass;
} bodies[BODIES];

static const struct body start[BODIES] = {
    {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0},
    {5.0, -1.0, -0.1, 0.6, 2.8, -0.02, 0.038},
    {8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.011},
    {12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.0017},
    {15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002},
};

double run(int n) {
    for (int i = 0; i < BODIES; i++) bodies[i] = start[i];
    for (int step = 0; step < n; step++) {
        for (int i = 0; i < BODIES; i++) {
            struct body *a = &bodies[i];
            for (int j = i + 1; j < BODIES; j++) {
                struct body *b = &bodies[j];
                double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
                double square = dx * dx + dy * dy + dz * dz;
                double force = 0.01 / (square * __builtin_sqrt(square));
                a->vx -= dx * b->mass * force;
                a->vy -= dy * b->mass * force;
                a->vz -= dz * b->mass * force;
                b->vx += dx * a->mass * force;
                b->vy += dy * a->mass * force;
                b->vz += dz * a->mass * force;
            }
        }
        for (int i = 0; i < BODIES; i++) {
            bodies[i].x += 0.01 * bodies[i].vx;
            bodies[i].y += 0.01 * bodies[i].vy;
            bodies[i].z += 0.01 * bodies[i].vz;
        }
    }
    double energy = 0.0;
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        energy += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < BODIES; j++) {
            struct body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            energy -= a->mass * b->mass / __builtin_sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return energy;
}
