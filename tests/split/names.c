#include <stdio.h>

/* Types, members and variables by names that C++ or CUDA have, in loops and between them. */
typedef struct {
    float x, new;
} float2;

static float2 delete[50];

static double pick(int this, int n, double *class) {
    double template = 0;
    for (int step = 0; step < 4; step++) {
        for (int i = 0; i < n; i++)
            class[i] = class[i] * 0.5 + this;
        if (class[step] > 2)
            template += class[step];
        for (int i = 0; i < n; i++)
            delete[i].new += class[i] + delete[i].x;
        delete[step].x = 1;
    }
    return template;
}

int main(void) {
    double class[50];
    for (int i = 0; i < 50; i++)
        class[i] = i;
    double picked = pick(3, 50, class);
    printf("%.6f %.6f %.6f\n", picked, class[7], delete[2].new);
    return 0;
}
