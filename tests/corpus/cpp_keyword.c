// mupac: --cpu-threshold 100
// Keywords of C++ as names of parameters and locals.
void advance(int new, const float *this, float *template) {
    for (int class = 0; class < new; class++) {
        float delete = this[class] * 2.0f;
        template[class] = delete + class;
    }
}
