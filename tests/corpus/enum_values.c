// Variables of enumerations that regions assign: C++ converts no number to an enumeration by itself.
enum level { LOW, MIDDLE, HIGH };

enum level worst(int n, const enum level *levels) {
    enum level worst = LOW;
    for (int i = 0; i < n; i++)
        if (levels[i] > worst) worst = levels[i];
    return worst;
}

enum level all_of_them(int n, const enum level *levels) {
    enum level all = LOW;
    for (int i = 0; i < n; i++) all |= levels[i];
    return all;
}

// A flag, and a variable of each iteration.
enum level classified(int n, const double *restrict values, enum level *restrict levels) {
    enum level seen = LOW;
    for (int i = 0; i < n; i++) {
        enum level own = values[i] < 0.25 ? LOW : MIDDLE;
        if (values[i] > 0.75) own = HIGH;
        if (own == HIGH) seen = HIGH;
        levels[i] = own;
    }
    return seen;
}
