/* The file's own types of CUDA's names, laid out in another way. */
typedef struct {
    float y, x;
} float2;

struct template {
    double value;
    int used;
};

void turn(int n, float2 *points, struct template *others) {
    for (int i = 0; i < n; i++) {
        const float x = points[i].x;
        points[i].x = -points[i].y;
        points[i].y = x;
        others[i].used = others[i].value > x;
    }
}
