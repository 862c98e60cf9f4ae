/* Fills, copies and comparisons of rows: n frames of rectangles, lines and scrolling on 128 * 96 pixels. */
#define WIDTH 128
#define HEIGHT 96
static unsigned pixels[WIDTH * HEIGHT], before[WIDTH * HEIGHT];

int run(int n) {
    unsigned seed = 31, sum = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = before[i] = 0;
    for (int frame = 0; frame < n; frame++) {
        for (int i = 0; i < 12; i++) { /* rectangles */
            seed = seed * 1664525u + 1013904223u;
            int left = (int)(seed >> 8 & 63), top = (int)(seed >> 14 & 31), width = (int)(seed >> 20 & 31) + 1;
            int height = (int)(seed >> 26 & 31) + 1;
            for (int y = top; y < top + height; y++)
                for (int x = left; x < left + width; x++) pixels[y * WIDTH + x] = seed;
        }
        for (int x = 3; x < WIDTH; x += 16) /* lines down */
            for (int y = 0; y < HEIGHT; y++) pixels[y * WIDTH + x] = seed ^ 0xFFFFFF;
        for (int i = 0; i < WIDTH * HEIGHT - WIDTH; i++) pixels[i] = pixels[i + WIDTH]; /* scroll up */
        for (int i = WIDTH * HEIGHT - WIDTH; i < WIDTH * HEIGHT; i++) pixels[i] = 0;
        for (int y = 0; y < HEIGHT; y++) { /* rows that changed */
            int x = 0;
            while (x < WIDTH && pixels[y * WIDTH + x] == before[y * WIDTH + x]) x++;
            if (x == WIDTH) continue;
            sum += (unsigned)y;
            for (x = 0; x < WIDTH; x++) before[y * WIDTH + x] = pixels[y * WIDTH + x];
        }
    }
    for (int i = 0; i < WIDTH * HEIGHT; i++) sum = sum * 31 + pixels[i];
    return (int)sum;
}
