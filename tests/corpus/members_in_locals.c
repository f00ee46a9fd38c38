// Members say how long rows are, and locals where they begin.
struct layer {
    int batch, inputs, classes, side;
    float *output;
};

static void softmax(const float *input, int n, int stride, float *output) {
    float sum = 0, largest = input[0];
    for (int i = 0; i < n; i++)
        if (input[i * stride] > largest) largest = input[i * stride];
    for (int i = 0; i < n; i++) {
        float shifted = input[i * stride] - largest;
        output[i * stride] = 1 + shifted + shifted * shifted / 2;
        sum += output[i * stride];
    }
    for (int i = 0; i < n; i++) output[i * stride] /= sum;
}

void forward(struct layer l) {
    int locations = l.side * l.side;
    for (int b = 0; b < l.batch; b++) {
        int index = b * l.inputs;
        for (int i = 0; i < locations; i++) {
            int offset = i * l.classes;
            softmax(l.output + index + offset, l.classes, 1, l.output + index + offset);
        }
    }
}

void doubled(const struct layer *l) {
    for (int b = 0; b < l->batch; b++) {
        int first = b * l->inputs;
        for (int i = 0; i < l->side; i++) {
            int at = first + i * l->classes;
            for (int k = 0; k < l->classes; k++) l->output[at + k] *= 2;
        }
    }
}
