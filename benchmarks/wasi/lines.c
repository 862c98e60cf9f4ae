/* 20,000 writes of two bytes. */
#include <unistd.h>

int main(void) {
    for (int i = 0; i < 20000; i++)
        if (write(1, "x\n", 2) != 2)
            return 1;
    return 0;
}
