struct class { int new; int delete; };
typedef int template;
enum namespace { this, that };
void operator_(int n, struct class *typename, template *private) {
    for (int friend = 0; friend < n; friend++) {
        typename[friend].new = private[friend];
        private[friend] = typename[friend].delete;
    }
}
void *virtual(int n) {
    int *explicit = __builtin_malloc(n * sizeof *explicit);
    for (int i = 0; i < n; i++) explicit[i] = that;
    return explicit;
}
