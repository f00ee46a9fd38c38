// A structure that iterations read of which data say whether they run need not be there: the host looks whether it is before it
// reads the pointers in it.
#include <stdio.h>
#include <stdlib.h>

struct Atoms {
    double (*at)[3];
    double *energy;
};

struct Boxes {
    int number;
    int *count;
};

struct System {
    struct Boxes *boxes;
    struct Atoms *atoms;
};

void weigh(struct System *s, double height) {
    for (int box = 0; box < s->boxes->number; box++)
        for (int i = 16 * box; i < 16 * box + s->boxes->count[box]; i++)
            s->atoms->energy[i] += height * s->atoms->at[i][2];
}

struct Image {
    int width, height;
    const unsigned char *data;
};

struct Task {
    struct Image *image, *mask;
};

// Without a mask, no row is masked.
int masked(const struct Task *task, const int *restrict is_masked, float *restrict out) {
    int sum = 0;
    for (int y = 0; y < task->image->height; y++)
        if (is_masked[y])
            for (int x = 0; x < task->image->width; x++) {
                out[y * task->image->width + x] = task->mask->data[y * task->image->width + x] / 255.0f;
                sum += task->mask->data[y * task->image->width + x];
            }
    return sum;
}

struct Table {
    int n;
    double *values;
};

struct Potential {
    struct Table *pairs, *density;
};

// Three structures on the way, of which the loop certainly reads the first.
double embedded(const struct System *s, const struct Potential *by) {
    double all = 0;
    for (int box = 0; box < s->boxes->number; box++)
        for (int i = 16 * box; i < 16 * box + s->boxes->count[box]; i++)
            all += s->atoms->energy[i] * by->density->values[i % 7] + by->pairs->values[i % 3];
    return all;
}

int main(void) {
    enum { BOXES = 40, W = 24, H = 10 };
    struct Boxes boxes = {BOXES, malloc(BOXES * sizeof(int))};
    struct Atoms atoms = {malloc(16 * BOXES * sizeof(double[3])), malloc(16 * BOXES * sizeof(double))};
    struct System full = {&boxes, &atoms}, empty = {&boxes, NULL};
    for (int i = 0; i < 16 * BOXES; i++) {
        atoms.energy[i] = i % 5;
        for (int k = 0; k < 3; k++) atoms.at[i][k] = (7 * i + k) % 11;
    }
    for (int box = 0; box < BOXES; box++) boxes.count[box] = 0;
    weigh(&empty, 9.5);
    double all = embedded(&empty, NULL);
    for (int box = 0; box < BOXES; box++) boxes.count[box] = (3 * box) % 17;
    weigh(&full, 9.5);
    double tabled[7] = {1, 2, 4, 8, 16, 32, 64};
    struct Table table = {7, tabled};
    struct Potential potential = {&table, &table};
    all += embedded(&full, &potential);
    for (int i = 0; i < 16 * BOXES; i++) all += atoms.energy[i];
    unsigned char bytes[W * H];
    float out[W * H];
    int rows[H] = {0};
    for (int i = 0; i < W * H; i++) {
        bytes[i] = (unsigned char)(i * 5);
        out[i] = 0;
    }
    struct Image image = {W, H, bytes};
    struct Task task = {&image, NULL};
    int sum = masked(&task, rows, out);
    rows[3] = rows[7] = 1;
    task.mask = &image;
    sum += masked(&task, rows, out);
    printf("%g %d %g %g\n", all, sum, out[0], out[3 * W + 1]);
    free(boxes.count);
    free(atoms.at);
    free(atoms.energy);
    return 0;
}
