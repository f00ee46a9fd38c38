// Members that are of an enumeration, which the part in CUDA C++ does not know.
#include <stdio.h>

typedef enum { MATT, GLOSSY } material;

struct ball {
    float r;
    material of;
};

static struct ball all[300];

int main(void) {
    for (int i = 0; i < 300; i++) {
        all[i].r = i * 0.5f;
        all[i].of = i % 3 ? MATT : GLOSSY;
    }
    int glossy = 0;
    for (int i = 0; i < 300; i++) glossy += all[i].of == GLOSSY;
    printf("%d\n", glossy);
    return 0;
}
